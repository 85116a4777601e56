"""When an entry is: its place in order, its span, its occurrences and reminders."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from circulo.agenda.models import NEVER, Entry
from circulo.lib.recurrence import Series, clock_of, midnight, placed, read_dates
from circulo.lib.zones import zone_of

DAY = timedelta(days=1)
MORNING = timedelta(hours=9)


class Dates(NamedTuple):
    """The dates of an entry without the rest of it, for who reads a thousand of them."""

    starts_at: datetime | None
    ends_at: datetime | None
    rule: str
    more_dates: list[str]
    less_dates: list[str]
    starts_on: date | None
    ends_on: date | None
    time_zone: str

    @property
    def is_whole_day(self) -> bool:
        return self.starts_on is not None

    @property
    def repeats(self) -> bool:
        return bool(self.rule or self.more_dates)


class Occurrence(NamedTuple):
    """One time that an entry happens: the clock time at which it starts, and from when to when.

    `start` and `end` are moments. Of whole days they are where the first begins and the last ends,
    in the zone in which they are looked at; `days` are these days themselves.
    """

    clock: datetime
    start: datetime
    end: datetime
    days: tuple[date, date] | None = None

    @property
    def instance(self) -> str:
        """Its name."""
        return instance_of(self.clock)


def clock_start(entry: Entry | Dates) -> datetime | None:
    """When an entry starts, in the clock time of its own zone."""
    if entry.starts_on is not None:
        return midnight(entry.starts_on)
    return clock_of(entry.starts_at, zone_of(entry.time_zone)) if entry.starts_at else None


def series_of(entry: Entry | Dates) -> Series | None:
    """How an entry repeats; one that does not is a series of one."""
    start = clock_start(entry)
    if start is None:
        return None
    more, less = read_dates(entry.more_dates), read_dates(entry.less_dates)
    return Series(start, entry.rule, more, frozenset(less))


def lasts(entry: Entry | Dates) -> timedelta:
    """How long an entry takes, in clock time; a whole day lasts until the end of its last one."""
    if entry.starts_on is not None:
        return (entry.ends_on or entry.starts_on) - entry.starts_on + DAY
    if entry.starts_at is None or entry.ends_at is None:
        return timedelta(0)
    zone = zone_of(entry.time_zone)
    return clock_of(entry.ends_at, zone) - clock_of(entry.starts_at, zone)


def occurrences(
    entry: Entry | Dates, first: datetime, last: datetime, zone: ZoneInfo
) -> list[Occurrence]:
    """What of an entry happens between two moments, as it is seen in a zone."""
    series, length = series_of(entry), lasts(entry)
    if series is None:
        return []
    own = zone if entry.is_whole_day else zone_of(entry.time_zone)
    begin, end = clock_of(first, own) - length - DAY, clock_of(last, own) + DAY
    starts = series.between(begin, end) if entry.repeats else (series.start,)
    found = [_occurrence(entry, start, length, own) for start in starts]
    return [one for one in found if one.start < last and (one.end > first or one.start >= first)]


def occurrence_at(entry: Entry | Dates, start: datetime, zone: ZoneInfo) -> Occurrence:
    """The occurrence that starts at a clock time."""
    own = zone if entry.is_whole_day else zone_of(entry.time_zone)
    return _occurrence(entry, start, lasts(entry), own)


def _occurrence(
    entry: Entry | Dates, start: datetime, length: timedelta, zone: ZoneInfo
) -> Occurrence:
    end = start + length
    begin, stop = placed(start, zone), placed(end, zone)
    if entry.starts_on is not None:
        return Occurrence(start, begin, stop, (start.date(), (end - DAY).date()))
    return Occurrence(start, begin, begin if stop < begin else stop)


def instance_of(start: datetime) -> str:
    """The name of an occurrence: its start in clock time."""
    return start.isoformat(timespec="seconds")


def start_in(entry: Entry, instance: str) -> datetime | None:
    """The clock time at which the one of this name starts; None where the series has none such."""
    try:
        start = datetime.fromisoformat(instance[:25])
    except ValueError:
        return None
    series = series_of(entry)
    if start.tzinfo or series is None:
        return None
    return start if start in series.between(start, start + timedelta(seconds=1)) else None


def settle(entry: Entry) -> Entry:
    """Work out anew what follows from the dates: the place in order, and the span."""
    entry.falls_at = falls_at(entry)
    entry.span = _span(entry)
    return entry


def falls_at(entry: Entry) -> datetime:
    """The moment an entry is ordered by: its start; a task of a whole day is late after that day.

    Without a date it comes after everything.
    """
    if entry.starts_at is not None:
        return entry.starts_at
    if entry.starts_on is None:
        return NEVER
    zone = zone_of(entry.time_zone)
    if entry.is_appointment:
        return placed(midnight(entry.starts_on), zone)
    return placed(midnight(entry.starts_on) + DAY, zone) - timedelta(seconds=1)


def _span(entry: Entry) -> Any:
    """From the first moment to the last one, whatever zone a whole day is looked at in."""
    series = series_of(entry)
    if series is None:
        return None
    last = series.last
    zone = zone_of(entry.time_zone)
    begin = placed(min((series.start, *series.more)), zone)
    end = None if last is None else placed(last + lasts(entry), zone)
    if entry.is_whole_day:
        begin, end = begin - DAY, end and end + DAY
    if end is not None:
        end = max(end, begin + timedelta(seconds=1))
    return DateTimeTZRange(begin, end)


def next_ring(entry: Entry, minutes: int, after: datetime) -> datetime | None:
    """When the reminder so many minutes before an entry rings next, after a moment.

    A whole day begins at nine in the morning for whoever is to be reminded of it.
    """
    series = series_of(entry)
    if series is None or not entry.is_open:
        return None
    zone, early = zone_of(entry.time_zone), timedelta(minutes=minutes)
    shift = MORNING if entry.is_whole_day else timedelta(0)
    mark = clock_of(after + early, zone) - shift - timedelta(hours=2)
    for _try in range(6):
        start = series.after(mark)
        if start is None:
            return None
        rings = placed(start + shift, zone) - early
        if rings > after:
            return rings
        mark = start
    return None


def upcoming(entry: Entry, now: datetime) -> Iterator[datetime]:
    """The clock starts of an entry from a moment on."""
    series = series_of(entry)
    if series is None:
        return
    start = series.after(clock_of(now, zone_of(entry.time_zone)) - timedelta(seconds=1))
    while start is not None:
        yield start
        start = series.after(start)


def in_utc(moment: datetime) -> datetime:
    """A moment by the clock of the world."""
    return moment.astimezone(UTC)
