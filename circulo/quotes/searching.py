"""Finding quotes by words: by number and title, or by a party that one finds by these words too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from circulo.lib.names import plain
from circulo.quotes.models import Quote
from circulo.records.finding import MOST_WORDS
from circulo.sales.searching import of_parties

if TYPE_CHECKING:
    from circulo.accounts.models import User


def holding(rows: QuerySet[Any], words: str, user: User) -> QuerySet[Any]:
    """The quotes of which each word stands in the quote itself or in what its party is found by."""
    for word in plain(words).split()[:MOST_WORDS]:
        own = saying(Quote.objects.all(), word, user).values("pk")
        rows = rows.filter(pk__in=own.union(*of_parties(Quote.objects.all(), word, user)))
    return rows


def saying(rows: QuerySet[Any], word: Any, user: User) -> QuerySet[Any]:
    """The quotes that say a word in their number or their title, which no role is denied."""
    return rows.filter(search__contains=word)
