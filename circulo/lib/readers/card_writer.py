"""Cards written as vCard 4.0 or 3.0; no value can break out of its line."""

from collections.abc import Iterable, Iterator

from circulo.lib.readers.cards import Card, CardAddress, CardPoint

_WIDTH = 75


def write(cards: Iterable[Card], version: str = "4.0") -> Iterator[str]:
    """The text of each card, with the line ends of the standard."""
    for card in cards:
        lines = ("BEGIN:VCARD", f"VERSION:{version}", *_lines(card, version), "END:VCARD")
        yield "".join(_folded(line) + "\r\n" for line in lines)


def _lines(card: Card, version: str) -> Iterator[str]:
    names = (card.family_name, card.given_name, card.additional_names, card.prefix, card.suffix)
    yield f"FN:{_escaped(card.display_name)}"
    yield "N:" + ";".join(_escaped(name) for name in names)
    if version == "4.0" and card.is_organisation:
        yield "KIND:org"
    if card.organisation:
        yield "ORG:" + ";".join(_escaped(p) for p in (card.organisation, card.department) if p)
    if card.birthday:
        yield "BDAY:" + card.birthday.strftime("%Y%m%d" if version == "4.0" else "%Y-%m-%d")
    yield from _single("UID", card.uid)
    yield from _single("NICKNAME", card.nickname)
    yield from _single("TITLE", card.title)
    yield from _single("ROLE", card.role)
    yield from _single("LANG", card.language if version == "4.0" else "")
    for name, points in (("EMAIL", card.emails), ("TEL", card.phones), ("URL", card.urls)):
        for point in points:
            yield f"{name}{_said(point, version)}:{_escaped(point.value)}"
    for address in card.addresses:
        yield f"ADR{_said(address, version)}:{_address(address)}"
    if card.categories:
        yield "CATEGORIES:" + ",".join(_escaped(word) for word in card.categories)
    yield from _single("NOTE", card.note)


def _single(name: str, value: str) -> Iterator[str]:
    if value:
        yield f"{name}:{_escaped(value)}"


def _address(address: CardAddress) -> str:
    parts = (address.box, address.extended, address.street, address.city, address.region)
    return ";".join(_escaped(part) for part in (*parts, address.postcode, address.country))


def _said(point: CardPoint | CardAddress, version: str) -> str:
    """The parameters: the labels in letters only, and whether this one comes first."""
    labels = ["".join(filter(str.isalnum, label)) for label in point.labels]
    types = "".join(f";TYPE={label}" for label in labels if label.isascii() and label)
    if not point.is_preferred:
        return types
    return types + (";PREF=1" if version == "4.0" else ";TYPE=pref")


def _escaped(text: str) -> str:
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    text = "\\n".join(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    return "".join(letter for letter in text if letter >= " " or letter == "\t")


def _folded(line: str) -> str:
    """The line in pieces of at most 75 octets, never cut inside a letter."""
    if len(line) * 4 <= _WIDTH or len(line.encode()) <= _WIDTH:
        return line
    pieces, piece, size = [], "", 0
    for letter in line:
        octets = len(letter.encode("utf-8", "replace"))
        if size + octets > _WIDTH:
            pieces.append(piece)
            piece, size = " ", 1
        piece += letter
        size += octets
    return "\r\n".join((*pieces, piece))
