"""What somebody typed freely into the address of a page, fit to be searched for."""

from django.http import QueryDict

from circulo.lib import text

MOST_LETTERS = 200


def words(query: QueryDict, name: str, *, limit: int = MOST_LETTERS) -> str:
    """The text that a query gives under a name; what no database takes is left out of it."""
    return text.salvage(query.get(name, ""), limit=limit)
