"""Bringing in deals: a batch of rows is placed, made and merged by one set of statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from circulo.lib import names
from circulo.lib.errors import Invalid
from circulo.lib.readers.values import Refused
from circulo.parties.actions.writing import insert_parties, run
from circulo.parties.matching import Matcher
from circulo.parties.models import Party, PartyKind
from circulo.records.load_types import OnDuplicate, Outcome, RefusedRow, Said, Task
from circulo.records.mapping import folded
from circulo.records.own.noted import complete
from circulo.records.turns import Claims, Turn
from circulo.sales.actions import add_stage, writing
from circulo.sales.drafts import usual_currency
from circulo.sales.load_places import (
    ends,
    first_administrator,
    owners,
    receivers,
    stages_called,
)
from circulo.sales.load_products import Products
from circulo.sales.load_rows import DealReader, DealRow, fold
from circulo.sales.models import Deal, Pipeline, Reason

Rows = Sequence[tuple[int, DealRow]]
_REFERENCES = """
    SELECT reference, id FROM sales_deal
    WHERE reference = ANY(%s) AND reference <> '' AND binned_at IS NULL
"""
_OPEN = Deal.Outcome.OPEN


@dataclass
class _Found:
    """What was found or made for a batch: companies and stages by what they are called."""

    companies: dict[str, int] = field(default_factory=dict)
    stages: dict[tuple[int, str], int] = field(default_factory=dict)


@dataclass
class _Plan:
    """What is to be done with a batch: new deals, changed ones, and what became of each row."""

    new: list[tuple[int, DealRow]] = field(default_factory=list)
    changed: dict[int, tuple[int, DealRow]] = field(default_factory=dict)
    outcomes: dict[int, Outcome | str] = field(default_factory=dict)


class DealImporter:
    """Brings in deals for one load."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.reader = DealReader(task, owners(), usual_currency())
        self.owner = task.by.pk if task.by else first_administrator()
        self.receivers = receivers(task.by)
        self.matcher = Matcher(PartyKind.ORGANISATION, "name", task.by)
        rows = Pipeline.objects.in_order()
        self.pipelines = {folded(one.name): one.pk for one in rows}
        self.default = next((one.pk for one in rows if one.is_default), 0) or next(
            iter(self.pipelines.values()), 0
        )
        self.reasons = {(r.outcome, folded(r.label)): r.pk for r in Reason.objects.all()}
        self.ends = ends()
        self.known = _Found(stages=stages_called())
        self.found: dict[int, _Found] = {}
        own = self.reader.own.stored.values()
        self.fills_own = any(one.is_required or one.default is not None for one in own)
        self.claims = Claims()
        self.products = Products(task.by)

    def read(self, record: Said) -> DealRow:
        """One row, read and checked."""
        try:
            return self.reader.row(record)
        except Refused as refused:
            raise RefusedRow(str(refused)) from refused
        except Invalid as invalid:
            raise RefusedRow(next(iter(invalid.fields.values()))) from invalid

    def settle(self, turn: Turn, *, kept: bool) -> None:
        """Remember the companies and stages of a batch that was kept."""
        found = self.found.pop(turn.number, _Found())
        if kept:
            self.known.companies |= found.companies
            self.known.stages |= found.stages

    def apply(self, rows: Rows, turn: Turn) -> dict[int, Outcome | str]:
        """Match the batch, make what is new and change what is there."""
        with turn.planning():
            if not self.claims.stake(turn, set(self._marks(rows))):
                turn.come()
            plan = self._plan(rows)
            self._place(plan, self.found.setdefault(turn.number, _Found()))
        if not self.task.is_rehearsal:
            self._insert(plan)
        self._change(plan)
        return plan.outcomes

    def _marks(self, rows: Rows) -> Iterable[tuple[Any, ...]]:
        """What a row may share with others: the deal itself, a company or a stage to be made."""
        for _number, row in rows:
            if row.key:
                yield ("id", row.key)
            if row.reference:
                yield ("reference", row.reference)
            if row.company and (key := names.sort_key(row.company)) not in self.known.companies:
                yield ("company", key)
            if row.stage and self._stage_mark(row) not in self.known.stages:
                yield ("stage", *self._stage_mark(row))

    def _plan(self, rows: Rows) -> _Plan:
        """Decide for every row; a later row on the same deal comes after the first."""
        plan, taken = _Plan(), self._taken(rows)
        there = self._there(rows, taken)
        editable = self._editable({key for key in there.values() if key})
        firsts: dict[Any, DealRow] = {}
        for number, said in rows:  # copied, since a batch may be given once more
            row, key = said.copied(), there[number]
            refusal = self._refusal(row, key, editable)
            if not key and row.reference in taken:
                refusal = refusal or _("Another deal has this reference.")
            if refusal:
                plan.outcomes[number] = refusal
                continue
            mark = key or row.reference or ("row", number)
            if mark in firsts:
                is_change = self.task.on_duplicate == OnDuplicate.UPDATE
                before = dict(firsts[mark].columns)
                fold(firsts[mark], row if is_change else None)
                same = before == firsts[mark].columns
                plan.outcomes[number] = Outcome.SKIPPED if same else Outcome.UPDATED
                continue
            firsts[mark] = row
            self._sort(plan, number, row, key)
        return plan

    def _sort(self, plan: _Plan, number: int, row: DealRow, key: int | None) -> None:
        plan.outcomes[number] = Outcome.SKIPPED if key else Outcome.CREATED
        if key is None:
            plan.new.append((number, row))
        elif self.task.on_duplicate == OnDuplicate.UPDATE:
            plan.changed[key] = (number, row)

    def _there(self, rows: Rows, taken: Mapping[str, int]) -> dict[int, int | None]:
        """By row number the deal that it speaks of, where there is one that may be seen."""
        keys = {row.key for _n, row in rows if row.key} | set(taken.values())
        seen: set[int] = set()
        if keys:
            by = self.task.by
            found = Deal.objects.kept() if by is None else Deal.objects.visible_to(by)
            seen = set(found.filter(pk__in=keys).values_list("pk", flat=True))
        there = {}
        for number, row in rows:
            key = row.key if row.key in seen else taken.get(row.reference)
            there[number] = key if key in seen else None
        return there

    def _taken(self, rows: Rows) -> dict[str, int]:
        """The references that deals here have, seen or not."""
        said = [row.reference for _n, row in rows if row.reference]
        return dict(run(_REFERENCES, [said])) if said else {}

    def _editable(self, keys: set[int]) -> set[int]:
        if self.task.by is None or not keys:
            return keys
        rows = Deal.objects.visible_to(self.task.by, "edit").filter(pk__in=keys)
        return set(rows.values_list("pk", flat=True))

    def _refusal(self, row: DealRow, key: int | None, editable: set[int]) -> str:
        on = self.task.on_duplicate
        if row.key and key is None and on != OnDuplicate.CREATE:
            return _("There is no such record here any more; leave its identifier out to add it.")
        if key and on == OnDuplicate.CREATE:
            return _("Another deal has this reference.")
        if key and on == OnDuplicate.UPDATE and key not in editable:
            return _("You may not change this record.")
        if row.pipeline and folded(row.pipeline) not in self.pipelines:
            return _("There is no pipeline “%s” here.") % row.pipeline[:60]
        return ""

    def _place(self, plan: _Plan, found: _Found) -> None:
        """Give every row its party, its stage and what follows from them."""
        rows = [*plan.new, *plan.changed.values()]
        self._find_companies([row.company for _n, row in rows if row.company], found)
        self._find_stages([row for _n, row in rows if row.stage], found)
        parties = self._seen_parties({row.party for _n, row in rows if row.party})
        owners = self._owners_of(plan.changed)
        for number, row in plan.new:
            self._give(plan, number, row, self.owner)
        for key, (number, row) in plan.changed.items():
            self._give(plan, number, row, owners.get(key))
        for number, row in rows:
            refusal = self._placed(row, found, parties)
            if refusal:
                plan.outcomes[number] = refusal
        plan.new = [(n, row) for n, row in plan.new if plan.outcomes[n] == Outcome.CREATED]
        plan.changed = {
            key: (n, row)
            for key, (n, row) in plan.changed.items()
            if plan.outcomes[n] == Outcome.SKIPPED
        }

    def _owners_of(self, keys: Iterable[int]) -> dict[int, int]:
        """Whose these deals are now, where it matters."""
        if self.receivers is None:
            return {}
        return dict(Deal.objects.filter(pk__in=keys).values_list("pk", "owner_id"))

    def _give(self, plan: _Plan, number: int, row: DealRow, owner: int | None) -> None:
        """Refuse a row that gives a deal of an `owner` to whom it could not be given by hand."""
        to = row.columns.get("owner_id", owner)
        if self.receivers is not None and to != owner and to not in self.receivers:
            refusal = _("There is no such person whom you could give this to.")
            plan.outcomes[number] = refusal

    def _placed(self, row: DealRow, found: _Found, parties: set[int]) -> str:
        """Fill in the columns of a row; why that cannot be."""
        if row.party and row.party not in parties:
            return _("There is no such contact here.")
        if row.company:
            key = names.sort_key(row.company)
            company = self.known.companies.get(key) or found.companies.get(key)
            if company is None and not self.task.is_rehearsal:
                return _("There is no company “%s” here.") % row.company[:60]
            row.columns["party_id"] = company
        if row.party:
            row.columns["party_id"] = row.party
        if row.stage:
            mark = self._stage_mark(row)
            stage = self.known.stages.get(mark) or found.stages.get(mark)
            if stage is None and not self._may_make_stages:
                return _("There is no stage “%s” here.") % row.stage[:60]
            row.columns |= {"stage_id": stage, "pipeline_id": mark[0]}
        if row.reason:
            self._give_reason(row)
        return ""

    def _give_reason(self, row: DealRow) -> None:
        """A reason of ours, or else in their words."""
        known = self.reasons.get((row.outcome, folded(row.reason)))
        if known:
            row.columns["reason_id"] = known
        elif row.outcome in (Deal.Outcome.WON, Deal.Outcome.LOST):
            row.columns.setdefault("reason_note", row.reason)

    def _find_companies(self, said: Sequence[str], found: _Found) -> None:
        wanted = {names.sort_key(name): name for name in reversed(said)}
        unknown = [key for key in wanted if key not in self.known.companies]
        if not unknown:
            return
        found.companies |= self.matcher.organisations(unknown)
        by = self.task.by
        may = self.task.makes_missing and (by is None or by.may("companies", "create"))
        missing = [wanted[key] for key in unknown if key not in found.companies]
        if missing and may and not self.task.is_rehearsal:
            owner = {"owner_id": by.pk} if by else {}
            made = [{"kind": PartyKind.ORGANISATION, "reach": "", "trade_name": n, **owner}
                    for n in missing]  # fmt: skip
            keys = insert_parties(made)
            found.companies |= dict(zip(map(names.sort_key, missing), keys, strict=True))

    def _find_stages(self, rows: Sequence[DealRow], found: _Found) -> None:
        unknown = {
            mark: row.stage
            for row in rows
            if row.outcome == _OPEN and (mark := self._stage_mark(row)) not in self.known.stages
        }
        if not unknown:
            return
        found.stages |= {mark: key for mark, key in stages_called().items() if mark in unknown}
        if not self._may_make_stages or self.task.is_rehearsal:
            return
        for mark, name in unknown.items():
            if mark not in found.stages:
                pipeline = Pipeline.objects.get(pk=mark[0])
                found.stages[mark] = add_stage(pipeline, {"name": name}, by=self.task.by).pk

    @property
    def _may_make_stages(self) -> bool:
        by = self.task.by
        return self.task.makes_missing and (by is None or by.is_admin)

    def _stage_mark(self, row: DealRow) -> tuple[int, str]:
        return self._pipeline_of(row), folded(row.stage)

    def _pipeline_of(self, row: DealRow) -> int:
        return self.pipelines.get(folded(row.pipeline), self.default) if row.pipeline else (
            self.default
        )  # fmt: skip

    def _seen_parties(self, keys: set[int]) -> set[int]:
        if not keys:
            return set()
        by = self.task.by
        rows = Party.objects.kept() if by is None else Party.objects.visible_to(by)
        return set(rows.filter(pk__in=keys).values_list("pk", flat=True))

    def _insert(self, plan: _Plan) -> None:
        """Insert what is new, whole: with a title, an owner, a stage and the moments of its end."""
        by = self.task.by
        now = timezone.now().isoformat()
        made = {"created_by_id": by.pk if by else None, "owner_id": self.owner}
        self.products.find(row.product for _n, row in plan.new)
        ready: list[dict[str, Any]] = []
        sold: list[str] = []
        for number, row in plan.new:
            columns = made | {"currency": self.reader.currency} | row.columns
            refusal = self._completed(row, columns, now)
            if refusal:
                plan.outcomes[number] = refusal
            else:
                ready.append(columns)
                sold.append(row.product)
        self.products.name(writing.insert_deals(ready), sold, ready)

    def _completed(self, row: DealRow, columns: dict[str, Any], now: str) -> str:
        """Give a new deal all that it must have; why it cannot be."""
        title = columns.get("title") or row.product or row.company or row.reference
        if not title:
            return _("It is not said what is to be sold.")
        if not columns["owner_id"]:
            return _("It is not said whose deal this is.")
        columns["title"] = title[:200]
        pipeline = self._pipeline_of(row)
        outcome = columns.setdefault("outcome", _OPEN)
        if not columns.get("stage_id"):
            first, last = self.ends[pipeline]
            stage = last if outcome == Deal.Outcome.WON else first
            columns |= {"stage_id": stage, "pipeline_id": pipeline}
        if outcome != _OPEN:
            columns["closed_at"] = columns.get("closed_at") or now
            columns.setdefault("opened_at", columns["closed_at"])
        columns["stage_since"] = columns.setdefault("opened_at", now)
        if not self.fills_own:
            return ""
        try:
            complete(columns, self.reader.own)
        except Invalid as invalid:
            return "; ".join(f"{name}: {why}" for name, why in invalid.fields.items())
        return ""

    def _change(self, plan: _Plan) -> None:
        """Write what rows say of deals that are there; only what differs counts as a change."""
        if not plan.changed:
            return
        rows = Deal.objects.filter(pk__in=plan.changed).order_by("pk").select_for_update()
        before = {deal.pk: deal for deal in rows}
        now = timezone.now()
        groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        for key, (_number, row) in plan.changed.items():
            columns = _ended(row.columns, before[key], now.isoformat())
            if before[key].amount_from_lines:
                columns = {n: v for n, v in columns.items() if n not in ("amount", "currency")}
            groups.setdefault(tuple(columns), []).append({"id": key, **columns})
        changed = [key for names_, some in groups.items()
                   for key in writing.update_deals(some, names_)]  # fmt: skip
        after = Deal.objects.filter(pk__in=changed).values_list("pk", "stage_id", "outcome")
        went = [key for key, stage, end in after
                if (stage, end) != (before[key].stage_id, before[key].outcome)]  # fmt: skip
        writing.put_last(went)
        writing.walk_on(went, now)
        for key in changed:
            plan.outcomes[plan.changed[key][0]] = Outcome.UPDATED


def _ended(columns: dict[str, Any], deal: Deal, now: str) -> dict[str, Any]:
    """What a row says of a deal, with the moments that follow from its end or another stage."""
    said = {name: value for name, value in columns.items() if name != "opened_at"}
    outcome = said.get("outcome", deal.outcome)
    if outcome == _OPEN:
        said |= {"closed_at": None, "reason_id": None, "reason_note": ""} if (
            deal.outcome != _OPEN) else {}  # fmt: skip
        said = said if deal.outcome != _OPEN else {
            n: v for n, v in said.items() if n not in ("reason_id", "reason_note", "closed_at")
        }  # fmt: skip
    elif not said.get("closed_at"):
        said["closed_at"] = deal.closed_at.isoformat() if deal.closed_at else now
    if said.get("stage_id", deal.stage_id) != deal.stage_id or (
        outcome == _OPEN and deal.outcome != _OPEN
    ):
        said["stage_since"] = now
    return said
