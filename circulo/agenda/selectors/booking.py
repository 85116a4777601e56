"""Which hours a booking page offers: within its hours, on working days, where its owner is free."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from datetime import time as clock

from django.utils import timezone

from circulo.agenda.models import BookingPage
from circulo.agenda.selectors.free import busy_times
from circulo.lib.recurrence import clock_of, placed
from circulo.lib.zones import zone_of

WORKDAYS = 5
DAY = timedelta(days=1)


def open_page(token: str) -> BookingPage | None:
    """The page behind an address, while it is open."""
    return BookingPage.objects.open().select_related("user").filter(token=token[:40]).first()


def free_slots(page: BookingPage, now: datetime | None = None) -> list[datetime]:
    """The starts that can still be booked, in order."""
    now = now or timezone.now()
    first, last = now + timedelta(hours=page.notice_hours), now + DAY * (page.days_ahead + 1)
    taken = busy_times([page.user_id], first, last)[page.user_id]
    length = timedelta(minutes=page.minutes)
    return [
        start
        for start in _slots(page, first, last)
        if not any(begin < start + length and end > start for begin, end in taken)
    ]


def _slots(page: BookingPage, first: datetime, last: datetime) -> Iterator[datetime]:
    """Every start within the hours of the page, in the clock time of its owner."""
    zone = zone_of(page.user.time_zone)
    step = timedelta(minutes=page.minutes)
    day = clock_of(first, zone).date()
    for _number in range(page.days_ahead + 2):
        at = datetime.combine(day, clock(page.first_hour))
        end = datetime.combine(day, clock.min) + timedelta(hours=page.last_hour)
        while day.weekday() < WORKDAYS and at + step <= end:
            start = placed(at, zone)
            if first <= start < last:
                yield start
            at += step
        day += DAY
