"""The lines in which somebody types what a product costs on each list, from which quantity on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, DecimalException

from django.utils.translation import gettext as _

from circulo.catalog.models import Price, PriceList
from circulo.lib import format as fmt
from circulo.lib.errors import Invalid

MOST_LINES = 200
Amounts = dict[Decimal, Decimal]


@dataclass(frozen=True)
class PriceLine:
    """One line: what is typed in it, and what stood there when it was drawn."""

    quantity: str = ""
    amount: str = ""
    was_quantity: str = ""
    was_amount: str = ""


def lines_of(
    lists: Sequence[PriceList], prices: Sequence[Price], mine: Mapping[int, Amounts] | None = None
) -> list[tuple[PriceList, list[PriceLine]]]:
    """Each list with its lines and an empty one; `mine` is what somebody typed over what stands."""
    stands: dict[int, Amounts] = {one.pk: {} for one in lists}
    for price in prices:
        if price.list_id in stands:
            stands[price.list_id][price.from_quantity] = price.amount
    drawn = []
    for one in lists:
        now, typed = stands[one.pk], (mine or {}).get(one.pk, {})
        lines = [_line(quantity, now, typed) for quantity in sorted({*now, *typed})]
        drawn.append((one, [*lines[: MOST_LINES - 1], PriceLine()]))
    return drawn


def lines_posted(posted: Mapping[str, str], price_list: PriceList) -> list[PriceLine]:
    """The lines of a list as they came back from the form."""
    found = []
    for place in range(MOST_LINES):
        name = f"{price_list.public_id}_{place}"
        if f"amount_{name}" in posted:
            words = ("quantity", "amount", "was_quantity", "was_amount")
            found.append(PriceLine(*(posted.get(f"{word}_{name}", "") for word in words)))
    return found


def shown_in(lines: Sequence[PriceLine]) -> Amounts:
    """What stood in the lines when they were drawn; Invalid where that was not ours."""
    try:
        return {Decimal(one.was_quantity): Decimal(one.was_amount)
                for one in lines if one.was_amount}  # fmt: skip
    except DecimalException as error:
        raise Invalid({"": _("This form is not ours: open the page again.")}) from error


def typed_in(lines: Sequence[PriceLine]) -> Amounts:
    """What is typed in the lines; Invalid for what is no number, and for a quantity said twice."""
    found: Amounts = {}
    for line in lines:
        amount = fmt.parse_number(line.amount)
        quantity = fmt.parse_number(line.quantity) or Decimal()
        if amount is None:
            continue
        _refuse_unfit(quantity, amount)
        if quantity in found:
            raise Invalid({"": _("Two prices of a list begin from the same quantity.")})
        found[quantity] = amount
    return found


def _refuse_unfit(quantity: Decimal, amount: Decimal) -> None:
    if amount < 0 or quantity < 0:
        raise Invalid({"": _("An amount cannot be negative.")})
    if amount >= 10**12 or quantity >= 10**9:
        raise Invalid({"": _("This number is out of range.")})
    if amount != round(amount, 4) or quantity != round(quantity, 3):
        raise Invalid({"": _("A price has at most 4 decimals, and a quantity 3.")})


def _line(quantity: Decimal, now: Amounts, mine: Amounts) -> PriceLine:
    typed = mine.get(quantity, now.get(quantity))
    stood = now.get(quantity)
    return PriceLine(
        _typed(quantity) if quantity else "",
        "" if typed is None else _typed(typed),
        "" if stood is None else str(quantity),
        "" if stood is None else str(stood),
    )


def _typed(number: Decimal) -> str:
    return fmt.typed_number(number.normalize())
