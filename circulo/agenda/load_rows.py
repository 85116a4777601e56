"""Components of iCalendar files, read as tasks and appointments; none asks the database.

What a component says and the agenda has a place for becomes a column; everything else is kept as
it came, so that it can go out again with the same meaning.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from circulo.agenda.kinds import Kind
from circulo.agenda.models import Entry
from circulo.agenda.plans import MOST_NOTES, MOST_PEOPLE, MOST_PLACE, MOST_TITLE
from circulo.agenda.times import instance_of
from circulo.lib.errors import Invalid
from circulo.lib.readers.calendars import Line, Part, When, duration_of, when_of
from circulo.lib.recurrence import MOST_DATES, clock_of, midnight, read_rule
from circulo.lib.text import salvage
from circulo.records.load_types import RefusedRow

MOST_KEPT, LONGEST_KEPT, MOST_ALARMS = 60_000, 10_000, 10
DAY = timedelta(days=1)
PLACED = frozenset({
    "UID", "DTSTAMP", "CREATED", "LAST-MODIFIED", "SEQUENCE", "SUMMARY", "DESCRIPTION", "LOCATION",
    "DTSTART", "DTEND", "DUE", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "STATUS",
    "COMPLETED", "PRIORITY", "CLASS", "TRANSP", "ATTENDEE", "BEGIN", "END",
})  # fmt: skip
# What an entry belongs to goes out and comes in by a property of ours, such as X-CIRCULO-DEAL.
OURS = "X-CIRCULO-"
ANSWERS = {"ACCEPTED": "yes", "TENTATIVE": "maybe", "DECLINED": "no"}
_YEARS = (1900, 2199)


@dataclass
class BroughtRow:
    """A task or an appointment of a file, before its owner and its people are looked up."""

    is_appointment: bool
    uid: str
    columns: dict[str, Any] = field(default_factory=dict)
    instance: str = ""
    guests: list[tuple[str, str, str]] = field(default_factory=list)
    organizer: str = ""
    reminders: list[int] = field(default_factory=list)
    matters: dict[str, str] = field(default_factory=dict)
    belongs: dict[str, int | None] = field(default_factory=dict)


class CalendarReader:
    """Reads the components of one load; times without a zone are meant in `zone`."""

    def __init__(self, zone: str) -> None:
        self.zone = zone

    def read(self, part: Part) -> BroughtRow:
        """The entry that a component is; RefusedRow where it is none that can be kept."""
        if part.kind not in ("VEVENT", "VTODO"):
            raise RefusedRow(_("“%s” is neither a task nor an appointment.") % part.kind[:40])
        row = BroughtRow(part.kind == "VEVENT", _uid(part))
        brought: dict[str, Any] = {}
        row.columns = _texts(part, brought)
        self._dates(part, row, brought)
        self._repetition(part, row)
        self._instance(part, row)
        _state(part, row, brought)
        _people(part, row, brought)
        brought["lines"] = [*brought.get("lines", ()), *_kept(part)]
        row.reminders, brought["alarms"] = _alarms(part)
        row.matters = {line.name.removeprefix(OURS).lower(): line.value.strip()
                       for line in part.lines if line.name.startswith(OURS)}  # fmt: skip
        row.columns["brought"] = {name: value for name, value in brought.items() if value}
        return row

    def _dates(self, part: Part, row: BroughtRow, brought: dict[str, Any]) -> None:
        start = self._when(part, "DTSTART")
        if row.is_appointment:
            if start is None:
                raise RefusedRow(_("It is not said when it begins."))
            self._appointment(part, row, start)
            return
        due = self._when(part, "DUE")
        line = part.first("DTSTART")
        if due is not None and start is not None and line is not None:
            brought["lines"] = [_plain(line)]
        if due is None and start is not None:
            length = duration_of(part.text("DURATION")) or timedelta(0)
            due = When(start.clock + length, start.zone, start.is_day)
        if due is not None:
            row.columns |= _starting(due)

    def _appointment(self, part: Part, row: BroughtRow, start: When) -> None:
        end, length = self._when(part, "DTEND"), duration_of(part.text("DURATION"))
        row.columns |= _starting(start)
        if start.is_day:
            days = max(length.days, 1) if length else 1
            last = end.day - DAY if end else start.day + DAY * (days - 1)
            row.columns["ends_on"] = (
                max(last, start.day) if not end or end.day >= start.day else last
            )
            if row.columns["ends_on"] < start.day:
                raise RefusedRow(_("It ends before it begins."))
            return
        until = end.moment if end else start.moment + (length or timedelta(0))
        if until < start.moment:
            raise RefusedRow(_("It ends before it begins."))
        row.columns["ends_at"] = until

    def _when(self, part: Part, name: str) -> When | None:
        """What a line says; RefusedRow where it says something that is not understood."""
        line = part.first(name)
        if line is None or not line.value.strip():
            return None
        found = when_of(line, part.zones, self.zone)
        if found is None:
            zone = line.parameter("TZID")
            if zone and line.value.strip()[:8].isdecimal() and zone not in part.zones:
                raise RefusedRow(_("Its time zone “%s” is not known.") % zone[:60])
            said = {"name": name, "value": line.value[:60]}
            raise RefusedRow(_("%(name)s is no date: “%(value)s”.") % said)
        if not _YEARS[0] <= found.clock.year <= _YEARS[1]:
            raise RefusedRow(_("It lies before 1900 or after 2199."))
        return found

    def _repetition(self, part: Part, row: BroughtRow) -> None:
        rules = [line.value.strip() for line in part.all("RRULE") if line.value.strip()]
        dates, less = part.all("RDATE"), part.all("EXDATE")
        if part.all("EXRULE") or len(rules) > 1:
            raise RefusedRow(_("It repeats by more than one rule."))
        start = _clock(row)
        if start is None:
            if rules or any(line.value.strip() for line in dates):
                raise RefusedRow(_("It repeats, but does not say from when on."))
            return
        try:
            row.columns["rule"] = self._rule(rules[0], start, row) if rules else ""
        except Invalid as invalid:
            raise RefusedRow(next(iter(invalid.fields.values()))) from invalid
        if rules:
            self._refuse_lost_zone(part, row)
        more = sorted(set(self._clocks(part, dates, row, start)) - {start})
        row.columns["more_dates"] = [instance_of(clock) for clock in more]
        left_out = sorted(set(self._clocks(part, less, row, start)))
        row.columns["less_dates"] = [instance_of(clock) for clock in left_out]

    def _rule(self, text: str, start: datetime, row: BroughtRow) -> str:
        if row.columns.get("starts_on"):
            return read_rule(text, start, ZoneInfo(self.zone), of_days=True)
        return read_rule(text, start, ZoneInfo(_zone(row)))

    def _refuse_lost_zone(self, part: Part, row: BroughtRow) -> None:
        """A series in a zone that only its file knows would shift when the clocks change."""
        line = part.first("DTSTART")
        name = line.parameter("TZID") if line else ""
        zone = part.zones.get(name)
        if row.columns.get("time_zone") == "UTC" and zone and len(zone.inside) > 1:
            raise RefusedRow(_("It repeats in a time zone that is not known: “%s”.") % name[:60])

    def _clocks(
        self, part: Part, lines: list[Line], row: BroughtRow, start: datetime
    ) -> Iterator[datetime]:
        """The dates of RDATE or EXDATE, in the clock time of the entry."""
        texts = [(line, text) for line in lines for text in line.value.split(",") if text.strip()]
        if len(texts) > MOST_DATES:
            raise RefusedRow(_("It repeats on more than %d single days.") % MOST_DATES)
        for line, text in texts:
            first, _slash, until = text.partition("/")
            found = when_of(line, part.zones, _zone(row), first)
            if found is None:
                said = {"name": line.name, "value": text.strip()[:60]}
                raise RefusedRow(_("%(name)s is no date: “%(value)s”.") % said)
            if until:
                _refuse_other_length(row, found, until)
            yield _in_clock_of(row, found, start)

    def _instance(self, part: Part, row: BroughtRow) -> None:
        line = part.first("RECURRENCE-ID")
        if line is None:
            return
        if line.parameter("RANGE"):
            raise RefusedRow(_("It changes a series from a day on, which is not understood."))
        found = when_of(line, part.zones, self.zone)
        start = _clock(row)
        if found is None or start is None:
            said = {"name": line.name, "value": line.value[:60]}
            raise RefusedRow(_("%(name)s is no date: “%(value)s”.") % said)
        row.instance = instance_of(_in_clock_of(row, found, start))
        row.columns |= {"rule": "", "more_dates": [], "less_dates": []}


def _texts(part: Part, brought: dict[str, Any]) -> dict[str, Any]:
    """What it says; what has no title gets one to be called by."""
    notes = salvage(part.text("DESCRIPTION"), limit=MOST_NOTES, lines=True)
    place = salvage(part.text("LOCATION"), limit=MOST_PLACE)
    title = salvage(part.text("SUMMARY"), limit=MOST_TITLE)
    if not title:
        title = salvage(notes.split("\n")[0], limit=80) or place or _("Without a title")
        brought["untitled"] = title
    return {"title": title, "notes": notes, "place": place,
            "kind": Kind.MEETING if part.kind == "VEVENT" else Kind.TO_DO}  # fmt: skip


def _uid(part: Part) -> str:
    uid = salvage(part.text("UID"), limit=220)
    if uid:
        return uid
    said = repr([(line.name, line.value) for line in part.lines if line.name != "DTSTAMP"])
    return f"{hashlib.sha256(said.encode('utf-8', 'replace')).hexdigest()[:40]}@circulo"


def _starting(when: When) -> dict[str, Any]:
    if when.is_day:
        return {"starts_on": when.day, "starts_at": None, "ends_at": None, "ends_on": None}
    return {"starts_at": when.moment, "starts_on": None, "ends_at": None, "ends_on": None,
            "time_zone": when.zone or "UTC"}  # fmt: skip


def _zone(row: BroughtRow) -> str:
    return str(row.columns.get("time_zone") or "UTC")


def _clock(row: BroughtRow) -> datetime | None:
    """When it starts, in the clock time of its zone."""
    if row.columns.get("starts_on"):
        return midnight(row.columns["starts_on"])
    at = row.columns.get("starts_at")
    return clock_of(at, ZoneInfo(_zone(row))) if at else None


def _in_clock_of(row: BroughtRow, found: When, start: datetime) -> datetime:
    """A date in the clock time of an entry; a day means its time on that day."""
    if row.columns.get("starts_on"):
        return midnight(found.day)
    if found.is_day:
        return midnight(found.day) + (start - midnight(start.date()))
    return clock_of(found.moment, ZoneInfo(_zone(row)))


def _refuse_other_length(row: BroughtRow, start: When, until: str) -> None:
    """A period of RDATE lasts as long as the others, or is not understood."""
    length = duration_of(until)
    if length is None:
        try:
            end = datetime.strptime(until.strip().rstrip("Z"), "%Y%m%dT%H%M%S")
            length = end - start.clock
        except ValueError:
            length = None
    at, ends = row.columns.get("starts_at"), row.columns.get("ends_at")
    if length is None or not at or not ends or ends - at != length:
        raise RefusedRow(_("Some of its times last longer than others, which is not understood."))


def _state(part: Part, row: BroughtRow, brought: dict[str, Any]) -> None:
    status = part.text("STATUS").strip().upper()
    completed = part.first("COMPLETED")
    state, done_at = Entry.State.OPEN, None
    if status == "CANCELLED":
        state = Entry.State.DROPPED
    elif not row.is_appointment and (status == "COMPLETED" or (completed and not status)):
        state, done_at = Entry.State.DONE, _moment_of(completed) or datetime.now(UTC)
    elif status:
        brought["status"] = status[:20]
    row.columns |= {"state": state, "done_at": done_at}
    priority = part.text("PRIORITY").strip()
    if priority.isdecimal() and 1 <= int(priority) <= 9:
        row.columns["priority"] = brought["priority"] = int(priority)
    kept = part.text("CLASS").strip().upper()
    row.columns["is_private"] = kept in ("PRIVATE", "CONFIDENTIAL")
    if kept == "CONFIDENTIAL":
        brought["class"] = kept
    row.columns["is_busy"] = part.text("TRANSP").strip().upper() != "TRANSPARENT"
    sequence = part.text("SEQUENCE").strip()
    row.columns["sequence"] = int(sequence) if sequence.isdecimal() and len(sequence) < 9 else 0


def _moment_of(line: Line | None) -> datetime | None:
    found = when_of(line, {}, "UTC") if line else None
    return found.moment if found and _YEARS[0] <= found.clock.year <= _YEARS[1] else None


def _people(part: Part, row: BroughtRow, brought: dict[str, Any]) -> None:
    """Who takes part, by address; what else is said of them is kept beside it."""
    rest: dict[str, dict[str, list[str]]] = {}
    for line in part.all("ATTENDEE")[:MOST_PEOPLE]:
        address = _address(line.value)
        if address and address not in rest:
            answer = ANSWERS.get(line.parameter("PARTSTAT").upper(), "")
            row.guests.append((address, salvage(line.parameter("CN"), limit=200), answer))
            rest[address] = _clean_parameters(line)
    brought["attendees"] = rest
    organizer = part.first("ORGANIZER")
    row.organizer = _address(organizer.value) if organizer else ""


def _address(value: str) -> str:
    address = salvage(value.strip(), limit=254)
    return address[7:].lower() if address.lower().startswith("mailto:") else address


def _clean_parameters(line: Line) -> dict[str, list[str]]:
    return {
        salvage(name, limit=60): [salvage(value, limit=500) for value in values[:10]]
        for name, values in list(line.parameters.items())[:20]
    }


def _plain(line: Line) -> list[Any]:
    """A line as it is kept."""
    value = line.value.replace("\0", "").encode("utf-8", "replace").decode()
    return [line.name, _clean_parameters(line), value]


def _kept(part: Part) -> Iterator[list[Any]]:
    """The lines that have no place of their own, as long as they are not too heavy."""
    room = MOST_KEPT
    for line in part.lines:
        size = len(line.value)
        has_place = line.name in PLACED or line.name.startswith(OURS)
        if not has_place and size <= min(LONGEST_KEPT, room):
            room -= size
            yield _plain(line)


def _alarms(part: Part) -> tuple[list[int], list[dict[str, Any]]]:
    """The minutes at which it rings, and every alarm as it came."""
    minutes, kept = [], []
    for alarm in [one for one in part.inside if one.kind == "VALARM"][:MOST_ALARMS]:
        rings = _rings(alarm)
        if rings is not None and rings in minutes:
            rings = None
        if rings is not None:
            minutes.append(rings)
        lines = [_plain(line) for line in alarm.lines if len(line.value) <= LONGEST_KEPT]
        kept.append({"minutes": rings, "lines": lines})
    return minutes, kept


def _rings(alarm: Part) -> int | None:
    """So many minutes before the start; None where it does not ring by the start."""
    line = alarm.first("TRIGGER")
    if line is None or line.parameter("RELATED").upper() == "END":
        return None
    early = duration_of(line.value)
    if early is None or early > timedelta(0):
        return None
    return int(-early.total_seconds() // 60)
