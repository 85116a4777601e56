import pytest
from hypothesis import given
from hypothesis import strategies as st

from circulo.lib import taxids


@pytest.mark.parametrize(
    ("country", "text", "value", "kind"),
    [
        ("ES", "12345678z", "12345678Z", "NIF"),
        ("ES", "X-1234567-L", "X1234567L", "NIE"),
        ("ES", "A-13 585 625", "A13585625", "NIF"),
        ("ES", "ESB58378431", "B58378431", "NIF"),
        ("MX", "GODE561231GR8", "GODE561231GR8", "RFC"),
        ("MX", "XAXX010101000", "XAXX010101000", "RFC"),
        ("MX", "BOXW310820HNERXN09", "BOXW310820HNERXN09", "CURP"),
        ("CL", "12.531.909-2", "125319092", "RUT"),
        ("AR", "20-05536168-2", "20055361682", "CUIT"),
        ("CO", "213.123.432-1", "2131234321", "NIT"),
        ("PE", "20512333797", "20512333797", "RUC"),
        ("UY", "21-100342-001-7", "211003420017", "RUT"),
        ("EC", "1792060346-001", "1792060346001", "RUC"),
        ("PT", "PT 501 442 600", "501442600", "NIF"),
        ("DE", "136695976", "136695976", "VAT"),
        ("ES", "DE136695976", "DE136695976", "VAT"),
    ],
)
def test_the_check_digits_of_each_country_are_known(country, text, value, kind):
    found = taxids.check(country, text)
    assert (found.value, found.kind, found.is_valid) == (value, kind, True)


@pytest.mark.parametrize(
    ("country", "text", "value"),
    [
        ("ES", "12345678-A", "12345678A"),
        ("MX", "GODE561231GR9", "GODE561231GR9"),
        ("CL", "12.531.909-3", "125319093"),
        ("JP", "hola", "HOLA"),
        ("", "1", "1"),
        ("XX", "", ""),
    ],
)
def test_what_is_wrong_or_unknown_is_kept_with_a_flag(country, text, value):
    assert taxids.check(country, text) == taxids.TaxId(value, "", False, country)


def test_they_are_shown_as_their_country_writes_them():
    assert taxids.check("CL", "125319092").shown == "12.531.909-2"
    assert taxids.check("CL", "1").shown == "1"
    assert taxids.kind_of("ES") == "NIF"
    assert taxids.kind_of("CL") == "RUT"
    assert taxids.kind_of("NO") == "VAT"


@given(st.sampled_from(["ES", "MX", "CL", "AR", "CO", "PE", "UY", "EC", "PT", "FR"]), st.text())
def test_no_text_breaks_the_check(country, text):
    found = taxids.check(country, text)
    assert len(found.value) <= 40 and isinstance(found.shown, str)
