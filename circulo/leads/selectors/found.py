"""Leads found by words, as the search over everything shows them."""

from __future__ import annotations

from circulo.accounts.models import User
from circulo.leads.models import Lead
from circulo.leads.searching import saying
from circulo.records.finding import keys_found

_ORDER = ("-arrived_at", "-pk")


def found_leads(user: User, text: str, *, limit: int) -> list[Lead]:
    """The leads that hold every word of a text, those that came last first."""
    keys = keys_found(user, text, "leads", saying, _ORDER, limit=limit)
    rows = Lead.objects.visible_to(user).filter(pk__in=keys)
    return list(rows.order_by(*_ORDER)) if keys else []
