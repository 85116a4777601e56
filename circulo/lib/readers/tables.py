"""Tables of rows and columns: text with separators, and Excel workbooks.

`sniff` finds out how a file is written, `rows` then reads the data as a stream. Both raise
`Unreadable` and nothing else when the file is at fault.
"""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext as _

from circulo.lib.readers import delimited, workbooks
from circulo.lib.readers.refusal import Unreadable
from circulo.lib.readers.shapes import TableShape

__all__ = ["TableShape", "Unreadable", "rows", "sniff"]


def sniff(path: Path | str, *, sheet: str = "", prefer: str = "DMY") -> TableShape:
    """How the table is written; `prefer` is the order of dates that do not tell it themselves."""
    path = Path(path)
    if not path.is_file() or not path.stat().st_size:
        raise Unreadable(_("The file is empty. Choose a file that has at least one row."))
    if _is_workbook(path):
        return workbooks.sniff(path, sheet=sheet, prefer=prefer)
    return delimited.sniff(path, prefer=prefer)


def rows(path: Path | str, shape: TableShape) -> Iterator[list[str]]:
    """The rows of data as text, in order; blank ones come as empty lists.

    The first one is row `shape.first_row` of the file as a spreadsheet numbers them.
    """
    read = workbooks.rows if shape.format == "xlsx" else delimited.rows
    return islice(read(Path(path), shape), shape.first_row - 1, None)


def _is_workbook(path: Path) -> bool:
    with path.open("rb") as file:
        start = file.read(4)
    return start == b"PK\x03\x04" or (start == b"\xd0\xcf\x11\xe0")
