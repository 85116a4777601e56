"""The head of a mail: fields unfolded and decoded, with patience for what real programs write."""

import base64
import binascii
import quopri
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from circulo.lib.readers.charsets import text_of
from circulo.lib.readers.mails import MailAddress

_MOST_FIELDS = 1_000
_LONGEST_FIELD = 400_000
_LONGEST_SHOWN = 2_000
_MOST_ADDRESSES = 500
_MOST_REFERENCES = 100
_FIELD = re.compile(r"([!-9;-~]{1,100})[ \t]*:(.*)", re.DOTALL)
_WORD = re.compile(
    r"=\?([\w.:+-]{1,40})(?:\*[\w-]{0,10})?\?([bBqQ])\?([^?\n]{0,100000}?)\?=(\s+(?==\?))?"
)
_ADDRESS = re.compile(r"[^\s<>\"(),:;@\\\[\]]{1,64}@[^\s<>\"(),:;@\\]{1,253}")
_TOKEN = re.compile(
    r'"(?:[^"\\]|\\.){0,100}"|\((?:[^()\\]|\\.){0,100}\)|<[^<>]*>|[,;]|[^",;<>()]+|.', re.DOTALL
)
_ID = re.compile(r"<([^<>\s]{1,500})>")

Fields = dict[str, list[str]]


def fields_of(head: bytes) -> Fields:
    """The fields by lower-case name, unfolded, as text but not yet decoded."""
    fields: Fields = {}
    for line in _unfolded(head)[:_MOST_FIELDS]:
        found = _FIELD.match(text_of(line, ""))
        if found:
            fields.setdefault(found[1].lower(), []).append(found[2].strip()[:_LONGEST_FIELD])
    return fields


def _unfolded(head: bytes) -> list[bytes]:
    pieces: list[list[bytes]] = []
    for line in head.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n"):
        if line[:1] in (b" ", b"\t") and pieces:
            pieces[-1].append(line)
        elif line:
            pieces.append([line])
    return [b"".join(lines) for lines in pieces]


def first(fields: Fields, name: str) -> str:
    """The first field of this name, decoded to what a person reads; empty where there is none."""
    return decoded(fields[name][0])[:_LONGEST_SHOWN] if name in fields else ""


def decoded(value: str) -> str:
    """A field's text with its encoded words made readable; broken ones are left as they are."""
    if "=?" in value:
        value = _WORD.sub(_word, _joined(value))
    return " ".join(value.replace("\ufeff", "").split())


def _joined(value: str) -> str:
    """Neighbouring words of one charset made one, since some programs cut letters in two."""
    merged: list[str] = []
    at, last = 0, ""
    for word in _WORD.finditer(value):
        between = value[at : word.start()]
        kind = f"{word[1]}?{word[2]}".lower()
        if kind == last and kind.endswith("?q") and not between.strip():
            merged[-1] = merged[-1][:-2] + word[3] + "?="
        else:
            merged += (between, f"=?{word[1]}?{word[2]}?{word[3]}?=")
        at, last = word.end(), kind
    return "".join(merged) + value[at:]


def _word(found: re.Match[str]) -> str:
    charset, kind, text = found[1], found[2].lower(), found[3]
    raw = text.encode("utf-8", "replace")
    if kind == "q":
        return text_of(quopri.decodestring(raw.replace(b"_", b" ").replace(b"\n", b"")), charset)
    try:
        return text_of(b"".join(map(_base64, raw.split(b"="))) or b"", charset)
    except (binascii.Error, ValueError):
        return found[0]


def _base64(piece: bytes) -> bytes:
    """Base 64 that may lack its padding or hold foreign signs."""
    piece = re.sub(rb"[^A-Za-z0-9+/]", b"", piece)
    usable = len(piece) - (len(piece) % 4 == 1)
    return base64.b64decode(piece[:usable] + b"=" * (-usable % 4))


def addresses(fields: Fields, name: str) -> tuple[MailAddress, ...]:
    """The addresses in all fields of this name, each once."""
    found: dict[str, MailAddress] = {}
    for value in fields.get(name, ()):
        for name_part, address in _mailboxes(value[:100_000]):
            shown = _name(name_part, address)
            if (address or shown) and len(found) < _MOST_ADDRESSES:
                found.setdefault(address or shown, MailAddress(address, shown))
    return tuple(found.values())


def _mailboxes(value: str) -> Iterable[tuple[str, str]]:
    """Pairs of written name and address; the names and brackets of groups are passed over."""
    name, comment, address = "", "", ""
    for token in (*_TOKEN.findall(value), ","):
        if token in ",;":
            yield _pair(name, comment, address)
            name, comment, address = "", "", ""
        elif token.startswith("<") and len(token) > 2:
            bare = _ADDRESS.search(token)
            address = bare[0] if bare else address
        elif token.startswith("("):
            comment = token[1:-1]
        else:
            name += token


def _pair(name: str, comment: str, address: str) -> tuple[str, str]:
    """The name and the address; one that stands without brackets is found in what was written."""
    inside = None if address else _ADDRESS.search(decoded(name))
    if inside:
        address, name = inside[0], decoded(name).replace(inside[0], "")
    return name if name.strip() else comment, _clean(address)


def _clean(address: str) -> str:
    return address.strip(".'`").lower() if "@" in address else ""


def _name(written: str, address: str) -> str:
    written = written.rpartition(":")[2] if ":" in written and '"' not in written else written
    name = decoded(written.replace("\\", "")).strip(" \"'")
    return "" if name.lower() == address else name[:200]


def message_ids(fields: Fields, name: str) -> tuple[str, ...]:
    """The identifiers in these fields; of a long thread its beginning and its end."""
    text = " ".join(fields.get(name, ()))
    found = tuple(dict.fromkeys(_ID.findall(text)))
    if len(found) > _MOST_REFERENCES:
        found = (found[0], *found[1 - _MOST_REFERENCES :])
    return found


def moment(fields: Fields) -> tuple[datetime | None, bool]:
    """When the mail was sent, and whether its own date could be believed."""
    own = _date(first(fields, "date"))
    if own:
        return own, True
    passed = (_date(value.rpartition(";")[2]) for value in fields.get("received", ())[:20])
    return next((date for date in passed if date), None), False


def _date(text: str) -> datetime | None:
    """A date of this age: mail with other dates exists, and lies."""
    try:
        date = parsedate_to_datetime(text[:200])
        date = date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError, AttributeError):
        return None
    return date if date.year >= 1980 and date < datetime.now(UTC) + timedelta(days=2) else None
