"""Finding leads by words, without telling what a role does not see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet

from circulo.lib.names import plain
from circulo.records.models import OWN

if TYPE_CHECKING:
    from circulo.accounts.models import User

MOST_WORDS = 6
_TOLD = ("name", "company", "reference", "email", "phone")


def holding(rows: QuerySet[Any], words: str, user: User) -> QuerySet[Any]:
    """The leads in which each word stands; of a role that does not see all, in what it sees."""
    hidden = user.hidden_fields("leads")
    is_blind = bool(hidden & {"email", "phone"}) or any(n.startswith(OWN) for n in hidden)
    for word in plain(words).split()[:MOST_WORDS]:
        rows = rows.filter(search__contains=word)
        if is_blind:
            seen = Q()
            for name in _TOLD:
                if name not in hidden:
                    seen |= Q(**{f"{name}__unaccent__icontains": word})
            rows = rows.filter(seen)
    return rows
