"""Numbers in a sheet as people see them: dates by their format, no noise of binary fractions."""

import re
from datetime import datetime, timedelta
from decimal import Decimal

_DATE_FORMATS = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_TIME_ONLY = frozenset({18, 19, 20, 21, 45, 46, 47})


class Numerals:
    """Reads the number of a cell with the format of its style."""

    def __init__(self, styles: list[tuple[int, str]], starts_in_1904: bool) -> None:
        self.dates = {
            str(at): number in _TIME_ONLY or _is_time_only(text)
            for at, (number, text) in enumerate(styles)
            if number in _DATE_FORMATS or _is_date(text)
        }
        self.origin = datetime(1904, 1, 1) if starts_in_1904 else datetime(1899, 12, 30)

    def read(self, value: str, style: str) -> str:
        """The text of a number, a day or a moment."""
        if style in self.dates:
            return self._moment(float(value), self.dates[style])
        if value.isascii() and value.isdigit() and len(value) < 16:
            return value
        return plain(float(value))

    def _moment(self, serial: float, is_time_only: bool) -> str:
        if not 0 <= serial < 2_958_466:
            return plain(serial)
        moment = self.origin + timedelta(seconds=round(serial * 86_400))
        if is_time_only and serial < 1:
            return moment.strftime("%H:%M:%S" if moment.second else "%H:%M")
        return moment.date().isoformat() if serial == int(serial) else moment.isoformat(" ")


def plain(number: float) -> str:
    """A number with the fifteen digits a spreadsheet keeps, without exponent or empty fraction."""
    if number != number or abs(number) == float("inf"):
        return ""
    short = f"{number:.15g}"
    if "e" not in short:
        return short
    if abs(number) >= 1e30 or abs(number) < 1e-12:
        return short
    return f"{Decimal(short):f}"


def _is_date(text: str) -> bool:
    return (
        any(letter in _QUOTED.sub("", text).lower() for letter in "ymdhs") and "General" not in text
    )


def _is_time_only(text: str) -> bool:
    bare = _QUOTED.sub("", text).lower()
    return bool(bare) and "h" in bare and "y" not in bare and "d" not in bare
