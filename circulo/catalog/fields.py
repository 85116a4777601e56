"""Products, price lists and price rules as lists, the API, exports and criteria see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from circulo.catalog.models import (
    Coupon,
    ExchangeRate,
    PriceList,
    PriceRule,
    Product,
    TaxClass,
    TaxRate,
    Withholding,
)
from circulo.catalog.selectors.products import holding, listed_rows
from circulo.records.resources import Field, Own, Resource, Type, named, register

if TYPE_CHECKING:
    pass


def _kinds() -> dict[str, str | Promise]:
    return dict(Product.Kind.choices)


def _tax_classes() -> dict[str, str | Promise]:
    return dict(TaxClass.choices)


def _rule_kinds() -> dict[str, str | Promise]:
    return dict(PriceRule.Kind.choices)


register(
    Resource(
        "products",
        "products",
        _("Products"),
        lambda user: Product.objects.visible_to(user),
        named(
            [
                Field("name", _("Name"), indexed_by="search", sort_by="sort_key"),
                Field("code", _("Code"), indexed_by="search", sort_by="code"),
                Field("family", _("Family"), sort_by="family", then_by="sort_key"),
                Field("kind", _("Kind"), Type.CHOICE, choices=_kinds),
                Field("unit", _("Unit")),
                Field(
                    "price",
                    _("Price"),
                    Type.NUMBER,
                    path="amount",
                    related=lambda user: listed_rows(),
                    back="product",
                ),
                Field("cost", _("Cost"), Type.NUMBER),
                Field("tax_class", _("Tax class"), Type.CHOICE, choices=_tax_classes),
                Field("description", _("Description"), is_column=False),
                Field("is_active", _("Sold"), Type.YES_NO, sort_by="is_active"),
                Field("created_at", _("Created"), Type.MOMENT, sort_by="created_at"),
                Field("updated_at", _("Changed"), Type.MOMENT, sort_by="updated_at"),
            ]
        ),
        "-is_active,name",
        ("name", "code", "family", "price", "unit", "kind", "is_active"),
        holding,
        Product,
        own=Own(),
    )
)
register(
    Resource(
        "price-lists",
        "products",
        _("Price lists"),
        lambda user: PriceList.objects.visible_to(user),
        named(
            [
                Field("name", _("Name"), sort_by="name"),
                Field("rank", _("Rank"), Type.NUMBER, sort_by="rank"),
                Field("currency", _("Currency")),
                Field("is_default", _("Default list"), Type.YES_NO),
                Field("is_active", _("In use"), Type.YES_NO),
                Field("starts_on", _("From"), Type.DATE),
                Field("ends_on", _("To"), Type.DATE),
            ]
        ),
        "rank",
        model=PriceList,
    )
)
register(
    Resource(
        "price-rules",
        "products",
        _("Price rules"),
        lambda user: PriceRule.objects.visible_to(user),
        named(
            [
                Field("rank", _("Rank"), Type.NUMBER, sort_by="rank"),
                Field("name", _("Name"), sort_by="name"),
                Field("kind", _("What it does"), Type.CHOICE, choices=_rule_kinds),
                Field("is_active", _("In use"), Type.YES_NO),
                Field("starts_on", _("From"), Type.DATE),
                Field("ends_on", _("To"), Type.DATE),
            ]
        ),
        "rank",
        model=PriceRule,
    )
)
register(
    Resource(
        "coupons",
        "products",
        _("Coupons"),
        lambda user: Coupon.objects.visible_to(user),
        named(
            [
                Field("code", _("Code"), sort_by="code"),
                Field("uses", _("Uses"), Type.NUMBER, sort_by="uses"),
                Field("is_active", _("In use"), Type.YES_NO),
                Field("starts_on", _("From"), Type.DATE),
                Field("ends_on", _("To"), Type.DATE),
            ]
        ),
        "code",
        model=Coupon,
    )
)
register(
    Resource(
        "tax-rates",
        "products",
        _("Taxes"),
        lambda user: TaxRate.objects.visible_to(user),
        named(
            [
                Field("region", _("Region"), sort_by="region"),
                Field("tax_class", _("Tax class"), Type.CHOICE, choices=_tax_classes),
                Field("starts_on", _("From"), Type.DATE, sort_by="starts_on"),
                Field("ends_on", _("To"), Type.DATE),
            ]
        ),
        "region",
        model=TaxRate,
    )
)
register(
    Resource(
        "withholdings",
        "products",
        _("Withheld from professionals"),
        lambda user: Withholding.objects.visible_to(user),
        named(
            [
                Field("region", _("Region"), sort_by="region"),
                Field("key", _("Key"), sort_by="key"),
                Field("name", _("Name")),
                Field("starts_on", _("From"), Type.DATE, sort_by="starts_on"),
                Field("ends_on", _("To"), Type.DATE),
            ]
        ),
        "region",
        model=Withholding,
    )
)
register(
    Resource(
        "exchange-rates",
        "products",
        _("Exchange rates"),
        lambda user: ExchangeRate.objects.visible_to(user),
        named(
            [
                Field("currency", _("Currency"), sort_by="currency"),
                Field("target", _("into"), sort_by="target"),
                Field("day", _("day"), Type.DATE, sort_by="day"),
            ]
        ),
        "-day",
        model=ExchangeRate,
    )
)
