"""What can be done to many products at once."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as lazy

from circulo.accounts.models import User
from circulo.catalog import actions
from circulo.catalog.models import Product, TaxClass
from circulo.catalog.reading import read_edit
from circulo.lib.errors import Invalid, Text
from circulo.records.bulk import Act, Write, offer


def _set(name: str) -> Write:
    def write(keys: Sequence[int], value: str, user: User) -> int:
        try:
            return actions.edit_products(keys, read_edit(name, value), by=user)
        except Invalid as invalid:
            raise Invalid({"value": next(iter(invalid.fields.values()))}) from invalid

    return write


def _classes(_user: User) -> list[tuple[str, Text]]:
    return [*TaxClass.choices]


def _that_are(keys: Sequence[int], *, sold: bool) -> list[int]:
    rows = Product.objects.filter(pk__in=keys, is_active=sold)
    return list(rows.order_by("pk").values_list("pk", flat=True))


offer(
    ("products",),
    Act("family", lazy("Family"), "folder", "edit", _set("family"),
        lazy("Put %s into another family"), lazy("%s put into another family."), lazy("Family"),
        order=10),
    Act("tax_class", lazy("Tax class"), "percent", "edit", _set("tax_class"),
        lazy("Tax %s otherwise"), lazy("%s taxed otherwise."), lazy("Tax class"), _classes,
        order=20),
    Act("unit", lazy("Unit"), "ruler", "edit", _set("unit"), lazy("Count %s otherwise"),
        lazy("%s counted otherwise."), lazy("Unit"), order=30),
    Act("restore", lazy("Sell again"), "rotate-ccw", "edit",
        lambda keys, _value, user: actions.restore_products(keys, by=user),
        lazy("Sell %s again"), lazy("%s sold again."),
        fit=lambda keys, _value, _user: _that_are(keys, sold=False), order=80),
    Act("retire", lazy("Retire"), "archive", "delete",
        lambda keys, _value, user: actions.retire_products(keys, by=user),
        lazy("Sell %s no more"), lazy("%s not sold any more."),
        fit=lambda keys, _value, _user: _that_are(keys, sold=True), order=90),
)  # fmt: skip
