"""Reminders: each knows when it rings next, and rings once for everybody who takes part.

What is due is looked for every minute; the notice, which its own key makes unique, and the next
time are written in one transaction. A worker that dies in between has done nothing, and one that
runs twice does nothing the second time.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from circulo.accounts.actions import Notice, notify
from circulo.agenda import notices
from circulo.agenda.models import Entry, Participant, Reminder
from circulo.agenda.times import next_ring

AT_ONCE = 500
# Of what rang longer ago than this while nobody was at work, nobody needs to be reminded.
TOO_LATE = timedelta(days=2)


def remind(wanted: Sequence[tuple[Entry, list[int] | None]]) -> None:
    """Have these entries rung so many minutes before; None leaves the minutes as they are.

    Every reminder is set anew by the dates as they stand now.
    """
    now = timezone.now()
    said = {entry.pk: minutes for entry, minutes in wanted if minutes is not None}
    if said:
        _exchange([(key, one) for key, minutes in said.items() for one in minutes], list(said))
    entries = {entry.pk: entry for entry, _minutes in wanted}
    rows = list(Reminder.objects.filter(entry__in=entries).select_for_update())
    for row in rows:
        row.rings_at = next_ring(entries[row.entry_id], row.minutes, now)
    Reminder.objects.bulk_update(rows, ["rings_at"])


def _exchange(wanted: list[tuple[int, int]], entries: list[int]) -> None:
    """Have these entries these reminders; those that stay are not touched."""
    rows = Reminder.objects.filter(entry__in=entries).values_list("entry_id", "minutes", "pk")
    there = {(entry, minutes): key for entry, minutes, key in rows}
    kept = set(wanted)
    gone = [key for mark, key in there.items() if mark not in kept]
    Reminder.objects.filter(pk__in=gone).delete()
    Reminder.objects.bulk_create(
        Reminder(entry_id=entry, minutes=minutes)
        for entry, minutes in dict.fromkeys(wanted)
        if (entry, minutes) not in there
    )


def ring_reminders(now: datetime | None = None) -> int:
    """Ring whatever is due; how many notices that made."""
    now = now or timezone.now()
    made, rung = 0, 1
    while rung:
        rung, new = _ring_some(now)
        made += new
    return made


@transaction.atomic
def _ring_some(now: datetime) -> tuple[int, int]:
    due = Reminder.objects.filter(rings_at__lte=now).order_by("rings_at", "pk")
    rows = list(due.select_for_update(skip_locked=True, of=("self",))
                .select_related("entry")[:AT_ONCE])  # fmt: skip
    people = _people([row.entry for row in rows])
    told = [
        notice
        for row in rows
        if row.rings_at and now - row.rings_at < TOO_LATE and row.entry.is_open
        for notice in _notices(row, people[row.entry_id])
    ]
    made = notify(told, by=None)
    for row in rows:
        row.rings_at = next_ring(row.entry, row.minutes, row.rings_at or now)
    Reminder.objects.bulk_update(rows, ["rings_at"])
    return len(rows), made


def _notices(row: Reminder, people: Sequence[int]) -> list[Notice]:
    entry = row.entry
    key = f"reminder:{row.entry_id}:{row.minutes}:{row.rings_at:%Y%m%dT%H%M}"
    return [
        Notice(
            notices.REMINDED, person, {"title": entry.title}, entry, entry.get_absolute_url(), key
        )
        for person in people
    ]


def _people(entries: Sequence[Entry]) -> dict[int, list[int]]:
    """Whom an entry concerns: its owner, and the colleagues who have not said no."""
    found = {entry.pk: [entry.owner_id] for entry in entries}
    rows = Participant.objects.filter(entry__in=found, user__isnull=False)
    for entry, user in rows.exclude(answer="no").values_list("entry_id", "user_id"):
        if user and user not in found[entry]:
            found[entry].append(user)
    return found
