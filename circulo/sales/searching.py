"""Finding deals by words: by their own text, or by the name of a party that one sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from circulo.lib.names import plain
from circulo.parties.models import Party
from circulo.sales.models import Deal

if TYPE_CHECKING:
    from circulo.accounts.models import User

MOST_WORDS = 6


def holding(rows: QuerySet[Any], words: str, user: User) -> QuerySet[Any]:
    """The deals of which each word stands in the deal itself or in what its party is called."""
    seen = Party.objects.visible_to(user)
    for word in plain(words).split()[:MOST_WORDS]:
        own = Deal.objects.filter(search__contains=word).values("pk")
        theirs = Deal.objects.filter(party__in=seen.filter(search__contains=word)).values("pk")
        rows = rows.filter(pk__in=own.union(theirs))
    return rows
