"""What a program sends as a calendar object: one task or appointment, read and checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO

from django.utils.translation import gettext as _

from circulo.agenda.load_rows import (
    LONGEST_KEPT,
    MOST_ALARMS,
    MOST_KEPT,
    PLACED,
    BroughtRow,
    CalendarReader,
)
from circulo.agenda.plans import MOST_NOTES, MOST_PEOPLE, MOST_PLACE, MOST_TITLE
from circulo.dav.refusals import Refused
from circulo.dav.xml import c
from circulo.lib.errors import Text
from circulo.lib.readers.calendars import Part, whole
from circulo.records.load_types import RefusedRow

MOST_SINGLES = 500


@dataclass
class CalendarObject:
    """A task or an appointment as a program says it: itself, and the times of it it changes."""

    uid: str
    main: BroughtRow
    singles: list[BroughtRow] = field(default_factory=list)


def read_object(body: bytes, component: str, zone: str) -> CalendarObject:
    """The one object of a body; Refused where it is none, or one that could not be kept whole."""
    parts = _parts(body)
    if any(part.kind != component for part in parts):
        raise Refused(
            403,
            _("Appointments go into the calendar of appointments, tasks into that of tasks."),
            c("supported-calendar-component"),
        )
    uids = {part.text("UID").strip() for part in parts}
    if len(uids) != 1 or not next(iter(uids)):
        raise _refused(_("Send one task or appointment at a time, with its UID."))
    for part in parts:
        _refuse_what_would_be_cut(part)
    reader = CalendarReader(zone)
    try:
        rows = [reader.read(part) for part in parts]
    except RefusedRow as refused:
        raise _refused(refused.reason) from refused
    return _joined(rows)


def _parts(body: bytes) -> list[Part]:
    tree = whole(BytesIO(body))
    calendars = [part for part in tree if part.kind == "VCALENDAR"]
    if len(tree) != 1 or not calendars or not calendars[0].is_whole:
        raise Refused(403, _("This is not one calendar."), c("valid-calendar-data"))
    if calendars[0].first("METHOD"):
        raise _refused(_("This is a message about an appointment, not the appointment."))
    parts = [part for part in calendars[0].inside if part.kind != "VTIMEZONE"]
    if not 0 < len(parts) <= MOST_SINGLES:
        raise _refused(_("Send one task or appointment at a time, with its UID."))
    return parts


def _refuse_what_would_be_cut(part: Part) -> None:
    """An import keeps of what is too long as much as it can; who syncs would lose the rest."""
    most = {"SUMMARY": MOST_TITLE, "DESCRIPTION": MOST_NOTES, "LOCATION": MOST_PLACE}
    long = [name for name, limit in most.items() if len(part.text(name)) > limit]
    counts = {"ATTENDEE": len(part.all("ATTENDEE")) > MOST_PEOPLE,
              "VALARM": len(part.inside) > MOST_ALARMS}  # fmt: skip
    rest = [len(line.value) for line in part.lines if line.name not in PLACED]
    long += [name for name, is_over in counts.items() if is_over]
    if long or sum(rest) > MOST_KEPT or max(rest, default=0) > LONGEST_KEPT:
        raise _refused(_("This says more than can be kept: %s.") % (", ".join(long) or "X-"))


def _joined(rows: list[BroughtRow]) -> CalendarObject:
    mains = [row for row in rows if not row.instance]
    singles = {row.instance: row for row in rows if row.instance}
    if len(mains) + len(singles) != len(rows) or len(mains) > 1:
        raise _refused(_("Each time of a series is said once."))
    if mains:
        return CalendarObject(mains[0].uid, mains[0], list(singles.values()))
    if len(rows) > 1:
        raise _refused(_("Send the series along with the times of it that are changed."))
    return CalendarObject(rows[0].uid, _alone(rows[0]))


def _alone(row: BroughtRow) -> BroughtRow:
    """A single time of a series that is not here stands on its own, and keeps its name."""
    row.columns["brought"] |= {"uid": row.uid, "instance": row.instance}
    row.uid, row.instance = f"{row.uid[:220]}#{row.instance}", ""
    return row


def _refused(why: Text) -> Refused:
    return Refused(403, why, c("valid-calendar-object-resource"))
