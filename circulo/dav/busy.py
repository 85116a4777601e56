"""When somebody is busy, without a word about why."""

from __future__ import annotations

from datetime import UTC, datetime

from circulo.accounts.models import User
from circulo.agenda.models import Entry
from circulo.agenda.plans import zone_name
from circulo.agenda.times import occurrences
from circulo.lib.readers.calendar_writer import Component, written
from circulo.lib.zones import zone_of


def busy_text(user: User, first: datetime, last: datetime) -> str:
    """The stretches of time that one's appointments take, joined where they touch."""
    rows = Entry.objects.visible_to(user).appointments().open().of_people([user.pk])
    zone = zone_of(zone_name(user))
    taken = sorted(
        (max(one.start, first), min(one.end, last))
        for entry in rows.filter(is_busy=True).within(first, last)
        for one in occurrences(entry, first, last, zone)
    )
    made = Component("VFREEBUSY")
    made.moment("DTSTAMP", datetime.now(UTC))
    made.moment("DTSTART", first)
    made.moment("DTEND", last)
    for begin, end in _joined(taken):
        made.put("FREEBUSY", f"{_utc(begin)}/{_utc(end)}")
    return written([made])


def _joined(taken: list[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    found: list[tuple[datetime, datetime]] = []
    for begin, end in taken:
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        elif end > begin:
            found.append((begin, end))
    return found


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
