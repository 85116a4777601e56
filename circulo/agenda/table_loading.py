"""Bringing in tables: a batch is matched to entries and people, and written set by set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.agenda.actions.entries import add_entries, change_entries, put_waits
from circulo.agenda.loading import leave_out
from circulo.agenda.models import Entry, fresh_uid
from circulo.agenda.plans import USUAL, Plan, zone_name
from circulo.agenda.table_finding import Finder
from circulo.agenda.table_rows import TableReader, TableRow
from circulo.lib import ids
from circulo.lib.errors import Invalid
from circulo.records.load_people import first_administrator, owners
from circulo.records.load_types import OnDuplicate, Outcome, RefusedRow, Said, Task

Rows = Sequence[tuple[int, TableRow]]
Outcomes = dict[int, Outcome | str]
Mark = tuple[int, str, str]
State = Entry.State


class TableImporter:
    """Brings in the tasks, or the appointments, of a table; one that is here is known by its UID
    or its identifier, and what a row does not say of it stays as it is.
    """

    def __init__(self, task: Task, *, is_appointment: bool) -> None:
        self.task, self.is_appointment = task, is_appointment
        self.by = task.by or first_administrator()
        self.zone = zone_name(self.by) if self.by else "UTC"
        self.reader = TableReader(task, owners(), self.zone, is_appointment=is_appointment)
        self.named: dict[str, str] = {}  # what the file calls each of its rows, with its UID
        self.users = dict(User.objects.filter(is_active=True).values_list("email", "pk"))

    def read(self, record: Said) -> TableRow:
        """One row, read and checked."""
        if self.by is None:
            raise RefusedRow(_("Nobody works here yet whose calendar this could be."))
        row = self.reader.row(record)
        if row.key is not None and row.uid:
            self.named[ids.encode("entry", row.key)] = row.uid
        return row

    def apply(self, rows: Rows) -> Outcomes:
        """Write a batch: series first, then single times of them that stand on their own."""
        outcomes: Outcomes = {}
        for is_single in (False, True):
            some = [one for one in rows if bool(one[1].instance) == is_single]
            if some and self.by is not None:
                _Batch(self, self.by, some, outcomes).write()
        return outcomes


class _Batch:
    """Some rows of one load, with everything that is known of what they name."""

    def __init__(self, load: TableImporter, by: User, rows: Rows, outcomes: Outcomes) -> None:
        self.load, self.by, self.outcomes = load, by, outcomes
        finder = Finder(load.task, by, is_appointment=load.is_appointment)
        self.rows, self.there = rows, finder.entries(rows)
        entries = list(dict.fromkeys(self.there.values()))
        self.editable, self.standing = finder.editable(entries), finder.standing(entries)
        self.parties, self.belongs = finder.parties(rows), finder.matters(rows)
        self.series = self._series()
        self.finder, self.waited = finder, finder.waited(rows, load.named)
        self.taken: set[Mark] = set()

    def write(self) -> None:
        """Add what is new, and change what is there."""
        made: list[Plan] = []
        waiting: list[TableRow] = []
        changed: list[tuple[Entry, Plan]] = []
        for number, row in self.rows:
            entry = self.there.get(number)
            try:
                plan = self._plan(number, row, entry)
            except RefusedRow as refused:
                self.outcomes[number] = refused.reason
                continue
            if plan is None:
                self.outcomes[number] = Outcome.SKIPPED
            elif entry is None or self.load.task.on_duplicate == OnDuplicate.CREATE:
                made.append(plan)
                waiting.append(row)
                self.outcomes[number] = Outcome.CREATED
            else:
                changed.append((entry, plan))
                self.outcomes[number] = Outcome.UPDATED
        if made:
            added = add_entries(made, by=self.by, is_told=False)
            leave_out(added)
            self._link(list(zip(added, waiting, strict=True)))
        if changed:
            change_entries(changed, by=self.by)

    def _link(self, pairs: Sequence[tuple[Entry, TableRow]]) -> None:
        """Have new tasks wait for others, also for those that came with them; what would wait for
        itself in the end does not.
        """
        some = [(entry, row) for entry, row in pairs if row.waits_for]
        waited = self.finder.waited(self.rows, self.load.named) if some else {}
        for entry, row in some:
            keys = [waited[one] for one in row.waits_for or () if one in waited]
            with suppress(Invalid):
                put_waits([(entry, Plan(False, waits_for=keys))])

    def _plan(self, number: int, row: TableRow, entry: Entry | None) -> Plan | None:
        """What is to be kept of a row; nothing where that stands already, or is to be left."""
        owner = row.columns.get("owner_id", entry.owner_id if entry else self.by.pk)
        mark = (owner, row.uid or str(row.key), row.instance)
        mode = self.load.task.on_duplicate
        if mark in self.taken or (entry is not None and mode == OnDuplicate.SKIP):
            return None
        self.taken.add(mark)
        if any(
            one not in self.waited and one not in self.load.named for one in row.waits_for or ()
        ):
            raise RefusedRow(_("There is no such task to wait for."))
        parties = self.parties[number]
        if isinstance(parties, str):
            raise RefusedRow(parties)
        if entry is None or mode == OnDuplicate.CREATE:
            return self._new(number, row, entry, parties)
        if entry.pk not in self.editable:
            raise RefusedRow(_("You may see this record, but not change it."))
        return self._differing(number, row, entry, parties)

    def _new(self, number: int, row: TableRow, entry: Entry | None, parties: list[int]) -> Plan:
        if entry is None and not row.uid:
            raise RefusedRow(_("There is no such record."))
        owner = row.columns.get("owner_id", self.by.pk)
        columns = {"owner_id": owner, "time_zone": self.load.zone} | row.columns
        if not columns.get("title"):
            raise RefusedRow(_("Say in a few words what it is."))
        if self.load.is_appointment and not _start(columns):
            raise RefusedRow(_("It is not said when it begins."))
        if self.load.is_appointment:
            columns |= _end(columns, None)
        columns |= _done(columns, None)
        columns |= self._names(row, owner, is_twin=entry is not None)
        people, guests = self._people(row, owner, {})
        belongs = self._belongs(number, row, {})
        return Plan(self.load.is_appointment, columns, parties or None, people, guests,
                    row.reminders, matters=belongs)  # fmt: skip

    def _names(self, row: TableRow, owner: int, *, is_twin: bool) -> dict[str, Any]:
        """Its UID; a single time of a series that is not here stands on its own."""
        if is_twin:
            return {"uid": fresh_uid()}
        if not row.instance:
            return {"uid": row.uid}
        series = self.series.get((owner, row.uid))
        if series is None:
            return {"uid": f"{row.uid[:220]}#{row.instance}"}
        return {"uid": row.uid, "series_id": series, "instance": row.instance}

    def _series(self) -> dict[tuple[int, str], int]:
        uids = [row.uid for _number, row in self.rows if row.instance]
        if not uids:
            return {}
        rows = Entry.objects.filter(uid__in=uids, instance="")
        return {(one.owner_id, one.uid): one.pk for one in rows if one.repeats}

    def _differing(
        self, number: int, row: TableRow, entry: Entry, parties: list[int]
    ) -> Plan | None:
        said, standing = row.columns, self.standing[entry.pk]
        if self.load.is_appointment and _start(said):
            said = said | _end(said, entry)
        columns = {name: value for name, value in said.items()
                   if not _is_same(getattr(entry, name), value)}  # fmt: skip
        columns |= _done(columns, entry)
        plan = Plan(self.load.is_appointment, columns)
        if parties and (set(parties), parties[0]) != (set(standing.parties), entry.party_id):
            plan.parties = [*parties, *standing.unseen]
        owner = columns.get("owner_id", entry.owner_id)
        people, guests = self._people(row, owner, standing.people)
        if row.people is not None and self._addresses(row, owner) != set(standing.people):
            plan.people, plan.guests = people, guests
        if row.reminders is not None and row.reminders != sorted(standing.reminders):
            plan.reminders = row.reminders
        plan.matters = self._belongs(number, row, standing.belongs)
        if row.waits_for is not None:
            waits = [self.waited[one] for one in row.waits_for if one in self.waited]
            plan.waits_for = waits if set(waits) != set(standing.waits_for) else None
        return plan if plan != Plan(self.load.is_appointment) else None

    def _people(
        self, row: TableRow, owner: int, answers: Mapping[str, str]
    ) -> tuple[list[int] | None, list[tuple[str, str, str]] | None]:
        """The colleagues, and the guests with the answers they gave."""
        if row.people is None:
            return None, None
        users = self.load.users
        people = [users[email] for email, _name in row.people if email in users]
        guests = [(email, name, answers.get(email, "")) for email, name in row.people
                  if email not in users]  # fmt: skip
        return [key for key in dict.fromkeys(people) if key != owner], guests

    def _addresses(self, row: TableRow, owner: int) -> set[str]:
        named = {email for email, _name in row.people or ()}
        return {email for email in named if self.load.users.get(email) != owner}

    def _belongs(
        self, number: int, row: TableRow, before: Mapping[str, int]
    ) -> dict[str, int | None]:
        """What of that changes; RefusedRow for what is not there, or may not be changed."""
        known = self.belongs[number]
        for name, identifier in row.matters.items():
            if name not in known and ids.decode(name, identifier) != before.get(name, 0):
                raise RefusedRow(_("There is no such record."))
        return {name: key for name, key in known.items() if before.get(name) != key}


def _start(columns: Mapping[str, Any]) -> Any:
    return columns.get("starts_at") or columns.get("starts_on")


def _end(columns: Mapping[str, Any], entry: Entry | None) -> dict[str, Any]:
    """When an appointment ends: as it says, or as long after its start as before."""
    at, on = columns.get("starts_at"), columns.get("starts_on")
    until, through = columns.get("ends_at"), columns.get("ends_on")
    if on:
        length = timedelta(0)
        if entry and entry.starts_on and entry.ends_on:
            length = entry.ends_on - entry.starts_on
        return {"ends_at": None, "ends_on": through or on + length}
    length = USUAL
    if entry and entry.starts_at and entry.ends_at:
        length = entry.ends_at - entry.starts_at
    return {"ends_on": None, "ends_at": until or (at and at + length)}


def _done(columns: Mapping[str, Any], entry: Entry | None) -> dict[str, Any]:
    """What is done was so at some moment, by somebody."""
    if columns.get("state") != State.DONE:
        return {}
    owner = columns.get("owner_id", entry.owner_id if entry else None)
    return {"done_by_id": owner, "done_at": columns.get("done_at") or timezone.now()}


def _is_same(one: Any, other: Any) -> bool:
    """Whether two values say the same; files keep no fractions of seconds."""
    if isinstance(one, datetime) and isinstance(other, datetime):
        return one.replace(microsecond=0) == other.replace(microsecond=0)
    return bool(one == other)
