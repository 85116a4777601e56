"""What hangs on products: what a bundle holds, what is known of them, what goes with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from circulo.catalog.drafts import MOST_OF_ONE, Draft
from circulo.catalog.models import BundleItem, Product, ProductNote, ProductTie
from circulo.catalog.selectors.finding import products_called
from circulo.lib.errors import Invalid

Pairs = Sequence[tuple[Product, Draft]]


def found_by(drafts: Sequence[Draft]) -> dict[str, int]:
    """The products that drafts speak of; one statement for all, none where they name nobody."""
    named = [name for draft in drafts for name in draft.named]
    return products_called(named) if named else {}


def variant_key(draft: Draft, found: Mapping[str, int]) -> int | None:
    """The product that a draft says it is a variant of; None for none."""
    return _key(draft.variant_of, found, "variant_of") if draft.variant_of else None


def set_parts(pairs: Pairs, found: Mapping[str, int]) -> None:
    """Put the parts that drafts speak of in the place of those that are there."""
    _set_items([pair for pair in pairs if pair[1].items is not None], found)
    _set_notes([pair for pair in pairs if pair[1].notes is not None])
    _set_ties([pair for pair in pairs if pair[1].ties is not None], found)


def check_parts(products: Sequence[Product]) -> None:
    """Only bundles hold others, and no bundle holds a bundle."""
    keys = [product.pk for product in products]
    about = BundleItem.objects.filter(Q(bundle__in=keys) | Q(item__in=keys))
    if about.exclude(bundle__kind=Product.Kind.BUNDLE).exists():
        raise Invalid({"kind": _("It holds other products: only a bundle does.")})
    if about.filter(item__kind=Product.Kind.BUNDLE).exists():
        raise Invalid({"items": _("A bundle holds products and services, no bundles.")})


def _set_items(pairs: Pairs, found: Mapping[str, int]) -> None:
    rows: dict[tuple[int, int], BundleItem] = {}
    for product, draft in pairs:
        for name, quantity in draft.items or ():
            key = _key(name, found, "items")
            if key == product.pk:
                raise Invalid({"items": _("A bundle cannot hold itself.")})
            row = rows.setdefault(
                (product.pk, key),
                BundleItem(bundle=product, item_id=key, quantity=0, position=len(rows)),
            )
            row.quantity += quantity
            if row.quantity >= MOST_OF_ONE:
                raise Invalid({"items": _("This number is out of range.")})
    _put(BundleItem, "bundle", ("item_id", "quantity"), pairs, list(rows.values()))


def _set_notes(pairs: Pairs) -> None:
    rows = [
        ProductNote(product=product, position=place, **note)
        for product, draft in pairs
        for place, note in enumerate(draft.notes or ())
    ]
    _put(ProductNote, "product", ("kind", "language", "text", "answer"), pairs, rows)


def _set_ties(pairs: Pairs, found: Mapping[str, int]) -> None:
    rows: dict[tuple[int, str, int], ProductTie] = {}
    for product, draft in pairs:
        for place, (kind, name) in enumerate(draft.ties or ()):
            key = _key(name, found, "ties")
            if key == product.pk:
                raise Invalid({"ties": _("A product does not go with itself.")})
            row = ProductTie(product=product, kind=kind, other_id=key, position=place)
            rows.setdefault((product.pk, kind, key), row)
    _put(ProductTie, "product", ("kind", "other_id"), pairs, list(rows.values()))


def _put(model: Any, of: str, told: Sequence[str], pairs: Pairs, rows: Sequence[Any]) -> None:
    """Let these be the parts of the products where they are not already, as history tells them."""
    keys = [product.pk for product, _draft in pairs]
    now: dict[int, list[Any]] = {}
    for row in model.objects.filter(**{f"{of}__in": keys}).order_by("position", "pk"):
        now.setdefault(getattr(row, f"{of}_id"), []).append(row)
    new: dict[int, list[Any]] = {}
    for row in rows:
        new.setdefault(getattr(row, f"{of}_id"), []).append(row)

    def said(some: Sequence[Any]) -> list[tuple[Any, ...]]:
        return [tuple(getattr(row, name) for name in told) for row in some]

    changed = [key for key in keys if said(now.get(key, [])) != said(new.get(key, []))]
    model.objects.filter(**{f"{of}__in": changed}).delete()
    model.objects.bulk_create(row for key in changed for row in new.get(key, []))


def _key(name: str | None, found: Mapping[str, int], field: str) -> int:
    key = found.get(name or "")
    if key is None:
        raise Invalid({field: _("There is no product “%s”, or more than one.") % (name or "")[:60]})
    return key
