"""Lines of goods, as deals and quotes keep them: read from what somebody says, priced, kept.

A kept line holds its steps as JSON; `steps_of` gives them back as they were made, so that they can
be said in the language of whoever reads.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from circulo.catalog.drafts import members, quantity, words
from circulo.catalog.models import PricedGoods, Product
from circulo.catalog.pricing import Line, Priced, PricedLine, Step
from circulo.catalog.reading import amount, optional, percent
from circulo.catalog.selectors.finding import products_called, retired_among, substitutes_of
from circulo.catalog.selectors.pricing import Asked, price_baskets
from circulo.catalog.selectors.terms import units_of
from circulo.catalog.words import step_in_words
from circulo.lib import ids, money
from circulo.lib.errors import Invalid

MOST_LINES, MOST_DESCRIPTION, MOST_SUBSTITUTES = 200, 500, 5
SAID = ("id", "product", "quantity", "price", "discount", "description")
# What other programs are told of a line too; sent back, it says nothing new.
TOLD = ("product_name", "unit", "is_priced", "unit_price", "listed", "net", "tax", "gross",
        "tax_name", "tax_rate", "steps")  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """So much of a product, at a price and with a discount by hand where somebody gave them.

    `said_in` is the currency in which the price was said, where one was named; `line_id` names the
    kept line that it is, where somebody said that.
    """

    product: int
    quantity: Decimal = Decimal(1)
    price: Decimal | None = None
    discount: Decimal = Decimal()
    description: str = ""
    said_in: str = ""
    line_id: str = ""

    @property
    def line(self) -> Line:
        """The same, as prices are asked for it."""
        return Line(self.product, self.quantity, self.price, self.discount)

    @classmethod
    def of(cls, kept: Any, said_in: str = "") -> Wanted:
        """What was wanted of a line that is kept, with the currency in which its price was said."""
        said_in = said_in if kept.price is not None else ""
        return cls(kept.product_id, kept.quantity, kept.price, kept.discount, kept.description,
                   said_in, kept.public_id)  # fmt: skip


def read_lines(value: Any, *, kept: Collection[int] | None = None) -> list[Wanted]:
    """The lines that were said: products by identifier, code or name; Invalid says what is wrong
    with which. Of products that are no longer sold there are only the lines that are `kept`, by
    product, where that is said.
    """
    said = members(value, {*SAID, *TOLD}, "product", MOST_LINES)
    names = [words(one["product"], 200) for one in said]
    found = products_called(names)
    if missing := [name for name in names if name not in found]:
        raise Invalid({"": _("There is no product “%s”, or more than one.") % missing[0][:60]})
    if kept is not None:
        _refuse_retired(names, found, kept)
    return [
        _read(found[name], one, place)
        for place, (name, one) in enumerate(zip(names, said, strict=True), 1)
    ]


def _refuse_retired(names: Sequence[str], found: Mapping[str, int], kept: Collection[int]) -> None:
    gone = retired_among(set(found.values()) - set(kept))
    for place, name in enumerate(names, 1):
        if found[name] in gone:
            product = Product.objects.get(pk=found[name])
            said = {"number": place, "name": product.name,
                    "others": ", ".join(substitutes_of(product.pk)[:MOST_SUBSTITUTES])}  # fmt: skip
            if said["others"]:
                text = _("Line %(number)d: “%(name)s” is no longer sold; in its place: %(others)s.")
            else:
                text = _("Line %(number)d: “%(name)s” is no longer sold.")
            raise Invalid({"": text % said})


def _read(product: int, one: Mapping[str, Any], place: int) -> Wanted:
    try:
        price, said_in = _price(one.get("price"))
        return Wanted(
            product,
            quantity(one.get("quantity", 1)),
            price,
            optional(one.get("discount"), percent) or Decimal(),
            words(one.get("description") or "", MOST_DESCRIPTION),
            said_in,
            words(one.get("id") or "", 40),
        )
    except Invalid as invalid:
        why = next(iter(invalid.fields.values()))
        said = {"number": place, "why": why}
        raise Invalid({"": _("Line %(number)d: %(why)s") % said}) from invalid


def _price(value: Any) -> tuple[Decimal | None, str]:
    said_in = value.get("currency") if isinstance(value, Mapping) else ""
    if value in (None, ""):
        return None, ""
    return amount(value, currency=""), money.currency_of(said_in) if said_in else ""


def priced_lines(wanted: Sequence[Wanted], asked: Asked) -> tuple[Priced, list[dict[str, Any]]]:
    """Lines priced together, for whom and when `asked` says; the columns of each to be kept."""
    return priced_for([(wanted, asked)])[0]


def priced_for(
    lots: Sequence[tuple[Sequence[Wanted], Asked]],
) -> list[tuple[Priced, list[dict[str, Any]]]]:
    """Many lots of lines, each priced together, for whom each `Asked` says, all on one day."""
    found = price_baskets([replace(asked, lines=[one.line for one in wanted])
                           for wanted, asked in lots])  # fmt: skip
    bought = {one.product for wanted, _asked in lots for one in wanted}
    units = units_of(bought)
    return [(priced, _columns(wanted, priced, units))
            for (wanted, _asked), priced in zip(lots, found, strict=True)]  # fmt: skip


def _columns(
    wanted: Sequence[Wanted], priced: Priced, units: Mapping[int, str]
) -> list[dict[str, Any]]:
    """The columns of lines that were priced, to be kept."""
    if any(one.said_in not in ("", priced.currency) for one in wanted):
        raise Invalid({"lines": _("Amounts are in %s here.") % priced.currency})
    _refuse_too_much(priced)
    pairs = zip(wanted, priced.lines, strict=True)
    return [
        {
            "product_id": one.product, "description": one.description,
            "quantity": one.quantity, "price": one.price, "discount": one.discount,
            "unit": units[one.product], **columns_of(line),
        }
        for one, line in pairs
    ]  # fmt: skip


def _refuse_too_much(priced: Priced) -> None:
    sums = [priced.gross, *(max(line.unit_price, line.listed) for line in priced.lines)]
    if max(sums) >= money.MOST:
        raise Invalid({"lines": _("An amount lies between 0 and 999 999 999 999 999.")})


def columns_of(line: PricedLine) -> dict[str, Any]:
    """What a priced line came to, as the columns that keep it."""
    taxed: Mapping[str, Any] = next((s.values for s in line.steps if s.kind == "tax"), {})
    return {
        "unit_price": line.unit_price,
        "listed": line.listed,
        "net": line.net,
        "tax": line.tax,
        "includes_tax": line.includes_tax,
        "is_priced": line.is_priced,
        "tax_class": line.tax_class,
        "tax_name": taxed.get("tax", ""),
        "tax_rate": taxed.get("rate"),
        "steps": [_kept(step) for step in line.steps],
    }


def steps_of(kept: PricedGoods) -> list[Step]:
    """The steps of a kept line, as they were made."""
    return [
        Step(
            one["kind"],
            Decimal(one["amount"]),
            one["values"] | {name: Decimal(value) for name, value in one["numbers"].items()},
        )
        for one in kept.steps
    ]


def lines_shown(
    lines: Iterable[Any], currency: str, names: Mapping[int, str]
) -> list[dict[str, Any]]:
    """Kept lines as other programs are shown them; `names` gives their products by key."""
    return [_shown(line, currency, names) for line in lines]


def _shown(line: Any, currency: str, names: Mapping[int, str]) -> dict[str, Any]:
    sums = {name: getattr(line, name) for name in ("unit_price", "listed", "net", "tax", "gross")}
    return {
        "id": line.public_id,
        "product": (
            ids.encode("product", line.product_id) if line.product_id in names else None
        ),
        "product_name": names.get(line.product_id, ""),
        "description": line.description,
        "quantity": _number(line.quantity),
        "unit": line.unit,
        "price": money.told_if_known(line.price, currency),
        "discount": _number(line.discount),
        "is_priced": line.is_priced,
        **{name: money.told(value, currency) for name, value in sums.items()},
        "tax_name": line.tax_name,
        "tax_rate": None if line.tax_rate is None else _number(line.tax_rate),
        "steps": [
            {"kind": step.kind, "text": step_in_words(step, currency),
             "amount": money.told(step.amount, currency)}
            for step in steps_of(line)
        ],
    }  # fmt: skip


def _kept(step: Step) -> dict[str, Any]:
    """A step as JSON: numbers apart as texts, so that they come back exact, and one number is one
    text, whether it was just typed or read.
    """
    numbers = {name: _number(v) for name, v in step.values.items() if isinstance(v, Decimal)}
    values = {name: v for name, v in step.values.items() if name not in numbers}
    return {"kind": step.kind, "amount": f"{step.amount:f}", "values": values, "numbers": numbers}


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}"
