"""Price lists and their prices over the API."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from circulo.catalog import actions, schemas
from circulo.catalog.api import common
from circulo.catalog.drafts import members, quantity, words
from circulo.catalog.models import PriceList
from circulo.catalog.reading import amount
from circulo.catalog.selectors.finding import products_called
from circulo.catalog.selectors.lists import page_of_prices, seen_list
from circulo.catalog.shown import list_shown, lists_shown, price_shown
from circulo.lib.decimals import decimal_of
from circulo.lib.errors import Invalid
from circulo.records.rest import lists, reading
from circulo.records.rest.answers import answer, etag_of, nothing, one, version_of
from circulo.records.rest.operations import Call, Operation, offer
from circulo.records.rest.schemas import page_of
from circulo.records.rest.versions import refuse_older

MOST_AT_ONCE = 1000


def list_price_lists(call: Call) -> HttpResponse:
    """One page of the price lists, without their prices."""
    common.refuse_who_sees_none(call)
    return lists.page(call, "price-lists", lists_shown)


def show_price_list(call: Call) -> HttpResponse:
    """One price list, without its prices."""
    said = list_shown(call.user, _seen(call))
    return one(call.request, said, etag_of(version_of(said)))


def add_price_list(call: Call) -> HttpResponse:
    """Add a price list."""
    common.refuse_who_adds_none(call)
    said = list_shown(call.user, actions.add_price_list(call.said, by=call.user))
    where = f"price-lists/{said['id']}"
    return answer(said, status=201, etag=etag_of(version_of(said)), location=where)


def change_price_list(call: Call) -> HttpResponse:
    """Change a price list; `is_active` takes it out of use."""
    price_list = _seen(call)
    common.refuse_who_changes_none(call)
    now = list_shown(call.user, price_list)
    refuse_older(call, version_of(now), lambda: now)
    changed = actions.change_price_list(price_list, call.said, by=call.user)
    said = list_shown(call.user, changed)
    return answer(said, etag=etag_of(version_of(said)))


def retire_price_list(call: Call) -> HttpResponse:
    """Take a price list out of use; its prices stay."""
    price_list = _seen(call)
    common.refuse_who_changes_none(call)
    now = list_shown(call.user, price_list)
    refuse_older(call, version_of(now), lambda: now)
    actions.retire_price_list(price_list, by=call.user)
    return nothing()


def list_prices(call: Call) -> HttpResponse:
    """One page of the prices on a list, by the keys of their products."""
    price_list = _seen(call)
    prices, following = page_of_prices(
        price_list, after=call.parameters.get("cursor", ""), limit=lists.limit_of(call)
    )
    items = [price_shown(price, price_list.currency) for price in prices]
    return answer({"items": items, "next": following})


def set_prices(call: Call) -> HttpResponse:
    """Say what products cost on a list; prices that are not named stay."""
    price_list = _seen(call)
    common.refuse_who_changes_none(call)
    said = reading.known(call.said, ["prices"])
    with reading.collecting() as take:
        prices = take("prices", _prices, said.get("prices"), price_list)
    actions.set_prices(price_list, prices, by=call.user)
    return nothing()


def _seen(call: Call) -> PriceList:
    found = seen_list(call.user, call.ids[0])
    if found is None:
        raise common.gone()
    return found


def _prices(value: Any, price_list: PriceList) -> list[tuple[int, Decimal, Decimal | None]]:
    known = {"product", "from_quantity", "price"}
    said = members(value, known, "product", MOST_AT_ONCE)
    names = [words(one["product"], 200) for one in said]
    found = products_called(names)
    if missing := [name for name in names if name not in found]:
        raise Invalid({"": _("There is no product “%s”, or more than one.") % missing[0][:60]})
    return [
        (found[name], _from(one), _price(one, price_list))
        for name, one in zip(names, said, strict=True)
    ]


def _from(one: Mapping[str, Any]) -> Decimal:
    value = one.get("from_quantity") or 0
    return quantity(value) if decimal_of(value) else Decimal()


def _price(one: Mapping[str, Any], price_list: PriceList) -> Decimal | None:
    value = one.get("price")
    if value is None:
        return None
    return amount(value, currency=price_list.currency)


offer(
    Operation("GET", "price-lists", list_price_lists, "List price lists",
              gives=page_of(schemas.PRICE_LIST), parameters=lists.PAGES),
    Operation("POST", "price-lists", add_price_list, "Add a price list",
              takes=schemas.PRICE_LIST_IN, gives=schemas.PRICE_LIST, status=201),
    Operation("GET", "price-lists/{id}", show_price_list, "Get a price list",
              gives=schemas.PRICE_LIST),
    Operation("PATCH", "price-lists/{id}", change_price_list, "Change a price list",
              takes=schemas.PRICE_LIST_CHANGE, gives=schemas.PRICE_LIST),
    Operation("DELETE", "price-lists/{id}", retire_price_list, "Take a price list out of use",
              status=204),
    Operation("GET", "price-lists/{id}/prices", list_prices, "List the prices on a list",
              gives=schemas.PRICES,
              parameters=tuple(p for p in lists.PAGES if p.name in ("limit", "cursor"))),
    Operation("POST", "price-lists/{id}/prices", set_prices, "Say what products cost on a list",
              takes=schemas.PRICES_IN, status=204,
              more="A price that is null is taken away; those that are not named stay."),
)  # fmt: skip
