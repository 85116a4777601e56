"""Series told time by time, for programs that do not count themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from circulo.agenda.ical import component_of
from circulo.agenda.models import Entry
from circulo.agenda.plans import zone_name
from circulo.agenda.times import Occurrence, occurrences
from circulo.dav.collections.agenda import Agenda, parts_of
from circulo.lib.readers.calendar_writer import Component, written

_COUNTED = ("DTSTART", "DTEND", "DUE", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID")


def expanded(
    agenda: Agenda, keys: Sequence[int], span: tuple[datetime, datetime]
) -> dict[int, str]:
    """Each of these entries as what of it happens in a time, by the clock of the world."""
    zone = ZoneInfo(zone_name(agenda.user))
    return {
        entry.pk: written([one for part in parts_of(entry) for one in _times(part, span, zone)])
        for entry in agenda.entries(keys)
    }


def _times(entry: Entry, span: tuple[datetime, datetime], zone: ZoneInfo) -> Iterator[Component]:
    whole = component_of(entry)
    for one in occurrences(entry, *span, zone):
        yield _at(whole, entry, one)


def _at(whole: Component, entry: Entry, one: Occurrence) -> Component:
    lines = [line for line in whole.lines if not line.startswith(_COUNTED)]
    made = Component(whole.name, lines, whole.inside)
    if one.days:
        made.day("DTSTART", one.days[0])
    else:
        made.moment("DTSTART", one.start)
        if one.end > one.start:
            made.moment("DTEND" if entry.is_appointment else "DUE", one.end)
    if entry.repeats:
        _name_after(made, one)
    lines += [line for line in whole.lines if line.startswith("RECURRENCE-ID")]
    return made


def _name_after(made: Component, one: Occurrence) -> None:
    if one.days:
        made.day("RECURRENCE-ID", one.days[0])
    else:
        made.moment("RECURRENCE-ID", one.start)
