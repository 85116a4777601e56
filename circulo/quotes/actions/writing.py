"""What every act on quotes shares: the lock, the number, the lines, a new version."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _

from circulo.catalog.keeping import keep_lines
from circulo.catalog.lines import Wanted, priced_lines, steps_of
from circulo.catalog.models import Product
from circulo.catalog.pricing import Priced, Step
from circulo.catalog.selectors.pricing import Asked, worth_at_home
from circulo.lib.errors import RuleBroken
from circulo.parties.actions.writing import run
from circulo.quotes.models import Quote, QuoteLine

_THOUSANDTH = Decimal("0.001")
MOST_RATE = Decimal(99_999)
_NEXT = """
    INSERT INTO quotes_series (year, last) VALUES (%s, 1)
    ON CONFLICT (year) DO UPDATE SET last = quotes_series.last + 1 RETURNING last
"""


def next_serial(year: int) -> int:
    """The next number of a year. Whoever takes one holds the series to the end of the transaction,
    so that none is ever lost.
    """
    return int(run(_NEXT, [year])[0][0])


def locked(quote: Quote, *allowed: str) -> Quote:
    """The quote as it stands, held until the transaction ends, where it is in one of these states;
    else a refusal that says in which it is.
    """
    rows = Quote.objects.select_for_update(of=("self",)).select_related("owner", "owner__team")
    found = rows.get(pk=quote.pk)
    if allowed and found.status not in allowed:
        said = {"number": found.called, "status": found.get_status_display()}
        text = _("Quote %(number)s is “%(status)s”: this cannot be done with it any more.")
        raise RuleBroken(text % said)
    return found


def locked_revisions(quote: Quote) -> list[Quote]:
    """All revisions of a quote, the first first, held until the transaction ends. What bears on
    several of them holds them all before it begins, so that no two such acts wait for each other.
    """
    rows = Quote.objects.filter(year=quote.year, serial=quote.serial).order_by("revision")
    return list(rows.select_for_update(of=("self",)))


def save(quote: Quote, **values: Any) -> None:
    """Write these columns as a new version."""
    for name, value in values.items():
        setattr(quote, name, value)
    quote.version += 1
    quote.save(update_fields=[*values, "version", "updated_at"])


def price(quote: Quote, wanted: Sequence[Wanted]) -> None:
    """Make the lines of a draft these, at the prices of today, and reckon its totals."""
    coupons = [quote.coupon] if quote.coupon else []
    asked = Asked([], quote.party, quote.currency, coupons=coupons, withholding=quote.withholding)
    priced, rows = priced_lines(wanted, asked)
    products = Product.objects.in_bulk([one.product for one in wanted])
    for row, line in zip(rows, priced.lines, strict=True):
        product = products[line.product]
        row |= {"name": product.said_in(quote.language, "name"), "code": product.code,
                "cost": line.cost}  # fmt: skip
    keep_lines(QuoteLine, {"quote": quote}, wanted, rows)
    totals = totals_of(priced, wanted)
    worth = worth_at_home(quote.currency)
    at_home = None if worth is None else totals["total"] * worth
    save(quote, **totals, total_at_home=at_home)


def adds_up(quote: Quote) -> bool:
    """Whether a quote comes to what its lines do, and knows the highest discount among them."""
    lines = list(quote.lines.all())
    most = _most_given((line.discount, steps_of(line)) for line in lines)
    is_known = quote.most_discount is None or (most is not None and most <= quote.most_discount)
    return is_known and sum((line.net for line in lines), Decimal()) == quote.net


def totals_of(priced: Priced, wanted: Sequence[Wanted]) -> dict[str, Any]:
    """What a priced basket comes to, as the columns of a quote."""
    listed = sum((line.listed for line in priced.lines), Decimal())
    amount = sum((line.amount for line in priced.lines), Decimal())
    rate = None if priced.margin is None else _share(priced.margin, priced.net)
    given = ((one.discount, line.steps) for one, line in zip(wanted, priced.lines, strict=True))
    return {
        "net": priced.net,
        "tax": priced.tax,
        "withheld": priced.withheld,
        "total": priced.due,
        "taxes": [
            {"tax": one.name, "tax_class": one.tax_class, "rate": f"{one.rate:f}",
             "base": str(one.base), "amount": str(one.amount)}
            for one in priced.taxes
        ],
        "discount": _rate((listed - amount) * 100 / listed if listed else Decimal()),
        "most_discount": _most_given(given),
        "cost": priced.cost if priced.lines else None,
        "margin_rate": None if rate is None else _rate(rate),
    }  # fmt: skip


def _share(margin: Decimal, net: Decimal) -> Decimal:
    """A margin in percent: the lowest there is where what costs something is given for nothing."""
    if net:
        return margin * 100 / net
    return -MOST_RATE if margin else Decimal()


def _most_given(lines: Iterable[tuple[Decimal, Iterable[Step]]]) -> Decimal | None:
    """The most that somebody gave by hand on a line, of its discount and its steps; None where of
    one nobody knows it.
    """
    found = [_given_away(discount, steps) for discount, steps in lines]
    known = [one for one in found if one is not None]
    return max(known, default=Decimal()) if len(known) == len(found) else None


def _given_away(discount: Decimal, steps: Iterable[Step]) -> Decimal | None:
    """How much somebody gave by hand on a line, in percent: off its price, and by a lower price.
    Where no list says what it costs nobody knows how low a price by hand is.
    """
    said = next((step.values for step in steps if step.kind == "given"), None)
    if said is None:
        return _rate(discount)
    if "listed" not in said:
        return None
    listed = said["listed"]
    part = min(Decimal(1), said["price"] / listed) if listed else Decimal(1)
    return _rate(100 * (1 - part * (1 - discount / 100)))


def _rate(value: Decimal) -> Decimal:
    kept = value.quantize(_THOUSANDTH, ROUND_HALF_UP)
    return max(-MOST_RATE, min(MOST_RATE, kept))
