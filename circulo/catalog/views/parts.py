"""What is known of a product, and what it costs on each list."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from circulo.catalog import actions
from circulo.catalog.forms.products import (
    notes_of,
    notes_read,
    price_rows,
    prices_read,
    ties_of,
    ties_read,
)
from circulo.catalog.models import PriceList, Product, ProductNote, ProductTie
from circulo.catalog.saying import read_said
from circulo.catalog.selectors.lists import lists_in_order
from circulo.catalog.selectors.products import currency_of_the_firm, prices_of
from circulo.catalog.views.products import find
from circulo.lib.errors import Invalid, Text
from circulo.web import Request, page, toast


@require_http_methods(["GET", "POST"])
@login_required
def knowledge(request: Request, identifier: str) -> HttpResponse:
    """What a seller should know of a product, and what goes with it."""
    product = find(request, identifier, "edit")
    if request.method == "GET":
        return _knowledge(request, product, notes_of(product), ties_of(product))
    notes, ties = notes_read(request.POST), ties_read(request.POST)
    try:
        draft = read_said({"notes": notes, "ties": ties}, by=request.user, product=product)
        actions.change_product(product, draft, by=request.user)
    except Invalid as invalid:
        return _knowledge(request, product, [*notes, {}], [*ties, {}], invalid)
    toast(request, _("Saved."))
    return redirect(product.get_absolute_url())


@require_http_methods(["GET", "POST"])
@login_required
def prices(request: Request, identifier: str) -> HttpResponse:
    """What a product costs on each list in use."""
    product = find(request, identifier, "edit")
    lists = _lists(request)
    if request.method == "POST":
        try:
            _set_prices(request, product, lists)
        except Invalid as invalid:
            return _prices(request, product, lists, next(iter(invalid.fields.values())))
        toast(request, _("Saved."))
        return redirect(product.get_absolute_url())
    return _prices(request, product, lists)


def _lists(request: Request) -> list[PriceList]:
    """The lists in use; where there is none, the one that the first price will make."""
    found = [one for one in lists_in_order(request.user) if one.is_active]
    return found or [PriceList(pk=0, name=_("General prices"), currency=currency_of_the_firm())]


@transaction.atomic
def _set_prices(request: Request, product: Product, lists: list[PriceList]) -> None:
    """Put what the form says in the place of what was there."""
    before: dict[int, set[Decimal]] = {}
    for price in prices_of(product):
        before.setdefault(price.list_id, set()).add(price.from_quantity)
    for one in lists:
        now = prices_read(request.POST, one)
        said: dict[Decimal, Decimal | None] = dict.fromkeys(before.get(one.pk, ()))
        rows = [(product.pk, quantity, amount) for quantity, amount in (said | now).items()]
        if rows:
            kept = one if one.pk else actions.default_list(one.currency, by=request.user)
            actions.set_prices(kept, rows, by=request.user)


def _knowledge(
    request: Request, product: Product, notes: Any, ties: Any, refused: Invalid | None = None
) -> HttpResponse:
    wrong = " ".join(str(text) for text in refused.fields.values()) if refused else ""
    return page(
        request,
        "catalog/knowledge.html",
        status=422 if wrong else 200,
        product=product,
        notes=notes,
        ties=ties,
        wrong=wrong,
        note_kinds=ProductNote.Kind.choices,
        tie_kinds=ProductTie.Kind.choices,
        languages=[("", _("Any")), ("es", "Español"), ("en", "English")],
    )


def _prices(
    request: Request, product: Product, lists: list[PriceList], wrong: Text = ""
) -> HttpResponse:
    rows = price_rows(lists, [p for p in prices_of(product) if p.list_id in {o.pk for o in lists}])
    return page(
        request,
        "catalog/prices_of.html",
        status=422 if wrong else 200,
        product=product,
        lists=rows,
        wrong=wrong,
        posted=request.POST,
    )
