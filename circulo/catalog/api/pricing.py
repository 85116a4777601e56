"""What a basket costs, and why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.catalog import schemas
from circulo.catalog.api import common
from circulo.catalog.drafts import members, quantity, words
from circulo.catalog.pricing import Line
from circulo.catalog.reading import amount, day, optional, percent, region
from circulo.catalog.selectors.finding import products_called
from circulo.catalog.selectors.pricing import Asked, price_basket
from circulo.catalog.selectors.products import currency_of_the_firm
from circulo.catalog.shown import priced_shown
from circulo.lib import ids, money
from circulo.lib.errors import Invalid
from circulo.parties.models import Party
from circulo.parties.selectors import party_seen
from circulo.records.rest import reading
from circulo.records.rest.answers import answer
from circulo.records.rest.operations import Call, Operation, offer

MOST_LINES, MOST_COUPONS = 500, 20
SAID = ("lines", "party", "currency", "on", "coupons", "region", "withholding")


def price(call: Call) -> HttpResponse:
    """Price a basket: every line with the steps that led to its amount, and the totals."""
    common.refuse_who_sees_none(call)
    said = reading.known(call.said, SAID)
    with reading.collecting() as take:
        currency = take("currency", _currency, said.get("currency"))
        asked = Asked(
            take("lines", _lines, said.get("lines"), currency or currency_of_the_firm()),
            take("party", _party, said.get("party"), call.user),
            currency,
            take("on", _day, said.get("on")),
            take("coupons", _coupons, said.get("coupons")),
            take("region", lambda v: region(v) if v else "", said.get("region")),
            take("withholding", lambda v: words(v or "", 30), said.get("withholding")),
        )
    return answer(priced_shown(call.user, price_basket(asked)))


def _lines(value: Any, currency: str) -> list[Line]:
    known = {"product", "quantity", "unit_price", "discount"}
    said = members(value, known, "product", MOST_LINES)
    names = [words(one["product"], 200) for one in said]
    found = products_called(names)
    if missing := [name for name in names if name not in found]:
        raise Invalid({"": _("There is no product “%s”, or more than one.") % missing[0][:60]})
    return [_line(found[name], one, currency) for name, one in zip(names, said, strict=True)]


def _line(product: int, one: Mapping[str, Any], currency: str) -> Line:
    discount = optional(one.get("discount"), percent)
    return Line(
        product,
        quantity(one.get("quantity", 1)),
        optional(one.get("unit_price"), partial(amount, currency=currency)),
        discount or Decimal(),
    )


def _party(value: Any, user: User) -> Party | None:
    if value is None:
        return None
    key = ids.decode("party", value) if isinstance(value, str) else None
    found = party_seen(user, key)
    if found is None:
        raise Invalid({"": _("There is no such record.")})
    return found


def _currency(value: Any) -> str:
    return money.currency_of(value) if value else ""


def _day(value: Any) -> date | None:
    return day(value)


def _coupons(value: Any) -> list[str]:
    if value is None:
        return []
    if not isinstance(value, list) or len(value) > MOST_COUPONS:
        raise Invalid({"": _("This must be a list of at most %d.") % MOST_COUPONS})
    return [words(code, 40) for code in value]


offer(
    Operation("POST", "products/price", price, "Price a basket, with the reasons of every line",
              takes=schemas.BASKET, gives=schemas.PRICED,
              more="Nothing is kept. Steps come in the order in which they were taken, each with"
              " what the line came to by it."),
)  # fmt: skip
