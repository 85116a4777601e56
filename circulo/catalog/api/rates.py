"""Rates over the API: taxes, what is withheld, and what currencies are worth."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse

from circulo.catalog import actions, schemas
from circulo.catalog.api import common
from circulo.catalog.reading import read_exchange_rate
from circulo.catalog.shown import exchange_rate_shown, tax_rate_shown, withholding_shown
from circulo.records.rest import lists
from circulo.records.rest.answers import answer
from circulo.records.rest.operations import Call, Operation, offer
from circulo.records.rest.schemas import page_of


def list_tax_rates(call: Call) -> HttpResponse:
    """One page of the tax rates."""
    return _page(call, "tax-rates", tax_rate_shown)


def add_tax_rate(call: Call) -> HttpResponse:
    """Say what a class is taxed with from a day on; the rate before it ends the day before."""
    _refuse_who_changes_none(call)
    return answer(tax_rate_shown(actions.add_tax_rate(call.said, by=call.user)), status=201)


def list_withholdings(call: Call) -> HttpResponse:
    """One page of what is withheld."""
    return _page(call, "withholdings", withholding_shown)


def add_withholding(call: Call) -> HttpResponse:
    """Say what is withheld under a key from a day on; the rate before it ends the day before."""
    _refuse_who_changes_none(call)
    return answer(withholding_shown(actions.add_withholding(call.said, by=call.user)), status=201)


def list_exchange_rates(call: Call) -> HttpResponse:
    """One page of the exchange rates, the latest first."""
    return _page(call, "exchange-rates", exchange_rate_shown)


def add_exchange_rate(call: Call) -> HttpResponse:
    """Say what a currency is worth from a day on; a second telling of the same day counts."""
    _refuse_who_changes_none(call)
    (rate,) = actions.set_exchange_rates([read_exchange_rate(call.said)], by=call.user)
    return answer(exchange_rate_shown(rate), status=201)


def _page(call: Call, name: str, shown: Callable[[Any], dict[str, Any]]) -> HttpResponse:
    common.refuse_who_sees_none(call)
    return lists.page(call, name, lambda _user, rows: [shown(row) for row in rows])


def _refuse_who_changes_none(call: Call) -> None:
    common.refuse_who_sees_none(call)
    common.refuse_who_changes_none(call)


offer(
    Operation("GET", "tax-rates", list_tax_rates, "List tax rates",
              gives=page_of(schemas.TAX_RATE), parameters=lists.PAGES),
    Operation("POST", "tax-rates", add_tax_rate, "Add a tax rate",
              takes=schemas.TAX_RATE_IN, gives=schemas.TAX_RATE, status=201,
              more="The rate of the same class before it ends the day before, and holds again"
              " after one that has an end."),
    Operation("GET", "withholdings", list_withholdings, "List what is withheld",
              gives=page_of(schemas.WITHHOLDING), parameters=lists.PAGES),
    Operation("POST", "withholdings", add_withholding, "Add a rate that is withheld",
              takes=schemas.WITHHOLDING_IN, gives=schemas.WITHHOLDING, status=201),
    Operation("GET", "exchange-rates", list_exchange_rates, "List exchange rates",
              gives=page_of(schemas.EXCHANGE_RATE), parameters=lists.PAGES),
    Operation("POST", "exchange-rates", add_exchange_rate, "Say what a currency is worth",
              takes=schemas.EXCHANGE_RATE_IN, gives=schemas.EXCHANGE_RATE, status=201,
              more="It holds until a later one; said again for the same day it counts anew."),
)  # fmt: skip
