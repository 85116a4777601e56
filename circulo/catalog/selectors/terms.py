"""What holds on a day whoever buys: the firm and its taxes, price lists, rules, what goods cost.

Each statement is compiled once and kept: prices are asked for while somebody types.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any, NamedTuple

from django.contrib.postgres.aggregates import JSONBAgg
from django.db.models import (
    CharField,
    DecimalField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, JSONObject, Upper

from circulo.accounts import prepared
from circulo.accounts.models import Firm
from circulo.accounts.prepared import columns_of, loaded, made
from circulo.catalog.models import (
    BundleItem,
    Coupon,
    Price,
    PriceList,
    PriceRule,
    Product,
    TaxRate,
    Withholding,
)
from circulo.catalog.pricing import Tax, Withheld

_RATE: DecimalField[Any, Any] = DecimalField(max_digits=20, decimal_places=10)
_CODES = "stand-in-for-the-codes"


@dataclass
class House:
    """The firm's country and currency, and the taxes of a day by region."""

    country: str = "ES"
    currency: str = "EUR"
    taxes: dict[str, dict[str, Tax]] = field(default_factory=dict)
    withheld: dict[tuple[str, str], Withheld] = field(default_factory=dict)

    def withheld_in(self, region: str, key: str) -> Withheld | None:
        """What is withheld there: a part of a country withholds as the country does, unless it has
        a rate of its own."""
        return self.withheld.get((region, key)) or self.withheld.get((region[:2], key))


class Goods(NamedTuple):
    """A product, what it is a variant of, what it holds and what it costs where, as JSON."""

    key: int
    name: str
    family: str
    tax_class: str
    variant_of: int | None
    cost: Decimal | None
    cost_currency: str
    held: list[dict[str, Any]]
    offers: list[dict[str, Any]]


def house_on(day: date) -> House:
    """The firm and the taxes of a day, in one statement."""
    house = House()
    for kind, place, key, name, rate in _asked("the house on a day", _house, day):
        if kind == "firm":
            house.country, house.currency = place, key
        elif kind == "tax":
            house.taxes.setdefault(place, {})[key] = Tax(name, rate.normalize())
        else:
            house.withheld[place, key] = Withheld(name, rate.normalize())
    return house


def lists_on(day: date) -> list[PriceList]:
    """The lists that hold on a day, in the order that counts."""
    return [made(PriceList, row) for row in _asked("price lists on a day", _lists, day)]


def rules_on(day: date, coupons: Sequence[str]) -> list[PriceRule]:
    """The rules that hold on a day, with these coupons, in their order."""
    return [_rule(row) for row in _asked("price rules on a day", _rules, day, {_CODES: [*coupons]})]


def _rule(row: Sequence[Any]) -> PriceRule:
    rule = made(PriceRule, row)
    if rule.coupon_id is not None:
        rule.coupon = Coupon(pk=rule.coupon_id, code=row[-1])
    return rule


def goods_on(day: date, products: Collection[int]) -> list[Goods]:
    """Products with their prices, with all that they are variants of and that they hold."""
    rows = _asked("goods on a day", _goods, day, {prepared.KEYS: [*products]})
    return [Goods(*row[:-2], *(loaded(told) or [] for told in row[-2:])) for row in rows]


def units_of(products: Collection[int]) -> dict[int, str]:
    """In which unit each of these products is sold."""
    asked = prepared.once("units of products", _units).run({prepared.KEYS: [*products]})
    return {key: unit for key, unit in asked}


def _asked(
    name: str,
    build: Callable[[], QuerySet[Any, Any]],
    day: date,
    values: Mapping[Any, Any] = MappingProxyType({}),
) -> list[tuple[Any, ...]]:
    return prepared.once(name, build).run({prepared.DAY: day, **values})


def _house() -> QuerySet[Any, Any]:
    text, day = CharField(), prepared.that_day()
    firm = Firm.objects.values_list(
        Value("firm"), "country", "currency", Value("", text), Value(0, _RATE)
    )
    taxes = TaxRate.objects.on(day).order_by()
    withheld = Withholding.objects.on(day).order_by()
    return firm.union(
        taxes.values_list(Value("tax"), "region", "tax_class", "tax", Cast("rate", _RATE)),
        withheld.values_list(Value("held"), "region", "key", "name", Cast("rate", _RATE)),
        all=True,
    )


def _lists() -> QuerySet[Any, Any]:
    rows = PriceList.objects.on(prepared.that_day()).order_by("is_default", "rank", "pk")
    return rows.values_list(*columns_of(PriceList))


def _rules() -> QuerySet[Any, Any]:
    day = prepared.that_day()
    codes = RawSQL("SELECT upper(unnest(%s::text[]))", [_CODES])
    shown = Coupon.objects.usable(day).annotate(upper=Upper("code")).filter(upper__in=codes)
    rows = PriceRule.objects.on(day).filter(Q(coupon=None) | Q(coupon__in=shown.values("pk")))
    return rows.order_by("rank", "pk").values_list(*columns_of(PriceRule), "coupon__code")


def _units() -> QuerySet[Any, Any]:
    return Product.objects.filter(pk__in=prepared.among_keys()).values_list("pk", "unit")


def _goods() -> QuerySet[Any, Any]:
    bought = Product.objects.filter(pk__in=prepared.among_keys()).order_by()
    parts = Product.objects.filter(in_bundles__bundle__in=bought.values("pk")).order_by()
    rows = bought.values("pk").union(
        parts.values("pk"),
        bought.exclude(variant_of=None).values("variant_of"),
        parts.exclude(variant_of=None).values("variant_of"),
    )
    held = _told(
        BundleItem.objects.filter(bundle=OuterRef("pk")).order_by().values("bundle"),
        product="item_id",
        quantity=Cast("quantity", TextField()),
    )
    lists = PriceList.objects.on(prepared.that_day())
    offers = _told(
        Price.objects.filter(product=OuterRef("pk"), list__in=lists).values("product"),
        list="list_id",
        quantity=Cast("from_quantity", TextField()),
        amount=Cast("amount", TextField()),
    )
    return Product.objects.filter(pk__in=rows).values_list(
        "pk", "name", "family", "tax_class", "variant_of_id", "cost", "cost_currency",
        held, offers,
    )  # fmt: skip


def _told(rows: QuerySet[Any, Any], **said: Any) -> Subquery:
    """Related rows, grouped by what they belong to, as one JSON."""
    return Subquery(rows.annotate(told=JSONBAgg(JSONObject(**said))).values("told"))
