"""Kept lines of goods in words, for pages and paper: figures, steps, totals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from circulo.catalog.lines import steps_of
from circulo.catalog.pricing import Step
from circulo.catalog.pricing.taxing import UNTAXED
from circulo.catalog.units import unit_of
from circulo.catalog.words import percent_in_words, step_in_words, sum_in_words, tax_in_words
from circulo.lib import format as fmt
from circulo.lib import ids


@dataclass(frozen=True)
class DrawnGoods:
    """A kept line in words; its steps are pairs of what was done and what it came to by it.

    `rules` says in short which price rules made it cheaper, `by_hand` what somebody took off.
    """

    name: str
    url: str
    code: str
    description: str
    quantity: str
    unit: str
    unit_price: str
    listed: str
    amount: str
    discount: str
    tax: str
    is_priced: bool
    is_reduced: bool
    steps: list[tuple[str, str]]
    rules: list[Applied]
    by_hand: list[Applied]


@dataclass(frozen=True)
class Applied:
    """What made a line cheaper, a price rule or a hand: what it is called, and by how much."""

    name: str
    amount: str


@dataclass(frozen=True)
class Totals:
    """What lines come to together: the sums, and each tax by what it is called.

    `untaxed` is the region of whoever buys, where we know no tax there.
    """

    net: str
    taxes: list[tuple[str, str, str]]
    gross: str
    untaxed: str = ""


def draw_lines(
    lines: Iterable[Any], currency: str, names: Mapping[int, tuple[str, str]]
) -> list[DrawnGoods]:
    """Kept lines in words; `names` gives names and codes of those products that are seen."""
    return [_drawn(line, currency, names.get(line.product_id, ("", ""))) for line in lines]


def draw_totals(lines: Sequence[Any], currency: str) -> Totals:
    """The sums of kept lines, without tax, tax by tax, and with it."""
    bases: dict[tuple[Decimal, str, str], list[Decimal]] = {}
    for line in lines:
        if line.tax_rate is not None:
            known = bases.setdefault((line.tax_rate, line.tax_name, line.tax_class), [])
            known += [line.net, line.tax]
    taxes = told_once(
        [(tax_in_words(name, rate, tax_class), sum(sums[::2], Decimal()),
          sum(sums[1::2], Decimal()))
         for (rate, name, tax_class), sums in sorted(bases.items(), reverse=True)],
        currency,
    )  # fmt: skip
    net = sum((line.net for line in lines), Decimal())
    gross = sum((line.gross for line in lines), Decimal())
    return Totals(_money(net, currency), taxes, _money(gross, currency), _untaxed(lines))


def told_once(
    taxes: Iterable[tuple[str, Decimal, Decimal]], currency: str
) -> list[tuple[str, str, str]]:
    """Taxes with what they are on and what they come to. Those that read alike, as of two classes
    with one rate, are one.
    """
    known: dict[str, tuple[Decimal, Decimal]] = {}
    for label, base, amount in taxes:
        before = known.get(label, (Decimal(), Decimal()))
        known[label] = before[0] + base, before[1] + amount
    return [(label, _money(base, currency), _money(amount, currency))
            for label, (base, amount) in known.items()]  # fmt: skip


def _untaxed(lines: Iterable[Any]) -> str:
    """The region without a known tax in which lines were priced that are taxed elsewhere."""
    regions = (step["values"].get("region", "") for line in lines
               if line.tax_class not in UNTAXED
               for step in line.steps if step["kind"] == "no_tax")  # fmt: skip
    return next(regions, "")


def quantity_in_words(quantity: Decimal) -> str:
    """A quantity with the decimals that it has."""
    exponent = quantity.normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    return fmt.number(quantity, max(0, -exponent))


def _drawn(line: Any, currency: str, called: tuple[str, str]) -> DrawnGoods:
    name, code = called
    made = steps_of(line)
    steps = [(step_in_words(step, currency), _money(step.amount, currency)) for step in made]
    return DrawnGoods(
        name,
        f"/products/{ids.encode('product', line.product_id)}" if name and line.product_id else "",
        code,
        line.description,
        quantity_in_words(line.quantity),
        unit_of(line.quantity, line.unit),
        sum_in_words(line.unit_price, currency),
        _money(line.listed, currency),
        _money(line.amount, currency),
        fmt.percent(1 - line.amount / line.listed) if line.is_reduced and line.listed else "",
        "" if line.tax_rate is None else fmt.percent(line.tax_rate / 100),
        line.is_priced,
        line.is_reduced,
        steps,
        [_applied(step, currency) for step in made if step.kind == "rule" and step.values["off"]],
        [_by_hand(step, currency) for step in made if step.kind == "discount"],
    )


def _applied(step: Step, currency: str) -> Applied:
    return Applied(step.values["rule"], _money(-step.values["off"], currency))


def _by_hand(step: Step, currency: str) -> Applied:
    percent = _("%s by hand") % percent_in_words(step.values["percent"])
    return Applied(percent, _money(-step.values["off"], currency))


def _money(amount: Decimal, currency: str) -> str:
    return fmt.money(amount, currency)
