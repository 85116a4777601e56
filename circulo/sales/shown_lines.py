"""The lines of deals as one statement reads them for many, and as other programs are told them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import DecimalField, OuterRef, TextField
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, JSONObject

from circulo.catalog.lines import lines_shown
from circulo.catalog.models import PricedGoods, Product
from circulo.sales.models import DealLine

if TYPE_CHECKING:
    from circulo.accounts.models import User

_KEPT = {one.name: one for one in PricedGoods._meta.local_fields}
_NUMBERS = frozenset(name for name, one in _KEPT.items() if isinstance(one, DecimalField))


def lines_seen(user: User) -> Combinable:
    """The lines of a deal as JSON, for whoever sees products; numbers as texts, to stay exact."""
    rows = DealLine.objects.filter(
        deal=OuterRef("pk"), product__in=Product.objects.visible_to(user)
    )
    said: dict[str, Any] = {
        name: Cast(name, TextField()) if name in _NUMBERS else name for name in _KEPT
    }
    shape = JSONObject(pk="pk", product_id="product_id", called="product__name", **said)
    return ArraySubquery(rows.order_by("position", "pk").values(json=shape))


def lines_told(rows: Iterable[dict[str, Any]], currency: str) -> list[dict[str, Any]]:
    """Lines that were read as JSON, by the names of the API."""
    found = list(rows)
    names = {row["product_id"]: row["called"] for row in found}
    return lines_shown([_line(row) for row in found], currency, names)


def _line(row: dict[str, Any]) -> DealLine:
    values = {
        name: Decimal(row[name]) if name in _NUMBERS and row[name] is not None else row[name]
        for name in _KEPT
    }
    return DealLine(pk=row["pk"], product_id=row["product_id"], **values)
