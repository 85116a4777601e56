"""Records found by words, as the search over everything shows them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from django.db.models import Func, QuerySet, TextField, Value

from circulo.accounts import prepared
from circulo.lib.names import plain
from circulo.records.resources import resource

if TYPE_CHECKING:
    from circulo.accounts.models import User

MOST_WORDS = 6
SHORTEST = 3
Saying = Callable[[QuerySet[Any], Any, "User"], QuerySet[Any]]


def keys_found(
    user: User, text: str, name: str, saying: Saying, order: tuple[str, ...], *, limit: int
) -> list[int]:
    """The keys of those records of a resource that hold every word of a text, in an order.

    `saying` narrows rows to those that say a word in what this person's role sees of them. Nothing
    is looked for before a word is as long as an index needs it.
    """
    words = plain(text).split()[:MOST_WORDS]
    if not words or max(map(len, words)) < SHORTEST:
        return []
    kind = resource(name)

    def holding(user: User) -> QuerySet[Any, Any]:
        rows = kind.visible(user)
        for number in range(len(words)):
            rows = saying(rows, prepared.word(number), user)
        return rows.order_by(*order).values_list("pk")[:limit]

    hidden = sorted(user.hidden_fields(kind.kind)) if kind.hides_from(user) else []
    called = f"{len(words)} words, {limit} {name} without {hidden}"
    asked = prepared.statement(called, user, (name,), holding)
    return [key for (key,) in asked.rows(user, words=words)]


def saying_in(rows: QuerySet[Any], names: Iterable[str], word: Any) -> QuerySet[Any]:
    """The rows of which one of these columns says a word, however it is spelled."""
    seen = Func(Value(" "), Value(""), *names, function="concat_ws", output_field=TextField())
    text = Func(seen, function="circulo_plain", output_field=TextField())
    found: QuerySet[Any] = rows.alias(seen_text=text).filter(seen_text__contains=word)
    return found
