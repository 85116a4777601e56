"""What rules and a discount by hand take off a line."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from circulo.catalog.pricing.terms import Item, Rule, Step
from circulo.lib import money


def in_force(rules: Sequence[Rule], bought: Sequence[tuple[Item, Decimal, Decimal]]) -> list[Rule]:
    """The rules whose quantity and total are reached by what is bought.

    `bought` are product, quantity and amount as listed of every line.
    """
    total = sum((amount for _item, _quantity, amount in bought), Decimal())
    return [
        rule
        for rule in rules
        if (rule.from_amount is None or total >= rule.from_amount * rule.rate)
        and (
            rule.from_quantity is None
            or sum((q for item, q, _a in bought if rule.covers(item)), Decimal())
            >= rule.from_quantity
        )
    ]


def applied(
    rules: Sequence[Rule], item: Item, quantity: Decimal, amount: Decimal, currency: str
) -> list[Step]:
    """The steps by which rules, tried in their order, bring an amount down."""
    steps: list[Step] = []
    for rule in rules:
        if not rule.covers(item) or (steps and not rule.is_combinable):
            continue
        off = _taken_off(rule, quantity, amount, currency)
        if off <= 0:
            continue
        amount -= off
        said = {"rule": rule.name, "does": rule.kind, "value": rule.value * rule.rate
                if rule.kind in ("amount", "price") else rule.value, "nth": rule.nth,
                "free": _free(rule, quantity), "off": off, "coupon": rule.coupon}  # fmt: skip
        steps.append(Step("rule", amount, said))
        if not rule.is_combinable:
            break
    return steps


def discounted(percent: Decimal, amount: Decimal, currency: str) -> list[Step]:
    """The step by which a discount by hand brings an amount down."""
    off = money.rounded(amount * percent / 100, currency)
    return [Step("discount", amount - off, {"percent": percent, "off": off})] if off else []


def _taken_off(rule: Rule, quantity: Decimal, amount: Decimal, currency: str) -> Decimal:
    if rule.kind == "percent":
        return money.rounded(amount * rule.value / 100, currency)
    if rule.kind == "amount":
        return min(amount, money.rounded(rule.value * rule.rate * quantity, currency))
    if rule.kind == "price":
        return amount - money.rounded(rule.value * rule.rate * quantity, currency)
    return money.rounded(amount * _free(rule, quantity) / quantity, currency)


def _free(rule: Rule, quantity: Decimal) -> int:
    return int(quantity // rule.nth) if rule.kind == "nth_free" else 0
