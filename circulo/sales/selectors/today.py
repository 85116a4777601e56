"""What deals ask of somebody today: those without a next step, and those that are stale."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject

from circulo.accounts.models import User
from circulo.parties.models import Party
from circulo.sales.expressions import days_in_stage, has_next_step, is_stale
from circulo.sales.models import Deal

SHOWN = 6


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
        )
        .order_by("expected_key", "pk")
    )
    stale = list(told.alias(stale=is_stale()).filter(stale=True)[: SHOWN + 1])
    without = told.alias(planned=has_next_step()).filter(planned=False)
    bare = list(without.exclude(pk__in=[deal.pk for deal in stale])[: SHOWN + 1])
    if not stale and not bare:
        return None
    return {
        "stale": stale[:SHOWN],
        "without": bare[:SHOWN],
        "has_more": max(len(stale), len(bare)) > SHOWN,
        "hides_amounts": "amount" in user.hidden_fields("deals"),
    }
