"""A priced basket as its page draws it: sentences and sums."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from circulo.accounts.models import User
from circulo.catalog.models import Product
from circulo.catalog.pricing import Priced, PricedLine, Step
from circulo.catalog.words import step_in_words, sum_in_words, tax_in_words
from circulo.lib import format as fmt


@dataclass(frozen=True)
class DrawnStep:
    """One reason, and what the line came to by it."""

    text: str
    amount: str
    is_reduction: bool


@dataclass(frozen=True)
class DrawnLine:
    """A line of the basket."""

    product: Product
    quantity: str
    unit_price: str
    listed: str
    amount: str
    is_priced: bool
    is_reduced: bool
    steps: list[DrawnStep]


@dataclass(frozen=True)
class Drawn:
    """A basket with its totals, each a label and a sum."""

    lines: list[DrawnLine]
    net: str
    taxes: list[tuple[str, str]]
    gross: str
    margin: str
    share: str


def drawn(priced: Priced, user: User) -> Drawn:
    """A basket for this person: without its margin where the role does not see what things cost."""
    products = Product.objects.visible_to(user).in_bulk([line.product for line in priced.lines])
    currency = priced.currency
    sees_margin = priced.margin is not None and "cost" not in user.hidden_fields("products")
    margin = priced.margin if sees_margin and priced.margin is not None else Decimal()
    return Drawn(
        [_line(line, products[line.product], currency) for line in priced.lines],
        fmt.money(priced.net, currency),
        [
            (tax_in_words(t.name, t.rate, t.tax_class), fmt.money(t.amount, currency))
            for t in priced.taxes
        ],
        fmt.money(priced.gross, currency),
        fmt.money(margin, currency) if sees_margin else "",
        fmt.percent(margin / priced.net) if sees_margin and priced.net else "",
    )


def _line(line: PricedLine, product: Product, currency: str) -> DrawnLine:
    steps = [_step(step, currency) for step in line.steps]
    return DrawnLine(
        product,
        fmt.number(line.quantity.normalize()),
        sum_in_words(line.unit_price, currency),
        fmt.money(line.listed, currency),
        fmt.money(line.amount, currency),
        line.is_priced,
        line.amount != line.listed,
        steps,
    )


def _step(step: Step, currency: str) -> DrawnStep:
    return DrawnStep(
        step_in_words(step, currency),
        fmt.money(step.amount, currency),
        step.kind in ("rule", "discount"),
    )
