"""Bringing in parties: a batch of rows is matched, made and merged by one set of statements."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.lib import names
from circulo.lib.errors import Invalid
from circulo.lib.readers.cards import Card
from circulo.parties.actions import merging, writing
from circulo.parties.actions.placing import place_soon
from circulo.parties.drafts import Draft, name_it
from circulo.parties.load_rows import PartyRow, RowReader
from circulo.parties.matching import Matcher
from circulo.parties.models import Party, PartyKind, Point, Relationship
from circulo.parties.same_rows import Earlier, Rehearsed
from circulo.records.load_people import owners
from circulo.records.load_types import OnDuplicate, Outcome, Task
from circulo.records.own.noted import complete
from circulo.records.turns import Claims, Turn

Rows = Sequence[tuple[int, PartyRow]]
_MOST_REMEMBERED = 200_000


def contacts_importer(task: Task) -> PartyImporter:
    """Brings in people."""
    return PartyImporter(PartyKind.PERSON, task)


def companies_importer(task: Task) -> PartyImporter:
    """Brings in organisations."""
    return PartyImporter(PartyKind.ORGANISATION, task)


def alike_contacts(task: Task, rows: Rows) -> dict[int, list[int]]:
    """By row number the people here whom new rows may speak of."""
    return _alike(PartyKind.PERSON, task, rows)


def alike_companies(task: Task, rows: Rows) -> dict[int, list[int]]:
    """By row number the organisations here that new rows may speak of."""
    return _alike(PartyKind.ORGANISATION, task, rows)


def _alike(kind: str, task: Task, rows: Rows) -> dict[int, list[int]]:
    """None where the person said that every row is new."""
    if task.on_duplicate == OnDuplicate.CREATE:
        return {}
    return Matcher(kind, task.key, task.by).find_alike(rows)


@dataclass
class _Plan:
    """What is to be done with a batch: new parties, changed ones, and what is known of each row.

    `companies` are those found and made for it, by folded name, and `written` all that were made or
    changed.
    """

    new: list[tuple[int, PartyRow]] = field(default_factory=list)
    changed: dict[int, tuple[int, PartyRow]] = field(default_factory=dict)
    folded: dict[int, list[tuple[int, bool]]] = field(default_factory=dict)
    outcomes: dict[int, Outcome | str] = field(default_factory=dict)
    companies: dict[str, int] = field(default_factory=dict)
    written: list[int] = field(default_factory=list)


class PartyImporter:
    """Brings in parties of one kind for one load."""

    def __init__(self, kind: str, task: Task) -> None:
        self.kind = kind
        self.task = task
        self.reader = RowReader(kind, task, owners())
        self.matcher = Matcher(kind, task.key, task.by)
        self.works_at = (
            Relationship.Kind.WORKS_AT
            if kind == PartyKind.PERSON
            else Relationship.Kind.PARENT_COMPANY
        )
        self.companies: dict[str, int] = {}
        self.claims = Claims()
        self.found: dict[int, dict[str, int]] = {}
        self.rehearsed = Rehearsed(self.matcher)
        self.repeats: dict[int, int] = {}

    def read(self, record: Any) -> PartyRow:
        """One row or card, read and checked."""
        return self.reader.card(record) if isinstance(record, Card) else self.reader.row(record)

    def settle(self, turn: Turn, *, kept: bool) -> None:
        """Remember the companies of a batch that was kept."""
        found = self.found.pop(turn.number, {})
        if kept and len(self.companies) < _MOST_REMEMBERED:
            self.companies |= found

    def apply(self, rows: Rows, turn: Turn) -> dict[int, Outcome | str]:
        """Match the batch, make what is new and merge what is there."""
        with turn.planning():
            plan = self._planned(rows, turn)
        if not self.task.is_rehearsal:
            self._insert(plan)
        if self.kind == PartyKind.ORGANISATION:
            self._belong(plan)
        self._merge(plan)
        place_soon(plan.written)
        return plan.outcomes

    def _planned(self, rows: Rows, turn: Turn) -> _Plan:
        """The plan of a batch, made when nothing that it may be about is still being written."""
        marks = {mark for _number, row in rows for mark in self._marks(row)}
        if self.kind == PartyKind.ORGANISATION or not self.claims.stake(turn, marks):
            turn.come()
        plan = self._plan(rows)
        plan.companies = self.found.setdefault(turn.number, {})
        if not self.claims.stake(turn, {("id", key) for key in plan.changed}):
            turn.come()
        if self.kind == PartyKind.PERSON:
            self._employ(plan, [*plan.new, *plan.changed.values()])
        return plan

    def _marks(self, row: PartyRow) -> Iterator[tuple[Any, ...]]:
        """What a row may share with others on the same party, or with one on the same company."""
        yield from self.matcher.marks(row)
        if self.task.leaves_alike:
            yield ("name", row.sort_key)
        if row.company:
            name = names.sort_key(row.company)
            if name not in self.companies:
                yield ("company", name)

    def _plan(self, rows: Rows) -> _Plan:
        """Decide for every row; rows that speak of the same party are folded into the first."""
        plan = _Plan()
        matches = {} if self.task.on_duplicate == OnDuplicate.CREATE else self.matcher.find(rows)
        editable = self.matcher.editable({key for keys in matches.values() for key in keys})
        firsts: dict[Any, tuple[int, PartyRow]] = {}
        earlier = Earlier(self.matcher)
        for number, row in rows:
            keys = matches.get(number, set())
            refusal = self._refusal(row, keys, editable)
            if refusal:
                plan.outcomes[number] = refusal
                continue
            party = next(iter(keys), None)
            mark = party or self._said_before(row, earlier) or ("row", number)
            if mark in firsts:
                self._fold(plan, firsts[mark], number, row)
                if self.task.on_duplicate == OnDuplicate.UPDATE:
                    earlier.learn(mark, row)
            elif self._take(plan, number, row, party):
                firsts[mark] = (number, row)
                if party is None or self.task.on_duplicate == OnDuplicate.UPDATE:
                    earlier.add(mark, row, is_new=party is None)
        if self.task.leaves_alike:
            self._leave_alike(plan)
        return plan

    def _said_before(self, row: PartyRow, earlier: Earlier) -> Any:
        """The party of an earlier row that this one speaks of; none where every row is new."""
        return None if self.task.on_duplicate == OnDuplicate.CREATE else earlier.find(row)

    def _leave_alike(self, plan: _Plan) -> None:
        """Refuse new rows where somebody here may be the same; the reason says who."""
        alike = _alike(self.kind, self.task, plan.new)
        first = {keys[0] for keys in alike.values()}
        known = Party.objects.in_bulk(first)
        for number, keys in alike.items():
            party = known[keys[0]]
            plan.outcomes[number] = _(
                "It may be “%(name)s”, who is here already. If so, write %(id)s in a column"
                " “Identifier”; if not, bring this row in again without leaving anybody out."
            ) % {"name": party.name, "id": party.public_id}
        plan.new = [(number, row) for number, row in plan.new if number not in alike]

    def _take(self, plan: _Plan, number: int, row: PartyRow, party: int | None) -> bool:
        """Take the first row on a party; whether it could be."""
        if party is None:
            return self._is_repeated(plan, number, row) or self._add(plan, number, row)
        plan.outcomes[number] = Outcome.SKIPPED
        if self.task.on_duplicate == OnDuplicate.UPDATE:
            plan.changed[party] = (number, row)
        return True

    def _is_repeated(self, plan: _Plan, number: int, row: PartyRow) -> bool:
        """Whether a check has seen its party in an earlier batch, where it would be by now."""
        if not self.task.is_rehearsal or self.task.on_duplicate == OnDuplicate.CREATE:
            return False
        first = self.rehearsed.find(row)
        if first is None or first >= number:  # a batch that is given again finds itself
            return False
        plan.outcomes[number] = Outcome.SKIPPED
        self.repeats[number] = first
        return True

    def _add(self, plan: _Plan, number: int, row: PartyRow) -> bool:
        refusal = _nameless(row.draft) or self._incomplete(row.draft)
        plan.outcomes[number] = refusal or Outcome.CREATED
        if refusal:
            return False
        row.note_what_is_left()
        plan.new.append((number, row))
        if self.task.is_rehearsal:
            self.rehearsed.add(number, row)
        return True

    def _incomplete(self, draft: Draft) -> str:
        """Give a new party the defaults of its own fields; why it cannot do without the others."""
        try:
            complete(draft.columns, self.reader.own)
        except Invalid as invalid:
            labels = {one.name: one.label for one in self.reader.own.stored.values()}
            return invalid.in_words(labels)
        return ""

    def _refusal(self, row: PartyRow, keys: set[int], editable: set[int]) -> str:
        if len(keys) > 1:
            return _(
                "%d records here have this key: say by its identifier which one is meant."
            ) % len(keys)
        if row.key is not None and not keys and self.task.on_duplicate != OnDuplicate.CREATE:
            return _("There is no such record here any more; leave its identifier out to add it.")
        is_update = self.task.on_duplicate == OnDuplicate.UPDATE
        if keys and is_update and not keys <= editable:
            return _("You may not change this record.")
        return ""

    def _fold(self, plan: _Plan, first: tuple[int, PartyRow], number: int, row: PartyRow) -> None:
        """A later row on the same party: as if it came after the first."""
        is_change = self.task.on_duplicate == OnDuplicate.UPDATE and _folded(first[1], row)
        plan.outcomes[number] = Outcome.UPDATED if is_change else Outcome.SKIPPED
        if self.task.is_rehearsal:
            self.repeats[number] = first[0]

    def _employ(self, plan: _Plan, rows: Rows) -> None:
        """Link every row with its company, which is made where it is not known."""
        said = dict.fromkeys(row.company for _n, row in rows if row.company)
        keys = {name: names.sort_key(name) for name in said}
        self._find_companies(plan, {key: name for name, key in keys.items()})
        for number, row in rows:
            if row.company:
                company = self._known(plan, keys[row.company])
                if company is not None:
                    row.draft.columns["company_id"] = company
                elif not self.task.is_rehearsal:
                    self._refuse_unknown(plan, number, row.company)
        plan.new = [(n, row) for n, row in plan.new if plan.outcomes[n] == Outcome.CREATED]

    def _refuse_unknown(self, plan: _Plan, number: int, company: str) -> None:
        plan.outcomes[number] = _("There is no company “%s” here.") % company[:60]
        plan.changed = {p: pair for p, pair in plan.changed.items() if pair[0] != number}

    def _find_companies(self, plan: _Plan, wanted: dict[str, str]) -> None:
        unknown = [key for key in wanted if self._known(plan, key) is None]
        if not unknown:
            return
        plan.companies |= self.matcher.organisations(unknown)
        missing = [wanted[key] for key in unknown if key not in plan.companies]
        by = self.task.by
        may = self.task.makes_missing and (by is None or by.may("companies", "create"))
        if missing and may and not self.task.is_rehearsal:
            drafts = [Draft(PartyKind.ORGANISATION, {"trade_name": name}) for name in missing]
            keys = writing.insert_parties([_columns(draft, by) for draft in drafts])
            plan.companies |= dict(zip(map(names.sort_key, missing), keys, strict=True))
            plan.written += keys

    def _known(self, plan: _Plan, key: str) -> int | None:
        return self.companies.get(key) or plan.companies.get(key)

    def _insert(self, plan: _Plan) -> None:
        if not plan.new:
            return
        drafts = [row.draft for _number, row in plan.new]
        keys = writing.insert_parties([_columns(draft, self.task.by) for draft in drafts])
        plan.written += keys
        writing.insert_points(
            [
                {"party_id": key, **point}
                for key, draft in zip(keys, drafts, strict=True)
                for points in draft.points.values()
                for point in points
            ]
        )
        merging.insert_addresses(
            [
                {"party_id": key, **address}
                for key, draft in zip(keys, drafts, strict=True)
                for address in draft.addresses or ()
            ]
        )
        pairs = zip(keys, (draft.columns.get("company_id") for draft in drafts), strict=True)
        merging.employ(((key, company) for key, company in pairs if company), self.works_at)
        if self.kind == PartyKind.ORGANISATION:
            for key, (number, row) in zip(keys, plan.new, strict=True):
                plan.companies.setdefault(row.sort_key, key)
                if row.company:
                    plan.changed[key] = (number, PartyRow(Draft(self.kind), company=row.company))

    def _belong(self, plan: _Plan) -> None:
        """Link organisations with those they belong to, once all of the batch are there."""
        linking = _Plan(
            outcomes=dict(plan.outcomes), companies=plan.companies, written=plan.written
        )
        self._employ(linking, list(plan.changed.values()))

    def _merge(self, plan: _Plan) -> None:
        """Merge rows into the parties they speak of; only what differs counts as a change."""
        if not plan.changed:
            return
        drafts = {party: row.draft for party, (_number, row) in plan.changed.items()}
        moved = merging.merge_parties([{"id": key, **d.columns} for key, d in drafts.items()])
        changes = [(key, old, new) for key, (old, new) in moved.items() if old != new]
        merging.leave(((key, old) for key, old, _new in changes if old), self.works_at)
        merging.employ(((key, new) for key, _old, new in changes if new), self.works_at)
        reached = merging.add_points(
            [
                {"party_id": key, **point}
                for key, draft in drafts.items()
                for points in draft.points.values()
                for point in points
            ]
        )
        housed = merging.merge_addresses(
            [
                {"party_id": key, **address}
                for key, draft in drafts.items()
                for address in draft.addresses or ()
            ]
        )
        touched = {*reached, *housed} - set(moved)
        writing.touch(touched)
        writing.refresh_search({*moved, *reached})
        plan.written += {*moved, *touched}
        for party in {*moved, *touched}:
            number = plan.changed[party][0]
            if plan.outcomes[number] == Outcome.SKIPPED:
                plan.outcomes[number] = Outcome.UPDATED


def _columns(draft: Draft, by: User | None) -> dict[str, Any]:
    row = {"kind": draft.kind, "reach": draft.reach, **draft.columns}
    if by is not None:
        row.setdefault("owner_id", by.pk)
    return row


def _nameless(draft: Draft) -> str:
    try:
        name_it(draft)
    except Invalid as invalid:
        return str(next(iter(invalid.fields.values())))
    return ""


def _folded(first: PartyRow, later: PartyRow) -> bool:
    """Lay what a later row says over an earlier one; whether that changes anything."""
    before = (dict(first.draft.columns), first.company)
    tags, custom = (first.draft.columns.get(name, {}) for name in ("tags", "custom"))
    first.draft.columns |= later.draft.columns
    if "custom" in later.draft.columns:
        first.draft.columns["custom"] = {**custom, **later.draft.columns["custom"]}
    if "tags" in later.draft.columns:
        added = [tag for tag in later.draft.columns["tags"] if tag not in tags]
        first.draft.columns["tags"] = [*tags, *added]
    first.company = later.company or first.company
    return _added_points(first, later) or before != (first.draft.columns, first.company)


def _added_points(first: PartyRow, later: PartyRow) -> bool:
    changed = False
    for kind, points in later.draft.points.items():
        mine = first.draft.points.setdefault(kind, [])
        known = {point["value"] for point in mine}
        for point in points:
            if point["value"] not in known:
                mine.append(point | {"position": len(mine), "is_primary": not mine})
                changed = True
    return changed


__all__ = ["PartyImporter", "Point", "companies_importer", "contacts_importer"]
