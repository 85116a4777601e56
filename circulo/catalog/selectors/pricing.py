"""All that bears on the price of a basket, or of many, in five statements; a sixth for other
currencies, and a seventh where people buy beside companies.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    CharField,
    DecimalField,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.functions import Cast, JSONObject, Upper
from django.utils.functional import cached_property

from circulo.accounts.models import Firm
from circulo.accounts.selectors import day_of_the_firm, firm
from circulo.catalog.models import (
    BundleItem,
    Coupon,
    ExchangeRate,
    Price,
    PriceList,
    PriceRule,
    Product,
    TaxRate,
    Withholding,
)
from circulo.catalog.pricing import (
    Basket,
    Item,
    Line,
    List,
    Offer,
    Part,
    Priced,
    Rule,
    Tax,
    Terms,
    Withheld,
    priced,
)
from circulo.catalog.selectors.customers import NOBODY, Customer, customers_of
from circulo.parties.models import Party

_RATE: DecimalField[Any, Any] = DecimalField(max_digits=20, decimal_places=10)
_FINEST = Decimal("1e-16")
_Term = TypeVar("_Term", List, Rule)
_Make = Callable[[Any, Decimal], _Term]


@dataclass(frozen=True)
class Asked:
    """What somebody wants the price of, and for whom; what is not said follows from the firm."""

    lines: Sequence[Line]
    party: Party | None = None
    currency: str = ""
    day: date | None = None
    coupons: Sequence[str] = ()
    region: str = ""
    withholding: str = ""


@dataclass
class _House:
    """The firm's country and currency, and the taxes of a day by region."""

    country: str = "ES"
    currency: str = "EUR"
    taxes: dict[str, dict[str, Tax]] = field(default_factory=dict)
    withheld: dict[tuple[str, str], Withheld] = field(default_factory=dict)

    def withheld_in(self, region: str, key: str) -> Withheld | None:
        """What is withheld there: a part of a country withholds as the country does, unless it has
        a rate of its own."""
        return self.withheld.get((region, key)) or self.withheld.get((region[:2], key))


def price_basket(asked: Asked) -> Priced:
    """The price of a basket, with its reasons."""
    return price_baskets([asked])[0]


def price_baskets(asked: Sequence[Asked]) -> list[Priced]:
    """The prices of many baskets of one day, with the same coupons."""
    return [priced(basket, terms) for basket, terms in gathered_for(asked)]


def gathered(asked: Asked) -> tuple[Basket, Terms]:
    """A basket and the terms that hold for it."""
    return gathered_for([asked])[0]


def gathered_for(asked: Sequence[Asked]) -> list[tuple[Basket, Terms]]:
    """Baskets of one day, with the same coupons, and the terms that hold for each."""
    if not asked:
        return []
    day = asked[0].day or day_of_the_firm()
    house = _house(day)
    asked = [replace(one, currency=one.currency or house.currency) for one in asked]
    worth = _Worth({one.currency for one in asked}, day)
    lists, rules = list(_lists(day)), list(_rules(day, asked[0].coupons))
    parties = {one.party.pk: one.party for one in asked if one.party is not None}
    known = customers_of(list(parties.values()), [*lists, *rules], house.country)
    goods = list(_goods([line for one in asked for line in one.lines], day))
    items = {currency: {row["pk"]: _item(row, worth, currency) for row in goods}
             for currency in worth.currencies}  # fmt: skip
    found = []
    for one in asked:
        customer = known.get(one.party.pk if one.party else 0, NOBODY)
        region = one.region or customer.region or house.country
        terms = Terms(
            items[one.currency],
            _made_for(customer, lists, worth, one.currency, _list),
            _made_for(customer, rules, worth, one.currency, _rule),
            region,
            house.taxes.get(region, {}),
            house.withheld_in(region, one.withholding),
        )
        found.append((Basket(one.currency, one.lines), terms))
    return found


def is_usable(code: str) -> bool:
    """Whether a coupon can be used today."""
    return Coupon.objects.usable(day_of_the_firm()).filter(code__iexact=code).exists()


def worth_at_home(currency: str) -> Decimal | None:
    """What one unit of a currency is worth today in that of the firm; None where nobody knows."""
    home = firm().currency
    return _Worth({home}, day_of_the_firm()).of(currency, home)


def _house(day: date) -> _House:
    """The firm and the taxes of a day, in one statement."""
    text = CharField()
    firm = Firm.objects.values_list(
        Value("firm"), "country", "currency", Value("", text), Value(0, _RATE)
    )
    taxes = TaxRate.objects.on(day).order_by()
    withheld = Withholding.objects.on(day).order_by()
    rows = firm.union(
        taxes.values_list(Value("tax"), "region", "tax_class", "tax", Cast("rate", _RATE)),
        withheld.values_list(Value("held"), "region", "key", "name", Cast("rate", _RATE)),
        all=True,
    )
    house = _House()
    for kind, place, key, name, rate in rows:
        if kind == "firm":
            house.country, house.currency = place, key
        elif kind == "tax":
            house.taxes.setdefault(place, {})[key] = Tax(name, rate.normalize())
        else:
            house.withheld[place, key] = Withheld(name, rate.normalize())
    return house


class _Worth:
    """What currencies are worth in some on a day; asked for only where there are several."""

    def __init__(self, currencies: Collection[str], day: date) -> None:
        self.currencies, self.day = currencies, day

    def of(self, source: str, currency: str) -> Decimal | None:
        """What one unit of a currency is worth in one of these; None where nobody knows."""
        return Decimal(1) if source in (currency, "") else self._known.get((source, currency))

    @cached_property
    def _known(self) -> dict[tuple[str, str], Decimal]:
        """The latest rate of each, whichever way round it was said; said both ways on one day, the
        one into that currency."""
        rows = ExchangeRate.objects.filter(day__lte=self.day)
        rows = rows.filter(Q(target__in=self.currencies) | Q(currency__in=self.currencies))
        latest = rows.order_by("currency", "target", "-day").distinct("currency", "target")
        said = []
        for source, target, day, rate in latest.values_list("currency", "target", "day", "rate"):
            if target in self.currencies:
                said.append((day, True, (source, target), rate))
            if source in self.currencies:
                said.append((day, False, (target, source), (1 / rate).quantize(_FINEST)))
        return {pair: rate for _day, _direct, pair, rate in sorted(said)}


def _lists(day: date) -> QuerySet[PriceList]:
    """The lists that hold on a day, in the order that counts."""
    return PriceList.objects.on(day).order_by("is_default", "rank", "pk")


def _rules(day: date, coupons: Sequence[str]) -> QuerySet[PriceRule]:
    """The rules that hold on a day, with these coupons, in their order."""
    rows = PriceRule.objects.on(day).select_related("coupon").order_by("rank", "pk")
    if not coupons:
        return rows.filter(coupon=None)
    shown = Coupon.objects.usable(day).annotate(upper=Upper("code"))
    shown = shown.filter(upper__in=[Upper(Value(code)) for code in coupons])
    return rows.filter(Q(coupon=None) | Q(coupon__in=shown.values("pk")))


def _made_for(
    customer: Customer, rows: Sequence[Any], worth: _Worth, currency: str, make: _Make[_Term]
) -> list[_Term]:
    """What these lists or rules are to a customer, of those that hold in a currency."""
    return [
        make(one, rate)
        for one in rows
        if customer.gets(one) and (rate := worth.of(one.currency, currency)) is not None
    ]


def _list(one: PriceList, rate: Decimal) -> List:
    return List(one.pk, one.name, one.currency, one.includes_tax, rate)


def _rule(one: PriceRule, rate: Decimal) -> Rule:
    return Rule(
        one.pk, one.name, one.kind, one.value or Decimal(), one.nth or 0, one.product_id,
        one.family, one.from_quantity, one.from_amount, one.is_combinable, rate,
        one.coupon.code if one.coupon else "",
    )  # fmt: skip


def _goods(lines: Sequence[Line], day: date) -> Iterable[Mapping[str, Any]]:
    """The products of baskets with their prices, what they are variants of, and what they hold."""
    bought = Product.objects.filter(pk__in={line.product for line in lines})
    parts = Product.objects.filter(in_bundles__bundle__in=bought.values("pk"))
    whole = Product.objects.filter(
        Q(pk__in=bought.values("pk"))
        | Q(pk__in=parts.values("pk"))
        | Q(pk__in=bought.values("variant_of"))
        | Q(pk__in=parts.values("variant_of"))
    )
    rows = whole.annotate(
        offers=ArraySubquery(
            Price.objects.filter(product=OuterRef("pk"), list__in=PriceList.objects.on(day)).values(
                said=JSONObject(
                    list="list_id",
                    quantity=Cast("from_quantity", TextField()),
                    amount=Cast("amount", TextField()),
                )
            )
        ),
        held=ArraySubquery(
            BundleItem.objects.filter(bundle=OuterRef("pk")).values(
                said=JSONObject(product="item_id", quantity=Cast("quantity", TextField()))
            )
        ),
    )
    return rows.values("pk", "name", "family", "tax_class", "variant_of_id", "cost",
                       "cost_currency", "offers", "held")  # fmt: skip


def _item(row: Mapping[str, Any], worth: _Worth, currency: str) -> Item:
    cost = row["cost"]
    into = None if cost is None else worth.of(row["cost_currency"], currency)
    return Item(
        row["pk"],
        row["name"],
        row["family"],
        row["tax_class"],
        row["variant_of_id"],
        tuple(Part(one["product"], Decimal(one["quantity"])) for one in row["held"]),
        tuple(
            Offer(one["list"], Decimal(one["quantity"]), Decimal(one["amount"]))
            for one in row["offers"]
        ),
        None if cost is None or into is None else cost * into,
    )
