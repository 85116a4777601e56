"""What is known of a product, and what it costs on each list."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from circulo.catalog import actions
from circulo.catalog.forms.price_rows import (
    Amounts,
    PriceLine,
    lines_of,
    lines_posted,
    shown_in,
    typed_in,
)
from circulo.catalog.forms.products import (
    notes_of,
    notes_read,
    ties_of,
    ties_read,
)
from circulo.catalog.models import PriceList, Product, ProductNote, ProductTie
from circulo.catalog.saying import read_said
from circulo.catalog.selectors.lists import lists_in_order
from circulo.catalog.selectors.products import currency_of_the_firm, prices_of
from circulo.catalog.views.products import find, version_seen
from circulo.lib.errors import Invalid, Stale, Text
from circulo.records.undo_links import undo_url
from circulo.web import Request, page, toast

Drawn = list[tuple[PriceList, list[PriceLine]]]


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
        version = version_seen(request)
        actions.change_product(product, draft, by=request.user, version=version)
    except Invalid as invalid:
        wrong = " ".join(str(text) for text in invalid.fields.values())
        return _knowledge(request, product, [*notes, {}], [*ties, {}], wrong)
    except Stale as stale:
        wrong = str(stale.message)
        return _knowledge(request, product, [*notes, {}], [*ties, {}], wrong, status=409)
    toast(request, _("Saved."), undo=undo_url())
    return redirect(product.get_absolute_url())


@require_http_methods(["GET", "POST"])
@login_required
def prices(request: Request, identifier: str) -> HttpResponse:
    """What a product costs on each list in use."""
    product = find(request, identifier, "edit")
    lists = _lists(request)
    if request.method == "GET":
        return _prices(request, product, lines_of(lists, prices_of(product)))
    posted = [(one, lines_posted(request.POST, one)) for one in lists]
    try:
        _set_prices(request, product, posted)
    except Invalid as invalid:
        wrong = next(iter(invalid.fields.values()))
        drawn = [(one, [*lines, PriceLine()]) for one, lines in posted]
        return _prices(request, product, drawn, wrong, status=422)
    except Stale as stale:
        typed = {one.pk: _typed_anew(lines) for one, lines in posted}
        drawn = lines_of(lists, prices_of(product), typed)
        return _prices(request, product, drawn, stale.message, status=409)
    toast(request, _("Saved."), undo=undo_url())
    return redirect(product.get_absolute_url())


def _typed_anew(lines: list[PriceLine]) -> Amounts:
    shown = shown_in(lines)
    return {q: amount for q, amount in typed_in(lines).items() if shown.get(q) != amount}


def _lists(request: Request) -> list[PriceList]:
    """The lists in use; where there is none, the one that the first price will make."""
    found = [one for one in lists_in_order(request.user) if one.is_active]
    return found or [PriceList(pk=0, name=_("General prices"), currency=currency_of_the_firm())]


@transaction.atomic
def _set_prices(request: Request, product: Product, posted: Drawn) -> None:
    """Put what was typed in the place of what stood in the form."""
    for one, lines in posted:
        shown, said = shown_in(lines), typed_in(lines)
        if shown != said:
            kept = one if one.pk else actions.default_list(one.currency, by=request.user)
            actions.change_prices(kept, product, shown=shown, said=said, by=request.user)


def _knowledge(
    request: Request, product: Product, notes: Any, ties: Any, wrong: str = "", status: int = 422
) -> HttpResponse:
    return page(
        request,
        "catalog/knowledge.html",
        status=status if wrong else 200,
        product=product,
        notes=notes,
        ties=ties,
        wrong=wrong,
        note_kinds=ProductNote.Kind.choices,
        tie_kinds=ProductTie.Kind.choices,
        languages=[("", _("Any")), ("es", "Español"), ("en", "English")],
    )


def _prices(
    request: Request, product: Product, lists: Drawn, wrong: Text = "", status: int = 200
) -> HttpResponse:
    return page(
        request, "catalog/prices_of.html", status=status, product=product, lists=lists, wrong=wrong
    )
