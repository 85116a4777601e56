"""What the ledger keeps of quotas and adjustments; snapshots are never changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from circulo.forecasts.models import Adjustment, Quota
from circulo.records.tracking import Root, Tracked, Within, root, track

if TYPE_CHECKING:
    from circulo.accounts.models import User


def _within(model: type[Quota] | type[Adjustment]) -> Within:
    """Those of whoever's figures this person may change."""

    def rows(user: User, _act: str) -> QuerySet[Any] | None:
        return model.objects.visible_to(user, "edit")

    return rows


root(Root("quota", _within(Quota)), Root("adjustment", _within(Adjustment)))
track(
    Tracked(
        Quota,
        "quota",
        _("Quota"),
        told=("user_id", "team_id", "territory_id", "starts_on", "span", "amount"),
        touched="updated_at",
        together=(("amount", "currency"),),
        is_in_history=False,
    ),
    Tracked(
        Adjustment,
        "adjustment",
        _("Adjustment"),
        told=(
            "user_id",
            "team_id",
            "territory_id",
            "starts_on",
            "span",
            "category",
            "amount",
            "comment",
        ),
        together=(("amount", "currency"),),
        is_in_history=False,
    ),
)
