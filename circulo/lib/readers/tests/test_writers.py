import json
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pyarrow
import pytest
from pyarrow import parquet

from circulo.lib.readers import tables, writers
from circulo.lib.readers.refusal import Unreadable

DANGEROUS = ["=1+1", "+cmd|x", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "'=x", "''+y"]
PLAIN = ["Ana", "'hello'", "-5", "+34600111222", "-1,5", "", "a\nb", 'say "hi"', "7; 8, 9"]


@pytest.mark.parametrize("ending", ["csv", "xlsx", "tsv"])
def test_text_comes_back_as_it_was(tmp_path, ending):
    path = tmp_path / f"out.{ending}"
    rows = [[cell, "x"] for cell in DANGEROUS + PLAIN]

    assert writers.write(path, ["Text", "Other"], rows) == len(rows)

    shape = tables.sniff(path)
    assert list(tables.rows(path, shape)) == rows


def test_no_cell_of_a_csv_runs_as_a_formula(tmp_path):
    writers.write(tmp_path / "out.csv", ["=Heading"], [[cell] for cell in DANGEROUS])
    lines = (tmp_path / "out.csv").read_bytes().decode("utf-8-sig").split("\r\n")
    assert all(line.lstrip('"').startswith("'") for line in lines if line)


def test_a_workbook_holds_text_as_text_and_numbers_as_numbers(tmp_path):
    path = tmp_path / "out.xlsx"
    row: list[writers.Cell] = [
        "=1+1",
        -5,
        Decimal("12.50"),
        date(2026, 2, 3),
        datetime(2026, 2, 3, 10, 5),
        True,
        None,
    ]

    writers.write(path, list("abcdefg"), [row])

    cells = openpyxl.load_workbook(path).active[2]
    assert [cell.data_type for cell in cells] == ["s", "n", "n", "d", "d", "b", "n"]
    assert [cell.value for cell in cells][:4] == ["=1+1", -5, 12.5, datetime(2026, 2, 3)]
    shape = tables.sniff(path)
    assert list(tables.rows(path, shape)) == [
        ["=1+1", "-5", "12.5", "2026-02-03", "2026-02-03 10:05:00", "TRUE"]
    ]


def test_long_numbers_keep_their_digits_and_control_signs_are_dropped(tmp_path):
    path = tmp_path / "out.xlsx"
    writers.write(path, ["a", "b"], [[Decimal("12345678901234567890"), "x\x00\x08y"]])
    assert list(tables.rows(path, tables.sniff(path))) == [["12345678901234567890", "xy"]]


def test_json_lines(tmp_path):
    path = tmp_path / "out.jsonl"
    writers.write(path, ["name", "sum"], [["Íñigo\u2028", Decimal("1.50")]])
    assert json.loads(path.read_text()) == {"name": "Íñigo\u2028", "sum": "1.50"}


def test_an_unknown_ending_is_refused(tmp_path):
    with pytest.raises(tables.Unreadable, match=".docx"):
        writers.write(tmp_path / "out.docx", ["a"], [])


def test_parquet_is_written_in_groups_and_read_as_text(tmp_path):
    path = tmp_path / "out.parquet"
    headings = ["Name", "Day", "Much", "Many", "Is so", "At"]
    kinds = {"Day": "day", "Much": "number", "Many": "whole", "Is so": "yes_no", "At": "moment"}
    moment = "2026-01-02T03:04:05.000006+02:00"
    full: list[writers.Cell] = ["=1+1", "2026-01-02", "1234.50", 7, True, moment]
    bare: list[writers.Cell] = ["x", "", None, None, "", ""]
    rows = (full if number % 2 else bare for number in range(50_000))

    assert writers.write(path, headings, rows, kinds=kinds) == 50_000

    shape = tables.sniff(path)
    assert (shape.format, shape.headings, shape.first_row) == ("parquet", tuple(headings), 1)
    read = list(tables.rows(path, shape))
    assert len(read) == 50_000 and parquet.ParquetFile(path).num_row_groups == 3
    assert read[0] == ["x", "", "", "", "", ""]
    at = "2026-01-02T01:04:05.000006+00:00"
    assert read[1] == ["=1+1", "2026-01-02", "1234.5", "7", "true", at]


def test_what_other_programs_write_as_parquet_is_read(tmp_path):
    path = tmp_path / "other.parquet"
    columns = {
        "code": [28013.0, None, float("nan")],
        "share": [0.25, 1e-7, float("inf")],
        "tags": [["a", "b"], [], None],
        "more": [{"a": 1}, None, None],
        "raw": [b"ca\xf1a", "é".encode(), None],
        "at": pyarrow.array([1, 2_000_000_001, None], pyarrow.timestamp("ns")),
    }
    parquet.write_table(pyarrow.table(columns), path)

    first, second, third = tables.rows(path, tables.sniff(path))

    assert first[:4] == ["28013", "0.25", "a; b", '{"a": 1}'] and first[5].startswith("1970-01-01T")
    assert second[:5] == ["", "1e-07", "", "", "é"] and third[:2] == ["", "inf"]


@pytest.mark.parametrize("cut", [4, 100, -1])
def test_parquet_that_is_cut_off_is_refused(tmp_path, cut):
    path = tmp_path / "cut.parquet"
    writers.write(path, ["Name"], [["x"]] * 100)
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(Unreadable):
        tables.sniff(path)
