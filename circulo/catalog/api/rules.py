"""Price rules over the API."""

from __future__ import annotations

from django.http import HttpResponse

from circulo.catalog import actions, schemas
from circulo.catalog.api import common
from circulo.catalog.models import PriceRule
from circulo.catalog.selectors.lists import rules_in_order, seen_rule
from circulo.catalog.shown import rule_shown, rules_shown
from circulo.records.rest import lists
from circulo.records.rest.answers import answer, etag_of, one, version_of
from circulo.records.rest.operations import Call, Operation, offer
from circulo.records.rest.schemas import page_of
from circulo.records.rest.versions import refuse_older


def list_rules(call: Call) -> HttpResponse:
    """One page of the price rules."""
    common.refuse_who_sees_none(call)
    return lists.page(
        call,
        "price-rules",
        rules_shown,
        rows=rules_in_order(call.user),
    )


def show_rule(call: Call) -> HttpResponse:
    """One price rule."""
    said = rule_shown(call.user, _seen(call))
    return one(call.request, said, etag_of(version_of(said)))


def add_rule(call: Call) -> HttpResponse:
    """Add a price rule."""
    common.refuse_who_adds_none(call)
    said = rule_shown(call.user, actions.add_price_rule(call.said, by=call.user))
    where = f"price-rules/{said['id']}"
    return answer(said, status=201, etag=etag_of(version_of(said)), location=where)


def change_rule(call: Call) -> HttpResponse:
    """Change a price rule; `is_active` takes it out of use."""
    rule = _seen(call)
    common.refuse_who_changes_none(call)
    now = rule_shown(call.user, rule)
    refuse_older(call, version_of(now), lambda: now)
    said = rule_shown(call.user, actions.change_price_rule(rule, call.said, by=call.user))
    return answer(said, etag=etag_of(version_of(said)))


def _seen(call: Call) -> PriceRule:
    found = seen_rule(call.user, call.ids[0])
    if found is None:
        raise common.gone()
    return found


offer(
    Operation("GET", "price-rules", list_rules, "List price rules",
              gives=page_of(schemas.PRICE_RULE), parameters=lists.PAGES),
    Operation("POST", "price-rules", add_rule, "Add a price rule",
              takes=schemas.PRICE_RULE_IN, gives=schemas.PRICE_RULE, status=201),
    Operation("GET", "price-rules/{id}", show_rule, "Get a price rule", gives=schemas.PRICE_RULE),
    Operation("PATCH", "price-rules/{id}", change_rule, "Change a price rule",
              takes=schemas.PRICE_RULE_CHANGE, gives=schemas.PRICE_RULE),
)  # fmt: skip
