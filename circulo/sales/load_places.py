"""What rows of deals name: their contacts, stages, reasons and owners, looked up batch by batch."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.accounts.rights import Reach
from circulo.lib import names
from circulo.parties.actions.writing import insert_parties
from circulo.parties.matching import Matcher
from circulo.parties.models import Party, PartyKind
from circulo.records.load_people import first_administrator
from circulo.records.load_types import Task
from circulo.records.mapping import folded
from circulo.sales.actions import add_stage
from circulo.sales.load_people import FoundPeople, People
from circulo.sales.load_rows import DealRow
from circulo.sales.models import Deal, Pipeline, Reason, Stage

_OPEN = Deal.Outcome.OPEN
OF_AN_END = ("closed_at", "reason_id", "reason_note", "lost_to")
Mark = tuple[int, str]


@dataclass(frozen=True)
class Before:
    """A deal as it stood when its row was placed."""

    pipeline: int
    owner: int
    outcome: str
    amount: Decimal | None
    currency: str
    follows_lines: bool
    party: int | None
    party_kind: str | None

    def keeps_its_party(self, person: int) -> bool:
        """Whether a row that names this person alone leaves the deal with whom it is: a company
        stays, and what is said of a person beside it is that they have a part.
        """
        return self.party_kind == PartyKind.ORGANISATION and self.party != person


@dataclass
class Found:
    """What was found or made for a batch: companies and stages by what they are called."""

    companies: dict[str, int] = field(default_factory=dict)
    stages: dict[Mark, int] = field(default_factory=dict)
    parties: set[int] = field(default_factory=set)
    people: FoundPeople = field(default_factory=FoundPeople)


class Places:
    """Gives rows their places among what is there; what is missing is made where that is asked."""

    def __init__(self, task: Task) -> None:
        self.task, self.by = task, task.by
        owner = task.by or first_administrator()
        self.owner = owner.pk if owner else None
        self.receivers = _receivers(task.by)
        self.people = People(task)
        self.matcher = Matcher(PartyKind.ORGANISATION, "name", task.by)
        rows = list(Pipeline.objects.in_order())
        self.pipelines = {folded(one.name): one.pk for one in rows}
        self.default = next((one.pk for one in rows if one.is_default), rows[0].pk if rows else 0)
        self.reasons = {(r.outcome, folded(r.label)): r.pk for r in Reason.objects.all()}
        self.ends = _ends()
        self.known = Found(stages=_stages_called())
        self.found: dict[int, Found] = {}

    def settle(self, turn: int, *, kept: bool) -> None:
        """Remember the companies and stages of a batch that was kept."""
        found = self.found.pop(turn, Found())
        if kept:
            self.known.companies |= found.companies
            self.known.stages |= found.stages

    def marks(self, row: DealRow) -> Iterator[Hashable]:
        """What a row may have made that another names too: a company, a stage."""
        if row.firm and (key := names.sort_key(row.firm)) not in self.known.companies:
            yield ("company", key)
        if row.stage and not self._knows_stage(row):
            yield ("stage", folded(row.stage))

    def pipeline_of(self, row: DealRow, before: Before | None) -> int:
        """The pipeline that a row says, else that of the deal, else the one for new deals."""
        said = self.pipelines.get(folded(row.pipeline), 0) if row.pipeline else 0
        return said or (before.pipeline if before else self.default)

    def look_up(self, rows: Sequence[tuple[DealRow, Before | None]], turn: int) -> Found:
        """Find what the rows of a batch name, and make what is missing."""
        found = self.found.setdefault(turn, Found())
        self._find_companies([row.firm for row, _b in rows if row.firm], found)
        self._find_stages({self._mark(row, b): row.stage for row, b in rows if row.stage}, found)
        found.people = self.people.look_up([row for row, _b in rows])
        found.parties = self._seen({row.party for row, _b in rows if row.party})
        return found

    def place(self, row: DealRow, before: Before | None, found: Found) -> str:
        """Fill in the columns of a row; why that cannot be."""
        return (
            self._give(row, before)
            or self._place_party(row, before, found)
            or self._place_stage(row, before, found)
            or self._place_end(row, before)
        )

    def _give(self, row: DealRow, before: Before | None) -> str:
        """A deal is given only to whom it could be given by hand, or stays where it is."""
        stays = before.owner if before else self.owner
        to = row.columns.get("owner_id", stays)
        if self.receivers is None or to == stays or to in self.receivers:
            return ""
        return _("There is no such person whom you could give this to.")

    def _place_party(self, row: DealRow, before: Before | None, found: Found) -> str:
        if row.party:
            row.columns["party_id"] = row.party
            known = row.party in found.parties
            return "" if known else _("There is no such contact here.")
        person, refusal = self.people.whom(row, found.people)
        if refusal and not _comes_without(row, refusal):
            return refusal
        if row.firm:
            row.involved = person
            key = names.sort_key(row.firm)
            company = self.known.companies.get(key) or found.companies.get(key)
            if company is None and not self.task.is_rehearsal:
                return _("There is no company “%s” here.") % row.firm[:60]
            row.columns["party_id"] = company
        elif person and before and before.keeps_its_party(person):
            row.involved = person
        elif person:
            row.columns["party_id"] = person
        return ""

    def _place_stage(self, row: DealRow, before: Before | None, found: Found) -> str:
        if row.stage:
            mark = self._mark(row, before)
            stage = self.known.stages.get(mark) or found.stages.get(mark)
            if stage:
                row.columns |= {"stage_id": stage, "pipeline_id": mark[0]}
            elif not (self.task.is_rehearsal and self._may_make_stages):
                return _("There is no stage “%s” here.") % row.stage[:60]
        elif row.pipeline and before and before.pipeline != self.pipeline_of(row, before):
            pipeline = self.pipeline_of(row, before)
            row.columns |= {"stage_id": self.ends[pipeline][0], "pipeline_id": pipeline}
        return ""

    def _place_end(self, row: DealRow, before: Before | None) -> str:
        """A reason of ours, or else in their words; the end of what is open is expected."""
        outcome = row.outcome or (before.outcome if before else _OPEN)
        if outcome == _OPEN:
            ends = {name: row.columns.pop(name, "") for name in OF_AN_END}
            if ends["closed_at"]:
                row.columns.setdefault("expected_on", ends["closed_at"][:10])
            return ""
        if outcome != Deal.Outcome.LOST:
            row.columns.pop("lost_to", None)
        if row.reason:
            known = self.reasons.get((outcome, folded(row.reason)))
            if known:
                row.columns["reason_id"] = known
            else:
                row.columns.setdefault("reason_note", row.reason)
        return ""

    def _find_companies(self, said: Sequence[str], found: Found) -> None:
        wanted = {names.sort_key(name): name for name in reversed(said)}
        unknown = [key for key in wanted if key not in self.known.companies]
        if not unknown:
            return
        found.companies |= self.matcher.organisations(unknown)
        may = self.task.makes_missing and (self.by is None or self.by.may("companies", "create"))
        missing = [wanted[key] for key in unknown if key not in found.companies]
        if missing and may and not self.task.is_rehearsal:
            owner = {"owner_id": self.by.pk} if self.by else {}
            made = [{"kind": PartyKind.ORGANISATION, "reach": "", "trade_name": n, **owner}
                    for n in missing]  # fmt: skip
            keys = insert_parties(made)
            found.companies |= dict(zip(map(names.sort_key, missing), keys, strict=True))

    def _find_stages(self, said: dict[Mark, str], found: Found) -> None:
        unknown = {mark: name for mark, name in said.items() if mark not in self.known.stages}
        if not unknown:
            return
        found.stages |= {mark: key for mark, key in _stages_called().items() if mark in unknown}
        if not self._may_make_stages or self.task.is_rehearsal:
            return
        for mark, name in unknown.items():
            if mark not in found.stages:
                pipeline = Pipeline.objects.get(pk=mark[0])
                found.stages[mark] = add_stage(pipeline, {"name": name}, by=self.by).pk

    @property
    def _may_make_stages(self) -> bool:
        return self.task.makes_missing and (self.by is None or self.by.is_admin)

    def _mark(self, row: DealRow, before: Before | None) -> Mark:
        return self.pipeline_of(row, before), folded(row.stage)

    def _knows_stage(self, row: DealRow) -> bool:
        """Whether its stage is there, whichever pipeline the deal may turn out to be in."""
        said = self.pipelines.get(folded(row.pipeline)) if row.pipeline else None
        there: Iterable[int] = [said] if said else self.pipelines.values()
        return all((pipeline, folded(row.stage)) in self.known.stages for pipeline in there)

    def _seen(self, keys: set[int]) -> set[int]:
        if not keys:
            return set()
        rows = Party.objects.kept() if self.by is None else Party.objects.visible_to(self.by)
        return set(rows.filter(pk__in=keys).values_list("pk", flat=True))


def befores(keys: Iterable[int]) -> dict[int, Before]:
    """The deals with these keys as they stand now."""
    rows: Iterable[Any] = Deal.objects.filter(pk__in=keys).values_list(
        "pk", "pipeline_id", "owner_id", "outcome", "amount", "currency", "amount_from_lines",
        "party_id", "party__kind",
    )  # fmt: skip
    return {key: Before(*rest) for key, *rest in rows}


def _stages_called() -> dict[Mark, int]:
    """Every stage by its pipeline and what it is called."""
    rows = Stage.objects.in_order().values_list("pipeline", "name", "pk")
    return {(pipeline, folded(name)): key for pipeline, name, key in rows}


def _ends() -> dict[int, tuple[int, int]]:
    """The first and the last stage of every pipeline."""
    found: dict[int, tuple[int, int]] = {}
    for pipeline, key in Stage.objects.in_order().values_list("pipeline", "pk"):
        found[pipeline] = (found.get(pipeline, (key, key))[0], key)
    return found


def _receivers(by: User | None) -> frozenset[int] | None:
    """Those whom a person may give deals to; None where that is everybody."""
    if by is None or by.reach("deals", "edit") == Reach.ALL:
        return None
    people = User.objects.filter(is_active=True).select_related("team")
    return frozenset(one.pk for one in people if by.may_give("deals", one))


def _comes_without(row: DealRow, why: str) -> bool:
    """Whether a deal is known without the person whom its row names: its company tells whose it is,
    and a remark that nobody else has a part in it.
    """
    told = _("%s The deal was taken over without them.") % why
    if row.firm and told not in row.remark:  # a batch may be given once more
        row.remark = f"{row.remark} {told}".strip()
    return bool(row.firm)
