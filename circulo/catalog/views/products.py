"""The page of a product, and the forms that add and change one."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from circulo.catalog import actions
from circulo.catalog.forms.products import ProductForm, initial_of
from circulo.catalog.models import Product
from circulo.catalog.reach import adds, reaches
from circulo.catalog.saying import read_said
from circulo.catalog.selectors.naming import products_to_name
from circulo.catalog.selectors.products import (
    currency_of_the_firm,
    prices_of,
    seen_product,
    variants_of,
    whole,
)
from circulo.catalog.sheet import facts_of, knowledge_of
from circulo.lib.errors import Invalid, Stale
from circulo.records.actions.once import make_once
from circulo.records.selectors import attachments_of
from circulo.records.undo_links import undo_url
from circulo.web import Request, page, toast


@require_GET
@login_required
def show(request: Request, identifier: str) -> HttpResponse:
    """A product with its prices and all that one should know of it."""
    product = find(request, identifier)
    user = request.user
    return page(
        request,
        "catalog/product.html",
        product=product,
        facts=facts_of(product, user),
        prices=prices_of(product),
        parent_prices=prices_of(product.variant_of) if product.variant_of else [],
        knowledge=knowledge_of(product, get_language() or "es"),
        variants=variants_of(product),
        files=attachments_of("product", product.pk),
        may_edit=reaches(user, "edit"),
        may_retire=reaches(user, "delete"),
    )


@require_http_methods(["GET", "POST"])
@login_required
def new(request: Request) -> HttpResponse:
    """Add a product."""
    if not adds(request.user):
        raise PermissionDenied
    initial = {"cost_currency": currency_of_the_firm()} | _suggested(request)
    form = ProductForm(request.user, request.POST or None, request.FILES or None, initial=initial)
    if request.method == "GET":
        return _form(request, form)
    if form.is_valid():
        try:
            product = _added(request, form)
        except Invalid as invalid:
            tell(form, invalid)
        else:
            toast(request, _("Added: %s.") % product.name, undo=undo_url())
            return redirect(product.get_absolute_url())
    return _form(request, form, status=422)


@require_http_methods(["GET", "POST"])
@login_required
def edit(request: Request, identifier: str) -> HttpResponse:
    """Change what a product is."""
    product = find(request, identifier, "edit")
    initial = {"cost_currency": currency_of_the_firm()}
    initial |= {n: v for n, v in initial_of(product, request.user).items() if v is not None}
    form = ProductForm(
        request.user, request.POST or None, request.FILES or None, initial=initial, product=product
    )
    if request.method == "GET":
        return _form(request, form, product)
    if form.is_valid():
        try:
            _changed(request, product, form)
        except Invalid as invalid:
            tell(form, invalid)
        except Stale as stale:
            form.add_error(None, str(stale.message))
            return _form(request, form, product, status=409)
        else:
            toast(request, _("Saved."), undo=undo_url())
            return redirect(product.get_absolute_url())
    return _form(request, form, product, status=422)


@require_GET
@login_required
def names(request: Request) -> HttpResponse:
    """Products to choose from as somebody types one."""
    found = products_to_name(request.user, request.GET.get("product", ""))
    return page(request, "catalog/_names.html", found=found)


@require_POST
@login_required
def retire(request: Request, identifier: str) -> HttpResponse:
    """Sell a product no more."""
    product = find(request, identifier, "delete")
    actions.retire_products([product.pk], by=request.user)
    toast(request, _("Not sold any more: %s.") % product.name, undo=undo_url())
    return redirect(product.get_absolute_url())


@require_POST
@login_required
def restore(request: Request, identifier: str) -> HttpResponse:
    """Sell a product again."""
    product = find(request, identifier, "edit")
    actions.restore_products([product.pk], by=request.user)
    toast(request, _("Sold again: %s.") % product.name, undo=undo_url())
    return redirect(product.get_absolute_url())


def find(request: Request, identifier: str, act: str = "view") -> Product:
    """The product, whole; 404 where it is not seen, 403 where it may not be changed."""
    product = seen_product(request.user, identifier, act)
    if product is None and seen_product(request.user, identifier) is None:
        raise Http404
    if product is None:
        raise PermissionDenied
    return whole(Product.objects.visible_to(request.user)).get(pk=product.pk)


def tell(form: Any, invalid: Invalid) -> None:
    """Say at the fields of a form what the rules refused."""
    for name, text in invalid.fields.items():
        name = {"translations": "name_es"}.get(name, name)
        form.add_error(name if name in form.fields else None, str(text))


def _suggested(request: Request) -> dict[str, str]:
    """What the address that led here says of the new product."""
    return {name: request.GET[name][:200] for name in ("name", "variant_of", "family", "kind")
            if name in request.GET}  # fmt: skip


def _added(request: Request, form: ProductForm) -> Product:
    draft = read_said(form.said(), by=request.user)

    def make() -> int:
        product = actions.add_product(draft, by=request.user)
        form.keep_sent(product.pk)
        return product.pk

    made = make_once(request.POST.get("once", ""), make, by=request.user)
    return Product.objects.visible_to(request.user).get(pk=made)


def _changed(request: Request, product: Product, form: ProductForm) -> None:
    draft = read_said(form.said(), by=request.user, product=product)
    actions.change_product(product, draft, by=request.user, version=version_seen(request))


def version_seen(request: Request) -> int | None:
    """The version that a form was filled in from, where it says so."""
    version = request.POST.get("version", "")
    return int(version) if version.isascii() and version.isdigit() and len(version) < 10 else None


def _form(
    request: Request, form: ProductForm, product: Product | None = None, *, status: int = 200
) -> HttpResponse:
    return page(request, "catalog/form.html", status=status, form=form, product=product)
