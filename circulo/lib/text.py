"""Text as it comes from people and other programs, made fit to be stored."""

import re
import unicodedata

from django.utils.translation import gettext as _

from circulo.lib.errors import Invalid
from circulo.lib.names import plain

_CONTROL = {code: "" for code in (*range(0x00, 0x20), *range(0x7F, 0xA0), 0xFEFF, 0x2028, 0x2029)}
# Marks that turn the direction of writing: they make one name look like another.
_CONTROL |= {code: "" for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}
_LINE = _CONTROL | {code: " " for code in (0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x85, 0x2028, 0x2029)}
_LINES = {code: sign for code, sign in _CONTROL.items() if code not in (0x09, 0x0A)}
_LINES |= {0x2028: "\n", 0x2029: "\n", 0x85: "\n"}
_NOT_IN_SLUG = re.compile(r"[^a-z0-9]+")


def clean(text: str, *, limit: int = 255, lines: bool = False) -> str:
    """A text fit to be stored: one form of each letter, no control marks, no space around.

    One line unless `lines`, then with plain line feeds. Invalid where it holds what no text can
    (NUL, half a surrogate pair) or is longer than the limit.
    """
    if not text.isprintable():
        text = _without_marks(text, lines=lines)
    elif not lines and "  " in text:
        text = " ".join(text.split())
    text = text.strip()
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    if len(text) > limit:
        raise Invalid({"": _("Too long: at most %d characters.") % limit})
    return text


def _without_marks(text: str, *, lines: bool) -> str:
    """Printable text, apart from line feeds and tabs where it may have lines."""
    refuse_broken(text)
    if lines:
        return text.replace("\r\n", "\n").replace("\r", "\n").translate(_LINES)
    return " ".join(text.translate(_LINE).split())


def salvage(text: str, *, limit: int = 255, lines: bool = False) -> str:
    """Like `clean`, for what nobody can mend by hand: what cannot be stored is taken out or cut."""
    whole = text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
    return clean(whole[: limit * 4], limit=limit * 4, lines=lines)[:limit]


def refuse_broken(text: str) -> None:
    """Invalid where a text holds NUL or half a surrogate pair, which no database takes."""
    if "\0" in text or not _is_encodable(text):
        raise Invalid({"": _("This text holds characters that cannot be stored.")})


def slug(text: str, limit: int = 60) -> str:
    """Lower-case letters, digits and hyphens, for addresses and file names; may be empty."""
    return _NOT_IN_SLUG.sub("-", plain(text)).strip("-")[:limit].strip("-")


def _is_encodable(text: str) -> bool:
    try:
        return text.isascii() or bool(text.encode("utf-8"))
    except UnicodeEncodeError:
        return False
