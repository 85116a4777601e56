"""Products as screens and other programs read them."""

from __future__ import annotations

from typing import Any

from django.db.models import Func, OuterRef, Prefetch, Q, QuerySet, TextField
from django.db.models.fields.json import KeyTextTransform

from circulo.accounts.models import Firm, User
from circulo.catalog.models import (
    BundleItem,
    Price,
    PriceList,
    Product,
    ProductNote,
    ProductQuerySet,
    ProductTie,
)
from circulo.lib import ids
from circulo.lib.names import plain
from circulo.records.own.definitions import defined

MOST_WORDS = 6
BEST_FIRST = ("list_id", "-from_quantity")


def holding(rows: QuerySet[Any], words: str) -> QuerySet[Any]:
    """The products that hold these words in code, name, family or a field that search looks into.

    A catalogue is small enough for own fields to be looked through without a text of their own.
    """
    own = {
        f"own_{key}": Func(
            KeyTextTransform(key, "custom"), function="circulo_plain", output_field=TextField()
        )
        for key in defined("products").searchable
    }
    rows = rows.alias(**own)
    for word in plain(words.replace("\0", "")).split()[:MOST_WORDS]:
        found = Q(search__contains=word)
        for name in own:
            found |= Q(**{f"{name}__contains": word})
        rows = rows.filter(found)
    return rows


def seen_product(user: User, identifier: str, act: str = "view") -> Product | None:
    """The product of an identifier, where the person may do this with it."""
    key = ids.decode("product", identifier) or 0
    return Product.objects.visible_to(user, act).filter(pk=key).first()


def whole(rows: ProductQuerySet) -> ProductQuerySet:
    """Products with all that is told of them, in a fixed number of statements."""
    return rows.select_related("variant_of").prefetch_related(
        Prefetch("items", BundleItem.objects.select_related("item")),
        Prefetch("notes", ProductNote.objects.all()),
        Prefetch("ties", ProductTie.objects.select_related("other")),
    )


def prices_of(product: Product) -> list[Price]:
    """What a product costs on each list in use, in the order in which the lists count."""
    rows = Price.objects.filter(product=product, list__in=PriceList.objects.in_use())
    return list(
        rows.select_related("list").order_by(
            "list__is_default", "list__rank", "list_id", "from_quantity"
        )
    )


def listed_rows() -> QuerySet[Price]:
    """What one unit of each product costs on the default lists, by which products are told."""
    return Price.objects.filter(list__is_default=True, from_quantity__lte=1)


def listed_prices(product: str) -> QuerySet[Price]:
    """The prices of the product of an outer statement, that by which it is told the first."""
    return listed_rows().filter(product=OuterRef(product)).order_by(*BEST_FIRST)


def listed_price(product: Product) -> Price | None:
    """What one unit of a product costs, as lists and exports tell it."""
    rows = listed_rows().filter(product=product).select_related("list")
    return rows.order_by(*BEST_FIRST).first()


def families() -> list[str]:
    """Every family that a product which is sold belongs to."""
    rows = Product.objects.active().exclude(family="").order_by("family")
    return list(rows.values_list("family", flat=True).distinct())


def currency_of_the_firm() -> str:
    """The currency that is meant where none is said."""
    return Firm.objects.values_list("currency", flat=True).first() or "EUR"


def variants_of(product: Product) -> list[Product]:
    """The variants of a product that are sold, or its siblings where it is one itself."""
    parent = product.variant_of_id or product.pk
    rows = Product.objects.active().filter(variant_of=parent).exclude(pk=product.pk)
    return list(rows.order_by("sort_key", "pk"))
