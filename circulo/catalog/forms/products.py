"""A product, what is known of it, and what it costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from circulo.accounts.forms import Form, offer_currencies
from circulo.accounts.models import User
from circulo.catalog.drafts import MOST_NOTES, MOST_TIES
from circulo.catalog.forms.common import AmountField, goods_in, pairs_in
from circulo.catalog.models import Product, TaxClass
from circulo.catalog.selectors.finding import called
from circulo.catalog.selectors.products import families
from circulo.lib import format as fmt
from circulo.lib.errors import Invalid
from circulo.records.own.forms import OwnFields, own_typed

SPARE = 3
_LINES = forms.Textarea(attrs={"rows": 3})


class ProductForm(OwnFields, Form):
    """What a product is, what it is called, and how it is taxed."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    code = forms.CharField(label=gettext_lazy("Code"), max_length=60, required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Product.Kind.choices)
    family = forms.CharField(
        label=gettext_lazy("Family"), max_length=100, required=False,
        widget=forms.TextInput(attrs={"list": "families", "autocomplete": "off"}),
    )  # fmt: skip
    unit = forms.CharField(
        label=gettext_lazy("Unit"), max_length=30, required=False,
        help_text=gettext_lazy("What one counts: bottle, hour, kg"),
    )  # fmt: skip
    tax_class = forms.ChoiceField(label=gettext_lazy("Tax class"), choices=TaxClass.choices)
    cost = AmountField(label=gettext_lazy("Cost"), required=False)
    cost_currency = forms.ChoiceField(label=gettext_lazy("Currency of the cost"), required=False)
    description = forms.CharField(
        label=gettext_lazy("Description"), required=False, max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    name_es = forms.CharField(label=gettext_lazy("Name in Spanish"), max_length=200, required=False)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=200, required=False)
    description_es = forms.CharField(
        label=gettext_lazy("Description in Spanish"), required=False, max_length=10_000,
        widget=_LINES,
    )  # fmt: skip
    description_en = forms.CharField(
        label=gettext_lazy("Description in English"), required=False, max_length=10_000,
        widget=_LINES,
    )  # fmt: skip
    variant_of = forms.CharField(
        label=gettext_lazy("Variant of"), max_length=200, required=False,
        help_text=gettext_lazy("The code or the name of the product that it is a variant of"),
    )  # fmt: skip
    attributes = forms.CharField(
        label=gettext_lazy("What sets it apart"), required=False, max_length=3_000, widget=_LINES,
        help_text=gettext_lazy("Of a variant, one in each line: Size: XL"),
    )  # fmt: skip
    items = forms.CharField(
        label=gettext_lazy("What the bundle holds"), required=False, max_length=10_000,
        widget=_LINES, help_text=gettext_lazy("One in each line: 6 × code or name"),
    )  # fmt: skip

    def __init__(
        self, user: User, *args: Any, product: Product | None = None, **named: Any
    ) -> None:
        super().__init__(*args, **named)
        self.user, self.product, self.families = user, product, families()
        self.add_own("products", user, ("product", product.pk) if product else None)
        offer_currencies(self, "cost_currency")
        if "cost" in user.hidden_fields("products"):
            del self.fields["cost"], self.fields["cost_currency"]

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        try:
            values["attributes"] = pairs_in(values.get("attributes", ""))
        except forms.ValidationError as wrong:
            self.add_error("attributes", wrong)
        try:
            goods = list(goods_in(values.get("items", "")))
            values["items"] = [{"product": name, "quantity": str(n)} for n, name in goods]
        except Invalid as invalid:
            self.add_error("items", str(invalid.fields[""]))
        return values

    def said(self) -> dict[str, Any]:
        """What was typed anew, as the reader of drafts takes it; Invalid for an own field."""
        values = self.cleaned_data
        said: dict[str, Any] = {name: values[name] for name in _PLAIN}
        if "cost" in self.fields:
            amount, currency = values["cost"], values["cost_currency"]
            said["cost"] = None if amount is None else {"amount": amount, "currency": currency}
        said["translations"] = {
            language: {what: values[f"{what}_{language}"] for what in ("name", "description")}
            for language in ("es", "en")
        }
        if self.own:
            said["custom"] = self.own_said(self.user, anew=self.product is None)
        return said if self.product is None else self._changed(said)

    def _changed(self, said: dict[str, Any]) -> dict[str, Any]:
        """Only what differs from what stood there, so that it need not be understood again."""
        changed = {_PARTS.get(name, name) for name in self.changed_data}
        if any(name in self.own for name in changed):
            changed.add("custom")
        return {name: value for name, value in said.items() if name in changed}


# Controls that are parts of one value.
_PARTS = {"cost_currency": "cost"} | {
    f"{what}_{language}": "translations"
    for what in ("name", "description")
    for language in ("es", "en")
}
_PLAIN = ("name", "code", "kind", "family", "unit", "tax_class", "description", "variant_of",
          "attributes", "items")  # fmt: skip


def initial_of(product: Product, user: User) -> dict[str, Any]:
    """What the form shows of a product."""
    names = ("name", "code", "kind", "family", "unit", "tax_class", "description", "cost",
             "cost_currency")  # fmt: skip
    said = {name: getattr(product, name) for name in names}
    for language in ("es", "en"):
        told = product.translations.get(language) or {}
        said |= {f"{what}_{language}": told.get(what, "") for what in ("name", "description")}
    parent, held = product.variant_of, list(product.items.all())
    names_of = called([one.item for one in held] + ([parent] if parent else []))
    said["variant_of"] = names_of[parent.pk] if parent else ""
    said["attributes"] = "\n".join(f"{key}: {value}" for key, value in product.attributes.items())
    said["items"] = "\n".join(
        f"{fmt.typed_number(one.quantity.normalize())} × {names_of[one.item_id]}" for one in held
    )
    return said | own_typed("products", user, product.custom)


def notes_of(product: Product) -> list[dict[str, str]]:
    """What is known of a product, as the rows of its form, and some empty ones."""
    names = ("kind", "language", "text", "answer")
    rows = [{name: getattr(note, name) for name in names} for note in product.notes.all()]
    return [*rows, *[{} for _n in range(SPARE)]][:MOST_NOTES]


def ties_of(product: Product) -> list[dict[str, str]]:
    """What goes with a product, as the rows of its form, and some empty ones."""
    ties = list(product.ties.all())
    names = called(tie.other for tie in ties)
    rows = [{"kind": tie.kind, "product": names[tie.other_id]} for tie in ties]
    return [*rows, *[{} for _n in range(SPARE)]][:MOST_TIES]


def notes_read(posted: Mapping[str, str]) -> list[dict[str, str]]:
    """What the rows of a form say of a product; an empty row says nothing."""
    return _rows(posted, "note", ("kind", "language", "text", "answer"), "text", MOST_NOTES)


def ties_read(posted: Mapping[str, str]) -> list[dict[str, str]]:
    """What the rows of a form say goes with a product."""
    return _rows(posted, "tie", ("kind", "product"), "product", MOST_TIES)


def _rows(
    posted: Mapping[str, str], word: str, names: Sequence[str], needed: str, most: int
) -> list[dict[str, str]]:
    found = []
    for place in range(most):
        row = {name: posted.get(f"{word}_{name}_{place}", "").strip() for name in names}
        if row[needed]:
            found.append(row)
    return found
