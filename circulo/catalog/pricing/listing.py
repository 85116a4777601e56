"""The unit price of a line, before anything is taken off."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from circulo.catalog.pricing.terms import Item, Line, List, Offer, Terms

_FINEST = Decimal("0.0001")


@dataclass(frozen=True)
class Listed:
    """A unit price in the currency of the basket, and why it is that."""

    price: Decimal
    includes_tax: bool
    reasons: tuple[tuple[str, dict[str, Any]], ...]


def listed(line: Line, terms: Terms, currency: str) -> Listed | None:
    """The unit price of a line; None where no list knows one and nobody typed any."""
    found = _on_lists(terms.items[line.product], line.quantity, terms, currency)
    if line.unit_price is None:
        return found
    includes_tax = found.includes_tax if found else False
    said = {"price": line.unit_price} | ({"listed": found.price} if found else {})
    return Listed(line.unit_price, includes_tax, (("given", said),))


def _on_lists(item: Item, quantity: Decimal, terms: Terms, currency: str) -> Listed | None:
    for one in terms.lists:
        price = _own_price(item, quantity, one, terms) or _of_parts(item, quantity, one, terms)
        if price is not None:
            return _converted(price, one, currency)
    return None


def _own_price(item: Item, quantity: Decimal, one: List, terms: Terms) -> Listed | None:
    """What a list asks for the product, or else for the one that it is a variant of."""
    parent = terms.items.get(item.parent) if item.parent is not None else None
    for known in (item, parent):
        offer = _best(known, quantity, one) if known else None
        if offer is not None and known is not None:
            said = {"list": one.name, "from_quantity": offer.from_quantity, "price": offer.amount,
                    "currency": one.currency}  # fmt: skip
            as_variant = {} if known is item else {"product": known.name}
            return Listed(offer.amount, one.includes_tax, (("list", said | as_variant),))
    return None


def _of_parts(item: Item, quantity: Decimal, one: List, terms: Terms) -> Listed | None:
    """What the parts of a bundle cost on a list; None where it does not price every one."""
    total = Decimal()
    for part in item.parts:
        price = _own_price(terms.items[part.product], quantity * part.quantity, one, terms)
        if price is None:
            return None
        total += price.price * part.quantity
    if not item.parts:
        return None
    said = {"list": one.name, "price": total, "currency": one.currency, "parts": len(item.parts)}
    return Listed(total, one.includes_tax, (("parts", said),))


def _best(item: Item, quantity: Decimal, one: List) -> Offer | None:
    offers = (o for o in item.offers if o.list == one.key and o.from_quantity <= quantity)
    return max(offers, key=lambda offer: offer.from_quantity, default=None)


def _converted(found: Listed, one: List, currency: str) -> Listed:
    if one.currency == currency:
        return found
    price = (found.price * one.rate).quantize(_FINEST, ROUND_HALF_UP)
    said = {"currency": one.currency, "into": currency, "rate": one.rate, "price": price}
    return Listed(price, found.includes_tax, (*found.reasons, ("converted", said)))
