"""Finding deals by words: by their own text, or by a party that one finds by these words too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Func, QuerySet, TextField, Value

from circulo.lib.names import plain
from circulo.records.resources import resource
from circulo.sales.models import Deal
from circulo.sales.models.deals import SEARCHED

if TYPE_CHECKING:
    from circulo.accounts.models import User

MOST_WORDS = 6
PARTIES = ("contacts", "companies")


def holding(rows: QuerySet[Any], words: str, user: User) -> QuerySet[Any]:
    """The deals of which each word stands in the deal itself or in what its party is found by."""
    for word in plain(words).split()[:MOST_WORDS]:
        own = saying(Deal.objects.all(), word, user).values("pk")
        theirs = [_of_parties(name, word, user) for name in PARTIES]
        rows = rows.filter(pk__in=own.union(*theirs))
    return rows


def saying(rows: QuerySet[Any], word: str, user: User) -> QuerySet[Any]:
    """The deals that say a word themselves, in what this person's role sees of them."""
    rows = rows.filter(search__contains=word)
    if not resource("deals").hides_from(user):
        return rows
    seen = Func(Value(" "), *SEARCHED, function="concat_ws", output_field=TextField())
    text = Func(seen, function="circulo_plain", output_field=TextField())
    found: QuerySet[Any] = rows.alias(seen_text=text).filter(seen_text__contains=word)
    return found


def _of_parties(name: str, word: str, user: User) -> QuerySet[Any]:
    kind = resource(name)
    found = kind.find(kind.visible(user), word, user)
    return Deal.objects.filter(party__in=found.values("pk")).values("pk")
