"""Days and moments as one region writes them, in the words of one language."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta, tzinfo
from datetime import time as day_time
from typing import Any, Literal

import babel
from babel.dates import format_interval

Style = Literal["short", "medium", "long"]
_TOKEN = re.compile(r"'([^']*)'|(E+|M+|L+|d+|y+|H+|h+|m+|a)|(.)", re.DOTALL)
_Part = Callable[[Any], str]

# What CLDR has only as data that Babel leaves out: now, yesterday, today, tomorrow.
_NEAR = {
    "es": ("ahora mismo", "ayer", "hoy", "mañana"),
    "en": ("just now", "yesterday", "today", "tomorrow"),
}


class Dates:
    """The patterns of one region and language, compiled once and then only filled in.

    Short dates keep the order and the signs of the region, with two digits for day and month so
    that columns line up; a year outside of 2000 to 2099 is written whole. Spanish has 24 hours.
    """

    def __init__(self, region: babel.Locale, words: babel.Locale, zone: tzinfo) -> None:
        self._words = words
        self.zone = zone
        short = region.date_formats["short"].pattern
        self._whole_year = _padded(re.sub("y+", "y", short))
        self._days = {
            "short": self._compile(_padded(short)),
            "medium": self._compile(words.date_formats["medium"].pattern),
            "long": self._compile(words.date_formats["long"].pattern),
        }
        if not re.search("MMM", words.date_formats["medium"].pattern):
            self._days["medium"] = self._compile(self._whole_year)
        self._old = self._compile(self._whole_year)
        self._time = self._compile(_clock(region))
        self._month = self._compile(_skeleton(words, "yMMMM", "MMMM y"))
        self._day_month = self._compile(_skeleton(words, "MMMd", "d MMM"))
        self._weekday = self._compile("EEEE")
        self._near = _NEAR.get(words.language, _NEAR["en"])

    def day(self, value: date, style: Style = "short") -> str:
        """A day: `05/03/26`, `5 mar 2026` or `5 de marzo de 2026`."""
        if style == "short" and not 2000 <= value.year <= 2099:
            return _fill(self._old, value)
        return _fill(self._days[style], value)

    def days(self, first: date, last: date) -> str:
        """From one day to another, without saying twice what both share: `23–29 nov 2026`."""
        if first == last:
            return self.day(first, "medium")
        return format_interval(first, last, "yMMMd", locale=self._words)

    def day_month(self, value: date) -> str:
        """A day without its year, as a birthday is told: `5 mar`."""
        return _fill(self._day_month, value)

    def month(self, value: date) -> str:
        """The month a day lies in: `marzo de 2026`."""
        return _fill(self._month, value)

    def weekday(self, value: date) -> str:
        """The name of the day of the week."""
        return _fill(self._weekday, value)

    def time(self, value: datetime) -> str:
        """The time of day of a moment, in the zone of the user."""
        return _fill(self._time, value.astimezone(self.zone))

    def clock(self, value: day_time) -> str:
        """A time of day that belongs to no day."""
        return _fill(self._time, value)

    def moment(self, value: datetime, style: Style = "short") -> str:
        """Day and time of a moment, in the zone of the user."""
        local = value.astimezone(self.zone)
        return f"{self.day(local, style)}, {_fill(self._time, local)}"

    def near_day(self, value: date, today: date) -> str:
        """Yesterday, today and tomorrow by name; other days in the medium style."""
        distance = (date(value.year, value.month, value.day) - today).days
        return self._near[distance + 2] if -1 <= distance <= 1 else self.day(value, "medium")

    def ago(self, value: datetime, now: datetime) -> str:
        """How far away a moment is, in words; further than a week it is the day."""
        seconds = (value - now).total_seconds()
        if abs(seconds) < 45:
            return self._near[0]
        if abs(seconds) < 3600:
            return self._distance("minute", seconds, 60)
        local, today = value.astimezone(self.zone), now.astimezone(self.zone).date()
        days = (local.date() - today).days
        if not days:
            return self._distance("hour", seconds, 3600)
        if abs(days) == 1:
            return f"{self._near[days + 2]}, {_fill(self._time, local)}"
        if abs(days) < 7:
            return self._distance("day", days, 1)
        return self.day(local, "medium")

    def _distance(self, unit: str, amount: float, size: int) -> str:
        count = max(1, round(abs(amount) / size))
        forms = self._words._data["date_fields"][unit]["past" if amount < 0 else "future"]
        text: str = forms.get(self._words.plural_form(count), forms["other"])
        return text.replace("{0}", str(count))

    def _compile(self, pattern: str) -> list[_Part]:
        return [_part(self._words, *match.groups()) for match in _TOKEN.finditer(pattern)]


def today(zone: tzinfo) -> date:
    """The day it is in a zone."""
    return datetime.now(zone).date()


def week_of(value: date, first_weekday: int) -> tuple[date, date]:
    """The first and the last day of the week around a day; 0 is Monday."""
    first = value - timedelta(days=(value.weekday() - first_weekday) % 7)
    return first, first + timedelta(days=6)


def _fill(parts: list[_Part], value: date | day_time) -> str:
    return "".join([part(value) for part in parts])


def _part(words: babel.Locale, quoted: str | None, field: str | None, sign: str | None) -> _Part:
    if field is None:
        text = sign if quoted is None else (quoted or "'")
        return lambda value: text or ""
    return _field(words, field)


def _field(words: babel.Locale, field: str) -> _Part:
    width = len(field)
    if field[0] == "E":
        names = words.days["format"]["wide" if width == 4 else "abbreviated"]
        return lambda value: names[value.weekday()]
    if field[0] in "ML" and width > 2:
        months = words.months["format"]["wide" if width == 4 else "abbreviated"]
        return lambda value: months[value.month]
    if field[0] == "a":
        halves = words.day_periods["format"]["abbreviated"]
        return lambda value: halves["am" if value.hour < 12 else "pm"]
    return _figures(field[0], width)


def _figures(letter: str, width: int) -> _Part:
    if letter == "y":
        return lambda value: f"{value.year % 100:02d}" if width == 2 else str(value.year)
    if letter == "h":
        return lambda value: f"{value.hour % 12 or 12:0{width}d}"
    name = {"d": "day", "M": "month", "L": "month", "H": "hour", "m": "minute"}[letter]
    return lambda value: f"{getattr(value, name):0{width}d}"


def _padded(pattern: str) -> str:
    return re.sub(r"(?<!M)M(?!M)", "MM", re.sub(r"(?<!d)d(?!d)", "dd", pattern))


def _clock(region: babel.Locale) -> str:
    pattern: str = region.time_formats["short"].pattern
    return "HH:mm" if region.language == "es" or "H" in pattern else pattern


def _skeleton(words: babel.Locale, name: str, otherwise: str) -> str:
    found = words.datetime_skeletons.get(name)
    return str(found.pattern) if found is not None else otherwise
