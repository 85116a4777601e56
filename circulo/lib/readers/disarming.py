"""Cells that a spreadsheet would run as a formula are marked with an apostrophe, and unmarked.

The two are each other's inverse, so that a dump loaded again changes nothing. A number with a sign
is not a formula and stays as it is.
"""

import re
from collections.abc import Sequence

_MAY_RUN = re.compile(r"'*[=+\-@\t\r＝＋－＠]")
_MARKED = re.compile(r"''*[=+\-@\t\r＝＋－＠]")
_NUMBER = re.compile(r"[-+]\d+(?:[.,]\d+)?")


def disarmed(cell: str) -> str:
    """The cell as it may stand in a CSV file."""
    return "'" + cell if _MAY_RUN.match(cell) and not _NUMBER.fullmatch(cell) else cell


def rearmed(row: Sequence[str]) -> list[str]:
    """The cells of a row as they were before they were marked."""
    return [cell[1:] if cell.startswith("'") and _MARKED.match(cell) else cell for cell in row]
