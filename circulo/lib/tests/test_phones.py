import pytest
from hypothesis import given
from hypothesis import strategies as st

from circulo.lib import phones


@pytest.mark.parametrize(
    ("country", "text", "e164", "kind"),
    [
        ("ES", "612 34 56 78", "+34612345678", "mobile"),
        ("ES", "0034 91 123 45 67", "+34911234567", "landline"),
        ("ES", "+52 55 1234 5678", "+525512345678", "phone"),
        ("MX", "55 1234 5678", "+525512345678", "phone"),
        ("CL", "9 8765 4321", "+56987654321", "phone"),
        ("AR", "11 15-2345-6789", "+5491123456789", "mobile"),
        ("CO", "310 1234567", "+573101234567", "mobile"),
        ("PE", "987 654 321", "+51987654321", "mobile"),
        ("ES", "900 123 123", "+34900123123", "free"),
        ("ES", "+39 06 1234 5678", "+390612345678", "landline"),
        ("ES", "999999999", "+34999999999", "unknown"),
    ],
)
def test_numbers_are_typed_as_at_home(country, text, e164, kind):
    phone = phones.parse(text, country)
    assert phone is not None
    assert (phone.e164, phone.kind) == (e164, kind)
    assert phone.is_valid is (kind != "unknown")


@pytest.mark.parametrize("text", ["", "abc", "123", "1" * 30, "6" * 100_000, "612\n345678", "\0"])
def test_what_is_no_number_is_none(text):
    assert phones.parse(text, "ES") is None


def test_a_number_with_an_extension_is_dialled_with_it():
    phone = phones.parse("912345678 ext 12", "ES")
    assert phone is not None
    assert (phone.extension, phone.link) == ("12", "tel:+34912345678;ext=12")


def test_numbers_are_shown_as_at_home_or_from_abroad():
    assert phones.shown("+34612345678", "ES") == "612 34 56 78"
    assert phones.shown("+34612345678", "MX") == "+34 612 34 56 78"
    assert phones.shown("nonsense", "ES") == "nonsense"
    assert phones.country_of("+525512345678") == "MX"
    assert phones.country_of("x") == ""
    assert phones.whatsapp("+34612345678") == "https://wa.me/34612345678"


@given(st.text(), st.sampled_from(["ES", "MX", "US", "", "XX"]))
def test_no_text_breaks_the_reading(text, country):
    phone = phones.parse(text, country)
    assert phone is None or phones.parse(phone.e164, "ES") is not None
