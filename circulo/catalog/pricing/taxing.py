"""Tax on priced lines: reckoned on the sum of each rate, shared out to the last cent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from circulo.catalog.pricing.terms import PricedLine, Step, Tax, TaxTotal, Terms
from circulo.lib import money

UNTAXED = ("zero", "exempt")


def taxed(
    lines: Sequence[PricedLine], terms: Terms, currency: str
) -> tuple[list[PricedLine], list[TaxTotal]]:
    """The lines with their net amount and tax, and the totals of each tax."""
    done = list(lines)
    totals: dict[tuple[str, str, Decimal], TaxTotal] = {}
    for (tax_class, includes_tax), places in _groups(lines).items():
        tax = tax_of(tax_class, terms)
        amounts = [lines[place].amount for place in places]
        shares = _taxes(amounts, tax, currency, includes_tax=includes_tax)
        for place, share in zip(places, shares, strict=True):
            done[place] = _with(lines[place], share, tax, terms)
        if tax is not None:
            base = sum((done[place].net for place in places), Decimal())
            _add(totals, tax_class, tax, base, sum(shares, Decimal()))
    return done, sorted(totals.values(), key=lambda total: (-total.rate, total.tax_class))


def tax_of(tax_class: str, terms: Terms) -> Tax | None:
    """The tax of a class in the region: the general one where it has none of this class; None
    where the region has no taxes of ours at all.
    """
    found = terms.taxes.get(tax_class)
    return found or (None if tax_class in UNTAXED else terms.taxes.get("general"))


def _groups(lines: Sequence[PricedLine]) -> dict[tuple[str, bool], list[int]]:
    found: dict[tuple[str, bool], list[int]] = {}
    for place, line in enumerate(lines):
        found.setdefault((line.tax_class, line.includes_tax), []).append(place)
    return found


def _taxes(
    amounts: Sequence[Decimal], tax: Tax | None, currency: str, *, includes_tax: bool
) -> list[Decimal]:
    """The tax of each amount."""
    if tax is None:
        return [Decimal()] * len(amounts)
    total = sum(amounts, Decimal())
    if includes_tax:
        whole = total - money.rounded(total * 100 / (100 + tax.rate), currency)
    else:
        whole = money.rounded(total * tax.rate / 100, currency)
    return money.shared(whole, amounts, currency)


def _with(line: PricedLine, share: Decimal, tax: Tax | None, terms: Terms) -> PricedLine:
    net = line.amount - share if line.includes_tax else line.amount
    if not line.is_priced:
        return replace(line, net=net, tax=share)
    said: dict[str, object] = {"region": terms.region}
    if tax is not None:
        said |= {"tax": tax.name, "rate": tax.rate, "tax_class": line.tax_class,
                 "of_it": share, "included": line.includes_tax}  # fmt: skip
    step = Step("tax" if tax is not None else "no_tax", net + share, said)
    return replace(line, net=net, tax=share, steps=(*line.steps, step))


def _add(
    totals: dict[tuple[str, str, Decimal], TaxTotal],
    tax_class: str,
    tax: Tax,
    base: Decimal,
    amount: Decimal,
) -> None:
    key = (tax_class, tax.name, tax.rate)
    before = totals.get(key, TaxTotal(tax.name, tax_class, tax.rate, Decimal(), Decimal()))
    totals[key] = replace(before, base=before.base + base, amount=before.amount + amount)
