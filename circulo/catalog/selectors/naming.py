"""What products are called: offered while somebody types, and told where lines name them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from circulo.accounts.models import User
from circulo.catalog.models import Product
from circulo.catalog.selectors.products import holding

MOST, MOST_LETTERS = 12, 200


@dataclass(frozen=True)
class Named:
    """A product as it is offered: what is typed for it, and how people know it."""

    typed: str
    shown_name: str
    code: str


def products_to_name(user: User, text: str) -> list[Named]:
    """The products on sale that hold these words; those of one name are typed by their code."""
    words = text.replace("\0", "").strip()[:MOST_LETTERS]
    rows = Product.objects.visible_to(user).active()
    found = list(holding(rows, words).order_by("sort_key", "pk")[:MOST]) if words else []
    names = [one.name_key for one in found]
    return [
        Named(one.code if one.code and names.count(one.name_key) > 1 else one.name,
              one.shown_name, one.code)
        for one in found
    ]  # fmt: skip


def names_of(user: User, keys: Iterable[int | None]) -> dict[int, tuple[str, str]]:
    """Names and codes of those of these products that a person sees, by key."""
    rows = Product.objects.visible_to(user).filter(pk__in={key for key in keys if key})
    return {one.pk: (one.shown_name, one.code) for one in rows.only("name", "code", "translations")}
