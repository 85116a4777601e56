"""The settings of prices: lists, rules, and a basket to try them on."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from circulo.accounts.views.doors import settings_page
from circulo.catalog import actions
from circulo.catalog.drawing import drawn
from circulo.catalog.forms.prices import (
    BasketForm,
    CouponForm,
    ListForm,
    RuleForm,
    initial_of_list,
    initial_of_rule,
)
from circulo.catalog.reach import reaches
from circulo.catalog.selectors.lists import (
    coupons_in_order,
    grants_of,
    lists_in_order,
    rules_in_order,
    seen_coupon,
    seen_list,
    seen_rule,
)
from circulo.catalog.selectors.pricing import price_basket
from circulo.catalog.selectors.products import currency_of_the_firm
from circulo.catalog.views.products import tell
from circulo.lib.errors import Invalid
from circulo.records.undo_links import undo_url
from circulo.web import Request, page, toast


@require_GET
@login_required
def prices(request: Request) -> HttpResponse:
    """The price lists and the price rules, each in the order in which they count."""
    refuse_who_changes_none(request)
    rules = list(rules_in_order(request.user))
    granted = grants_of(rules)
    return settings_page(
        request, "catalog/prices.html", here="prices",
        lists=lists_in_order(request.user), rules=rules,
        coupons=[(one, granted.get(one.pk, "")) for one in coupons_in_order(request.user)],
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@login_required
def new_list(request: Request) -> HttpResponse:
    """Add a price list."""
    refuse_who_changes_none(request)
    initial = {"currency": currency_of_the_firm(), "is_active": True, "rank": 100}
    form = ListForm(request.user, request.POST or None, initial=initial)
    return _answered(request, form, "list", lambda: actions.add_price_list(
        form.said(), by=request.user), _("The list was added."))  # fmt: skip


@require_http_methods(["GET", "POST"])
@login_required
def edit_list(request: Request, identifier: str) -> HttpResponse:
    """Change a price list."""
    one = seen_list(request.user, identifier)
    if one is None:
        raise Http404
    refuse_who_changes_none(request)
    form = ListForm(request.user, request.POST or None, initial=initial_of_list(one), one=one)
    return _answered(request, form, "list", lambda: actions.change_price_list(
        one, form.said(), by=request.user), _("The list was saved."), one)  # fmt: skip


@require_http_methods(["GET", "POST"])
@login_required
def new_rule(request: Request) -> HttpResponse:
    """Add a price rule."""
    refuse_who_changes_none(request)
    initial = {"currency": currency_of_the_firm(), "rank": 100, "is_active": True}
    form = RuleForm(request.user, request.POST or None, initial=initial)
    return _answered(request, form, "rule", lambda: actions.add_price_rule(
        form.said(), by=request.user), _("The rule was added."))  # fmt: skip


@require_http_methods(["GET", "POST"])
@login_required
def edit_rule(request: Request, identifier: str) -> HttpResponse:
    """Change a price rule."""
    one = seen_rule(request.user, identifier)
    if one is None:
        raise Http404
    refuse_who_changes_none(request)
    form = RuleForm(request.user, request.POST or None, one=one,
                    initial=initial_of_rule(one, request.user))  # fmt: skip
    return _answered(request, form, "rule", lambda: actions.change_price_rule(
        one, form.said(), by=request.user), _("The rule was saved."), one)  # fmt: skip


@require_http_methods(["GET", "POST"])
@login_required
def edit_coupon(request: Request, identifier: str) -> HttpResponse:
    """Say how long and how often at most a coupon counts."""
    one = seen_coupon(request.user, identifier)
    if one is None:
        raise Http404
    refuse_who_changes_none(request)
    form = CouponForm(request.POST or None, initial=vars(one))
    form.rules = list(rules_in_order(request.user).filter(coupon=one))
    return _answered(request, form, "coupon", lambda: actions.change_coupon(
        one, form.cleaned_data, by=request.user), _("The coupon was saved."), one)  # fmt: skip


@require_GET
@login_required
def basket(request: Request) -> HttpResponse:
    """What a basket would cost, and why: for rules to be tried, and for a customer who waits."""
    if not reaches(request.user):
        raise PermissionDenied
    asked = request.GET if "goods" in request.GET else None
    form = BasketForm(request.user, asked, initial={"currency": currency_of_the_firm()})
    found = None
    if asked is not None and form.is_valid():
        found = drawn(price_basket(form.asked()), request.user)
    status = 422 if form.errors else 200
    return page(request, "catalog/basket.html", status=status, form=form, priced=found)


def refuse_who_changes_none(request: Request) -> None:
    """Prices and taxes are the matter of whoever may change products."""
    if not reaches(request.user, "edit"):
        raise PermissionDenied


def _answered(
    request: Request, form: Any, what: str, act: Any, text: str, one: Any = None
) -> HttpResponse:
    """The form, or what came of it."""
    if form.is_bound and form.is_valid():
        try:
            with transaction.atomic():
                act()
        except Invalid as invalid:
            tell(form, invalid)
        else:
            toast(request, text, undo=undo_url())
            return redirect("catalog:prices")
    return settings_page(
        request, f"catalog/{what}_form.html", here="prices", form=form, one=one,
        status=422 if form.is_bound else 200,
    )  # fmt: skip
