"""Finding leads by words, without telling what a role does not see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from circulo.lib.names import plain
from circulo.records.finding import MOST_WORDS, saying_in
from circulo.records.models import OWN

if TYPE_CHECKING:
    from circulo.accounts.models import User

_TOLD = ("name", "company", "reference", "email", "phone")


def holding(rows: QuerySet[Any], words: str, user: User) -> QuerySet[Any]:
    """The leads in which each word stands."""
    for word in plain(words).split()[:MOST_WORDS]:
        rows = saying(rows, word, user)
    return rows


def saying(rows: QuerySet[Any], word: Any, user: User) -> QuerySet[Any]:
    """The leads that say a word; of a role that does not see all, in what it sees."""
    rows = rows.filter(search__contains=word)
    hidden = user.hidden_fields("leads")
    if not (hidden & {"email", "phone"} or any(name.startswith(OWN) for name in hidden)):
        return rows
    return saying_in(rows, [name for name in _TOLD if name not in hidden], word)
