"""Bringing in leads: a batch of rows is matched, made, scored and given out by one set of acts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.leads.actions import writing
from circulo.leads.actions.arriving import score_leads, settle_arrivals
from circulo.leads.load_rows import LeadReader, LeadRow
from circulo.leads.matching import link_known
from circulo.leads.models import Lead, LeadReason
from circulo.lib.errors import Invalid
from circulo.lib.readers.values import Refused
from circulo.records.load_people import owners
from circulo.records.load_types import OnDuplicate, Outcome, RefusedRow, Said, Task
from circulo.records.mapping import folded
from circulo.records.own.noted import complete
from circulo.records.turns import Claims, Turn

Rows = Sequence[tuple[int, LeadRow]]
Status = Lead.Status
# What a row of a lead that is there may not rewrite: it has acts of its own.
_ONCE = ("status", "reason_id", "reason_note", "arrived_at", "answered_at", "converted_at")


@dataclass
class _Plan:
    """What is to be done with a batch: new leads, changed ones, and what became of each row."""

    new: list[tuple[int, LeadRow]] = field(default_factory=list)
    changed: dict[int, tuple[int, LeadRow]] = field(default_factory=dict)
    outcomes: dict[int, Outcome | str] = field(default_factory=dict)


class LeadImporter:
    """Brings in leads for one load."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.reader = LeadReader(task, _given_by(task.by))
        self.reasons = {folded(one.label): one.pk for one in LeadReason.objects.all()}
        own = self.reader.own.stored.values()
        self.fills_own = any(one.is_required or one.default is not None for one in own)
        self.claims = Claims()

    def read(self, record: Said) -> LeadRow:
        """One row, read and checked."""
        try:
            return self.reader.row(record)
        except Refused as refused:
            raise RefusedRow(str(refused)) from refused
        except Invalid as invalid:
            raise RefusedRow(next(iter(invalid.fields.values()))) from invalid

    def settle(self, turn: Turn, *, kept: bool) -> None:
        """Nothing is remembered from one batch to the next."""

    def apply(self, rows: Rows, turn: Turn) -> dict[int, Outcome | str]:
        """Match the batch, make what is new and change what is there."""
        with turn.planning():
            if not self.claims.stake(turn, set(self._marks(rows))):
                turn.come()
            plan = self._plan(rows)
        if not self.task.is_rehearsal:
            self._insert(plan)
        self._change(plan)
        return plan.outcomes

    def _marks(self, rows: Rows) -> Iterable[tuple[Any, ...]]:
        """What a row may share with others: the lead itself."""
        for _number, row in rows:
            if row.key:
                yield ("id", row.key)
            if row.reference:
                yield ("reference", row.reference)

    def _plan(self, rows: Rows) -> _Plan:
        """Decide for every row; of two rows on the same lead the later one is left."""
        plan = _Plan()
        taken = self._taken(rows)
        there = {number: row.key or taken.get(row.reference) for number, row in rows}
        named = {key for key in there.values() if key}
        seen, editable = self._reached(named, "view"), self._reached(named, "edit")
        marks: set[Any] = set()
        for number, row in rows:
            key = there[number]
            mark = key or row.reference or ("row", number)
            refusal = self._refusal(row, key, seen, editable)
            if refusal:
                plan.outcomes[number] = refusal
            elif mark in marks:
                plan.outcomes[number] = Outcome.SKIPPED
            elif key is None:
                plan.outcomes[number] = Outcome.CREATED
                plan.new.append((number, row))
            else:
                plan.outcomes[number] = Outcome.SKIPPED
                if self.task.on_duplicate == OnDuplicate.UPDATE:
                    plan.changed[key] = (number, row)
            marks.add(mark)
        return plan

    def _taken(self, rows: Rows) -> dict[str, int]:
        """The references that leads here have, seen or not."""
        said = [row.reference for _n, row in rows if row.reference]
        found = Lead.objects.kept().filter(reference__in=said) if said else Lead.objects.none()
        return dict(found.values_list("reference", "pk"))

    def _reached(self, keys: set[int], act: str) -> set[int]:
        by = self.task.by
        rows = Lead.objects.kept() if by is None else Lead.objects.visible_to(by, act)
        return set(rows.filter(pk__in=keys).values_list("pk", flat=True)) if keys else set()

    def _refusal(self, row: LeadRow, key: int | None, seen: set[int], editable: set[int]) -> str:
        on = self.task.on_duplicate
        if key is not None and key not in seen:
            if row.key:
                return _("There is no such record here any more; leave its identifier out to add"
                         " it.")  # fmt: skip
            return _("Another lead has this reference.")
        if key is not None and on == OnDuplicate.CREATE:
            return _("Another lead has this reference.")
        if key is not None and on == OnDuplicate.UPDATE and key not in editable:
            return _("You may not change this record.")
        return ""

    def _insert(self, plan: _Plan) -> None:
        """Insert what is new; the rules say whose open leads without an owner are."""
        by = self.task.by
        made = {"created_by_id": by.pk} if by else {}
        ready: list[dict[str, Any]] = []
        for number, row in plan.new:
            columns = made | self._ended(row)
            refusal = self._completed(columns)
            if refusal:
                plan.outcomes[number] = refusal
            else:
                ready.append(columns)
        if not ready:
            return
        link_known(ready)
        keys = writing.insert_leads(ready)
        settle_arrivals(keys, ready)

    def _ended(self, row: LeadRow) -> dict[str, Any]:
        """The columns of a new lead, with what its status asks for."""
        columns = dict(row.columns)
        status = columns.get("status", Status.NEW)
        if status == Status.CONVERTED:
            now = timezone.now().isoformat()
            columns.setdefault("converted_at", columns.get("answered_at") or now)
        else:
            columns.pop("converted_at", None)
        if status == Status.DISCARDED and row.reason:
            known = self.reasons.get(folded(row.reason))
            note = columns.get("reason_note", "")
            columns["reason_id"] = known
            columns["reason_note"] = note if known else "\n".join(filter(None, [row.reason, note]))
        return columns

    def _completed(self, columns: dict[str, Any]) -> str:
        """Give a new lead its own fields; why it cannot be."""
        if not self.fills_own:
            return ""
        try:
            complete(columns, self.reader.own)
        except Invalid as invalid:
            return invalid.in_words()
        return ""

    def _change(self, plan: _Plan) -> None:
        """Write what rows say of leads that are there; only what differs counts as a change."""
        groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        for key, (_number, row) in plan.changed.items():
            columns = {n: v for n, v in row.columns.items() if n not in _ONCE}
            if columns:
                groups.setdefault(tuple(columns), []).append({"id": key, **columns})
        changed = [
            key for names, some in groups.items() for key in writing.update_leads(some, names)
        ]
        score_leads(changed)
        for key in changed:
            plan.outcomes[plan.changed[key][0]] = Outcome.UPDATED


def _given_by(by: User | None) -> dict[str, int]:
    """The people to whom whoever loads may give leads, by how rows may name them."""
    everybody = owners()
    if by is None:
        return everybody
    keys = set(everybody.values())
    people = User.objects.select_related("team").filter(pk__in=keys)
    may = {one.pk for one in people if by.may_give("leads", one)}
    return {name: key for name, key in everybody.items() if key in may}
