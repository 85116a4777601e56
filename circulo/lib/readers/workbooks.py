"""Excel workbooks read as a stream: one pass of a plain XML parser over the zip, memory flat."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext as _

from circulo.lib.readers.numerals import Numerals
from circulo.lib.readers.refusal import Unreadable
from circulo.lib.readers.shapes import MOST_COLUMNS, TableShape, describe
from circulo.lib.readers.workbook_parts import (
    BLOCK,
    Attributes,
    opened,
    parser,
    sheets,
    starts_in_1904,
    strings,
    styles,
)

_MOST_ROWS = 1_048_576
_LOOKED_AT = 2_000
_CELL_COLUMN = re.compile(r"[A-Z]{1,3}")


def sniff(path: Path, *, sheet: str = "", prefer: str = "DMY") -> TableShape:
    """Find out what a sheet of the workbook holds: the one named, else the first with a table.

    A table has two columns and a row below its headings; a cover or a note before it has not.
    """
    with opened(path) as book:
        names = tuple(sheets(book))
    named = [sheet] if sheet in names else list(names)
    shapes = (shape for name in named if (shape := _described(path, name, names, prefer)))
    first = next(shapes, None)
    if first is None:
        raise Unreadable(_("The sheet “%(sheet)s” is empty.") % {"sheet": named[0]})
    chosen = first if _is_table(first) else next(filter(_is_table, shapes), first)
    if chosen.sheet == named[0]:
        return chosen
    told = _("The sheet “%(sheet)s” is read: there is no table before it.") % {
        "sheet": chosen.sheet
    }
    return replace(chosen, notes=(*chosen.notes, told))


def _described(path: Path, name: str, names: tuple[str, ...], prefer: str) -> TableShape | None:
    """What the first rows of a sheet say of it; None where they are blank."""
    shape = TableShape("xlsx", sheet=name, sheets=names)
    first = list(islice(rows(path, shape), _LOOKED_AT))
    if not any(any(row) for row in first):
        return None
    found = describe(shape, first, prefer=prefer)
    return TableShape.from_json({**found.as_json(), "decimal": "."})


def _is_table(shape: TableShape) -> bool:
    return len(shape.headings) > 1 and any(any(row) for row in shape.sample)


def rows(path: Path, shape: TableShape) -> Iterator[list[str]]:
    """Every row of the sheet from the first; blank ones come as empty lists."""
    with opened(path) as book:
        members = sheets(book)
        if shape.sheet not in members:
            raise Unreadable(_("There is no sheet “%(sheet)s”.") % {"sheet": shape.sheet})
        reader = _SheetReader(strings(book), Numerals(styles(book), starts_in_1904(book)))
        with book.open(members[shape.sheet]) as file:
            reading = parser(reader.start, reader.end, reader.text)
            while block := file.read(BLOCK):
                reading.Parse(block, False)
                yield from reader.take()
            reading.Parse(b"", True)
            yield from reader.take()


class _SheetReader:
    """Collects rows of text while the parser walks through a sheet."""

    def __init__(self, strings: list[str], numerals: Numerals) -> None:
        self.strings = strings
        self.numerals = numerals
        self.done: list[list[str]] = []
        self.row: list[str] = []
        self.number = 0
        self.column = 0
        self.kind = ""
        self.style = ""
        self.value: list[str] = []
        self.keeps = False

    def take(self) -> list[list[str]]:
        """The rows finished since the last time."""
        done, self.done = self.done, []
        return done

    def start(self, tag: str, attributes: Attributes) -> None:
        if tag == "c":
            self._start_cell(attributes)
        elif tag in ("v", "t"):
            self.keeps = True
        elif tag == "row":
            self._start_row(attributes)

    def text(self, text: str) -> None:
        if self.keeps:
            self.value.append(text)

    def end(self, tag: str) -> None:
        if tag == "c":
            if self.value:
                self._end_cell()
            self.column += 1
        elif tag in ("v", "t"):
            self.keeps = False
        elif tag == "row":
            self.done.append(self.row)

    def _start_row(self, attributes: Attributes) -> None:
        self.number = self.number + 1
        at = attributes.get("r", "")
        wanted = int(at) if at.isascii() and at.isdigit() and len(at) < 9 else self.number
        if wanted > _MOST_ROWS:
            raise Unreadable(_("Row %(row)s lies beyond the last of a sheet.") % {"row": wanted})
        while self.number < wanted:
            self.done.append([])
            self.number += 1
        self.row, self.column = [], 0

    def _start_cell(self, attributes: Attributes) -> None:
        self.kind, self.style = attributes.get("t", "n"), attributes.get("s", "")
        self.value = []
        found = _CELL_COLUMN.match(attributes.get("r", ""))
        if found:
            self.column = _column(found[0])

    def _end_cell(self) -> None:
        if self.column >= MOST_COLUMNS:
            raise Unreadable(
                _("Row %(row)s has more than %(most)s columns. Take out those not needed.")
                % {"row": self.number, "most": MOST_COLUMNS},
                row=self.number,
            )
        missing = self.column - len(self.row)
        if missing:
            self.row.extend([""] * missing)
        self.row.append(self._read("".join(self.value)))

    def _read(self, value: str) -> str:
        kind = self.kind
        if kind == "s":
            return self.strings[int(value)] if int(value) < len(self.strings) else ""
        if kind == "n":
            return self.numerals.read(value, self.style)
        if kind == "b":
            return "TRUE" if value.strip() == "1" else "FALSE"
        return "" if kind == "e" else value


_COLUMNS: dict[str, int] = {}


def _column(letters: str) -> int:
    """The place of a column from its letters, A being 0."""
    known = _COLUMNS.get(letters)
    if known is None:
        known = 0
        for letter in letters:
            known = known * 26 + ord(letter) - 64
        known = _COLUMNS[letters] = known - 1
    return known
