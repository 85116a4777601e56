"""Products found by what people and files call them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q
from django.db.models.functions import Upper

from circulo.catalog.models import Product
from circulo.catalog.names import same_product
from circulo.lib import ids


def products_called(said: Iterable[str]) -> dict[str, int]:
    """By what was said the one product that it means: an identifier, a code, else a name.

    A name that several products have means none of them.
    """
    asked = {text for text in said if text}
    keys = {text: ids.decode("product", text) for text in asked}
    rows = Product.objects.annotate(upper=Upper("code")).filter(
        Q(pk__in=[key for key in keys.values() if key])
        | Q(upper__in=[text.upper() for text in asked])
        | Q(name_key__in=[same_product(text) for text in asked])
    )
    by_key: set[int] = set()
    by_code: dict[str, int] = {}
    by_name: dict[str, list[int]] = {}
    for pk, code, name_key in rows.values_list("pk", "upper", "name_key"):
        by_key.add(pk)
        by_code[code] = pk
        by_name.setdefault(name_key, []).append(pk)
    found: dict[str, int] = {}
    for text in asked:
        named = by_name.get(same_product(text), [])
        key = keys[text]
        one = key if key in by_key else by_code.get(text.upper())
        one = one or (named[0] if len(named) == 1 else None)
        if one is not None:
            found[text] = one
    return found
