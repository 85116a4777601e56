"""Rows of a table, read as tasks or appointments; no row asks the database."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from email.utils import getaddresses
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from circulo.agenda.kinds import Kind, choices
from circulo.agenda.matters import matters
from circulo.agenda.models import Entry
from circulo.agenda.plans import (
    MOST_MINUTES,
    MOST_NOTES,
    MOST_PEOPLE,
    MOST_PLACE,
    MOST_REMINDERS,
    MOST_TITLE,
    MOST_WAITED,
    YEARS,
)
from circulo.agenda.times import instance_of
from circulo.lib import emails, ids
from circulo.lib.errors import Invalid
from circulo.lib.readers import values
from circulo.lib.recurrence import clock_of, midnight, read_dates, read_rule
from circulo.lib.text import salvage
from circulo.lib.zones import known_zones
from circulo.parties.load_whom import Someone, party_key, someone
from circulo.records.load_types import RefusedRow, Said, Task
from circulo.records.mapping import folded, in_our_words

State, Priority = Entry.State, Entry.Priority
# What other programs call the same, beside our own words.
_KINDS = {
    "task": Kind.TO_DO, "tarea": Kind.TO_DO, "phone call": Kind.CALL, "correo": Kind.EMAIL,
    "mail": Kind.EMAIL, "correo electronico": Kind.EMAIL, "reunion": Kind.MEETING,
    "event": Kind.MEETING, "evento": Kind.MEETING, "cita": Kind.MEETING,
    "appointment": Kind.MEETING,
}  # fmt: skip
_STATES = {
    "completed": State.DONE, "completada": State.DONE, "completado": State.DONE,
    "terminada": State.DONE, "finalizada": State.DONE, "not started": State.OPEN,
    "no iniciada": State.OPEN, "in progress": State.OPEN, "en curso": State.OPEN,
    "waiting": State.OPEN, "waiting on someone else": State.OPEN, "deferred": State.OPEN,
    "pending": State.OPEN, "pendiente": State.OPEN, "aplazada": State.OPEN,
    "cancelled": State.DROPPED, "canceled": State.DROPPED, "cancelada": State.DROPPED,
}  # fmt: skip
_PRIORITIES = {"none": "normal", "medium": "normal", "media": "normal", "alta": "high",
               "baja": "low", "normal": "normal"}  # fmt: skip


@dataclass
class TableRow:
    """What one row says of an entry, before its people are looked up; what is None is not said."""

    columns: dict[str, Any] = field(default_factory=dict)
    uid: str = ""
    instance: str = ""
    key: int | None = None
    whom: Someone = field(default_factory=Someone)
    parties: list[int] = field(default_factory=list)
    people: list[tuple[str, str]] | None = None
    reminders: list[int] | None = None
    waits_for: list[str] | None = None
    matters: dict[str, str] = field(default_factory=dict)


class TableReader:
    """Reads the rows of one load; `owners` are those who work here by address and by name."""

    def __init__(
        self, task: Task, owners: Mapping[str, int], zone: str, *, is_appointment: bool
    ) -> None:
        self.task, self.owners, self.zone = task, owners, zone
        self.is_appointment = is_appointment
        ours = choices(is_appointment)
        others = {word: kind.value for word, kind in _KINDS.items() if kind in ours}
        self.kinds = others | in_our_words(ours)
        self.states = _STATES | in_our_words(dict(State.choices))
        levels = {level.name.lower(): level.label for level in Priority}
        self.levels = _PRIORITIES | in_our_words(levels)

    def row(self, said: Said) -> TableRow:
        """The entry of a table's row. A blank cell says nothing."""
        told = {name: cells[0][0] for name, cells in said.items()}
        row = TableRow(
            uid=salvage(told.get("uid", ""), limit=220), whom=someone(said, self.task.country)
        )
        row.key = _key("entry", told.get("id", ""))
        row.instance = self._instance(told.get("instance", ""))
        self._read_words(row, said, told)
        self._read_dates(row, told)
        self._read_repetition(row, told)
        self._read_people(row, told)
        if "waits_for" in told:
            row.waits_for = values.words(told["waits_for"])[:MOST_WAITED]
        row.matters = {one.name: told[one.name] for one in matters() if one.name in told}
        if not row.uid and row.key is None:
            row.uid = _print_of(told)
        return row

    def _read_words(self, row: TableRow, said: Said, told: Mapping[str, str]) -> None:
        columns = row.columns
        for name, most in (("title", MOST_TITLE), ("place", MOST_PLACE)):
            if name in told:
                columns[name] = salvage(told[name], limit=most)
        if "notes" in told:
            text = "\n".join(cell for cell, _label in said["notes"])
            columns["notes"] = salvage(text, limit=MOST_NOTES, lines=True)
        self._read_choices(row, told)
        self._read_state(row, told)

    def _read_choices(self, row: TableRow, told: Mapping[str, str]) -> None:
        columns = row.columns
        if "kind" in told:
            columns["kind"] = _chosen(self.kinds, told["kind"], _("kind"))
        if "priority" in told:
            columns["priority"] = self._priority(told["priority"])
        for name in ("is_private", "is_busy"):
            if name in told:
                columns[name] = values.boolean(told[name])
        if "owner" in told:
            columns["owner_id"] = self._owner(told["owner"])

    def _read_state(self, row: TableRow, told: Mapping[str, str]) -> None:
        if "state" not in told:
            return
        state = row.columns["state"] = _chosen(self.states, told["state"], _("state"))
        if state == State.DONE:
            done_at = self._moment(told.get("done_at", ""))
            row.columns |= {"done_at": done_at} if done_at else {}
        else:
            row.columns |= {"done_at": None, "done_by_id": None}

    def _priority(self, written: str) -> int:
        if written.isdecimal() and 1 <= int(written[:3]) <= 9:
            return int(written)
        level = _chosen(self.levels, written, _("priority"))
        return Priority[level.upper()].value

    def _owner(self, written: str) -> int:
        name = " ".join(written.split())
        owner = self.owners.get(name.lower()) or self.owners.get(folded(name))
        if owner is None:
            raise RefusedRow(_("Nobody called “%s” works here.") % name[:60])
        return owner

    def _read_dates(self, row: TableRow, told: Mapping[str, str]) -> None:
        if "time_zone" in told:
            if told["time_zone"] not in known_zones():
                raise RefusedRow(_("Its time zone “%s” is not known.") % told["time_zone"][:60])
            row.columns["time_zone"] = told["time_zone"]
        zone = row.columns.get("time_zone", self.zone)
        if not self.is_appointment:
            due = self._when(told, "due", zone)
            row.columns |= _beginning(due) if due else {}
            return
        start, end = self._when(told, "starts", zone), self._when(told, "ends", zone)
        if start is None:
            return
        row.columns |= _beginning(start)
        if end is None:
            return
        if isinstance(start, datetime):
            end = end if isinstance(end, datetime) else datetime.combine(end, start.timetz())
        else:
            end = end.date() if isinstance(end, datetime) else end
        if end < start:
            raise RefusedRow(_("It ends before it begins."))
        row.columns["ends_at" if isinstance(start, datetime) else "ends_on"] = end

    def _when(self, told: Mapping[str, str], name: str, zone: str) -> datetime | date | None:
        """A moment or a whole day; its time may stand in a column of its own."""
        if day := told.get(f"{name}_on", ""):
            return self._day(day)
        written, hour = told.get(f"{name}_at", ""), told.get(f"{name}_time", "")
        if not written:
            return None
        at = values.clock(hour) if hour else None
        if at is not None:
            begun = self._day(written)
            return begun and _believable(datetime.combine(begun, at, ZoneInfo(zone)))
        if len(written) <= 10 and ":" not in written and "." not in written[5:6]:
            return self._day(written)
        return self._moment(written, zone)

    def _moment(self, written: str, zone: str = "") -> datetime | None:
        found = values.moment(written, self.task.date_order) if written else None
        if found is None:
            return None
        placed = found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone or self.zone))
        return _believable(placed)

    def _day(self, written: str) -> date | None:
        found = values.day(written, self.task.date_order)
        _refuse_far(found)
        return found

    def _read_repetition(self, row: TableRow, told: Mapping[str, str]) -> None:
        rule, start = told.get("repeat", ""), self._clock(row)
        more, less = _dates(told.get("also", "")), _dates(told.get("except", ""))
        if not (rule or more or less):
            return
        if start is None:
            raise RefusedRow(_("It repeats, but does not say from when on."))
        zone = ZoneInfo(row.columns.get("time_zone", self.zone))
        try:
            is_day = row.columns["starts_on"] is not None
            row.columns["rule"] = read_rule(rule, start, zone, of_days=is_day) if rule else ""
        except Invalid as invalid:
            raise RefusedRow(next(iter(invalid.fields.values()))) from invalid
        row.columns |= {"more_dates": more, "less_dates": less}

    def _clock(self, row: TableRow) -> datetime | None:
        """When it starts, in the clock time of its zone."""
        if row.columns.get("starts_on"):
            return midnight(row.columns["starts_on"])
        at = row.columns.get("starts_at")
        return clock_of(at, ZoneInfo(row.columns.get("time_zone", self.zone))) if at else None

    def _instance(self, written: str) -> str:
        return next(iter(_dates(written)), "")

    def _read_people(self, row: TableRow, told: Mapping[str, str]) -> None:
        row.parties = [key for one in values.words(told.get("parties", ""))
                       if (key := party_key(one))][:MOST_PEOPLE]  # fmt: skip
        if "participants" in told:
            found = getaddresses([told["participants"].replace(";", ",").replace("\n", ",")])
            row.people = [
                (emails.normalise(address), salvage(name, limit=200))
                for name, address in found[:MOST_PEOPLE]
                if address
            ]
        if "reminders" in told:
            row.reminders = sorted({_minutes(one) for one in values.words(told["reminders"])})
            row.reminders = row.reminders[:MOST_REMINDERS]


def _beginning(start: datetime | date) -> dict[str, Any]:
    name = "starts_at" if isinstance(start, datetime) else "starts_on"
    return {"starts_at": None, "starts_on": None, name: start}


def _dates(written: str) -> list[str]:
    """Times of a series by their names, which are clock times."""
    try:
        return sorted(instance_of(one) for one in read_dates(values.words(written)))
    except ValueError as error:
        said = {"name": _("Date"), "value": written[:60]}
        raise RefusedRow(_("%(name)s is no date: “%(value)s”.") % said) from error


def _minutes(written: str) -> int:
    found = values.whole(written)
    if found is None or not 0 <= found <= MOST_MINUTES:
        raise RefusedRow(_("Minutes before it begins, at most %d.") % MOST_MINUTES)
    return found


def _believable(when: datetime) -> datetime:
    """The moment in the clock of the world."""
    _refuse_far(when)
    try:
        return when.astimezone(UTC).replace(microsecond=0)
    except OverflowError as error:
        raise RefusedRow(_("It lies before 1900 or after 2199.")) from error


def _refuse_far(when: date | None) -> None:
    if when is not None and not YEARS[0] <= when.year <= YEARS[1]:
        raise RefusedRow(_("It lies before 1900 or after 2199."))


def _chosen(known: Mapping[str, str], written: str, what: str) -> str:
    value = known.get(folded(written)) or known.get(written)
    if not value:
        raise RefusedRow(_("“%(value)s” is no %(what)s.") % {"value": written[:40], "what": what})
    return value


def _key(kind: str, written: str) -> int | None:
    key = ids.decode(kind, written) if written else None
    if written and key is None:
        raise RefusedRow(_("“%s” is not an identifier of ours.") % written[:30])
    return key


def _print_of(told: Mapping[str, str]) -> str:
    """The name of a row that has none: loading a file twice adds nothing twice."""
    text = repr(sorted(told.items())).encode("utf-8", "replace")
    return f"{hashlib.sha256(text).hexdigest()[:40]}@circulo"
