"""What deals ask of somebody today: those without a next step, and those that are stale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject

from circulo.accounts.models import User
from circulo.parties.models import Party
from circulo.records import criteria
from circulo.sales.expressions import days_in_stage, has_next_step, is_stale
from circulo.sales.models import Deal, StageAct
from circulo.sales.selectors.acts import next_act

SHOWN = 6


@dataclass(frozen=True)
class Still:
    """A deal that stands still, and what its stage suggests where nothing is planned for it."""

    deal: Deal
    act: StageAct | None

    @classmethod
    def of(cls, deal: Any, may_plan: bool) -> Still:
        """A deal that was read with what is suggested; to who may plan that."""
        said = deal.suggested if may_plan else None
        return cls(deal, StageAct(pk=said["key"], title=said["title"]) if said else None)


def standing_still(user: User) -> dict[str, Any] | None:
    """One's own open deals that stand still, those expected first; None where there are none."""
    if not user.may("deals", "view"):
        return None
    rows = Deal.objects.visible_to(user).on_board().filter(owner=user.pk)
    party = Party.objects.visible_to(user).filter(pk=OuterRef("party_id"))
    told = (
        rows.select_related("stage")
        .annotate(
            days=days_in_stage(),
            party_called=Subquery(party.values(json=JSONObject(name="name"))),
            suggested=next_act(),
        )
        .order_by("expected_key", "pk")
    )
    stale = list(told.alias(stale=is_stale()).filter(stale=True)[: SHOWN + 1])
    without = told.alias(planned=has_next_step()).filter(planned=False)
    bare = list(without.exclude(pk__in=[deal.pk for deal in stale])[: SHOWN + 1])
    if not stale and not bare:
        return None
    may_plan = user.may("deals", "edit") and user.may("tasks", "create")
    slow, idle = ([Still.of(deal, may_plan) for deal in rows[:SHOWN]] for rows in (stale, bare))
    return {
        "stale": slow,
        "without": idle,
        "first": next((one for one in (*slow, *idle) if one.act), None),
        "more": _list_of(user) if max(len(stale), len(bare)) > SHOWN else "",
        "hides_amounts": "amount" in user.hidden_fields("deals"),
    }


def _list_of(user: User) -> str:
    """The list of all of one's own deals that stand still."""
    still = {"any": [{"field": "is_stale", "op": "is", "value": True},
                     {"field": "has_next_step", "op": "is", "value": False}]}  # fmt: skip
    asked = {"all": [{"field": "outcome", "op": "is", "value": "open"},
                     {"field": "owner", "op": "is", "value": user.opaque}, still]}  # fmt: skip
    said = {"view": "none", "shape": "table", "filter": criteria.written(asked)}
    return f"/deals?{urlencode(said)}"
