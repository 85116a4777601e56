"""Products added and changed, as sets; one is a set of one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import F, Func, JSONField, QuerySet, Value
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.catalog.actions.parts import check_parts, found_by, set_parts, variant_key
from circulo.catalog.actions.races import refusing_the_second
from circulo.catalog.drafts import Draft
from circulo.catalog.models import Product
from circulo.catalog.selectors.finding import uppers
from circulo.lib.errors import Invalid, refuse_stale

AT_ONCE = 500
COLUMNS = ("code", "name", "kind", "unit", "family", "description", "translations", "tax_class",
           "cost", "cost_currency", "is_active", "attributes", "custom", "variant_of")  # fmt: skip
EDITED = frozenset({"family", "unit", "tax_class", "is_active", "custom"})
# Values that are null take the field away.
_LAID_OVER = "jsonb_strip_nulls(%(expressions)s)"


def add_product(draft: Draft, *, by: User | None, is_demo: bool = False) -> Product:
    """Add a product."""
    (product,) = add_products([draft], by=by, is_demo=is_demo)
    return product


@transaction.atomic
def add_products(
    drafts: Sequence[Draft], *, by: User | None, is_demo: bool = False
) -> list[Product]:
    """Add products; Invalid where one has a code that is taken, or names what is not there."""
    found = found_by(drafts)
    products = []
    for draft in drafts:
        product = Product(is_demo=is_demo)
        _lay_over(product, draft, found)
        products.append(product)
    _refuse_taken(products)
    _refuse_unfit(products)
    with refusing_the_second():
        Product.objects.bulk_create(products, AT_ONCE)
    _parts(list(zip(products, drafts, strict=True)), found)
    return products


def change_product(
    product: Product, draft: Draft, *, by: User | None, version: int | None = None
) -> Product:
    """Change what a draft names; Stale where somebody saved a newer version than this meanwhile."""
    (changed,) = change_products([(product.pk, draft)], by=by, version=version)
    return changed


@transaction.atomic
def change_products(
    changes: Sequence[tuple[int, Draft]], *, by: User | None, version: int | None = None
) -> list[Product]:
    """Change products, each as its draft says."""
    found = found_by([draft for _key, draft in changes])
    locked = _locked([key for key, _draft in changes])
    products = []
    for key, draft in changes:
        product = locked[key]
        refuse_stale(product, version, draft.columns)
        _lay_over(product, draft, found)
        product.version += 1
        product.updated_at = timezone.now()
        products.append(product)
    _refuse_taken(products)
    _refuse_unfit(products)
    with refusing_the_second():
        Product.objects.bulk_update(products, [*COLUMNS, "version", "updated_at"], AT_ONCE)
    _parts(list(zip(products, [draft for _key, draft in changes], strict=True)), found)
    return products


@transaction.atomic
def edit_products(keys: Collection[int], values: Mapping[str, Any], *, by: User | None) -> int:
    """Give many products the same family, unit, tax class or own fields; how many it changed."""
    unknown = set(values) - EDITED
    if unknown:
        raise Invalid(dict.fromkeys(unknown, _("This cannot be changed of many at once.")))
    rows: QuerySet[Product] = Product.objects.filter(pk__in=keys)
    plain = {name: value for name, value in values.items() if name != "custom"}
    rows = rows.exclude(**plain) if plain else rows
    if "custom" in values:
        said = Value(values["custom"], JSONField())
        laid = Func(F("custom"), said, template=_LAID_OVER, arg_joiner=" || ",
                    output_field=JSONField())  # fmt: skip
        rows, plain["custom"] = rows.exclude(custom=laid), laid
    return rows.update(**plain, version=F("version") + 1, updated_at=timezone.now())


def retire_products(keys: Collection[int], *, by: User | None) -> int:
    """Sell them no more; what was sold stays as it is."""
    return edit_products(keys, {"is_active": False}, by=by)


def restore_products(keys: Collection[int], *, by: User | None) -> int:
    """Sell them again."""
    return edit_products(keys, {"is_active": True}, by=by)


def _locked(keys: Collection[int]) -> dict[int, Product]:
    rows = Product.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
    return {product.pk: product for product in rows.select_related("variant_of")}


def _lay_over(product: Product, draft: Draft, found: Mapping[str, int]) -> None:
    for name, value in draft.columns.items():
        if name == "custom":
            value = {k: v for k, v in (product.custom | value).items() if v is not None}
        setattr(product, name, value)
    for language, name in draft.called.items():
        told = product.translations.get(language) or {}
        product.translations = {**product.translations, language: told | {"name": name}}
    if draft.variant_of is not None:
        product.variant_of_id = variant_key(draft, found)
    if product.variant_of_id is None:
        product.attributes = {}


def _refuse_taken(products: Sequence[Product]) -> None:
    """A code is taken whatever its capitals."""
    upper = uppers(product.code for product in products)
    codes = [upper[product.code] for product in products if product.code]
    ours = [product.pk for product in products if product.pk]
    taken = Product.objects.annotate(upper=Upper("code")).filter(upper__in=codes)
    first = taken.exclude(pk__in=ours).first()
    double = next((code for code in codes if codes.count(code) > 1), None) if not first else None
    if first or double:
        code = first.code if first else double
        name = first.name if first else ""
        raise Invalid({"code": _("The code %(code)s belongs to another product already: %(name)s.")
                       % {"code": code, "name": name}})  # fmt: skip


def _refuse_unfit(products: Sequence[Product]) -> None:
    """Variants are one level deep, and only a bundle that holds nothing may become no bundle."""
    parents = {product.variant_of_id for product in products if product.variant_of_id}
    keys = {product.pk for product in products if product.pk}
    deep = Product.objects.filter(pk__in=parents).exclude(variant_of=None)
    if parents and deep.exists():
        raise Invalid(
            {"variant_of": _("That is a variant itself: name the product that it is of.")}
        )
    variants = [product.pk for product in products if product.variant_of_id and product.pk]
    if variants and Product.objects.filter(variant_of__in=variants).exists():
        raise Invalid({"variant_of": _("It has variants: it cannot be one of another product.")})
    if keys & parents and any(product.variant_of_id == product.pk for product in products):
        raise Invalid({"variant_of": _("A product is no variant of itself.")})


def _parts(pairs: Sequence[tuple[Product, Draft]], found: Mapping[str, int]) -> None:
    set_parts(pairs, found)
    check_parts([product for product, _draft in pairs])
