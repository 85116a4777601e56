"""What the stages of deals suggest to do, and how much of it is planned and done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import BooleanField, Case, Exists, F, OuterRef, Subquery, When
from django.db.models.functions import JSONObject
from django.utils import timezone

from circulo.accounts.models import User
from circulo.agenda.models import Entry, seen_by
from circulo.lib import ids
from circulo.sales.models import Deal, DealStep, StageAct

SUGGESTED = "suggested"
STATES = (SUGGESTED, "planned", "done", "dropped")
_STATES = {Entry.State.OPEN: "planned", Entry.State.DONE: "done", Entry.State.DROPPED: "dropped"}


@dataclass(frozen=True)
class Suggested:
    """An act of the stage of a deal: what became of it, and its entry where one sees that."""

    act: StageAct
    state: str
    entry: Entry | None = None
    is_next: bool = False

    @property
    def may_be_planned(self) -> bool:
        """Whether nothing stands in the agenda of it: what was dropped may be planned anew."""
        return self.state in (SUGGESTED, "dropped")

    @property
    def day(self) -> date:
        """When it would be due, planned now."""
        return timezone.localdate() + timedelta(days=self.act.after_days)


def suggested_for(user: User, deal: Deal) -> list[Suggested]:
    """What the stage of a deal suggests, in its order; nothing for a deal that is over.

    An act is planned whoever sees what was planned. The next one is the first of which nothing was
    planned yet.
    """
    acts = acts_of_stage(deal.stage_id) if deal.is_open else []
    if not acts:
        return []
    seen = Case(When(seen_by(user), then=True), default=False, output_field=BooleanField())
    rows: Any = Entry.objects.filter(deal_step__deal=deal, deal_step__act__in=acts).order_by("pk")
    rows = rows.annotate(of_act=F("deal_step__act"), is_seen=seen)
    planned = {entry.of_act: entry for entry in rows}
    following = next((act.pk for act in acts if act.pk not in planned), None)
    return [_suggested(act, planned.get(act.pk), act.pk == following) for act in acts]


def _suggested(act: StageAct, entry: Any, is_next: bool) -> Suggested:
    if entry is None:
        return Suggested(act, SUGGESTED, None, is_next)
    return Suggested(act, _STATES[entry.state], entry if entry.is_seen else None)


def next_act() -> Subquery:
    """Of deals without a next step the first act of their stage of which nothing was planned yet,
    as JSON; else none. All of it is asked deal by deal, for it is read of few.
    """
    steps = DealStep.objects.filter(deal=OuterRef(OuterRef("pk")))
    open_ones = steps.filter(entry__state=Entry.State.OPEN)
    acts = StageAct.objects.filter(
        ~Exists(steps.filter(act=OuterRef("pk"))), ~Exists(open_ones), stage=OuterRef("stage_id")
    )
    return Subquery(acts.in_order().values(json=JSONObject(key="pk", title="title"))[:1])


def acts_of_stage(stage: int) -> list[StageAct]:
    """What a stage suggests, in its order."""
    return list(StageAct.objects.filter(stage=stage).in_order())


def acts_by_stage(stages: Iterable[int]) -> dict[int, list[StageAct]]:
    """By stage what each suggests, in its order, read in one statement."""
    found: dict[int, list[StageAct]] = {}
    for act in StageAct.objects.filter(stage__in=list(stages)).in_order():
        found.setdefault(act.stage_id, []).append(act)
    return found


def act_called(identifier: str) -> StageAct | None:
    """The act of this identifier, with its stage and the pipeline of that."""
    rows = StageAct.objects.select_related("stage__pipeline")
    return rows.filter(pk=ids.key_of("stage_act", identifier)).first()
