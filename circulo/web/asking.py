"""What somebody says in the address of a page or with a button, as it is meant."""

from collections.abc import Sequence

from django.http import QueryDict

from circulo.lib import text

MOST_LETTERS = 200


def words(query: QueryDict, name: str, *, limit: int = MOST_LETTERS) -> str:
    """The text that a query gives under a name; what no database takes is left out of it."""
    return text.salvage(query.get(name, ""), limit=limit)


def one_place_on(order: Sequence[int], key: int, asked: QueryDict) -> list[int]:
    """The keys in order after the button beside one of them moved it a place: to the front where
    `way` is up, else to the end. Whatever stands outermost stays there."""
    moved = [one for one in order if one != key]
    step = -1 if asked.get("way") == "up" else 1
    moved.insert(max(0, [*order].index(key) + step), key)
    return moved
