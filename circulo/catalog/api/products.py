"""Products over the API."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.catalog import actions, schemas
from circulo.catalog.api import common
from circulo.catalog.models import Product
from circulo.catalog.saying import read_said
from circulo.catalog.selectors.products import seen_product, whole
from circulo.catalog.shown import products_shown
from circulo.lib.errors import Stale
from circulo.records.rest import lists
from circulo.records.rest.answers import answer, etag_of, nothing, one
from circulo.records.rest.operations import Call, Operation, offer
from circulo.records.rest.refusals import forbidden
from circulo.records.rest.schemas import page_of
from circulo.records.rest.versions import refuse_older


def list_products(call: Call) -> HttpResponse:
    """One page of the products."""
    common.refuse_who_sees_none(call)
    rows = whole(Product.objects.visible_to(call.user))
    return lists.page(call, "products", products_shown, rows=rows)


def show_product(call: Call) -> HttpResponse:
    """One product with its version."""
    said = _told(call.user, _seen(call))
    return one(call.request, said, etag_of(said["version"]))


def add_product(call: Call) -> HttpResponse:
    """Add a product."""
    common.refuse_who_adds_none(call)
    product = actions.add_product(read_said(call.said, by=call.user), by=call.user)
    said = _told(call.user, product)
    where = f"products/{product.public_id}"
    return answer(said, status=201, etag=etag_of(product.version), location=where)


def change_product(call: Call) -> HttpResponse:
    """Change what the body names; with If-Match only where nobody saved a newer version."""
    product = _seen(call, "edit")
    refuse_older(call, product.version, lambda: _told(call.user, product))
    draft = read_said(call.said, by=call.user, product=product)
    version = product.version if call.versions else None
    try:
        changed = actions.change_product(product, draft, by=call.user, version=version)
    except Stale:
        product.refresh_from_db()
        refuse_older(call, product.version, lambda: _told(call.user, product))
        raise
    return answer(_told(call.user, changed), etag=etag_of(changed.version))


def retire_product(call: Call) -> HttpResponse:
    """Sell a product no more; what was sold stays as it is."""
    product = _seen(call, "delete")
    refuse_older(call, product.version, lambda: _told(call.user, product))
    actions.retire_products([product.pk], by=call.user)
    return nothing()


def _seen(call: Call, act: str = "view") -> Product:
    """404 where it is not seen, 403 where it may not be touched."""
    product = seen_product(call.user, call.ids[0], act)
    if product is not None:
        return product
    if seen_product(call.user, call.ids[0]) is None:
        raise common.gone()
    raise forbidden(_("You may see this record, but not change it."))


def _told(user: User, product: Product) -> dict[str, Any]:
    (row,) = whole(Product.objects.visible_to(user).filter(pk=product.pk))
    return products_shown(user, [row])[0]


offer(
    Operation("GET", "products", list_products, "List products",
              gives=page_of(schemas.PRODUCT), parameters=(lists.WORDS, lists.VIEW, *lists.PAGES)),
    Operation("POST", "products", add_product, "Add a product",
              takes=schemas.PRODUCT_IN, gives=schemas.PRODUCT, status=201),
    Operation("GET", "products/{id}", show_product, "Get a product", gives=schemas.PRODUCT),
    Operation("PATCH", "products/{id}", change_product, "Change a product",
              takes=schemas.PRODUCT_CHANGE, gives=schemas.PRODUCT,
              more="`items`, `notes` and `ties` take the place of those that are there."),
    Operation("DELETE", "products/{id}", retire_product,
              "Sell a product no more; `is_active` brings it back", status=204),
)  # fmt: skip
