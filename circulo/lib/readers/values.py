"""What a person wrote in a cell: a number, money, a day, a moment, yes or no, a list.

Every function takes text and gives the value, None for a blank, or raises `Refused` with why.
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from circulo.lib.clock import time_of

LONGEST = 80

_QUOTED = re.compile(r'(?:(?<=[\n;|,])|\A)[^\S\n]*"((?:[^"]|"")*)"[^\S\n]*(?=[\n;|,]|\Z)')
_PARTING = re.compile(r'[\n;|,]|\A"|:::')
_SPACES = re.compile(r"[\s\u00a0\u202f']+")
_PLAIN = re.compile(r"[-+]?\d{1,20}(?:\.\d{1,20})?(?:[eE][-+]?\d{1,2})?", re.ASCII)
_GROUPED = re.compile(r"[-+]?\d{1,3}(?:([.,])\d{3})(?:\1\d{3}){0,6}", re.ASCII)
_CURRENCIES = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY"}
_SIGN = r"([A-Z]{3}|[€$£¥])?"
_AMOUNT = re.compile(
    r"([-+(]?)\s?" + _SIGN + r"\s?([-+]?[\d.,\s\u00a0\u202f']+?)\s?" + _SIGN + r"\)?",
    re.ASCII,
)
_DAY = re.compile(r"(\d{1,4})[/. -](\d{1,2}|[^\W\d_]{3,12})\.?[/. -](\d{1,4})")
# What Outlook and MySQL write where there is no day.
_NO_DAY = re.compile(r"0/0/00|00/00/0000|0000-00-00(?: 00:00:00)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
# A spreadsheet counts days from here; a cell that lost the format of a date shows the count.
_SERIAL = re.compile(r"(\d{5})(?:[.,](\d{1,12}))?", re.ASCII)
_SERIALS, _BEFORE_THEM = range(15_000, 80_000), datetime(1899, 12, 30)
_DAY_PART = re.compile(r"0[.,]\d{1,17}", re.ASCII)
_TIME = re.compile(
    r"(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?\s?([AaPp])?\.?(?:[Mm]\.?)?", re.ASCII
)
_WRITTEN = re.compile(r"(\d{1,2}) (?:de )?([^\W\d_]{3,12})\.?,? (?:de |del )?(\d{4})")
_ENGLISH = re.compile(r"([^\W\d_]{3,12})\.? (\d{1,2}),? (\d{4})")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "ene enero jan january",
            "feb febrero february",
            "mar marzo march",
            "abr abril apr april",
            "may mayo",
            "jun junio june",
            "jul julio july",
            "ago agosto aug august",
            "sep sept septiembre setiembre september",
            "oct octubre october",
            "nov noviembre november",
            "dic diciembre dec december",
        ),
        start=1,
    )
    for name in names.split()
}
_YES = frozenset(
    {"1", "true", "t", "yes", "y", "si", "sí", "s", "verdadero", "v", "x", "✓", "✔", "on", "activo"}
)
_NO = frozenset({"0", "false", "f", "no", "n", "falso", "-", "off", "inactivo", "✗"})


class Refused(ValueError):
    """A cell cannot be read as what its column holds; the text says why."""


def number(text: str, decimal: str = ".") -> Decimal | None:
    """A number with the decimal sign of the file; signs of thousands are allowed where they fit."""
    text = _short(text)
    if not text:
        return None
    bare = _SPACES.sub("", text).replace("−", "-").removesuffix("%")
    found = _as_plain(bare, decimal)
    if found is None:
        told = _("“%(value)s” is not a number: write it as %(form)s.")
        raise Refused(told % {"value": text, "form": f"1234{decimal}50"})
    return Decimal(found)


def whole(text: str, decimal: str = ".") -> int | None:
    """A number without a fraction."""
    value = number(text, decimal)
    if value is None:
        return None
    if value != value.to_integral_value() or abs(value) > 1 << 62:
        told = _("“%(value)s” is not a whole number: write it as 1234, without decimals.")
        raise Refused(told % {"value": text.strip()})
    return int(value)


def money(text: str, decimal: str = ".") -> tuple[Decimal, str] | None:
    """An amount and its currency, empty where none is written; brackets make it negative."""
    text = _short(text).replace("−", "-")
    if not text:
        return None
    found = _AMOUNT.fullmatch(text)
    amount = _as_plain(_SPACES.sub("", found[3]), decimal) if found else None
    if not found or amount is None or (found[2] and found[4]):
        told = _("“%(value)s” is not an amount of money: write it as %(form)s.")
        raise Refused(told % {"value": text, "form": f"1234{decimal}50 EUR"})
    sign = found[2] or found[4] or ""
    value = Decimal(amount)
    is_negative = found[1] == "-" or (found[1] == "(" and text.endswith(")"))
    return (-value if is_negative else value), _CURRENCIES.get(sign, sign)


def day(text: str, order: str = "DMY") -> date | None:
    """A date in the order of the file; ISO dates and months by name are read whatever it is.

    So are the days that a spreadsheet counts.
    """
    text = _short(text)
    if not text or _NO_DAY.fullmatch(text):
        return None
    counted = _counted(text)
    if counted is not None:
        return counted.date()
    found = _day_parts(text.split("T")[0].strip(), order)
    if found is None and " " in text:
        found = _day_parts(text.partition(" ")[0], order)
    try:
        if found is None:
            raise ValueError
        return date(*found)
    except ValueError:
        told = _("“%(value)s” is not a date: write it as %(form)s or 2026-12-31.")
        raise Refused(told % {"value": text, "form": _usual(order)}) from None


def moment(text: str, order: str = "DMY") -> datetime | None:
    """A date and time; one without a zone comes back without, for the caller to place."""
    text = _short(text)
    if not text or _NO_DAY.fullmatch(text):
        return None
    counted = _counted(text)
    if counted is not None:
        return counted
    try:
        exact = datetime.fromisoformat(text)
        return exact.astimezone(UTC) if exact.tzinfo else exact
    except (ValueError, OverflowError):
        pass
    for sign in ("T", " "):
        written, _sign, clock = text.partition(sign)
        if ":" in clock and " " not in written:
            return datetime.combine(day(written, order) or date.min, _clock(clock, text, order))
    return datetime.combine(day(text, order) or date.min, time())


def clock(text: str) -> time | None:
    """A time of day; a moment, or what a spreadsheet counts as a part of a day, says one too."""
    text = _short(text)
    if not text:
        return None
    found = time_of(text)
    if found is not None:
        return found
    if _DAY_PART.fullmatch(text):
        minutes = round(float(text.replace(",", ".")) * 1440)
        return time(minutes // 60 % 24, minutes % 60)
    if ":" in text and (whole := moment(text)):
        return whole.time()
    raise Refused(_("“%(value)s” is not a time of day.") % {"value": text})


def boolean(text: str) -> bool | None:
    """A yes or a no, in English or Spanish."""
    word = _short(text).lower()
    if not word:
        return None
    if word in _YES or word in _NO:
        return word in _YES
    raise Refused(_("“%(value)s” is neither yes nor no: write one of the two.") % {"value": word})


def words(text: str) -> list[str]:
    """The items of a list written in one cell, parted by lines, semicolons, bars or else commas.

    What stands in quotes is one item, whatever is in it.
    """
    quoted: list[str] = []

    def _kept(found: re.Match[str]) -> str:
        quoted.append(found[1].replace('""', '"'))
        return f"\0{len(quoted) - 1}"

    bare = _QUOTED.sub(_kept, text)
    sign = next((sign for sign in "\n;|," if sign in bare), ",")
    items = (" ".join(item.split()) for item in bare.replace(" ::: ", sign).split(sign))
    whole = (quoted[int(item[1:])] if item.startswith("\0") else item for item in items)
    return list(dict.fromkeys(item for item in whole if item))


def joined(items: Iterable[str]) -> str:
    """A list as one cell, of which `words` reads the same items."""
    return "; ".join(
        '"{}"'.format(item.replace('"', '""')) if _PARTING.search(item) else item for item in items
    )


def _short(text: str) -> str:
    text = text.strip() if len(text) < 10_000 else text[:10_000].strip()
    if len(text) > LONGEST:
        raise Refused(_("“%(value)s…” is too long for this field.") % {"value": text[:30]})
    return text


def _as_plain(bare: str, decimal: str) -> str | None:
    """The number as Python writes it, or None where it is not one."""
    thousands = "." if decimal == "," else ","
    if _GROUPED.fullmatch(bare) and (bare.count(thousands) or bare.count(decimal) > 1):
        bare = bare.replace(thousands, "") if bare.count(decimal) < 2 else bare.replace(decimal, "")
    elif decimal in bare and thousands in bare:
        bare = _without_groups(bare, decimal, thousands)
    elif "," in bare:
        bare = bare.replace(",", ".", 1)
    return bare if _PLAIN.fullmatch(bare) else None


def _without_groups(bare: str, decimal: str, thousands: str) -> str:
    """1.234,50 without its thousands signs; the last of the two signs is the decimal one."""
    if bare.rfind(thousands) > bare.rfind(decimal):
        decimal, thousands = thousands, decimal
    before, _sign, after = bare.rpartition(decimal)
    if not _GROUPED.fullmatch(before):
        return ""
    return before.replace(thousands, "") + "." + after


def _day_parts(text: str, order: str) -> tuple[int, int, int] | None:
    """Year, month and day of a written date."""
    compact = _COMPACT.fullmatch(text)
    if compact:
        return int(compact[1]), int(compact[2]), int(compact[3])
    spelt = _WRITTEN.fullmatch(text) or _ENGLISH.fullmatch(text)
    if spelt:
        month, number = (2, 1) if spelt.re is _WRITTEN else (1, 2)
        return int(spelt[3]), _MONTHS.get(spelt[month].lower(), 0), int(spelt[number])
    found = _DAY.fullmatch(text)
    if not found or len(found[1]) == 3 or (len(found[1]) < 4 and len(found[3]) % 2):
        return None
    first, second, third = found[1], found[2], found[3]
    if len(first) == 4:
        return int(first), _month(second), int(third)
    if not second.isdigit() or order != "MDY" or len(first) > 2:
        return _year(third), _month(second), int(first)
    return _year(third), int(first), int(second)


def _counted(text: str) -> datetime | None:
    """The moment that a spreadsheet counts as so many days, where it is of our times."""
    found = _SERIAL.fullmatch(text)
    if found is None or int(found[1]) not in _SERIALS:
        return None
    seconds = round(Decimal(f"0.{found[2] or 0}") * 86_400)
    return _BEFORE_THEM + timedelta(days=int(found[1]), seconds=seconds)


def _month(text: str) -> int:
    return int(text) if text.isdigit() else _MONTHS.get(text.lower(), 0)


def _year(text: str) -> int:
    """Two digits are of this century up to 2049, else of the last."""
    year = int(text)
    return year + (2000 if year < 50 else 1900) if len(text) <= 2 else year


def _usual(order: str) -> str:
    """A date in the order of the file, as people write it."""
    return "12/31/2026" if order == "MDY" else "31/12/2026"


def _clock(text: str, whole_text: str, order: str) -> time:
    found = _TIME.fullmatch(text.strip())
    try:
        if not found:
            raise ValueError
        hour = int(found[1])
        if found[4]:
            hour = hour % 12 + (12 if found[4] in "pP" else 0)
        return time(hour, int(found[2]), int(found[3] or 0))
    except ValueError:
        told = _("“%(value)s” is not a moment: write it as %(form)s 10:30 or 2026-12-31T10:30.")
        raise Refused(told % {"value": whole_text, "form": _usual(order)}) from None
