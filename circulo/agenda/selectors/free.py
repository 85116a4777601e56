"""Whose time is taken when, told without saying what for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils import timezone

from circulo.accounts.models import User
from circulo.agenda.models import Entry, Participant
from circulo.agenda.times import (
    Occurrence,
    clock_start,
    occurrence_at,
    occurrences,
    start_in,
    upcoming,
)
from circulo.lib.zones import zone_of

Stretch = tuple[datetime, datetime]
SOON = 5


@dataclass(frozen=True)
class Taken:
    """One colleague, and the stretches of their time that are taken."""

    user: User
    stretches: list[Stretch]

    @property
    def is_free(self) -> bool:
        return not self.stretches


def busy_times(
    people: Sequence[int], first: datetime, last: datetime, *, but: Entry | None = None
) -> dict[int, list[Stretch]]:
    """For each of these people when their time is taken between two moments, joined together.

    What others may not see counts as well: it is told as taken, and nothing else. One entry can be
    left out: one that is to be moved.
    """
    found: dict[int, list[Stretch]] = {key: [] for key in people}
    rows = Entry.objects.appointments().open().filter(is_busy=True).within(first, last)
    rows = rows.exclude(pk=but.pk) if but else rows
    taking = _taking(people)
    utc = ZoneInfo("UTC")
    for entry in rows.filter(Q(owner__in=people) | Q(pk__in=taking)):
        zone = zone_of(entry.time_zone) if entry.is_whole_day else utc
        who = {entry.owner_id, *taking.get(entry.pk, ())} & found.keys()
        for one in occurrences(entry, first, last, zone) if who else ():
            for key in who:
                found[key].append((max(one.start, first), min(one.end, last)))
    return {key: joined(stretches) for key, stretches in found.items()}


def _taking(people: Sequence[int]) -> dict[int, set[int]]:
    """The entries in which these people take part, unless they said that they do not come."""
    rows = Participant.objects.filter(user__in=people).exclude(answer="no")
    found: dict[int, set[int]] = {}
    for entry, user in rows.values_list("entry_id", "user_id"):
        found.setdefault(entry, set()).add(user or 0)
    return found


def joined(stretches: Sequence[Stretch]) -> list[Stretch]:
    """Stretches of time in order, those that touch made one."""
    found: list[Stretch] = []
    for start, end in sorted(one for one in stretches if one[1] > one[0]):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def taken_on(people: Sequence[User], first: datetime, last: datetime) -> list[Taken]:
    """When each of these colleagues is taken between two moments."""
    busy = busy_times([one.pk for one in people], first, last)
    return [Taken(one, busy[one.pk]) for one in people]


def coming_of(entry: Entry, asked: str = "", most: int = SOON) -> list[Occurrence]:
    """The next times of something that repeats, after the one that was asked for by its name."""
    zone: Any = timezone.get_current_timezone()
    now = datetime.now(UTC) - timedelta(hours=1)
    starts = list(islice(upcoming(entry, now), most))
    if (named := start_in(entry, asked)) is not None:
        starts = [named, *(one for one in starts if one != named)]
    return [occurrence_at(entry, start, zone) for start in starts]


def one_of(entry: Entry, asked: str) -> Occurrence | None:
    """The time of a series that was asked for by its name.

    None where there is no such time, and for the time that a task waits for now: that is the task.
    """
    start = start_in(entry, asked) if entry.repeats else None
    if start is None or (not entry.is_appointment and start == clock_start(entry)):
        return None
    zone: Any = timezone.get_current_timezone()
    return occurrence_at(entry, start, zone)
