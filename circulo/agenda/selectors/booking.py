"""Which hours a booking page offers: within those of its week, where its owner is free."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from circulo.agenda.models import Booking, BookingHours, BookingPage, Entry
from circulo.agenda.selectors.free import Stretch, busy_times
from circulo.agenda.week import Span
from circulo.lib.recurrence import clock_of, midnight, placed
from circulo.lib.zones import zone_of

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def open_page(token: str) -> BookingPage | None:
    """The page behind an address, while it is open."""
    return BookingPage.objects.open().select_related("user").filter(token=token[:40]).first()


def kept_page(token: str) -> BookingPage | None:
    """The page behind an address, open or closed: what was booked there holds still."""
    return BookingPage.objects.kept().select_related("user").filter(token=token[:40]).first()


def booking_of(entry: Entry) -> Booking | None:
    """Who took this hour on a booking page; nobody of what was not booked there."""
    return Booking.objects.select_related("entry", "page__user").filter(entry=entry).first()


def week_of(page: BookingPage) -> dict[int, list[Span]]:
    """The hours that a page offers by day of the week, Monday as 0."""
    return {one.weekday: _spans(one) for one in page.hours.order_by("weekday")}


def free_slots(
    page: BookingPage, now: datetime | None = None, *, moving: Entry | None = None
) -> list[datetime]:
    """The starts that can still be booked, in order.

    For an appointment that is `moving` they are the others to which it can go: it takes as long as
    it does, and is not in its own way.
    """
    now = now or timezone.now()
    first, last = now + timedelta(hours=page.notice_hours), now + DAY * (page.days_ahead + 1)
    length = _length(page, moving)
    is_free, zone = _freedom(page, first, last + length, moving), zone_of(page.user.time_zone)
    full, held = _full_days(page, first, last, moving), moving and moving.starts_at
    return [
        start
        for start in _slots(page, first, last, length)
        if start != held
        and clock_of(start, zone).date() not in full
        and is_free(start, start + length)
    ]


def _spans(one: BookingHours) -> list[Span]:
    spans = [Span(one.begins, one.ends)]
    if one.begins_again is not None and one.ends_again is not None:
        spans.append(Span(one.begins_again, one.ends_again))
    return spans


def _length(page: BookingPage, moving: Entry | None) -> timedelta:
    if moving and moving.starts_at and moving.ends_at:
        return moving.ends_at - moving.starts_at
    return timedelta(minutes=page.minutes)


def _freedom(
    page: BookingPage, first: datetime, last: datetime, moving: Entry | None
) -> Callable[[datetime, datetime], bool]:
    """What says whether the owner is free from one moment to another, and for the pause around."""
    pause = timedelta(minutes=page.pause)
    taken = busy_times([page.user_id], first - pause, last + pause, but=moving)[page.user_id]
    begins = [begin for begin, _end in taken]

    def is_free(start: datetime, end: datetime) -> bool:
        # Those that are taken do not overlap: the last one that begins before the end ends last.
        at = bisect_right(begins, end + pause - timedelta.resolution)
        return at == 0 or taken[at - 1][1] <= start - pause

    return is_free


def _full_days(
    page: BookingPage, first: datetime, last: datetime, moving: Entry | None
) -> frozenset[date]:
    """The days on which as many were booked as the page takes."""
    if page.most_a_day is None:
        return frozenset()
    rows = Booking.objects.on(page).filter(entry__starts_at__range=(first - DAY, last + DAY))
    rows = rows.exclude(entry=moving) if moving else rows
    zone = zone_of(page.user.time_zone)
    starts = rows.values_list("entry__starts_at", flat=True)
    days = Counter(clock_of(start, zone).date() for start in starts if start)
    return frozenset(day for day, count in days.items() if count >= page.most_a_day)


def _slots(
    page: BookingPage, first: datetime, last: datetime, length: timedelta
) -> Iterator[datetime]:
    """Every start within the hours of the page, one after the other."""
    zone, step, week = zone_of(page.user.time_zone), timedelta(minutes=page.minutes), week_of(page)
    day = clock_of(first, zone).date()
    for number in range(page.days_ahead + 2):
        on = day + DAY * number
        for span in week.get(on.weekday(), ()):
            begin, end = _placed(on, span, zone)
            for start in _steps(begin, end - length, step):
                if first <= start < last and _is_told_once(start, zone):
                    yield start


def _placed(day: date, span: Span, zone: ZoneInfo) -> Stretch:
    """A span of a day as moments: where the clocks change within it, it is shorter or longer."""
    begins, ends = (midnight(day) + minutes * MINUTE for minutes in span)
    return _moment(begins, zone), _moment(ends, zone)


def _moment(clock: datetime, zone: ZoneInfo) -> datetime:
    """A clock time as a moment; for one that the clocks leave out that at which they do so."""
    shown = clock
    while clock_of(placed(shown, zone), zone) != shown:
        shown -= MINUTE
    return placed(shown, zone) + (MINUTE if shown != clock else timedelta(0))


def _steps(begin: datetime, last: datetime, step: timedelta) -> Iterator[datetime]:
    while begin <= last:
        yield begin
        begin += step


def _is_told_once(start: datetime, zone: ZoneInfo) -> bool:
    """Whether the clock shows this time for the first time: of the hour that is repeated when the
    clocks go back nobody could say which one is meant.
    """
    return not start.astimezone(zone).fold
