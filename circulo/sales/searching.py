"""Finding deals by words: by their own text, or by a party that one finds by these words too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from circulo.lib.names import plain
from circulo.records.finding import MOST_WORDS, saying_in
from circulo.records.resources import resource
from circulo.sales.models import Deal
from circulo.sales.models.deals import SEARCHED

if TYPE_CHECKING:
    from circulo.accounts.models import User

PARTIES = ("contacts", "companies")


def holding(rows: QuerySet[Any], words: str, user: User) -> QuerySet[Any]:
    """The deals of which each word stands in the deal itself or in what its party is found by."""
    for word in plain(words).split()[:MOST_WORDS]:
        own = saying(Deal.objects.all(), word, user).values("pk")
        rows = rows.filter(pk__in=own.union(*of_parties(Deal.objects.all(), word, user)))
    return rows


def saying(rows: QuerySet[Any], word: str, user: User) -> QuerySet[Any]:
    """The deals that say a word themselves, in what this person's role sees of them."""
    rows = rows.filter(search__contains=word)
    if not resource("deals").hides_from(user):
        return rows
    return saying_in(rows, SEARCHED, word)


def of_parties(rows: QuerySet[Any], word: str, user: User) -> list[QuerySet[Any]]:
    """The keys of those whose party this person finds by a word: of people, of organisations."""
    kinds = [resource(name) for name in PARTIES]
    found = [kind.find(kind.visible(user), word, user).values("pk") for kind in kinds]
    return [rows.filter(party__in=parties).values("pk") for parties in found]
