"""What prices are made of, and what comes out: values only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple


@dataclass(frozen=True)
class Line:
    """So much of a product; with a unit price or a percentage off that somebody typed."""

    product: int
    quantity: Decimal
    unit_price: Decimal | None = None
    discount: Decimal = Decimal()


@dataclass(frozen=True)
class Basket:
    """What somebody buys, in which currency."""

    currency: str
    lines: Sequence[Line]


class Offer(NamedTuple):
    """What a unit costs on a list, from a quantity on; there are many, and a tuple is made fast."""

    list: int
    from_quantity: Decimal
    amount: Decimal


@dataclass(frozen=True)
class Part:
    """So much of a product in one unit of a bundle."""

    product: int
    quantity: Decimal


@dataclass(frozen=True)
class Item:
    """A product as prices see it; its cost is in the currency of the basket."""

    key: int
    name: str
    family: str = ""
    tax_class: str = "general"
    parent: int | None = None
    parts: tuple[Part, ...] = ()
    offers: tuple[Offer, ...] = ()
    cost: Decimal | None = None


@dataclass(frozen=True)
class List:
    """A price list that holds for this customer on this day; `rate` leads into the currency."""

    key: int
    name: str
    currency: str
    includes_tax: bool = False
    rate: Decimal = Decimal(1)


@dataclass(frozen=True)
class Rule:
    """A rule that holds for this customer on this day; `rate` leads into the currency, and
    `coupon` is the code of the one that it asks for.
    """

    key: int
    name: str
    kind: str
    value: Decimal = Decimal()
    nth: int = 0
    product: int | None = None
    family: str = ""
    from_quantity: Decimal | None = None
    from_amount: Decimal | None = None
    is_combinable: bool = False
    rate: Decimal = Decimal(1)
    coupon: str = ""

    def covers(self, item: Item) -> bool:
        """Whether it is about this product, or about the one that it is a variant of."""
        if self.product is not None:
            return self.product in (item.key, item.parent)
        return not self.family or self.family.casefold() == item.family.casefold()


@dataclass(frozen=True)
class Tax:
    """A tax at its rate, in percent."""

    name: str
    rate: Decimal


@dataclass(frozen=True)
class Withheld:
    """What the customer keeps for the treasury, in percent of the net sum."""

    name: str
    rate: Decimal


@dataclass(frozen=True)
class Terms:
    """All that bears on a price: products and parts by key, lists and rules in their order."""

    items: Mapping[int, Item]
    lists: Sequence[List] = ()
    rules: Sequence[Rule] = ()
    region: str = ""
    taxes: Mapping[str, Tax] = field(default_factory=dict)
    withheld: Withheld | None = None


@dataclass(frozen=True)
class Step:
    """One reason for the amount of a line, and what the line came to by it."""

    kind: str
    amount: Decimal
    values: Mapping[str, Any]


@dataclass(frozen=True)
class PricedLine:
    """A line with its price. `amount` is as its list counts, with tax where that includes it."""

    product: int
    quantity: Decimal
    unit_price: Decimal
    listed: Decimal
    amount: Decimal
    includes_tax: bool
    is_priced: bool
    tax_class: str
    steps: tuple[Step, ...]
    net: Decimal = Decimal()
    tax: Decimal = Decimal()
    cost: Decimal | None = None

    @property
    def gross(self) -> Decimal:
        """What is to be paid for it."""
        return self.net + self.tax

    @property
    def margin(self) -> Decimal | None:
        """What is left of it; None where nobody knows what it costs, or for how much it goes."""
        return self.net - self.cost if self.is_priced and self.cost is not None else None


@dataclass(frozen=True)
class TaxTotal:
    """All lines of one tax at one rate."""

    name: str
    tax_class: str
    rate: Decimal
    base: Decimal
    amount: Decimal


@dataclass(frozen=True)
class Priced:
    """A basket with its prices."""

    currency: str
    lines: tuple[PricedLine, ...]
    taxes: tuple[TaxTotal, ...]
    withheld: Decimal

    @property
    def net(self) -> Decimal:
        """The sum without tax."""
        return sum((line.net for line in self.lines), Decimal())

    @property
    def tax(self) -> Decimal:
        """All taxes."""
        return sum((total.amount for total in self.taxes), Decimal())

    @property
    def gross(self) -> Decimal:
        """The sum with tax."""
        return self.net + self.tax

    @property
    def due(self) -> Decimal:
        """What the customer pays."""
        return self.gross - self.withheld

    @property
    def cost(self) -> Decimal | None:
        """What it costs the firm; None where that is not known of every line."""
        costs = [line.cost for line in self.lines]
        return sum((c for c in costs if c is not None), Decimal()) if None not in costs else None

    @property
    def margin(self) -> Decimal | None:
        """What is left of it; None where that is not known of every line."""
        left = [line.margin for line in self.lines]
        return sum((m for m in left if m is not None), Decimal()) if None not in left else None
