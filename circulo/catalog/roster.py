"""How products stand in their list, and how they are changed there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Subquery, TextField
from django.db.models.functions import Cast, JSONObject
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from circulo.accounts.models import User
from circulo.catalog import actions
from circulo.catalog.dumps import dump_rows
from circulo.catalog.models import Product, TaxClass
from circulo.catalog.saying import read_said
from circulo.catalog.selectors.products import listed_price, listed_prices, prices_of
from circulo.catalog.sheet import knowledge_of
from circulo.lib import format as one
from circulo.records.own import controls
from circulo.records.resources import Field
from circulo.records.rosters import Columns, Roster, Show, register

_BASE = {"id": "id", "name": "name", "translations": "translations", "attributes": "attributes",
         "cost_currency": "cost_currency"}  # fmt: skip


def _price(user: User) -> Subquery:
    rows = listed_prices("pk").values(
        said=JSONObject(amount=Cast("amount", TextField()), currency="list__currency")
    )
    return Subquery(rows[:1])


def _name(_country: str, language: str) -> Callable[[Columns], Any]:
    """As it is called in the language of who reads; a variant with what sets it apart."""

    def show(row: Columns) -> str:
        told = row["translations"].get(language[:2]) or {}
        return " · ".join([told.get("name") or row["name"], *row["attributes"].values()])

    return show


def _labels(name: str, choices: Any) -> Show:
    def made(_country: str, _language: str) -> Callable[[Columns], Any]:
        labels = {value: str(label) for value, label in choices}
        return lambda row: labels[row[name]]

    return made


def _kind(_country: str, _language: str) -> Callable[[Columns], Any]:
    labels = {value: str(label) for value, label in Product.Kind.choices}
    return lambda row: [labels[row["kind"]]]


def _sold(_country: str, _language: str) -> Callable[[Columns], Any]:
    yes, no = [(_("yes"), "good")], [(_("not any more"), "line")]
    return lambda row: yes if row["is_active"] else no


def _listed(row: Columns) -> Any:
    price = row["price"]
    return (Decimal(price["amount"]), price["currency"]) if price else None


def _cost(row: Columns) -> Any:
    return None if row["cost"] is None else (row["cost"], row["cost_currency"])


_SHOWS: Mapping[str, Show] = {
    "name": _name,
    "kind": _kind,
    "tax_class": _labels("tax_class", TaxClass.choices),
    "is_active": _sold,
    "price": lambda _c, _l: _listed,
    "cost": lambda _c, _l: _cost,
}


def _within(user: User, act: str) -> QuerySet[Product]:
    return Product.objects.visible_to(user, act)


def _change(product: Product, field: Field, said: Any, by: User, version: int | None) -> object:
    if field.name == "price":
        return actions.set_listed_price(product, one.parse_number(said or ""), by=by)
    draft = read_said(_meant(product, field, said, by), by=by, product=product)
    return actions.change_product(product, draft, by=by, version=version)


def _meant(product: Product, field: Field, said: Any, by: User) -> dict[str, Any]:
    """What was typed, in the words of the API."""
    if field.own:
        return {"custom": {field.own.key: controls.meant(field.own, said, by)}}
    if field.name == "cost":
        amount = one.parse_number(said or "")
        money = {"amount": amount} | ({"currency": c} if (c := product.cost_currency) else {})
        return {"cost": None if amount is None else money}
    return {field.name: said or ""}


def _typed(product: Product, field: Field) -> Any:
    if field.name == "price":
        price = listed_price(product)
        return "" if price is None else one.typed_number(price.amount.normalize())
    value = getattr(product, field.name)
    return one.typed_number(value.normalize()) if isinstance(value, Decimal) else value


def _edit(keys: Sequence[int], columns: dict[str, Any], by: User) -> int:
    return actions.edit_products(keys, columns, by=by)


def _peek(product: Product, user: User) -> dict[str, Any]:
    """What a closer look at a product needs: what it costs, and what one says of it."""
    return {
        "product": product,
        "prices": prices_of(product),
        "knowledge": knowledge_of(product, get_language() or "es"),
    }


def _in_words(count: int) -> str:
    return ngettext("%s product", "%s products", count) % one.number(count)


register(
    Roster(
        "products", "product", _BASE, ("products",), _within, _change, _edit, dump_rows, _in_words,
        "catalog:new_product",
        readers={"price": _price}, loaded=frozenset({"price", "translations", "attributes"}),
        shows=_SHOWS,
        kinds={"name": "name", "price": "money", "cost": "money", "kind": "chips",
               "is_active": "chips", "created_at": "moment", "updated_at": "moment"},
        mark="package",
        low=frozenset({"kind", "unit", "tax_class", "is_active", "created_at", "updated_at"}),
        edited=frozenset({"name", "code", "family", "unit", "kind", "tax_class", "price", "cost"}),
        chosen=frozenset({"kind", "tax_class"}), needed=frozenset({"kind", "tax_class"}),
        counted=frozenset({"family", "unit"}), unsummed=frozenset({"cost"}),
        new_label=lazy("New product"), new_mark="package-plus", empty="catalog/_no_products.html",
        acts="catalog/_list_acts.html", typed=_typed, peek=("catalog/_peek.html", _peek),
    )
)  # fmt: skip
