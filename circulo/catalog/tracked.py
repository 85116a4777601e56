"""What the ledger keeps of the catalogue: every change of a product, a price, a rule or a rate."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from circulo.catalog.models import (
    BundleItem,
    Coupon,
    ExchangeRate,
    Price,
    PriceList,
    PriceRule,
    Product,
    ProductNote,
    ProductTie,
    TaxRate,
    Withholding,
)
from circulo.catalog.reach import reaches
from circulo.records.tracking import Hidden, Root, Tracked, Within, root, track

if TYPE_CHECKING:
    from circulo.accounts.models import User


def _within(model: Any) -> Within:
    """All of a kind, or none: nobody owns what is sold."""

    def rows(user: User, act: str) -> QuerySet[Any] | None:
        return None if reaches(user, act) else model.objects.none()

    return rows


def _named(user: User, keys: Collection[int]) -> dict[int, tuple[str, str]]:
    rows = Product.objects.visible_to(user).filter(pk__in=keys)
    return {product.pk: (product.name, product.get_absolute_url()) for product in rows}


def _hides(user: User, keys: Collection[int]) -> dict[int, Hidden]:
    """What a product costs the firm is hidden in its history too."""
    hidden = user.hidden_fields("products")

    def hides(kind: str, column: str, row: dict[str, Any]) -> bool:
        if column == "custom":
            return any(name.startswith("custom.") for name in hidden)
        return kind == "product" and column.startswith("cost") and "cost" in hidden

    return dict.fromkeys(keys, hides)


root(
    Root("product", _within(Product), named=_named, hides=_hides),
    Root("price_list", _within(PriceList)),
    Root("price_rule", _within(PriceRule)),
    Root("coupon", _within(Coupon)),
    Root("tax_rate", _within(TaxRate)),
    Root("withholding", _within(Withholding)),
    Root("exchange_rate", _within(ExchangeRate)),
)


_SILENT = frozenset({"position", "is_demo", "created_at"})


def _part(
    model: Any, kind: str, label: Any, of: str, *told: str, together: tuple[str, ...] = ()
) -> Tracked:
    return Tracked(model, kind, label, root=of, root_kind="product", told=told, silent=_SILENT,
                   together=(together,) if together else ())  # fmt: skip


track(
    Tracked(
        Product,
        "product",
        _("Product"),
        told=("name",),
        bumped="version",
        touched="updated_at",
        silent=_SILENT,
        together=(("cost", "cost_currency"), ("variant_of_id", "attributes")),
        own_of=lambda row: "products",
    ),
    _part(BundleItem, "bundle_item", _("Part of a bundle"), "bundle_id", "item_id", "quantity"),
    _part(ProductNote, "product_note", _("What is known of it"), "product_id", "text"),
    _part(ProductTie, "product_tie", _("What goes with it"), "product_id", "other_id"),
    _part(
        Price,
        "price",
        _("Price"),
        "product_id",
        "list_id",
        "from_quantity",
        "amount",
        together=("list_id", "from_quantity", "amount"),
    ),
    Tracked(PriceList, "price_list", _("Price list"), told=("name",), is_in_history=False),
    Tracked(
        PriceRule,
        "price_rule",
        _("Price rule"),
        told=("name",),
        is_in_history=False,
        together=(("kind", "value", "nth", "currency", "from_amount"),),
    ),
    Tracked(
        Coupon,
        "coupon",
        _("Coupon"),
        told=("code",),
        is_in_history=False,
        derived=frozenset({"uses"}),
    ),
    Tracked(TaxRate, "tax_rate", pgettext_lazy("one", "Tax rate"), is_in_history=False),
    Tracked(Withholding, "withholding", _("Withholding"), told=("name",), is_in_history=False),
    Tracked(
        ExchangeRate,
        "exchange_rate",
        _("Exchange rate"),
        is_in_history=False,
        together=(("currency", "target", "day", "rate"),),
    ),
)
