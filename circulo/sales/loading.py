"""Bringing in deals: a batch of rows is placed, made and merged by one set of statements."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from circulo.lib import money
from circulo.lib.errors import Invalid
from circulo.lib.readers.values import Refused
from circulo.parties.actions.writing import run
from circulo.records.load_people import owners
from circulo.records.load_types import OnDuplicate, Outcome, RefusedRow, Said, Task
from circulo.records.own.noted import complete
from circulo.records.turns import Claims, Turn
from circulo.sales.actions import writing
from circulo.sales.actions.repricing import price_anew
from circulo.sales.drafts import usual_currency
from circulo.sales.load_goods import Goods
from circulo.sales.load_people import involve
from circulo.sales.load_places import OF_AN_END, Before, Places, befores
from circulo.sales.load_rows import DealReader, DealRow
from circulo.sales.models import Deal, Stage
from circulo.sales.selectors.entry import refuse_unready

Rows = Sequence[tuple[int, DealRow]]
_REFERENCES = """
    SELECT reference, id FROM sales_deal
    WHERE reference = ANY(%s) AND reference <> '' AND binned_at IS NULL
"""
_OPEN = Deal.Outcome.OPEN
_WAY = ("stage_id", "pipeline_id", "stage_since")
_PRICED_FOR = ("party_id", "currency")


@dataclass
class _Plan:
    """What is to be done with a batch: new deals, changed ones, and what became of each row.

    `later` names for a row the first one on the same deal, whose fate it shares.
    """

    new: list[tuple[int, DealRow]] = field(default_factory=list)
    changed: dict[int, tuple[int, DealRow]] = field(default_factory=dict)
    outcomes: dict[int, Outcome | str] = field(default_factory=dict)
    later: dict[int, int] = field(default_factory=dict)

    def refuse(self, number: int, why: str) -> None:
        """Refuse a row."""
        self.outcomes[number] = why

    def drop_refused(self) -> None:
        """Leave the rows that were refused out of what is to be done."""
        self.new = [(n, row) for n, row in self.new if self._is_taken(n)]
        self.changed = {k: (n, row) for k, (n, row) in self.changed.items() if self._is_taken(n)}

    def remark(self, said: Mapping[int, DealRow]) -> None:
        """Note on the rows as they were read what of them was not taken over."""
        for number, row in (*self.new, *self.changed.values()):
            said[number].remark = row.remark

    def settled(self) -> dict[int, Outcome | str]:
        """What became of every row, those that came later on a refused deal included."""
        refused = {n: first for n, first in self.later.items() if not self._is_taken(first)}
        return self.outcomes | {n: self.outcomes[first] for n, first in refused.items()}

    def _is_taken(self, number: int) -> bool:
        return isinstance(self.outcomes[number], Outcome)


class DealImporter:
    """Brings in deals for one load."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.places, self.goods = Places(task), Goods(task)
        self.reader = DealReader(task, owners(), usual_currency(), self.places.pipelines)
        own = self.reader.own.stored.values()
        self.fills_own = any(one.is_required or one.default is not None for one in own)
        self.claims = Claims()

    def read(self, record: Said) -> DealRow:
        """One row, read and checked."""
        try:
            return self.reader.row(record)
        except Refused as refused:
            raise RefusedRow(str(refused)) from refused
        except Invalid as invalid:
            raise RefusedRow(next(iter(invalid.fields.values()))) from invalid

    def settle(self, turn: Turn, *, kept: bool) -> None:
        """Remember what was made for a batch that was kept."""
        self.places.settle(turn.number, kept=kept)

    def apply(self, rows: Rows, turn: Turn) -> dict[int, Outcome | str]:
        """Match the batch, make what is new and change what is there."""
        with turn.planning():
            if not self.claims.stake(turn, set(self._marks(rows))):
                turn.come()
            plan = self._plan(rows)
            self._place(plan, turn)
            plan.remark(dict(rows))
        ready, rows_of_them = self._ready(plan)
        if not self.task.is_rehearsal:
            keys = writing.insert_deals(ready)
            self.goods.name(keys, [row.product for row in rows_of_them], ready)
            involve(_involved(zip(keys, rows_of_them, strict=True)))
        self._change(plan)
        return plan.settled()

    def _marks(self, rows: Rows) -> Iterator[Hashable]:
        """What a row may share with others: the deal itself, a company or a stage to be made."""
        for _number, row in rows:
            if row.key:
                yield ("id", row.key)
            if row.reference:
                yield ("reference", row.reference)
            yield from self.places.marks(row)

    def _plan(self, rows: Rows) -> _Plan:
        """Decide for every row; a later row on the same deal comes after the first."""
        plan, taken = _Plan(), self._taken(rows)
        there, whose = self._there(rows, taken), dict[str, Any](taken)
        editable = self._editable({key for key in there.values() if key})
        firsts: dict[Any, tuple[int, DealRow]] = {}
        for number, said in rows:  # copied, since a batch may be given once more
            row, key = said.copied(), there[number]
            mark = key or row.reference or ("row", number)
            refusal = self._refusal(row, key, editable)
            if row.reference and whose.setdefault(row.reference, mark) != mark:
                refusal = refusal or _("Another deal has this reference.")
            if refusal:
                plan.refuse(number, refusal)
            elif mark in firsts:
                self._add_later(plan, number, row, firsts[mark])
            else:
                firsts[mark] = (number, row)
                self._sort(plan, number, row, key)
        return plan

    def _add_later(
        self, plan: _Plan, number: int, row: DealRow, first: tuple[int, DealRow]
    ) -> None:
        """Lay a later row on the same deal over the first, where changes are wanted."""
        number_of_first, there = first
        plan.later[number] = number_of_first
        before = dict(there.columns)
        _fold(there, row if self.task.on_duplicate == OnDuplicate.UPDATE else None)
        plan.outcomes[number] = (
            Outcome.SKIPPED if before == there.columns else Outcome.UPDATED
        )  # fmt: skip

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
        return ""

    def _place(self, plan: _Plan, turn: Turn) -> None:
        """Give every row its party, its stage and what follows from them."""
        there = befores(plan.changed)
        rows: list[tuple[int, DealRow, Before | None]] = [(n, row, None) for n, row in plan.new]
        rows += [(n, row, there.get(key)) for key, (n, row) in plan.changed.items()]
        found = self.places.look_up([(row, before) for _n, row, before in rows], turn.number)
        for number, row, before in rows:
            refusal = self.places.place(row, before, found) or self._misfit(row, before)
            if refusal:
                plan.refuse(number, refusal)
        plan.drop_refused()

    def _misfit(self, row: DealRow, before: Before | None) -> str:
        """Why the amount of a deal does not fit its currency, where a row says one of them."""
        said = row.columns
        if not {"amount", "currency"} & said.keys() or (before and before.follows_lines):
            return ""
        amount = said.get("amount", before.amount if before else None)
        usual = before.currency if before else self.reader.currency
        try:
            money.refuse_fractions(
                None if amount is None else Decimal(amount), said.get("currency", usual)
            )
        except Invalid as invalid:
            return str(invalid.fields[""])
        return ""

    def _ready(self, plan: _Plan) -> tuple[list[dict[str, Any]], list[DealRow]]:
        """What is new, whole: with a title, an owner, a stage and the moments of its end; and the
        row of each.
        """
        by = self.task.by
        now = timezone.now().isoformat()
        made = {"created_by_id": by.pk if by else None, "owner_id": self.places.owner}
        ready: list[dict[str, Any]] = []
        rows: list[DealRow] = []
        for number, row in plan.new:
            columns = made | {"currency": self.reader.currency} | row.columns
            refusal = self._completed(row, columns, now)
            if refusal:
                plan.refuse(number, refusal)
            else:
                ready.append(columns)
                rows.append(row)
        return ready, rows

    def _completed(self, row: DealRow, columns: dict[str, Any], now: str) -> str:
        """Give a new deal all that it must have; why it cannot be."""
        title = columns.get("title") or row.product or row.company or row.contact or row.reference
        if not title:
            return _("It is not said what is to be sold.")
        if not columns["owner_id"]:
            return _("It is not said whose deal this is.")
        columns["title"] = title[:200]
        pipeline = self.places.pipeline_of(row, None)
        outcome = columns.setdefault("outcome", _OPEN)
        if not columns.get("stage_id"):
            first, last = self.places.ends[pipeline]
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
            return invalid.in_words()
        return ""

    def _change(self, plan: _Plan) -> None:
        """Write what rows say of deals that are there; only what differs counts as a change.

        An open deal goes into another stage only where it has what that stage asks for, as by hand.
        New ones do not: what they tell happened elsewhere.
        """
        if not plan.changed:
            return
        rows = Deal.objects.filter(pk__in=plan.changed).order_by("pk").select_for_update()
        before = {deal.pk: deal for deal in rows}
        now = timezone.now()
        said = {key: _ended(row.columns, before[key], now)
                for key, (_number, row) in plan.changed.items()}  # fmt: skip
        asking = _asking(said, before)
        held = {key for keys in asking.values() for key in keys}
        changed = _write({key: _but(_WAY, some) if key in held else some
                          for key, some in said.items()})  # fmt: skip
        _price_anew(before, said)
        for stage, keys in asking.items():
            refuse_unready(keys, stage)
        changed |= _write({key: {n: v for n, v in said[key].items() if n in _WAY} for key in held})
        _walk_on(before, changed, now)
        joined = involve(_involved((key, row) for key, (_n, row) in plan.changed.items()))
        if joined - changed:
            writing.touch(joined - changed)
        changed |= joined
        for key in changed:
            plan.outcomes[plan.changed[key][0]] = Outcome.UPDATED


def _involved(rows: Iterable[tuple[int, DealRow]]) -> list[tuple[int, int]]:
    """The deals whose rows name a person beside the company, with that person."""
    return [(key, row.involved) for key, row in rows if row.involved]


def _write(said: Mapping[int, dict[str, Any]]) -> set[int]:
    """Set the columns that are said of each deal; the keys of those that differed."""
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for key, columns in said.items():
        groups.setdefault(tuple(columns), []).append({"id": key, **columns})
    return {key for names, some in groups.items() for key in writing.update_deals(some, names)}


def _but(names: Sequence[str], columns: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in columns.items() if name not in names}


def _asking(
    said: Mapping[int, Mapping[str, Any]], before: Mapping[int, Deal]
) -> dict[Stage, list[int]]:
    """The open deals that go into another stage, by the stages that ask for something."""
    going: dict[int, list[int]] = {}
    for key, columns in said.items():
        deal = before[key]
        to = columns.get("stage_id", deal.stage_id)
        if to != deal.stage_id and columns.get("outcome", deal.outcome) == _OPEN:
            going.setdefault(to, []).append(key)
    stages = Stage.objects.in_bulk(going) if going else {}
    return {one: going[key] for key, one in stages.items() if one.entry or one.required}


def _price_anew(before: Mapping[int, Deal], said: Mapping[int, Mapping[str, Any]]) -> None:
    """Price the lines of deals that have another party or currency now, as by hand."""
    other = [
        key for key, columns in said.items()
        if any(columns[name] != getattr(before[key], name)
               for name in _PRICED_FOR if name in columns)
    ]  # fmt: skip
    if other:
        price_anew({key: before[key].currency for key in other})


def _walk_on(before: Mapping[int, Deal], changed: Collection[int], now: datetime) -> None:
    """Put deals that went elsewhere at the end there, and let their stays begin as they did."""
    went: dict[int, datetime] = {}
    after = Deal.objects.filter(pk__in=changed).values_list(
        "pk", "stage_id", "outcome", "closed_at"
    )
    for key, stage, end, closed in after:
        if (stage, end) != (before[key].stage_id, before[key].outcome):
            went[key] = min(closed or now, now)
    writing.put_last(sorted(went))
    writing.STAYS.walk_on(list(went), list(went.values()))


def _ended(columns: dict[str, Any], deal: Deal, now: datetime) -> dict[str, Any]:
    """What a row says of a deal, with the moments that follow from its end or another stage."""
    dropped = ("opened_at", "amount") if deal.amount_from_lines else ("opened_at",)
    said = _but(dropped, columns)
    outcome = said.get("outcome", deal.outcome)
    if outcome == _OPEN:
        said = _but(OF_AN_END, said)
        if not deal.is_open:
            said |= {"closed_at": None, "reason_id": None, "reason_note": "", "lost_to": ""}
    else:
        if not said.get("closed_at"):
            said["closed_at"] = (deal.closed_at or now).isoformat()
        if outcome != deal.outcome:  # a reason why it was lost is none why it was won
            said.setdefault("reason_id", None)
            said.setdefault("lost_to", "")
    return said | _since(said, deal, now)


def _since(said: Mapping[str, Any], deal: Deal, now: datetime) -> dict[str, Any]:
    """Since when a deal is in its stage, where that is another moment now: not after its end."""
    is_open = said.get("outcome", deal.outcome) == _OPEN
    enters = said.get("stage_id", deal.stage_id) != deal.stage_id
    since = now if enters or (is_open and not deal.is_open) else deal.stage_since
    if not is_open:
        since = min(since, datetime.fromisoformat(said["closed_at"]))
    return {} if since == deal.stage_since else {"stage_since": since.isoformat()}


def _fold(first: DealRow, later: DealRow | None) -> None:
    """Lay what a later row says over an earlier one on the same deal."""
    if later is None:
        return
    custom = {**first.columns.get("custom", {}), **later.columns.get("custom", {})}
    first.columns |= later.columns
    if custom:
        first.columns["custom"] = custom
    for name in ("company", "contact", "email", "stage", "pipeline", "reason", "party"):
        setattr(first, name, getattr(later, name) or getattr(first, name))
