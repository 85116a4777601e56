"""Prices made in the plainest and slowest way, in fractions and whole units of a currency."""

from fractions import Fraction

from circulo.catalog.pricing import Rule
from circulo.lib import money


def half_up(value):
    """A whole number, halves away from zero."""
    return int((abs(value) * 2 + 1) // 2) * (-1 if value < 0 else 1)


def covers(rule, thing):
    """Whether a rule is about a product."""
    if rule.product is not None:
        return rule.product == thing.key
    return rule.family in ("", thing.family)


class Reference:
    """One basket; amounts are counted in the smallest unit of its currency."""

    def __init__(self, basket, known):
        self.known, self.currency, self.lines = known, basket.currency, basket.lines
        self.per = int(1 / money.unit_of(basket.currency))
        self.prices = [self.price(line) for line in self.lines]
        self.listed = [
            self.units(found[0] * Fraction(line.quantity)) if found else None
            for line, found in zip(self.lines, self.prices, strict=True)
        ]
        self.amounts = [
            0 if listed is None else self.taken_off(line, listed)
            for line, listed in zip(self.lines, self.listed, strict=True)
        ]
        self.net, self.tax = self.taxed()

    def units(self, amount):
        return half_up(Fraction(amount) * self.per)

    def thing(self, line):
        return self.known.items[line.product]

    def price(self, line):
        """The unit price and whether it holds tax; None where there is none."""
        found = self.on_a_list(line)
        if line.unit_price is None:
            return found
        return Fraction(line.unit_price), bool(found and found[1])

    def on_a_list(self, line):
        for one in self.known.lists:
            fits = [
                (offer.from_quantity, offer.amount)
                for offer in self.thing(line).offers
                if offer.list == one.key and offer.from_quantity <= line.quantity
            ]
            if fits:
                amount = Fraction(max(fits)[1])
                if one.currency != self.currency:
                    amount = Fraction(half_up(amount * Fraction(one.rate) * 10_000), 10_000)
                return amount, one.includes_tax
        return None

    def taken_off(self, line, amount):
        """What rules, and then the hand of somebody, leave of an amount."""
        used: list[Rule] = []
        for rule in self.known.rules:
            stands_alone = used and not (rule.is_combinable and used[-1].is_combinable)
            if covers(rule, self.thing(line)) and not stands_alone and self.is_reached(rule):
                off = self.off(rule, amount, line.quantity)
                if off > 0:
                    amount -= off
                    used.append(rule)
        return amount - half_up(amount * Fraction(line.discount) / 100)

    def is_reached(self, rule):
        priced = [
            (line, listed)
            for line, listed in zip(self.lines, self.listed, strict=True)
            if listed is not None
        ]
        together = sum(line.quantity for line, _l in priced if covers(rule, self.thing(line)))
        total = Fraction(sum(listed for _line, listed in priced), self.per)
        enough = rule.from_quantity is None or together >= rule.from_quantity
        return enough and (rule.from_amount is None or total >= Fraction(rule.from_amount))

    def off(self, rule, amount, quantity):
        value, quantity = Fraction(rule.value), Fraction(quantity)
        if rule.kind == "percent":
            return half_up(amount * value / 100)
        if rule.kind == "amount":
            return min(amount, self.units(value * quantity))
        if rule.kind == "price":
            return amount - self.units(value * quantity)
        return half_up(amount * Fraction(quantity // rule.nth) / quantity)

    def taxed(self):
        """The net sum and all taxes."""
        groups: dict[tuple[str, bool], int] = {}
        for line, found, amount in zip(self.lines, self.prices, self.amounts, strict=True):
            key = (self.thing(line).tax_class, bool(found and found[1]))
            groups[key] = groups.get(key, 0) + amount
        net = tax = 0
        for (name, included), total in groups.items():
            rate = Fraction(self.known.taxes[name].rate)
            if included:
                base = half_up(total * 100 / (100 + rate))
                net, tax = net + base, tax + total - base
            else:
                net, tax = net + total, tax + half_up(total * rate / 100)
        return net, tax
