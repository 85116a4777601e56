"""All that bears on the price of a basket, or of many, in six statements; a seventh for other
currencies, and an eighth where people buy beside companies.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from django.db.models import (
    Q,
)
from django.utils.functional import cached_property

from circulo.accounts.selectors import day_of_the_firm, firm
from circulo.catalog.models import (
    Coupon,
    ExchangeRate,
    PriceList,
    PriceRule,
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
    Terms,
    priced,
)
from circulo.catalog.selectors.customers import NOBODY, Customer, customers_of
from circulo.catalog.selectors.terms import Goods, goods_on, house_on, lists_on, rules_on
from circulo.parties.models import Party

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
    house = house_on(day)
    asked = [replace(one, currency=one.currency or house.currency) for one in asked]
    worth = _Worth({one.currency for one in asked}, day)
    lists, rules = lists_on(day), rules_on(day, asked[0].coupons)
    parties = {one.party.pk: one.party for one in asked if one.party is not None}
    known = customers_of(list(parties.values()), [*lists, *rules], house.country)
    goods = goods_on(day, {line.product for one in asked for line in one.lines})
    items = {currency: {each.key: _item(each, worth, currency) for each in goods}
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


def _item(one: Goods, worth: _Worth, currency: str) -> Item:
    cost = one.cost
    into = None if cost is None else worth.of(one.cost_currency, currency)
    return Item(
        one.key,
        one.name,
        one.family,
        one.tax_class,
        one.variant_of,
        tuple(Part(part["product"], Decimal(part["quantity"])) for part in one.held),
        tuple(
            Offer(offer["list"], Decimal(offer["quantity"]), Decimal(offer["amount"]))
            for offer in one.offers
        ),
        None if cost is None or into is None else cost * into,
    )
