"""Quotes found by words, as the search over everything shows them."""

from __future__ import annotations

from circulo.accounts.models import User
from circulo.quotes.models import Quote
from circulo.quotes.searching import saying
from circulo.records.finding import keys_found

_ORDER = ("-updated_at", "-pk")


def found_quotes(user: User, text: str, *, limit: int) -> list[Quote]:
    """The quotes whose number and title hold every word of a text, those touched last first."""
    keys = keys_found(user, text, "quotes", saying, _ORDER, limit=limit)
    rows = Quote.objects.visible_to(user).filter(pk__in=keys)
    return list(rows.order_by(*_ORDER)) if keys else []
