"""vCards 2.1, 3.0 and 4.0, as the standards and as real programs write them.

Read as a stream: a file of a hundred thousand cards takes the memory of one.
"""

import codecs
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from circulo.lib.readers.card_lines import Property, property_of
from circulo.lib.readers.card_parts import card_of
from circulo.lib.readers.card_writer import write
from circulo.lib.readers.cards import Card, CardAddress, CardPoint
from circulo.lib.readers.refusal import Unreadable

__all__ = [
    "Card",
    "CardAddress",
    "CardPoint",
    "Unreadable",
    "properties_in",
    "read",
    "write",
]

LONGEST_VALUE = 1_000_000


def read(path: Path | str) -> Iterator[Card]:
    """The cards of a file, in order; one that is cut off is given as far as it goes."""
    count = 0
    with Path(path).open("rb") as file:
        for properties in _cards(file):
            count += 1
            yield card_of(properties)
    if not count:
        raise Unreadable(
            _("There is no card in this file. Export your contacts as vCard (.vcf) and try again.")
        )


def properties_in(file: BinaryIO) -> list[list[Property]]:
    """The properties of each card of a file, for who wants to know more than a `Card` says."""
    return list(_cards(file))


def _cards(file: BinaryIO) -> Iterator[list[Property]]:
    """The properties of each card; a new beginning ends a card that was left open."""
    pile = _Pile()
    for line in _logical_lines(file):
        word = line.strip().upper()
        if word == "BEGIN:VCARD":
            yield from pile.begin()
        elif word == "END:VCARD":
            yield from pile.end()
        else:
            pile.add(line)
    yield from pile.take()


class _Pile:
    """The properties of the card being read; a card inside a card, an agent's, is passed over."""

    def __init__(self) -> None:
        self.inside: list[Property] | None = None
        self.version = "3.0"
        self.depth = 0

    def begin(self) -> Iterator[list[Property]]:
        if self.depth or (self.inside and self.inside[-1].name == "AGENT"):
            self.depth += 1
            return
        yield from self.take()
        self.inside, self.version = [], "3.0"

    def end(self) -> Iterator[list[Property]]:
        if self.depth:
            self.depth -= 1
        else:
            yield from self.take()

    def take(self) -> Iterator[list[Property]]:
        done, self.inside = self.inside, None
        if done:
            yield done

    def add(self, line: str) -> None:
        found = None if self.inside is None or self.depth else property_of(line, self.version)
        if found and self.inside is not None:
            if found.name == "VERSION":
                self.version = found.value.strip()
            self.inside.append(found)


def _logical_lines(file: BinaryIO) -> Iterator[str]:
    """Lines with their continuations, as one character per byte: the charset is known later."""
    pending = ""
    for line in _lines(file):
        if pending and _goes_on(pending):
            pending = pending[:-1] + line
        elif not line:
            continue
        elif line[0] in " \t" and pending:
            if len(pending) < LONGEST_VALUE:
                pending += line[1:]
        else:
            if pending:
                yield pending
            pending = line
    if pending:
        yield pending


def _goes_on(pending: str) -> bool:
    """Whether a quoted-printable value ends in a soft break."""
    if not pending.endswith("="):
        return False
    head = pending.partition(":")[0].upper()
    return "QUOTED-PRINTABLE" in head and len(pending) < LONGEST_VALUE


def _lines(file: BinaryIO) -> Iterator[str]:
    """The lines without their ends, whatever those are; very long ones are cut."""
    start = file.read(3)
    file.seek(0)
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        yield from _lines_of_utf16(file)
        return
    file.seek(3 if start == b"\xef\xbb\xbf" else 0)
    while line := file.readline(LONGEST_VALUE):
        rest = line
        while len(rest) == LONGEST_VALUE and not rest.endswith(b"\n"):
            rest = file.readline(LONGEST_VALUE)
        for piece in line.decode("latin-1").rstrip("\r\n").split("\r"):
            yield piece if piece.strip() else ""


def _lines_of_utf16(file: BinaryIO) -> Iterator[str]:
    for line in codecs.getreader("utf-16")(file, "replace"):
        yield line.rstrip("\r\n")[:LONGEST_VALUE].encode().decode("latin-1").rstrip()
