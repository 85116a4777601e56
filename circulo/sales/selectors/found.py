"""Deals found by words, as the search over everything shows them."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from circulo.accounts import prepared
from circulo.accounts.models import User
from circulo.lib.names import plain
from circulo.records.resources import resource
from circulo.sales.models import Deal
from circulo.sales.searching import MOST_WORDS, saying

SHORTEST = 3


def found_deals(user: User, text: str, *, limit: int) -> list[Deal]:
    """The deals that hold every word of a text, those that were touched last first."""
    words = plain(text).split()[:MOST_WORDS]
    if not words or max(map(len, words)) < SHORTEST:
        return []

    def holding(user: User) -> QuerySet[Any, Any]:
        rows: QuerySet[Any] = Deal.objects.visible_to(user)
        for number in range(len(words)):
            rows = saying(rows, prepared.word(number), user)
        return rows.order_by("-updated_at", "-pk").values_list("pk")[:limit]

    seen = "seen " if resource("deals").hides_from(user) else ""
    name = f"{len(words)} {seen}words, {limit} deals"
    asked = prepared.statement(name, user, ("deals",), holding)
    keys = [key for (key,) in asked.rows(user, words=words)]
    if not keys:
        return []
    rows = Deal.objects.visible_to(user).filter(pk__in=keys).select_related("stage")
    return list(rows.order_by("-updated_at", "-pk"))
