import codecs
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest

from circulo.lib.readers import tables, writers
from circulo.lib.readers.tables import TableShape, Unreadable

pytestmark = pytest.mark.usefixtures("in_english")

SPANISH = (
    "Nombre;Correo;Alta;Importe\n"
    "José Núñez;jose@ejemplo.es;03/02/2026;1.234,50\n"
    '"Pérez; Ana";ana@ejemplo.es;25/12/2025;12,00\n'
    "Íñigo € Ruiz;;;\n"
)


def given(tmp_path: Path, content: bytes, name: str = "given.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


def read(path: Path) -> tuple[TableShape, list[list[str]]]:
    shape = tables.sniff(path)
    return shape, list(tables.rows(path, shape))


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"]
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_a_spanish_table_is_read_in_every_encoding(tmp_path, encoding, line_end):
    content = SPANISH.replace("\n", line_end).encode(encoding)

    shape, rows = read(given(tmp_path, content))

    assert shape.headings == ("Nombre", "Correo", "Alta", "Importe")
    assert (shape.separator, shape.decimal, shape.date_order) == (";", ",", "DMY")
    assert [row[0] for row in rows] == ["José Núñez", "Pérez; Ana", "Íñigo € Ruiz"]
    assert (shape.first_row, shape.notes) == (2, ())


def test_latin_1_is_the_last_resort(tmp_path):
    shape, rows = read(given(tmp_path, b"Name,City\nJos\xe9,M\xe1laga\x81\n"))
    assert (shape.encoding, rows[0][0]) == ("latin-1", "José")


def test_damaged_utf_8_stays_utf_8_and_says_so(tmp_path):
    shape, rows = read(given(tmp_path, b"Nombre\n" + "Íñigo Núñez\n".encode() * 9 + b"\xff\n"))
    assert rows[0] == ["Íñigo Núñez"]
    assert "1 characters" in shape.notes[0]


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_the_separator_is_found_though_others_stand_in_the_text(tmp_path, sign):
    text = "\n".join(sign.join((f"a{n}", '"one, two; three | four"', "1")) for n in range(9))
    shape, rows = read(given(tmp_path, f"x{sign}y{sign}z\n{text}\n".encode()))
    assert shape.separator == sign
    assert rows[3] == ["a3", "one, two; three | four", "1"]


def test_the_hint_that_excel_writes_is_no_row(tmp_path):
    shape, rows = read(given(tmp_path, b"sep=;\r\nName;City\r\nAna;Cuenca\r\n"))
    assert (shape.headings, rows) == (("Name", "City"), [["Ana", "Cuenca"]])


def test_a_title_above_the_table_is_passed_over_and_numbers_stay_true(tmp_path):
    shape, rows = read(given(tmp_path, b"Customers 2026\n\nName,City\nAna,Cuenca\n\nLuis,Soria\n"))
    assert shape.headings == ("Name", "City")
    assert shape.first_row == 4
    assert rows == [["Ana", "Cuenca"], [], ["Luis", "Soria"]]


@pytest.mark.parametrize("rows", [1, 2, 5])
def test_a_title_is_passed_over_though_the_rows_say_little(tmp_path, rows):
    headings = ("Name", "Surname", "City", "Phone", "E-mail", "Notes")
    text = "Customers 2026\n\n" + ",".join(headings) + "\n" + "Ana,,,,,\n" * rows
    shape, found = read(given(tmp_path, text.encode()))
    assert (shape.headings, shape.first_row) == (headings, 4)
    assert len(found) == rows


def test_one_column_of_words_has_its_heading_above(tmp_path):
    shape, rows = read(given(tmp_path, b"Name\nAna\nLuis, the elder\nEva\n"))
    assert (shape.headings[0], len(rows)) == ("Name", 3)


def test_a_table_without_headings_gets_them(tmp_path):
    shape, rows = read(given(tmp_path, b"Ana,ana@x.es,600111222\nLuis,luis@x.es,600111223\n"))
    assert (shape.has_header, len(rows)) == (False, 2)
    assert shape.headings[0] == "Column 1"


@pytest.mark.parametrize(
    ("cells", "order", "has_note"),
    [
        (("13/02/2026", "01/02/2026"), "DMY", False),
        (("02/13/2026", "01/02/2026"), "MDY", False),
        (("2026-02-13", "2026-01-02"), "YMD", False),
        (("03/04/2026", "01/02/2026"), "DMY", True),
        (("13/02/2026", "02/13/2026"), "DMY", True),
    ],
)
def test_the_order_of_dates_is_found_or_doubted(tmp_path, cells, order, has_note):
    shape, _rows = read(given(tmp_path, ("Day;Name\n" + ";a\n".join(cells) + ";b\n").encode()))
    assert (shape.date_order, bool(shape.notes)) == (order, has_note)


@pytest.mark.parametrize(
    ("cells", "decimal", "has_note"),
    [
        (("1,5", "1.234"), ",", False),
        (("1.5", "1,234"), ".", False),
        (("1.234,56",), ",", False),
        (("1.234.567",), ",", False),
        (("1.234", "5.678"), ",", True),
    ],
)
def test_the_decimal_sign_is_found_or_doubted(tmp_path, cells, decimal, has_note):
    text = "Sum;Name\n" + "".join(f"{cell};a\n" for cell in cells)
    shape, _rows = read(given(tmp_path, text.encode()))
    assert (shape.decimal, bool(shape.notes)) == (decimal, has_note)


def test_a_shape_survives_being_stored(tmp_path):
    shape, _rows = read(given(tmp_path, SPANISH.encode()))
    assert TableShape.from_json(shape.as_json()) == shape


@pytest.mark.parametrize(
    ("content", "words", "row"),
    [
        (b"", "empty", None),
        (b"\n\n\n", "empty", None),
        (b"a,b\n1,2\n" + b'3,"open\n' + b"4,5\n" * 9, "quotation mark", 3),
        (b"a,b\n1,2\n" + b'3,"open\n' + b"4,5\n" * 99_999, "quotation mark", 3),
        (b"a,b\n1,2\n3,x\0y\n", "NUL", 3),
        (b"a,b\n" + b"x" * 5_000_000 + b"\n", "two million", 2),
        (b",".join([b"x"] * 100_000) + b"\n", "100000 columns", 1),
        (b"%PDF-1.7 and so on", "not a text file", None),
    ],
)
def test_what_cannot_be_a_table_is_refused_with_its_row(tmp_path, content, words, row):
    path = given(tmp_path, content)
    with pytest.raises(Unreadable) as refused:
        read(path)
    assert words in str(refused.value)
    assert refused.value.row == row


def test_a_line_of_100_mb_costs_neither_time_nor_memory(tmp_path):
    path = tmp_path / "long.csv"
    with path.open("wb") as file:
        file.write(b"a,b\n")
        for _piece in range(100):
            file.write(b"x" * 1_000_000)
    start = time.monotonic()
    with pytest.raises(Unreadable, match="Row 2"):
        read(path)
    assert time.monotonic() - start < 2


def test_lines_of_json_are_a_table(tmp_path):
    lines = b'{"name": "Ana", "tags": ["a", "b"], "is_vip": true}\n\n{"name": null, "size": 7}\n'
    shape, rows = read(given(tmp_path, lines))
    assert (shape.headings, shape.first_row) == (("name", "tags", "is_vip", "size"), 1)
    assert rows == [["Ana", "a; b", "true", ""], ["", "", "", "7"]]
    with pytest.raises(Unreadable, match="Line 2"):
        read(given(tmp_path, lines.replace(b"\n\n", b"\n[1]\n")))


def workbook(path: Path, rows: list[list[object]], **formats: str) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(row)
    for cell, code in formats.items():
        sheet[cell].number_format = code
    book.save(path)
    return path


def test_a_workbook_gives_what_a_person_sees(tmp_path):
    path = workbook(
        tmp_path / "given.xlsx",
        [
            ["Name", "Born", "Sum", "Phone", "Member", "Share"],
            ["Ana & <Luis>", 46_000.5, 0.1 + 0.2, 600_123_456.0, True, -5],
            [None, 43_831, 12_345_678_901_234_567, 1e-5, False, "007"],
        ],
        B2="dd/mm/yyyy hh:mm",
        B3='"day" d-mmm-yy',
        C3="0.00",
    )
    shape, rows = read(path)
    assert shape.headings == ("Name", "Born", "Sum", "Phone", "Member", "Share")
    assert rows[0] == ["Ana & <Luis>", "2025-12-09 12:00:00", "0.3", "600123456", "TRUE", "-5"]
    assert rows[1] == ["", "2020-01-01", "12345678901234600", "0.00001", "FALSE", "007"]


def test_the_sheet_can_be_chosen_and_gaps_are_blank_rows(tmp_path):
    book = openpyxl.Workbook()
    book.create_sheet("Clientes")["B2"] = "Nombre"
    book["Clientes"]["B5"] = "Ana"
    book.save(tmp_path / "given.xlsx")
    shape = tables.sniff(tmp_path / "given.xlsx", sheet="Clientes")
    assert shape.sheets == ("Sheet", "Clientes")
    assert (shape.headings[1], shape.first_row) == ("Nombre", 3)
    assert list(tables.rows(tmp_path / "given.xlsx", shape)) == [[], [], ["", "Ana"]]


@pytest.mark.parametrize("cover", [[], [["Customers of the year"]], [["Made by"], ["Ana"]]])
def test_a_cover_before_the_table_is_passed_over(tmp_path, cover):
    book = openpyxl.Workbook()
    for row in cover:
        book.active.append(row)
    customers = book.create_sheet("Customers")
    for row in (["Name", "Email"], ["Ana", "ana@x.es"]):
        customers.append(row)
    book.create_sheet("Notes").append(["a", "b"])
    book.save(tmp_path / "given.xlsx")
    shape = tables.sniff(tmp_path / "given.xlsx")
    assert (shape.sheet, shape.headings) == ("Customers", ("Name", "Email"))
    assert any("Customers" in note for note in shape.notes)


def test_a_list_of_one_column_is_read_where_no_sheet_has_more(tmp_path):
    book = openpyxl.Workbook()
    for row in (["Email"], ["ana@x.es"]):
        book.active.append(row)
    book.create_sheet("Empty")
    book.save(tmp_path / "given.xlsx")
    shape = tables.sniff(tmp_path / "given.xlsx")
    assert (shape.sheet, shape.headings, shape.notes) == ("Sheet", ("Email",), ())


def book_with(path: Path, **members: bytes) -> Path:
    workbook(path, [["Name"], ["Ana"]])
    changed = path.with_name("changed.xlsx")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, members.get(Path(name).stem, old.read(name)))
    return changed


BOMB = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>
<worksheet><sheetData><row><c t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>"""
OUTSIDE = BOMB.replace(b'"ha"', b'SYSTEM "file:///etc/passwd"')


@pytest.mark.parametrize(
    ("sheet", "words"),
    [
        (BOMB, "document type"),
        (OUTSIDE, "document type"),
        (b"<worksheet><sheetData><row>", "damaged"),
        (b" " * 80_000_000, "unpack"),
        (b'<worksheet><row r="1"><c r="ZZZ1"><v>1</v></c></row></worksheet>', "columns"),
        (b'<worksheet><row r="99999999"><c><v>1</v></c></row></worksheet>', "beyond"),
        (b'<worksheet><row r="1"><c t="s"><v>x</v></c></row></worksheet>', "damaged"),
    ],
)
def test_bombs_and_broken_workbooks_are_refused_at_once(tmp_path, sheet, words):
    path = book_with(tmp_path / "given.xlsx", sheet1=sheet)
    start = time.monotonic()
    with pytest.raises(Unreadable, match=words):
        read(path)
    assert time.monotonic() - start < 2


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 99]
)
def test_what_is_no_workbook_is_refused(tmp_path, content):
    with pytest.raises(Unreadable):
        tables.sniff(given(tmp_path, content, "given.xlsx"))


def test_elements_with_a_prefix_are_read_too(tmp_path):
    sheet = b"""<x:worksheet xmlns:x="m"><x:sheetData><x:row><x:c t="inlineStr"><x:is><x:t>Name
    </x:t></x:is></x:c></x:row><x:row><x:c><x:v>7</x:v></x:c></x:row></x:sheetData></x:worksheet>"""
    shape, rows = read(book_with(tmp_path / "given.xlsx", sheet1=sheet))
    assert (shape.headings, rows) == (("Name",), [["7"]])


def test_a_byte_order_mark_does_not_stick_to_the_first_heading(tmp_path):
    shape, _rows = read(given(tmp_path, codecs.BOM_UTF8 + b"Name,City\nAna,Soria\n"))
    assert shape.headings[0] == "Name"


def test_a_long_text_in_a_cell_is_read_whole(tmp_path):
    said = "línea\n" * 40_000
    rows = [["Asunto", "Texto"], *([f"Nota {n}", "Breve"] for n in range(9)), ["Larga", said]]
    writers.write(tmp_path / "long.csv", rows[0], rows[1:])

    shape = tables.sniff(tmp_path / "long.csv")
    assert list(tables.rows(tmp_path / "long.csv", shape)) == rows[1:]
