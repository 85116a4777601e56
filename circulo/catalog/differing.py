"""What drafts say of products that are there, compared with what they are."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal

from circulo.catalog.drafts import Draft
from circulo.catalog.models import Product
from circulo.catalog.selectors.products import BEST_FIRST, listed_rows

# By product and currency: from which quantity on, and what it costs.
Listed = dict[tuple[int, str], tuple[Decimal, Decimal]]


def differing(drafts: Mapping[int, Draft]) -> set[int]:
    """The products of which a draft says something else than what is there."""
    there = Product.objects.in_bulk(drafts)
    return {key for key, product in there.items() if _differs(product, drafts[key])}


def listed(keys: Collection[int]) -> Listed:
    """What products cost, as lists and exports tell it."""
    rows = listed_rows().filter(product__in=keys).order_by(*BEST_FIRST)
    found: Listed = {}
    for key, currency, quantity, amount in rows.values_list(
        "product", "list__currency", "from_quantity", "amount"
    ):
        found.setdefault((key, currency), (quantity, amount))
    return found


def _differs(product: Product, draft: Draft) -> bool:
    columns = dict(draft.columns)
    custom = columns.pop("custom", {})
    told = product.translations
    return (
        any(getattr(product, name) != value for name, value in columns.items())
        or any(product.custom.get(name) != value for name, value in custom.items())
        or any((told.get(one) or {}).get("name") != name for one, name in draft.called.items())
    )
