"""Tables of rows and columns: text with separators, Excel workbooks, lines of JSON, Parquet.

`sniff` finds out how a file is written, `rows` then reads the data as a stream. Both raise
`Unreadable` and nothing else when the file is at fault.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from circulo.lib.readers import delimited, json_lines, parquet, workbooks
from circulo.lib.readers.refusal import Unreadable
from circulo.lib.readers.shapes import SAMPLE_ROWS, TableShape, headed

__all__ = ["TableShape", "Unreadable", "reread", "rows", "sniff"]


def sniff(path: Path | str, *, sheet: str = "", prefer: str = "DMY") -> TableShape:
    """How the table is written; `prefer` is the order of dates that do not tell it themselves."""
    path = Path(path)
    if not path.is_file() or not path.stat().st_size:
        raise Unreadable(_("The file is empty. Choose a file that has at least one row."))
    with path.open("rb") as file:
        start = file.read(100)
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return workbooks.sniff(path, sheet=sheet, prefer=prefer)
    if parquet.is_parquet(start):
        return parquet.sniff(path, prefer=prefer)
    if json_lines.is_json_lines(start):
        return json_lines.sniff(path, prefer=prefer)
    return delimited.sniff(path, prefer=prefer)


def reread(path: Path, shape: TableShape, **said: Any) -> TableShape:
    """The table as a person says it is written: what they did not change is found out again."""
    said = {name: value for name, value in said.items() if getattr(shape, name) != value}
    if said.get("sheet") in shape.sheets:
        shape = sniff(path, sheet=said["sheet"])
    elif shape.format == "csv" and {"encoding", "separator"} & set(said):
        shape = delimited.resniff(path, replace(shape, **_only(said, "encoding", "separator")))
    if {"header_row", "has_header"} & set(said):
        if shape.names_itself:
            raise Unreadable(_("The columns of this file have names: it has no row of headings."))
        shape = replace(shape, **_only(said, "header_row", "has_header"))
        shape = headed(shape, list(islice(_all_rows(path, shape), shape.header_row + SAMPLE_ROWS)))
        if not shape.headings:
            raise Unreadable(_("Row %d of the file holds nothing.") % shape.header_row)
    return replace(shape, **_only(said, "decimal", "date_order"))


def _only(said: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: said[name] for name in names if name in said}


def _all_rows(path: Path, shape: TableShape) -> Iterator[list[str]]:
    return _READERS[shape.format](path, shape)


def rows(path: Path | str, shape: TableShape) -> Iterator[list[str]]:
    """The rows of data as text, in order; blank ones come as empty lists.

    The first one is row `shape.first_row` of the file as a spreadsheet numbers them.
    """
    return islice(_all_rows(Path(path), shape), shape.first_row - 1, None)


_READERS = {"csv": delimited.rows, "xlsx": workbooks.rows, "jsonl": json_lines.rows,
            "parquet": parquet.rows}  # fmt: skip
