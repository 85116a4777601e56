"""Comma-separated text and its kin, read as a stream whatever its encoding and line ends."""

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TextIO

from django.utils.translation import gettext as _

from circulo.lib.readers.disarming import rearmed
from circulo.lib.readers.refusal import Unreadable
from circulo.lib.readers.shapes import MOST_COLUMNS, TableShape, describe

LONGEST_LINE = 2_000_000
# A cell may fill its line: a dump holds texts that are longer than the usual limit.
csv.field_size_limit(LONGEST_LINE)
_SEPARATORS = ",;\t|"
_BLOCK = 1 << 20
_LOOKED_AT = 2_000
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NOT_CP1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_MULTIBYTE = re.compile(rb"[\xc3-\xf4][\x80-\xbf]{1,3}")


def sniff(path: Path, *, prefer: str = "DMY") -> TableShape:
    """Find out how a text table is written."""
    encoding, notes = _encoding(path)
    separator, quote, hinted = _separator(path, encoding)
    shape = TableShape("csv", encoding, separator, quote, notes=tuple(notes))
    first = _head(path, shape)
    if not any(any(row) for row in first):
        raise Unreadable(_("The file is empty. Choose a file that has at least one row."))
    if hinted:
        first[0] = []
    return describe(shape, first, prefer=prefer)


def resniff(path: Path, shape: TableShape) -> TableShape:
    """Find out the rest where a person says encoding and separator."""
    return describe(replace(shape, notes=()), _head(path, shape))


def rows(path: Path, shape: TableShape) -> Iterator[list[str]]:
    """Every row from the very first; blank ones come as empty lists so that numbers agree."""
    with _open(path, shape.encoding) as file:
        lines = _Lines(file)
        reader = csv.reader(lines, delimiter=shape.separator, quotechar=shape.quote or None)
        number = 0
        try:
            for row in reader:
                number += 1
                if lines.ended:
                    raise _unclosed(number)
                if len(row) > MOST_COLUMNS:
                    raise _too_wide(number, len(row))
                yield rearmed(row) if lines.hold_apostrophe() else row
        except csv.Error as refused:
            raise _unclosed(number + 1) from refused
        except UnicodeError as refused:
            raise _not_written_so(number + 1, shape.encoding) from refused
        except Unreadable as refused:
            raise (
                refused
                if refused.row
                else Unreadable(
                    _("Row %(row)s: %(reason)s") % {"row": number + 1, "reason": refused.message},
                    row=number + 1,
                )
            ) from refused


class _Lines:
    """The lines of a file, none too long for a row, none with a NUL; `ended` after the last."""

    def __init__(self, file: TextIO) -> None:
        self.file = file
        self.ended = False
        self.apostrophe = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self.file.readline(LONGEST_LINE)
        if not line:
            self.ended = True
            raise StopIteration
        if len(line) == LONGEST_LINE:
            raise Unreadable(
                _(
                    "this line has more than two million characters and cannot be a row of a table."
                    " Check that the file has line ends and that its quotes are closed."
                )
            )
        if "'" in line:
            self.apostrophe = True
        if "\0" in line:
            raise Unreadable(
                _("it holds a NUL character, which no text has. Export the file again.")
            )
        return line

    def hold_apostrophe(self) -> bool:
        """Whether an apostrophe came since this was last asked."""
        held, self.apostrophe = self.apostrophe, False
        return held


def _unclosed(row: int) -> Unreadable:
    text = _("Row %(row)s: a quotation mark is opened and never closed. Close it and try again.")
    return Unreadable(text % {"row": row}, row=row)


def _not_written_so(row: int, encoding: str) -> Unreadable:
    text = _("Row %(row)s: the text is not written in %(encoding)s. Choose another encoding.")
    return Unreadable(text % {"row": row, "encoding": encoding.upper()}, row=row)


def _too_wide(row: int, columns: int) -> Unreadable:
    text = _(
        "Row %(row)s has %(columns)s columns; the most is %(most)s. Check the separator, or take"
        " out the columns that are not needed."
    )
    return Unreadable(text % {"row": row, "columns": columns, "most": MOST_COLUMNS}, row=row)


def _open(path: Path, encoding: str) -> TextIO:
    damaged = encoding.endswith("?")
    return path.open(
        encoding=encoding.rstrip("?"), errors="replace" if damaged else "strict", newline=""
    )


def _encoding(path: Path) -> tuple[str, list[str]]:
    """The encoding, from the mark at the start or from every byte of the file."""
    with path.open("rb") as file:
        start = file.read(4096)
        if start.startswith((b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0", b"\x1f\x8b")):
            raise Unreadable(_("This is not a text file. Save it as CSV or XLSX and try again."))
        for mark, name in _BOMS:
            if start.startswith(mark):
                return (name, []) if name == "utf-16" else _checked(path, name)
        if start.count(0) > len(start) // 5:
            even = start[::2].count(0)
            return ("utf-16-be" if even > start.count(0) - even else "utf-16-le"), []
    return _checked(path, "utf-8")


def _checked(path: Path, unicode: str) -> tuple[str, list[str]]:
    """UTF-8 where all of the file is; else Windows or Latin-1, unless UTF-8 was only damaged."""
    well, ill, foreign = _survey(path)
    if not ill:
        return unicode, []
    if well > 5 * ill:
        note = _("%(count)s characters of this file are damaged and come as “�”.") % {"count": ill}
        return unicode + "?", [note]
    return ("latin-1" if foreign else "cp1252"), []


def _survey(path: Path) -> tuple[int, int, bool]:
    """How much is UTF-8 beyond ASCII, how much is not, and whether Windows lacks a byte."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    well = ill = 0
    foreign = False
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            ill += decoder.decode(block).count("\ufffd") - block.count(b"\xef\xbf\xbd")
            if not block.isascii():
                well += len(_MULTIBYTE.findall(block))
                foreign = foreign or bool(_NOT_CP1252.search(block))
    return well, ill + len(decoder.decode(b"", True)), foreign


def _head(path: Path, shape: TableShape) -> list[list[str]]:
    """The first rows, as far as they can be read; later faults show when they are reached."""
    found: list[list[str]] = []
    try:
        for row in rows(path, shape):
            found.append(row)
            if len(found) == _LOOKED_AT:
                break
    except Unreadable:
        if len(found) < 2:
            raise
    return found


def _separator(path: Path, encoding: str) -> tuple[str, str, bool]:
    """The sign between cells, the quote, and whether the first line is Excel's `sep=` hint."""
    with _open(path, encoding) as file:
        text = file.read(65_536)
    hint = re.match(r"\ufeff?\"?sep=([,;\t|])\"?\r?\n", text, re.IGNORECASE)
    if hint:
        return hint[1], '"', True
    sample = text.replace("\0", "").splitlines(keepends=True)
    sample = sample[: len(sample) - 1 or 1][:200]
    quote = _quote("".join(sample))
    scores = [(_agreement(sample, sign, quote), sign) for sign in _SEPARATORS]
    best = max(scores, key=lambda pair: pair[0])
    return (best[1] if best[0] > (0.0, 0) else ","), quote, False


def _quote(text: str) -> str:
    single = len(re.findall(r"(?:^|[,;\t|])'[^'\n]{0,200}'(?=[,;\t|\r\n])", text, re.MULTILINE))
    return "'" if single > 3 and '"' not in text else '"'


def _agreement(lines: list[str], separator: str, quote: str) -> tuple[float, int]:
    """How far the rows agree on their number of columns with this separator, and that number."""
    try:
        widths = [
            len(row) for row in csv.reader(lines, delimiter=separator, quotechar=quote) if row
        ]
    except csv.Error:
        return 0.0, 0
    usual, times = Counter(widths).most_common(1)[0] if widths else (1, 0)
    if usual < 2:
        return 0.0, 0
    share = times / len(widths)
    return (share if widths[0] == usual else share / 2), usual
