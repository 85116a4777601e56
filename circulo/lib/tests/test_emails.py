import pytest
from hypothesis import given
from hypothesis import strategies as st

from circulo.lib import emails
from circulo.lib.errors import Invalid


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        (" Ana.Gil@Example.COM ", "ana.gil@example.com"),
        ("a+b_c'd@sub.example.co.uk", "a+b_c'd@sub.example.co.uk"),
        ("ana@correo.españa.es", "ana@correo.xn--espaa-rta.es"),
        ("ana@straße.de", "ana@xn--strae-oqa.de"),
        ("x@1.example", "x@1.example"),
    ],
)
def test_an_address_has_one_form(text, stored):
    assert emails.normalise(text) == stored
    assert emails.normalise(stored) == stored


@pytest.mark.parametrize(
    "text",
    [
        "",
        "@",
        "a@b",
        "a@b.c>,evil@x.y",
        "a@b.com,c@d.com",
        "a@b.com;c@d.com",
        "a@b.com c@d.com",
        '"a\\"@x"@b.com',
        "Ana <a@b.com>",
        "a@b@c.com",
        "a..b@c.com",
        ".a@c.com",
        "a.@c.com",
        "a@-b.com",
        "a@b-.com",
        "a@b..com",
        "a@.com",
        "a@com.",
        "a@127.0.0.1",
        "a@[127.0.0.1]",
        "a@b.com\r\nBcc: x@evil.test",
        "a\0@b.com",
        "josé@b.com",
        "a@b_c.com",
        "a@\ud800.com",
        "a" * 65 + "@b.com",
        "a@" + "b" * 64 + ".com",
        "a@" + "b." * 160 + "com",
        "a" * 100_000 + "@b.com",
        "a@" + "ñ" * 100_000,
    ],
)
def test_what_could_be_two_addresses_or_none_is_refused(text):
    with pytest.raises(Invalid):
        emails.normalise(text)
    assert not emails.is_address(text)


def test_a_domain_is_shown_in_letters_unless_it_deceives():
    assert emails.shown("ana@xn--espaa-rta.es") == "ana@españa.es"
    cyrillic = emails.normalise("a@\u0430pple.com")
    assert emails.shown(cyrillic) == cyrillic
    assert emails.domain_of("a@b.es") == "b.es"


@given(st.text())
def test_an_accepted_address_is_one_plain_recipient(text):
    if emails.is_address(text):
        stored = emails.normalise(text)
        assert stored.isascii() and stored.count("@") == 1
        assert not set(stored) & set(' ,;:<>()[]"\\\r\n')
