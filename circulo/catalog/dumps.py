"""Products handed out as a table that can be loaded again."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from circulo.accounts.models import User
from circulo.catalog.models import Price, Product
from circulo.records import criteria
from circulo.records.own import links
from circulo.records.own.cells import cell_of
from circulo.records.own.computed import known_to
from circulo.records.own.definitions import defined
from circulo.records.resources import resource

_CHUNK = 2_000
COLUMNS = ("id", "code", "name", "name_es", "name_en", "family", "kind", "unit", "description",
           "tax_class", "price", "cost", "is_active")  # fmt: skip


def dump_products(user: User, said: dict[str, Any]) -> tuple[list[str], Iterator[list[Any]]]:
    """The products that the person may see, as far as they fulfil the criterion."""
    rows: QuerySet[Product] = Product.objects.visible_to(user)
    if said:
        rows = criteria.narrow(rows, resource("products"), said, user)
    hidden = user.hidden_fields("products")
    columns = [name for name in COLUMNS if name not in hidden]
    own = defined("products").visible_to(user, "products")
    headings = [*columns, *(one.name for one in own.values())]
    return headings, _rows(user, rows.order_by("pk"), columns)


def _rows(user: User, rows: QuerySet[Product], columns: list[str]) -> Iterator[list[Any]]:
    own = defined("products").visible_to(user, "products")
    price = Price.objects.filter(
        product=OuterRef("pk"), list__is_default=True, from_quantity__lte=1
    ).order_by("list_id", "-from_quantity")
    found: Any = rows.annotate(
        price=Subquery(price.values("amount")[:1]),
        price_currency=Subquery(price.values("list__currency")[:1]),
    ).iterator(_CHUNK)
    while chunk := list(islice(found, _CHUNK)):
        customs = [known_to(user, "products", vars(row)) for row in chunk]
        links.hide_unseen(user, defined("products"), customs)
        for row, custom in zip(chunk, customs, strict=True):
            cells = [_cell(row, name) for name in columns]
            yield [*cells, *(cell_of(one, custom.get(key)) for key, one in own.items())]


def _cell(row: Any, name: str) -> Any:
    if name in ("name_es", "name_en"):
        return (row.translations.get(name[-2:]) or {}).get("name", "")
    if name == "price":
        return "" if row.price is None else f"{row.price.normalize():f} {row.price_currency}"
    if name == "cost":
        return "" if row.cost is None else f"{row.cost.normalize():f} {row.cost_currency}"
    if name == "is_active":
        return "yes" if row.is_active else "no"
    return row.public_id if name == "id" else getattr(row, name)
