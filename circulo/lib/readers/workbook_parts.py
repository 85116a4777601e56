"""The parts of an Excel workbook: the zip around it, and the small members that explain its cells.

Sizes are checked before anything is inflated, and a document type (where entities are declared) is
refused, so that a bomb costs nothing.
"""

import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from xml.parsers import expat

from django.utils.translation import gettext as _

from circulo.lib.readers.refusal import Unreadable

Attributes = dict[str, str]
Opens = Callable[[str, Attributes], object]
Closes = Callable[[str], object]
Texts = Callable[[str], object]

BLOCK = 1 << 16
_MOST_MEMBERS = 5_000
_MOST_BYTES = 2 << 30
_MOST_STRING_BYTES = 160 << 20
_MOST_RATIO = 120
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    expat.ExpatError,
    LookupError,
    ValueError,
    OverflowError,
    EOFError,
    OSError,
    RuntimeError,
)


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """The workbook's zip, checked; whatever is broken in it becomes one clear refusal."""
    try:
        with zipfile.ZipFile(path) as book:
            _refuse_bomb(book)
            yield book
    except _BROKEN as broken:
        raise Unreadable(_why(path)) from broken


def _why(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(8)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        return _(
            "This workbook is protected by a password or is of the old .xls kind. Open it in your"
            " spreadsheet program and save it as .xlsx without a password."
        )
    return _("The workbook is damaged. Open it in your spreadsheet program and save it again.")


def _refuse_bomb(book: zipfile.ZipFile) -> None:
    members = book.infolist()
    whole = sum(member.file_size for member in members)
    texts = sum(m.file_size for m in members if m.filename.endswith("sharedStrings.xml"))
    packed = sum(member.compress_size for member in members) or 1
    swollen = whole > (64 << 20) and whole / packed > _MOST_RATIO
    if len(members) > _MOST_MEMBERS or whole > _MOST_BYTES or texts > _MOST_STRING_BYTES or swollen:
        raise Unreadable(
            _("The workbook would unpack to more than can be read safely. Save the sheet as CSV.")
        )


def parser(start: Opens, end: Closes, text: Texts) -> expat.XMLParserType:
    """A parser that tells of elements by their plain names and refuses document types."""

    def refuse(*_about: object) -> None:
        raise Unreadable(_("The workbook declares a document type, which none does by right."))

    def first(tag: str, attributes: Attributes) -> None:
        if ":" in tag:
            made.StartElementHandler = lambda tag, found: start(tag.rpartition(":")[2], found)
            made.EndElementHandler = lambda tag: end(tag.rpartition(":")[2])
        else:
            made.StartElementHandler, made.EndElementHandler = start, end
        made.StartElementHandler(tag, attributes)

    made = expat.ParserCreate()
    made.buffer_text = True
    made.StartDoctypeDeclHandler = refuse
    made.EntityDeclHandler = refuse
    made.StartElementHandler = first
    made.CharacterDataHandler = text
    return made


def _walk(
    book: zipfile.ZipFile,
    member: str,
    start: Opens,
    end: Closes = lambda tag: None,
    text: Texts = lambda text: None,
) -> None:
    """Hand a small member of the workbook to the handlers, if it is there."""
    if member not in book.NameToInfo:
        return
    reading = parser(start, end, text)
    with book.open(member) as file:
        while block := file.read(BLOCK):
            reading.Parse(block, False)
        reading.Parse(b"", True)


def sheets(book: zipfile.ZipFile) -> dict[str, str]:
    """The member that holds each sheet, by the sheet's name, in their order."""
    targets: dict[str, str] = {}
    found: dict[str, str] = {}

    def relation(tag: str, attributes: Attributes) -> None:
        if tag == "Relationship":
            target = attributes.get("Target", "")
            targets[attributes.get("Id", "")] = target.lstrip("/").removeprefix("xl/")

    def sheet(tag: str, attributes: Attributes) -> None:
        if tag == "sheet":
            key = next((attributes[name] for name in attributes if name.endswith(":id")), "")
            member = "xl/" + targets.get(key, "")
            if member in book.NameToInfo:
                found[attributes.get("name", "")] = member

    _walk(book, "xl/_rels/workbook.xml.rels", relation)
    _walk(book, "xl/workbook.xml", sheet)
    if not found:
        raise Unreadable(_("There is no sheet of cells in this file. Save it as .xlsx."))
    return found


def starts_in_1904(book: zipfile.ZipFile) -> bool:
    """Whether days are counted from 1904, as old Macs did."""
    found: list[str] = []

    def properties(tag: str, attributes: Attributes) -> None:
        if tag == "workbookPr":
            found.append(attributes.get("date1904", "0"))

    _walk(book, "xl/workbook.xml", properties)
    return any(value in ("1", "true") for value in found)


def styles(book: zipfile.ZipFile) -> list[tuple[int, str]]:
    """The number format of every cell style: its number, and its text where it is a new one."""
    formats: dict[int, str] = {}
    found: list[tuple[int, str]] = []
    inside: list[bool] = []

    def start(tag: str, attributes: Attributes) -> None:
        if tag == "numFmt":
            formats[int(attributes.get("numFmtId", 0))] = attributes.get("formatCode", "")
        elif tag == "cellXfs":
            inside.append(True)
        elif tag == "xf" and inside:
            number = int(attributes.get("numFmtId", 0))
            found.append((number, formats.get(number, "")))

    def end(tag: str) -> None:
        if tag == "cellXfs":
            inside.clear()

    _walk(book, "xl/styles.xml", start, end)
    return found


def strings(book: zipfile.ZipFile) -> list[str]:
    """The texts that cells point to; the readings above Japanese words are left out."""
    reader = _StringReader()
    _walk(book, "xl/sharedStrings.xml", reader.start, reader.end, reader.text)
    return reader.found


class _StringReader:
    """Collects the shared texts; one may be made of several runs of letters."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.parts: list[str] = []
        self.keeps = self.is_reading_aid = False

    def start(self, tag: str, attributes: Attributes) -> None:
        if tag == "si":
            self.parts = []
        elif tag == "rPh":
            self.is_reading_aid = True
        elif tag == "t":
            self.keeps = not self.is_reading_aid

    def end(self, tag: str) -> None:
        if tag == "si":
            self.found.append("".join(self.parts))
        elif tag == "rPh":
            self.is_reading_aid = False
        elif tag == "t":
            self.keeps = False

    def text(self, text: str) -> None:
        if self.keeps:
            self.parts.append(text)
