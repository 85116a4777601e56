"""When a person is not to be disturbed, and when their morning letter is due: pure clockwork.

Quiet hours are hours of the clock where the person is. On the night the clocks change they begin
and end at what the clock says.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from circulo.lib.zones import zone_of

if TYPE_CHECKING:
    from circulo.accounts.models import User

MORNING = time(8)


def quiet_until(user: User, now: datetime) -> datetime | None:
    """The moment at which the quiet hours end that this moment lies in; None outside them."""
    begins, ends = user.quiet_from, user.quiet_until
    here = now.astimezone(zone_of(user.time_zone))
    if begins is None or ends is None or not _within(here.time(), begins, ends):
        return None
    is_evening = begins > ends and here.time() >= begins
    day = here.date() + timedelta(days=is_evening)
    over = datetime.combine(day, ends, zone_of(user.time_zone))
    first, second = over.astimezone(UTC), over.replace(fold=1).astimezone(UTC)
    # In autumn the clock says an hour twice: whoever is in the second one waits for its end.
    return first if first > now else second


def day_of(user: User, now: datetime) -> date:
    """The day it is where this person is."""
    return now.astimezone(zone_of(user.time_zone)).date()


def morning_of(user: User, now: datetime) -> datetime:
    """When today's letter is due: at eight, or when the quiet hours end that eight lies in."""
    begins, ends = user.quiet_from, user.quiet_until
    is_quiet = begins is not None and ends is not None and _within(MORNING, begins, ends)
    at = ends if is_quiet and ends is not None else MORNING
    return datetime.combine(day_of(user, now), at, zone_of(user.time_zone)).astimezone(UTC)


def _within(clock: time, begins: time, ends: time) -> bool:
    if begins <= ends:
        return begins <= clock < ends
    return clock >= begins or clock < ends
