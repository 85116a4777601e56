import pytest
from hypothesis import given
from hypothesis import strategies as st

from circulo.lib import text
from circulo.lib.errors import Invalid


@pytest.mark.parametrize(
    ("raw", "stored"),
    [
        ("  Ana   Gil ", "Ana Gil"),
        ("Ana\r\nBcc: x@evil.test", "Ana Bcc: x@evil.test"),
        ("a\x07b\x1b[31m", "ab[31m"),
        ("jose\u0301", "josé"),
        ("\ufeffAna\u00a0Gil", "Ana Gil"),
        ("exe.\u202egpj", "exe.gpj"),
        ("", ""),
    ],
)
def test_a_line_is_stored_clean(raw, stored):
    assert text.clean(raw) == stored


def test_longer_texts_keep_their_lines():
    assert text.clean(" a\r\nb\rc\td\x00".strip("\0"), lines=True) == "a\nb\nc\td"


@pytest.mark.parametrize("raw", ["a\0b", "\ud800", "x" * 256])
def test_what_cannot_be_stored_is_refused(raw):
    with pytest.raises(Invalid):
        text.clean(raw)


@given(st.text(alphabet=st.characters(), max_size=600))
def test_anything_can_be_salvaged(raw):
    saved = text.salvage(raw, limit=100)
    assert len(saved) <= 100
    assert saved == text.clean(saved)


def test_slugs():
    assert text.slug("¡Peña & Hijos, S.L.!") == "pena-hijos-s-l"
    assert text.slug("日本") == ""
