"""Deals found by words, as the search over everything shows them."""

from __future__ import annotations

from circulo.accounts.models import User
from circulo.records.finding import keys_found
from circulo.sales.models import Deal
from circulo.sales.searching import saying

_ORDER = ("-updated_at", "-pk")


def found_deals(user: User, text: str, *, limit: int) -> list[Deal]:
    """The deals that hold every word of a text, those that were touched last first."""
    keys = keys_found(user, text, "deals", saying, _ORDER, limit=limit)
    rows = Deal.objects.visible_to(user).filter(pk__in=keys).select_related("stage")
    return list(rows.order_by(*_ORDER)) if keys else []
