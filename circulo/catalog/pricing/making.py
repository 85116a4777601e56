"""A basket priced, from unit prices to what is to be paid."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, localcontext

from circulo.catalog.pricing.listing import Listed, listed
from circulo.catalog.pricing.rules import applied, discounted, in_force
from circulo.catalog.pricing.taxing import taxed
from circulo.catalog.pricing.terms import Basket, Item, Line, Priced, PricedLine, Rule, Step, Terms
from circulo.lib import money


def priced(basket: Basket, terms: Terms) -> Priced:
    """Every line of a basket with its price and its reasons, and the totals."""
    with localcontext() as exact:
        exact.prec = 60
        return _priced(basket, terms)


def _priced(basket: Basket, terms: Terms) -> Priced:
    currency = basket.currency
    found = [(line, listed(line, terms, currency)) for line in basket.lines]
    bought = [
        (terms.items[line.product], line.quantity, _listed_amount(line, price, currency))
        for line, price in found
        if price is not None
    ]
    rules = in_force(terms.rules, bought)
    lines = [
        _line(line, price, rules, terms.items[line.product], currency) for line, price in found
    ]
    done, taxes = taxed(lines, terms, currency)
    net = sum((line.net for line in done), Decimal())
    withheld = money.rounded(net * (terms.withheld.rate if terms.withheld else 0) / 100, currency)
    return Priced(currency, tuple(done), tuple(taxes), withheld)


def _line(
    line: Line, price: Listed | None, rules: Sequence[Rule], item: Item, currency: str
) -> PricedLine:
    if price is None:
        nothing = Step("no_price", Decimal(), {})
        return PricedLine(
            line.product, line.quantity, Decimal(), Decimal(), Decimal(), False, False,
            item.tax_class, (nothing,), cost=_cost(line, item, currency),
        )  # fmt: skip
    amount = _listed_amount(line, price, currency)
    steps = [Step(kind, amount, said) for kind, said in price.reasons]
    steps += applied(rules, item, line.quantity, amount, currency)
    steps += discounted(line.discount, steps[-1].amount, currency)
    return PricedLine(
        line.product, line.quantity, price.price, amount, steps[-1].amount, price.includes_tax,
        True, item.tax_class, tuple(steps), cost=_cost(line, item, currency),
    )  # fmt: skip


def _listed_amount(line: Line, price: Listed, currency: str) -> Decimal:
    return money.rounded(price.price * line.quantity, currency)


def _cost(line: Line, item: Item, currency: str) -> Decimal | None:
    return None if item.cost is None else money.rounded(item.cost * line.quantity, currency)
