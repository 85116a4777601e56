"""What a program sends as a calendar object: one task or appointment, read and checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO

from django.utils.translation import gettext as _

from circulo.agenda.load_rows import BroughtRow, CalendarReader
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
