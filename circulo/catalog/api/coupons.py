"""Coupons over the API: what they are, how often they were used, and how long they count."""

from __future__ import annotations

from django.http import HttpResponse

from circulo.catalog import actions, schemas
from circulo.catalog.api import common
from circulo.catalog.models import Coupon
from circulo.catalog.selectors.lists import seen_coupon
from circulo.catalog.shown import coupon_shown
from circulo.records.rest import lists
from circulo.records.rest.answers import answer, etag_of, one, version_of
from circulo.records.rest.operations import Call, Operation, offer
from circulo.records.rest.schemas import page_of
from circulo.records.rest.versions import refuse_older


def list_coupons(call: Call) -> HttpResponse:
    """One page of the coupons."""
    common.refuse_who_sees_none(call)
    return lists.page(call, "coupons", lambda _user, rows: [coupon_shown(row) for row in rows])


def show_coupon(call: Call) -> HttpResponse:
    """One coupon."""
    said = coupon_shown(_seen(call))
    return one(call.request, said, etag_of(version_of(said)))


def change_coupon(call: Call) -> HttpResponse:
    """Say how long and how often at most a coupon counts."""
    coupon = _seen(call)
    common.refuse_who_changes_none(call)
    now = coupon_shown(coupon)
    refuse_older(call, version_of(now), lambda: now)
    said = coupon_shown(actions.change_coupon(coupon, call.said, by=call.user))
    return answer(said, etag=etag_of(version_of(said)))


def _seen(call: Call) -> Coupon:
    found = seen_coupon(call.user, call.ids[0])
    if found is None:
        raise common.gone()
    return found


offer(
    Operation("GET", "coupons", list_coupons, "List coupons", gives=page_of(schemas.COUPON),
              parameters=lists.PAGES),
    Operation("GET", "coupons/{id}", show_coupon, "Get a coupon", gives=schemas.COUPON),
    Operation("PATCH", "coupons/{id}", change_coupon, "Change a coupon",
              takes=schemas.COUPON_CHANGE, gives=schemas.COUPON,
              more="Coupons are made by the rules that need them."),
)  # fmt: skip
