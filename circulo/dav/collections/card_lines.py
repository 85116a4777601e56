"""The lines of a card that a party has no place for, kept as a program wrote them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from io import BytesIO

from circulo.lib.readers.card_parts import card_of
from circulo.lib.readers.vcards import properties_in

# What is read into a party, or written anew for every card.
PLACED = frozenset({
    "BEGIN", "END", "VERSION", "PRODID", "REV", "UID", "FN", "N", "NICKNAME", "KIND",
    "X-ABSHOWAS", "TITLE", "ORG", "EMAIL", "TEL", "URL", "ADR", "BDAY", "NOTE", "CATEGORIES",
})  # fmt: skip
_LABELS = frozenset({"X-ABLABEL", "X-ABADR"})
_HEAD = re.compile(r"(?:([\w.-]+)\.)?([A-Za-z0-9-]+)\s*[;:]")


def rest_of(body: bytes, names: Collection[str] = (), values: Collection[str] = ()) -> str:
    """What stands in a card beside what is placed.

    Of what usually is placed, `names` and `values` say what was not this time. A label is kept
    with what it labels.
    """
    lines = [(line, *_head(line)) for line in _unfolded(body.decode("utf-8", "replace"))]
    kept = [
        (line, group, name)
        for line, group, name in lines
        if name and (name not in PLACED or name in names or _value(line) in values)
    ]
    groups = {group for _line, group, name in kept if name not in _LABELS}
    said = [line for line, group, name in kept if name not in _LABELS or group in groups]
    return "\r\n".join(said)


def with_rest(card: str, rest: str, without: Collection[str] = ()) -> str:
    """A card with the lines that were kept for it, but for those that it says itself."""
    lines = [line for line in rest.split("\r\n") if line and _head(line)[1] not in without]
    end = "END:VCARD\r\n"
    folded = "".join(f"{_folded(line)}\r\n" for line in lines)
    return f"{card.removesuffix(end)}{folded}{end}"


def organisation_in(rest: str) -> tuple[str, str]:
    """The organisation and the department that are kept as text."""
    for properties in properties_in(BytesIO(f"BEGIN:VCARD\r\n{rest}\r\nEND:VCARD".encode())):
        card = card_of(properties)
        return card.organisation, card.department
    return "", ""


def _value(line: str) -> str:
    """The value of a line that is an address or a number, without the scheme."""
    value = line.partition(":")[2].strip()
    return re.sub(r"^(mailto|tel):", "", value, flags=re.IGNORECASE)


def _head(line: str) -> tuple[str, str]:
    found = _HEAD.match(line)
    return (found[1] or "", found[2].upper()) if found else ("", "")


def _unfolded(text: str) -> Iterator[str]:
    pending = ""
    for line in re.split(r"\r\n|\n|\r", text.replace("\0", "")):
        if line[:1] in (" ", "\t"):
            pending += line[1:]
            continue
        if pending:
            yield pending
        pending = line
    if pending:
        yield pending


def _folded(line: str) -> str:
    """In pieces of at most 75 bytes, never cut inside of a letter."""
    raw, pieces, width = line.encode(), [], 75
    while len(raw) > width:
        cut = width
        while raw[cut] & 0xC0 == 0x80:
            cut -= 1
        pieces.append(raw[:cut].decode())
        raw, width = raw[cut:], 74
    return "\r\n ".join([*pieces, raw.decode()])
