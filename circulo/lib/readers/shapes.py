"""What is known of a table before its rows are read, and how it is found out from a sample."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from django.utils.translation import gettext as _

MOST_COLUMNS = 1_000
SAMPLE_ROWS = 20
MOST_ABOVE = 500

_DATE = re.compile(r"(\d{1,4})([/.-])(\d{1,2})\2(\d{1,4})(?:[ T]\d{1,2}:\d\d.{0,12})?")
_NUMBER = re.compile(r"[-+]?(?:[$€£] ?)?(\d[\d.,]*)(?: ?(?:[$€£%]|EUR|USD))?")
_TALKS_OF_DATA = re.compile(r"@|^\W*\d[\d\W]*$")


@dataclass(frozen=True)
class TableShape:
    """How a table is written: enough to read every row, and to show what was found."""

    format: str
    encoding: str = ""
    separator: str = ","
    quote: str = '"'
    header_row: int = 1
    has_header: bool = True
    headings: tuple[str, ...] = ()
    decimal: str = "."
    date_order: str = "YMD"
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    sample: tuple[tuple[str, ...], ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def first_row(self) -> int:
        """The number a spreadsheet shows beside the first row of data."""
        return self.header_row + 1 if self.has_header else self.header_row

    @property
    def names_itself(self) -> bool:
        """Whether its columns have names without a row of headings."""
        return self.format in ("jsonl", "parquet")

    def as_json(self) -> dict[str, Any]:
        """Plain values that `from_json` takes back."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        """The shape that `as_json` wrote down, possibly mended by a person."""
        lists = {key: tuple(stored.get(key, ())) for key in ("headings", "sheets", "notes")}
        sample = tuple(tuple(row) for row in stored.get("sample", ()))
        return cls(**{**stored, **lists, "sample": sample})


def describe(shape: TableShape, rows: Sequence[list[str]], *, prefer: str = "DMY") -> TableShape:
    """Fill in the headings, the decimal sign, the date order and the sample from the first rows."""
    at = _header_at(rows)
    below = [row for row in rows[at + 1 :] if any(row)]
    has_header = at < len(rows) and _is_heading(rows[at])
    data = below if has_header else [row for row in rows[at:] if any(row)]
    width = max((len(row) for row in rows[at:]), default=0)
    headings = _headings(rows[at] if has_header else [], width)
    decimal, about_decimal = _decimal(data, shape.separator)
    order, about_dates = _date_order(data, prefer)
    return replace(
        shape,
        header_row=at + 1,
        has_header=has_header,
        headings=headings,
        decimal=decimal,
        date_order=order,
        sample=tuple(tuple(row) for row in data[:SAMPLE_ROWS]),
        notes=(*shape.notes, *about_decimal, *about_dates),
    )


def headed(shape: TableShape, rows: Sequence[list[str]]) -> TableShape:
    """The headings and the sample, where a person says which row holds the headings, if any."""
    at = shape.header_row - 1
    data = [row for row in rows[shape.first_row - 1 :] if any(row)]
    width = max((len(row) for row in rows[at:]), default=0)
    headings = _headings(rows[at] if shape.has_header and at < len(rows) else [], width)
    sample = tuple(tuple(row) for row in data[:SAMPLE_ROWS])
    return replace(shape, headings=headings, sample=sample)


def _header_at(rows: Sequence[list[str]]) -> int:
    """The first row that is as full as the rest: a title above the table is passed over.

    Where the rows below are sparse it is the widest one of words that has data below.
    """
    filled = [sum(1 for cell in row if cell.strip()) for row in rows]
    usual = Counter(count for count in filled if count).most_common(1)
    enough = usual[0][0] // 2 + 1 if usual else 1
    first = next((at for at, count in enumerate(filled[:SAMPLE_ROWS]) if count >= enough), 0)
    if filled[first:] and filled[first] == 1:
        return _widest_at(rows, filled, first)
    return first


def _widest_at(rows: Sequence[list[str]], filled: Sequence[int], first: int) -> int:
    """The widest row of words near the top, where a lone cell stands above it."""
    above = [
        at for at in range(first, min(SAMPLE_ROWS, len(rows) - 1))
        if _is_heading(rows[at]) and any(filled[at + 1 :])
    ]  # fmt: skip
    widest = max(above, key=lambda at: filled[at], default=first)
    return widest if filled[widest] > 2 else first


def _is_heading(row: Sequence[str]) -> bool:
    """Whether a row names columns: words, none twice, no e-mail, number or date among them."""
    words = [cell.strip() for cell in row if cell.strip()]
    return bool(words) and not any(_TALKS_OF_DATA.search(word) for word in words)


def _headings(row: Sequence[str], width: int) -> tuple[str, ...]:
    """One name for every column; those without one are called by their place, repeated by turn."""
    seen: Counter[str] = Counter()
    names = []
    for at in range(width):
        name = " ".join(row[at].split()) if at < len(row) else ""
        name = name or _("Column %(number)s") % {"number": at + 1}
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(names)


def _cells(rows: Iterable[Sequence[str]]) -> Iterable[str]:
    return (cell.strip() for row in rows for cell in row if cell and len(cell) < 40)


def _decimal(rows: Iterable[Sequence[str]], separator: str) -> tuple[str, list[str]]:
    """The decimal sign in use, with a note where the numbers do not say."""
    signs: Counter[str] = Counter()
    unclear = 0
    for cell in _cells(rows):
        found = _NUMBER.fullmatch(cell)
        if not found or _DATE.fullmatch(cell):
            continue
        sign = _sign_of(found[1])
        signs[sign] += bool(sign and sign != "?")
        unclear += sign == "?"
    if signs[","] != signs["."]:
        return ("," if signs[","] > signs["."] else "."), []
    guess = "," if separator in ";\t" else "."
    note = _("Numbers such as 1.234 or 1,234 could be read in two ways; check the decimal sign.")
    return guess, [note] if unclear else []


def _sign_of(number: str) -> str:
    """The decimal sign that one number shows; "?" where a thousands sign would look the same."""
    last = max(number.rfind(","), number.rfind("."))
    if last < 0:
        return ""
    sign, other = number[last], "." if number[last] == "," else ","
    after = len(number) - last - 1
    if number.count(sign) > 1:
        return other if after == 3 else "?"
    if other in number or after != 3 or last > 3 or number[0] == "0":
        return sign
    return "?"


def _date_order(rows: Iterable[Sequence[str]], prefer: str) -> tuple[str, list[str]]:
    """The order of day, month and year, with a note where the dates do not say or disagree."""
    orders: Counter[str] = Counter()
    for cell in _cells(rows):
        found = _DATE.fullmatch(cell)
        if found:
            orders[_order_of(found[1], found[3], found[4])] += 1
    if orders["DMY"] and orders["MDY"]:
        most = "DMY" if orders["DMY"] >= orders["MDY"] else "MDY"
        return most, [_("Dates are written in two orders in this file; check the date order.")]
    for order in ("DMY", "MDY"):
        if orders[order]:
            return order, []
    if orders["?"]:
        return prefer, [_("Dates such as 03/04/2026 could be read in two ways; check the order.")]
    return ("YMD" if orders["YMD"] else prefer), []


def _order_of(first: str, second: str, third: str) -> str:
    """The order that one date shows, "?" where day and month could change places."""
    if len(first) >= 3:
        return "YMD"
    if len(third) == 3 or int(first) > 31 or int(second) > 31:
        return ""
    if int(first) > 12:
        return "DMY"
    if int(second) > 12:
        return "MDY"
    return "?" if first != second else ""
