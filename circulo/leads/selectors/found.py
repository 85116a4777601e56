"""Leads found by words, as the search over everything shows them."""

from __future__ import annotations

from circulo.accounts.models import User
from circulo.leads.models import Lead
from circulo.leads.searching import MOST_WORDS, holding
from circulo.lib.names import plain

SHORTEST = 3


def found_leads(user: User, text: str, *, limit: int) -> list[Lead]:
    """The leads that hold every word of a text, those that came last first."""
    words = plain(text).split()[:MOST_WORDS]
    if not words or max(map(len, words)) < SHORTEST:
        return []
    rows = holding(Lead.objects.visible_to(user), " ".join(words), user)
    return list(rows.order_by("-arrived_at", "-pk")[:limit])
