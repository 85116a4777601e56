"""Products handed out as a table that can be loaded again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from django.db.models import QuerySet, Subquery

from circulo.accounts.models import User
from circulo.catalog.selectors.products import listed_prices
from circulo.lib import ids
from circulo.records import criteria
from circulo.records.own.definitions import defined
from circulo.records.own.tables import OwnCells
from circulo.records.resources import resource

_CHUNK = 2_000
COLUMNS = ("id", "code", "name", "name_es", "name_en", "family", "kind", "unit", "description",
           "tax_class", "price", "cost", "is_active")  # fmt: skip
HOLDS = {"is_active": "yes_no"}
_READ = ("pk", "code", "name", "translations", "family", "kind", "unit", "description", "tax_class",
         "listed", "listed_currency", "cost", "cost_currency", "is_active")  # fmt: skip


def dump_products(user: User, said: dict[str, Any]) -> tuple[list[str], Iterator[list[Any]]]:
    """The products that the person may see, as far as they fulfil the criterion."""
    kind = resource("products")
    return dump_rows(criteria.narrow(kind.visible(user), kind, said, user), user)


def dump_rows(rows: QuerySet[Any], user: User) -> tuple[list[str], Iterator[list[Any]]]:
    """Headings and rows of a list already narrowed to what this person may see."""
    hidden = user.hidden_fields("products")
    columns = [name for name in COLUMNS if name not in hidden]
    own = defined("products").visible_to(user, "products")
    return [*columns, *(one.name for one in own.values())], _rows(rows, columns, user)


def _rows(rows: QuerySet[Any], columns: Sequence[str], user: User) -> Iterator[list[Any]]:
    own = OwnCells(user, "products", defined("products").visible_to(user, "products"))
    price = listed_prices("pk")
    found = rows.order_by("pk").annotate(
        listed=Subquery(price.values("amount")[:1]),
        listed_currency=Subquery(price.values("list__currency")[:1]),
    )
    read = found.values(*dict.fromkeys((*_READ, *own.reads))).iterator(_CHUNK)
    while chunk := list(islice(read, _CHUNK)):
        for row, cells in zip(chunk, own.cells(chunk), strict=True):
            yield [*(_cell(row, name) for name in columns), *cells]


def _cell(row: dict[str, Any], name: str) -> Any:
    if name in ("name_es", "name_en"):
        return (row["translations"].get(name[-2:]) or {}).get("name", "")
    if name == "price":
        return _money(row["listed"], row["listed_currency"])
    if name == "cost":
        return _money(row["cost"], row["cost_currency"])
    if name == "is_active":
        return "yes" if row["is_active"] else "no"
    return ids.encode("product", row["pk"]) if name == "id" else row[name]


def _money(amount: Any, currency: str) -> str:
    return "" if amount is None else f"{amount.normalize():f} {currency}"
