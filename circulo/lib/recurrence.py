"""What repeats: RFC 5545 rules, counted in the clock time of whoever made them.

A series is told in the clock time of one place, so that nine o'clock stays nine o'clock when the
clocks change. Rules that repeat more often than daily, or can never come true, are refused before
they are kept: everything here may trust that the next occurrence is found soon.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import chain, count, islice, takewhile
from zoneinfo import ZoneInfo

from dateutil.rrule import DAILY, WEEKLY, rrule, rrulestr
from django.utils.translation import gettext as _

from circulo.lib.errors import Invalid

MOST_LETTERS, MOST_COUNT, MOST_IN_A_WINDOW = 500, 2_000, 1_500
MOST_DATES = 2_000
HORIZON = datetime(2200, 1, 1)
_PART = re.compile(r"[A-Z]+=[A-Z0-9,+\-]+")
_KNOWN = {
    "FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYYEARDAY",
    "BYWEEKNO", "BYSETPOS", "WKST",
}  # fmt: skip
_FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_LEAP = 2024


@dataclass(frozen=True)
class Series:
    """When something repeats, in clock time: its first start, its rule, and days more and less."""

    start: datetime
    rule: str = ""
    more: tuple[datetime, ...] = ()
    less: frozenset[datetime] = frozenset()

    def between(self, first: datetime, last: datetime) -> tuple[datetime, ...]:
        """The starts from `first` up to, but not including, `last`; all in clock time."""
        return _between(self, first, last)

    def after(self, moment: datetime) -> datetime | None:
        """The first start after a clock time; None where there is none any more."""
        upcoming = (when for when in self._all(moment) if when > moment and when not in self.less)
        return next(upcoming, None)

    @property
    def last(self) -> datetime | None:
        """The last start; None where the series goes on without an end."""
        if self.rule and not _is_bounded(self.rule):
            return None
        ruled = islice(self._ruled(self.start), MOST_COUNT * 20) if self.rule else ()
        starts = [self.start, *self.more, *ruled]
        kept = [when for when in starts if when not in self.less]
        end: datetime = max(kept or starts)
        return end

    def has_by_rule(self, when: datetime) -> bool:
        """Whether the rule itself, or the start where there is none, gives this clock time."""
        if not self.rule:
            return when in (self.start, *self.more)
        return next((one for one in self._ruled(when) if one >= when), None) == when

    def _all(self, since: datetime) -> Iterator[datetime]:
        """Starts in order, beginning not long before a clock time."""
        single = (*self.more, self.start)
        if not self.rule:
            return iter(sorted(set(single)))
        return _merged(self._ruled(since), sorted({w for w in single if w >= since}))

    def _ruled(self, since: datetime) -> Iterator[datetime]:
        plain = _plain(self.rule)
        starts = plain.starts(self.start, since) if plain and plain.holds(self.start) else None
        return takewhile_before(HORIZON, starts or iter(_rule(self.rule, _forwarded(self, since))))


@dataclass(frozen=True)
class _Plain:
    """A rule as most people make them: every so many days, months or years, or on some days of
    every so many weeks. Its starts are reckoned, where the library counts every day from the first.
    """

    frequency: str
    step: int
    days: tuple[int, ...]
    week_begins: int
    until: datetime

    def holds(self, start: datetime) -> bool:
        """Whether every month has such a day."""
        return start.day <= 28 or self.frequency in ("DAILY", "WEEKLY")

    def starts(self, start: datetime, since: datetime) -> Iterator[datetime]:
        """The starts in order, beginning not long before a clock time."""
        ways = {"DAILY": self._daily, "WEEKLY": self._weekly}
        found = ways.get(self.frequency, self._monthly)(start, since)
        return takewhile(lambda when: when <= self.until, found)

    def _daily(self, start: datetime, since: datetime) -> Iterator[datetime]:
        gone = max(0, (since - start).days // self.step)
        return (start + timedelta(days=self.step * n) for n in count(gone))

    def _weekly(self, start: datetime, since: datetime) -> Iterator[datetime]:
        week = start - timedelta(days=(start.weekday() - self.week_begins) % 7)
        days = sorted((day - self.week_begins) % 7 for day in self.days or (start.weekday(),))
        gone = max(0, (since - week).days // (7 * self.step))
        for n in count(gone):
            for day in days:
                if (when := week + timedelta(days=7 * self.step * n + day)) >= start:
                    yield when

    def _monthly(self, start: datetime, since: datetime) -> Iterator[datetime]:
        step = self.step * (12 if self.frequency == "YEARLY" else 1)
        months = (since.year - start.year) * 12 + since.month - start.month
        for n in count(max(0, months // step)):
            at = start.month - 1 + n * step
            yield start.replace(year=start.year + at // 12, month=at % 12 + 1)


@lru_cache(maxsize=4_000)
def _plain(rule: str) -> _Plain | None:
    """A rule as one that can be reckoned; None for one that has more to it."""
    parts = parts_of(rule)
    days = parts.get("BYDAY", "")
    names = days.split(",") if days else []
    if set(parts) - {"FREQ", "INTERVAL", "UNTIL", "WKST", "BYDAY"} or set(names) - set(_DAYS):
        return None
    if names and parts["FREQ"] != "WEEKLY":
        return None
    until = parts.get("UNTIL")
    return _Plain(
        parts["FREQ"], int(parts.get("INTERVAL", "1")),
        tuple({_DAYS.index(name) for name in names}), _DAYS.index(parts.get("WKST", "MO")),
        datetime.strptime(until, "%Y%m%dT%H%M%S") if until else HORIZON,
    )  # fmt: skip


def takewhile_before(end: datetime, starts: Iterable[datetime]) -> Iterator[datetime]:
    """Those before an end, of which the first later one is the last that is looked at."""
    for when in starts:
        if when >= end:
            return
        yield when


@lru_cache(maxsize=20_000)
def _between(series: Series, first: datetime, last: datetime) -> tuple[datetime, ...]:
    found = [when for when in (*series.more, series.start) if first <= when < last]
    if series.rule:
        ruled = takewhile_before(last, series._ruled(first))
        found += islice((when for when in ruled if when >= first), MOST_IN_A_WINDOW)
    return tuple(sorted(set(found) - series.less))


def _merged(ruled: Iterator[datetime], single: list[datetime]) -> Iterator[datetime]:
    """Two rows of starts as one, in order."""
    waiting = list(single)
    for when in ruled:
        while waiting and waiting[0] < when:
            yield waiting.pop(0)
        if waiting and waiting[0] == when:
            waiting.pop(0)
        yield when
    yield from waiting


@lru_cache(maxsize=4_000)
def _rule(text: str, start: datetime) -> rrule:
    made: rrule = rrulestr(text, dtstart=start)
    return made


def _forwarded(series: Series, since: datetime) -> datetime:
    """A start of the same rule not long before a clock time: no walk through years gone by."""
    parts = parts_of(series.rule)
    gone = (since - series.start).days
    if "COUNT" in parts or gone < 400:
        return series.start
    step = int(parts.get("INTERVAL", "1"))
    if parts["FREQ"] in ("DAILY", "WEEKLY"):
        length = step * (7 if parts["FREQ"] == "WEEKLY" else 1)
        return series.start + timedelta(days=(gone - 40) // length * length)
    if series.start.day > 28:
        return series.start
    length = step * (12 if parts["FREQ"] == "YEARLY" else 1)
    months = (since.year - series.start.year) * 12 + since.month - series.start.month - 1
    at = series.start.month - 1 + months // length * length
    if months < length:
        return series.start
    return series.start.replace(year=series.start.year + at // 12, month=at % 12 + 1)


def parts_of(rule: str) -> dict[str, str]:
    """The parts of a rule by name."""
    return dict(part.split("=", 1) for part in rule.split(";") if "=" in part)


def until_parting(rule: str, start: datetime) -> str:
    """A rule that ends before a clock time."""
    if not rule:
        return ""
    kept = [f"{name}={value}" for name, value in parts_of(rule).items()
            if name not in ("COUNT", "UNTIL")]  # fmt: skip
    return ";".join([*kept, f"UNTIL={start - timedelta(seconds=1):%Y%m%dT%H%M%S}"])


def after_parting(rule: str, first: datetime, start: datetime) -> str:
    """The rule of a series that began at `first` for who takes it up at `start`.

    One that ends after a number of times does so after those that are left.
    """
    parts = parts_of(rule)
    if "COUNT" in parts:
        gone = sum(1 for _when in takewhile_before(start, iter(_rule(rule, first))))
        parts["COUNT"] = str(int(parts["COUNT"]) - gone)
    return ";".join(f"{name}={value}" for name, value in parts.items())


def _is_bounded(rule: str) -> bool:
    parts = parts_of(rule)
    return "COUNT" in parts or "UNTIL" in parts


def read_rule(text: str, start: datetime, zone: ZoneInfo, *, of_days: bool = False) -> str:
    """A rule in its normal form, its end in clock time; Invalid where it cannot be kept.

    One `of_days` ends with a day, at whatever time others write that.
    """
    rule = text.strip().upper().removeprefix("RRULE:").rstrip(";")
    if not rule:
        return ""
    parts = _checked(rule)
    if "UNTIL" in parts:
        end = _until(parts["UNTIL"], zone)
        parts["UNTIL"] = f"{end[:8]}T235959" if of_days else end
    normal = ";".join(f"{name}={value}" for name, value in parts.items())
    try:
        made = rrulestr(normal, dtstart=start)
    except (ValueError, TypeError, OverflowError, IndexError) as error:
        raise Invalid({"": _("This is no rule of repetition that we understand.")}) from error
    _refuse_never(parts, made)
    return normal


def _checked(rule: str) -> dict[str, str]:
    if len(rule) > MOST_LETTERS or not all(_PART.fullmatch(part) for part in rule.split(";")):
        raise Invalid({"": _("This is no rule of repetition that we understand.")})
    parts = parts_of(rule)
    if unknown := sorted(set(parts) - _KNOWN):
        raise Invalid({"": _("Repetition by %s is not understood.") % unknown[0][:20]})
    if parts.get("FREQ") not in _FREQUENCIES:
        raise Invalid({"": _("What repeats does so daily, weekly, monthly or yearly.")})
    if "COUNT" in parts and "UNTIL" in parts:
        raise Invalid({"": _("A repetition ends after a number of times or on a day, not both.")})
    for name, most in (("COUNT", MOST_COUNT), ("INTERVAL", 1_000)):
        value = parts.get(name, "1")
        if not value.isdecimal() or not 1 <= int(value) <= most:
            raise Invalid({"": _("A repetition counts from 1 to %d.") % most})
    return parts


def _until(text: str, zone: ZoneInfo) -> str:
    """The end of a rule in clock time: a day counts whole."""
    try:
        if len(text) == 8:
            return f"{datetime.strptime(text, '%Y%m%d'):%Y%m%d}T235959"
        moment = datetime.strptime(text.removesuffix("Z"), "%Y%m%dT%H%M%S")
        if text.endswith("Z"):
            moment = moment.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)
    except (ValueError, OverflowError) as error:
        words = _("The end of the repetition is not a date: write it as UNTIL=20260214.")
        raise Invalid({"": words}) from error
    return f"{moment:%Y%m%dT%H%M%S}"


def _refuse_never(parts: dict[str, str], made: rrule) -> None:
    """Invalid for what would be looked for without an end because it never comes true."""
    days, months = _numbers(parts, "BYMONTHDAY"), _numbers(parts, "BYMONTH")
    most = max((calendar.monthrange(_LEAP, month)[1] for month in months or range(1, 13)
                if 1 <= month <= 12), default=0)  # fmt: skip
    often = made._freq in (DAILY, WEEKLY)
    wrong = (
        (days and all(abs(day) > most for day in days))
        or (often and {"BYYEARDAY", "BYWEEKNO", "BYSETPOS"} & set(parts))
        or (parts["FREQ"] != "YEARLY" and {"BYYEARDAY", "BYWEEKNO"} & set(parts))
        or (made._freq == WEEKLY and days)
        or any(abs(place) > 366 for place in _numbers(parts, "BYSETPOS"))
    )
    if wrong or next(iter(made), None) is None:
        raise Invalid({"": _("This repetition is not possible: no day fits all of its parts.")})


def _numbers(parts: dict[str, str], name: str) -> list[int]:
    try:
        return [int(value) for value in parts[name].split(",")] if name in parts else []
    except ValueError as error:
        raise Invalid({"": _("This is no rule of repetition that we understand.")}) from error


def placed(clock: datetime, zone: ZoneInfo) -> datetime:
    """A clock time as a moment; an hour that the clocks leave out is the one after it."""
    return clock.replace(tzinfo=zone).astimezone(UTC)


def clock_of(moment: datetime, zone: ZoneInfo) -> datetime:
    """What the clock of a place shows at a moment."""
    return moment.astimezone(zone).replace(tzinfo=None)


def midnight(day: date) -> datetime:
    """The clock time at which a day begins."""
    return datetime(day.year, day.month, day.day)


def read_dates(texts: Iterable[str]) -> tuple[datetime, ...]:
    """Clock times from how they are kept."""
    return tuple(chain(datetime.fromisoformat(text) for text in texts))
