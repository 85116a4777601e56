"""What the agenda asks of somebody today: what is late, what is for today, what comes next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from circulo.accounts.models import User
from circulo.agenda.matters import Link, links_of
from circulo.agenda.models import Entry
from circulo.agenda.selectors.entries import party_link, shown, start_of_day
from circulo.agenda.times import Occurrence, occurrences

MOST, COMING = 30, timedelta(days=7)


@dataclass(frozen=True)
class Due:
    """An entry on the list of the day: when it is, with whom, and what it belongs to."""

    entry: Entry
    start: datetime | None
    is_late: bool = False
    one: Occurrence | None = None

    @property
    def party(self) -> dict[str, Any] | None:
        return party_link(self.entry)

    @property
    def links(self) -> list[Link]:
        return links_of(self.entry)

    @property
    def has_hour(self) -> bool:
        return self.entry.starts_at is not None

    @property
    def is_held_up(self) -> bool:
        return bool(getattr(self.entry, "is_held_up", False))


def agenda_of_today(user: User) -> dict[str, Any] | None:
    """Late, today and the next days; None where the role has no agenda at all."""
    if not user.may("tasks", "view"):
        return None
    now = timezone.now()
    today = start_of_day(now)
    tomorrow = start_of_day(today + timedelta(hours=36))
    tasks = _tasks(user, today + COMING)
    meetings = _meetings(user, today, today + COMING)
    late = [Due(entry, entry.due, is_late=True) for entry in tasks if entry.falls_at < now]
    ahead = [Due(entry, entry.due) for entry in tasks if entry.falls_at >= now]
    rest = sorted([*ahead, *meetings], key=lambda due: due.start or now)
    of_today = [due for due in rest if due.start and due.start < tomorrow]
    coming = [due for due in rest if due.start and due.start >= tomorrow]
    return {
        "late": late,
        "today": of_today,
        "next": coming[: MOST // 2],
        "may_add": user.may("tasks", "create"),
        "is_empty": not (tasks or meetings),
    }


def _tasks(user: User, until: datetime) -> list[Entry]:
    rows = Entry.objects.visible_to(user).tasks().open().filter(owner=user.pk, falls_at__lt=until)
    return list(shown(rows, user).order_by("falls_at", "pk")[:MOST])


def _meetings(user: User, first: datetime, last: datetime) -> list[Due]:
    rows = Entry.objects.visible_to(user).appointments().open().of_people([user.pk])
    found = shown(rows.within(first, last), user).order_by("falls_at", "pk")[: MOST * 4]
    return _expanded(found, first, last)


def _expanded(rows: Iterable[Entry], first: datetime, last: datetime) -> list[Due]:
    zone: Any = timezone.get_current_timezone()
    now = timezone.now()
    found = [
        Due(entry, one.start, one=one)
        for entry in rows
        for one in occurrences(entry, first, last, zone)
        if one.end > now or one.days
    ]
    return sorted(found, key=lambda due: due.start or first)[:MOST]
