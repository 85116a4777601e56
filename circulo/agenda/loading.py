"""Bringing in calendars: a batch is matched by UID and written with one set of statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.agenda.actions.entries import save_dates
from circulo.agenda.actions.reminders import remind
from circulo.agenda.load_rows import BroughtRow, CalendarReader
from circulo.agenda.matters import keys_of_each, named_by_each, put_matters
from circulo.agenda.models import Entry, Participant, fresh_uid
from circulo.agenda.plans import zone_name
from circulo.agenda.times import settle
from circulo.lib.readers.calendars import Part
from circulo.records.load_people import first_administrator
from circulo.records.load_types import OnDuplicate, Outcome, RefusedRow, Task

Rows = Sequence[tuple[int, BroughtRow]]
Mark = tuple[str, str]
COLUMNS = ("kind", "title", "notes", "place", "starts_at", "ends_at", "starts_on", "ends_on",
           "time_zone", "rule", "more_dates", "less_dates", "state", "done_at", "priority",
           "is_private", "is_busy", "sequence", "brought")  # fmt: skip
BLANK: dict[str, Any] = {
    "starts_at": None, "ends_at": None, "starts_on": None, "ends_on": None, "rule": "",
    "more_dates": [], "less_dates": [], "priority": 5,
}  # fmt: skip


class CalendarImporter:
    """Brings in tasks and appointments; one that came before is known by its UID."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.people = dict(User.objects.filter(is_active=True).values_list("email", "pk"))
        self.owner = task.by or first_administrator()
        zone = zone_name(self.owner) if self.owner else settings.TIME_ZONE
        self.zone = zone
        self.reader = CalendarReader(zone)

    def read(self, record: Any) -> BroughtRow:
        """One component of a calendar."""
        if not isinstance(record, Part):
            raise RefusedRow(_("This is neither a task nor an appointment."))
        if self.owner is None:
            raise RefusedRow(_("Nobody works here yet whose calendar this could be."))
        return self.reader.read(record)

    def apply(self, rows: Rows) -> dict[int, Outcome | str]:
        """Write a batch: series first, then what changes single times of them."""
        outcomes: dict[int, Outcome | str] = {}
        series = [(number, row) for number, row in rows if not row.instance]
        single = [(number, row) for number, row in rows if row.instance]
        self._apply(series, outcomes)
        self._apply([(number, self._placed(row)) for number, row in single], outcomes)
        return outcomes

    def _placed(self, row: BroughtRow) -> BroughtRow:
        """A single time of a series that is not here stands on its own, and keeps its name."""
        if self._series([row.uid]):
            return row
        kept = {"uid": row.uid, "instance": row.instance}
        brought = row.columns["brought"] | kept
        columns = row.columns | {"brought": brought}
        return replace(row, uid=f"{row.uid[:220]}#{row.instance}", instance="", columns=columns)

    def _apply(self, rows: Rows, outcomes: dict[int, Outcome | str]) -> None:
        rows = self._with_keys(rows)
        known = self._known([row.uid for _number, row in rows])
        belong = keys_of_each(list(known.values()))
        series = self._series([row.uid for _number, row in rows if row.instance])
        made: list[tuple[Entry, BroughtRow]] = []
        changed: list[tuple[Entry, BroughtRow]] = []
        taken: set[Mark] = set()
        for number, row in rows:
            mark = (row.uid, row.instance)
            entry = known.get(mark)
            if mark in taken or (entry and self.task.on_duplicate == OnDuplicate.SKIP):
                outcomes[number] = Outcome.SKIPPED
                continue
            taken.add(mark)
            if entry is None or self.task.on_duplicate == OnDuplicate.CREATE:
                uid = fresh_uid() if entry else row.uid
                made.append((self._new(row, uid, series.get(row.uid)), row))
                outcomes[number] = Outcome.CREATED
            elif self._differs(entry, row, belong[entry.pk]):
                changed.append((entry, row))
                outcomes[number] = Outcome.UPDATED
            else:
                outcomes[number] = Outcome.SKIPPED
        self._write(made, changed)
        leave_out(single for single, row in made if row.instance)

    def _known(self, uids: Sequence[str]) -> dict[Mark, Entry]:
        rows = Entry.objects.filter(owner=self.owner, uid__in=uids)
        return {(entry.uid, entry.instance): entry for entry in rows}

    def _series(self, uids: Sequence[str]) -> dict[str, Entry]:
        rows = Entry.objects.filter(owner=self.owner, uid__in=uids, instance="")
        return {entry.uid: entry for entry in rows if entry.repeats}

    def _new(self, row: BroughtRow, uid: str, series: Entry | None) -> Entry:
        said = {"time_zone": self.zone} | row.columns
        said |= {"owner": self.owner, "created_by": self.owner}
        entry = Entry(
            is_appointment=row.is_appointment, uid=uid, series=series, instance=row.instance, **said
        )
        return settle(entry)

    def _with_keys(self, rows: Rows) -> Rows:
        """The rows with what they belong to, as far as the owner of the entries may edit that."""
        if self.owner is None:
            return rows
        named = named_by_each(self.owner, [row.matters for _number, row in rows])
        return [(number, replace(row, belongs=keys))
                for (number, row), keys in zip(rows, named, strict=True)]  # fmt: skip

    def _differs(self, entry: Entry, row: BroughtRow, belongs: Mapping[str, int]) -> bool:
        """Whether the file says anything else than what stands; what is put on it then stands."""
        if entry.is_appointment != row.is_appointment:
            return False
        said = BLANK | {"time_zone": self.zone} | row.columns
        gone = [one.instance for one in entry.instances.all()]
        said["less_dates"] = sorted({*said["less_dates"], *gone})
        differing = [
            name for name in COLUMNS if name in said and getattr(entry, name) != said[name]
        ]
        if said["state"] == Entry.State.DONE == entry.state:
            differing = [name for name in differing if name != "done_at"]
        for name in differing:
            setattr(entry, name, said[name])
        return bool(differing) or any(belongs.get(name) != key for name, key in row.belongs.items())

    def _write(
        self,
        made: Sequence[tuple[Entry, BroughtRow]],
        changed: Sequence[tuple[Entry, BroughtRow]],
    ) -> None:
        Entry.objects.bulk_create([entry for entry, _row in made])
        if changed:
            save_dates([entry for entry, _row in changed], *COLUMNS)
        both = [*made, *changed]
        self._exchange_people(both)
        remind([(entry, row.reminders) for entry, row in both])
        if self.owner is not None:
            put_matters(((entry, row.belongs) for entry, row in both), self.owner)

    def _exchange_people(self, both: Sequence[tuple[Entry, BroughtRow]]) -> None:
        """Have those take part whom the file names, beside the parties; who stays stays as is."""
        wanted = {_mark(one): one for entry, row in both for one in self._people_of(entry, row)}
        there = Participant.objects.filter(entry__in=[entry.pk for entry, _row in both], party=None)
        kept = {_mark(one): one.pk for one in there}
        Participant.objects.filter(
            pk__in=[key for mark, key in kept.items() if mark not in wanted]
        ).delete()
        Participant.objects.bulk_create(one for mark, one in wanted.items() if mark not in kept)

    def _people_of(self, entry: Entry, row: BroughtRow) -> list[Participant]:
        """The colleagues by themselves, everybody else by their address."""
        found: list[Participant] = []
        users: set[int] = set()
        for position, (email, name, answer) in enumerate(row.guests):
            user = self.people.get(email)
            if user is not None and (user == entry.owner_id or user in users):
                continue
            if user is not None:
                users.add(user)
            found.append(
                Participant(entry=entry, user_id=user, email="" if user else email,
                            name="" if user else name, answer=answer, position=position)
            )  # fmt: skip
        return found


def leave_out(singles: Iterable[Entry]) -> None:
    """Have series leave out the times that stand on their own."""
    by_series: dict[Entry, set[str]] = {}
    for single in singles:
        if single.series is not None and single.instance not in single.series.less_dates:
            by_series.setdefault(single.series, set()).add(single.instance)
    for series, instances in by_series.items():
        series.less_dates = sorted({*series.less_dates, *instances})
    save_dates(list(by_series))
    remind([(series, None) for series in by_series])


def _mark(one: Participant) -> tuple[object, ...]:
    """What tells two who take part apart."""
    return one.entry_id, one.user_id, one.email, one.name, one.answer, one.position
