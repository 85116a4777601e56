"""Products found by what people and files call them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Q
from django.db.models.functions import Upper

from circulo.accounts import prepared
from circulo.catalog.models import Product, ProductTie
from circulo.catalog.names import same_product
from circulo.lib import ids
from circulo.lib.compiled import compiled
from circulo.lib.slots import Slot, Template, template


def products_called(said: Iterable[str]) -> dict[str, int]:
    """By what was said the one product that it means: an identifier, a code, else a name.

    A name that several products have means none of them.
    """
    asked = {text for text in said if text}
    keys = {text: ids.decode("product", text) for text in asked}
    upper = uppers(asked)
    names = {text: same_product(text) for text in asked}
    rows = _that_mean((
        [key for key in keys.values() if key], [*upper.values()], [*names.values()],
    ))  # fmt: skip
    by_key: set[int] = set()
    by_code: dict[str, int] = {}
    by_name: dict[str, list[int]] = {}
    for pk, code, name_key in rows:
        by_key.add(pk)
        by_code[code] = pk
        by_name.setdefault(name_key, []).append(pk)
    found: dict[str, int] = {}
    for text in asked:
        named = by_name.get(names[text], [])
        key = keys[text]
        one = key if key in by_key else by_code.get(upper[text])
        one = one or (named[0] if len(named) == 1 else None)
        if one is not None:
            found[text] = one
    return found


def _that_mean(said: Sequence[Any]) -> list[tuple[int, str, str]]:
    """Keys, codes and names of the products with one of these keys, codes or names."""
    asked = _asked_for()
    return prepared.run_numbered(asked.numbered, asked.filled(said))


@cache
def _asked_for() -> Template:
    keys, codes, names = map(Slot, range(3))
    meant = Q(pk__in=keys) | Q(upper__in=codes) | Q(name_key__in=names)
    rows = Product.objects.annotate(upper=Upper("code")).filter(meant)
    return template(*compiled(rows.values_list("pk", "upper", "name_key")))


def retired_among(keys: Iterable[int]) -> set[int]:
    """Those of these products that are no longer sold."""
    rows = Product.objects.filter(pk__in=set(keys), is_active=False)
    return set(rows.values_list("pk", flat=True))


def substitutes_of(product: int) -> list[str]:
    """What is sold in the place of a product, by name."""
    ties = ProductTie.objects.filter(product=product, kind=ProductTie.Kind.SUBSTITUTE)
    rows = Product.objects.active().filter(pk__in=ties.values("other"))
    return list(rows.order_by("sort_key", "pk").values_list("name", flat=True))


def called(products: Iterable[Product]) -> dict[int, str]:
    """By its key, what each product is called so that `products_called` finds it again.

    That is its code, else its name; its identifier where these would mean another, or several.
    """
    every = {product.pk: product for product in products}
    usual = {key: product.code or product.name for key, product in every.items()}
    meant = products_called(usual.values()) if usual else {}
    return {key: text if meant.get(text) == key else every[key].public_id
            for key, text in usual.items()}  # fmt: skip


def uppers(texts: Iterable[str]) -> dict[str, str]:
    """Texts in capitals as the database writes them, which alone says when two codes are the same.

    Only letters beyond ASCII are asked for: Python writes ß as SS, the database need not.
    """
    found = {text: text.upper() for text in texts}
    beyond = [text for text in found if not text.isascii()]
    if beyond:
        with connection.cursor() as cursor:
            cursor.execute("SELECT said, upper(said) FROM unnest(%s::text[]) said", [beyond])
            found |= dict(cursor.fetchall())
    return found
