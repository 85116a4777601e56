"""The clock of the first answer: minutes that run within working hours only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from circulo.lib.recurrence import clock_of, placed

SATURDAY, SUNDAY = 5, 6
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Hours:
    """When somebody is there to answer: on which days, between which hours, in which zone."""

    first: int
    last: int
    saturdays: bool
    zone: ZoneInfo

    def are_on(self, day: datetime) -> bool:
        """Whether anybody works on the day of this moment."""
        weekday = day.weekday()
        return weekday != SUNDAY and (self.saturdays or weekday != SATURDAY)


def due_after(start: datetime, minutes: int, hours: Hours) -> datetime:
    """The moment at which so many working minutes have passed since another."""
    at = clock_of(start, hours.zone)
    left = timedelta(minutes=minutes)
    while True:
        opens = datetime.combine(at.date(), time(hours.first))
        closes = datetime.combine(at.date(), time.min) + timedelta(hours=hours.last)
        at = max(at, opens)
        if hours.are_on(at) and at < closes:
            if left <= closes - at:
                return placed(at + left, hours.zone)
            left -= closes - at
        at = datetime.combine(at.date() + DAY, time.min)
