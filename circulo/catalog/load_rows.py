"""Rows of a table, read as products; no row asks the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from circulo.catalog.drafts import Draft, read, refuse_negative, words
from circulo.catalog.models import Product, TaxClass
from circulo.catalog.names import same_product
from circulo.lib import ids, money
from circulo.lib.errors import Invalid
from circulo.lib.readers import values
from circulo.records.load_types import RefusedRow, Said, Task
from circulo.records.mapping import folded
from circulo.records.models import OWN
from circulo.records.own.cells import CellReader
from circulo.records.own.definitions import defined

_KINDS = {"bien": "product", "goods": "product", "good": "product", "consumible": "product",
          "storable product": "product", "servicio": "service", "pack": "bundle", "kit": "bundle",
          "combo": "bundle", "lote": "bundle"}  # fmt: skip
# In Spain a rate alone says which class is meant.
_CLASSES = {"21": "general", "10": "reduced", "4": "super_reduced", "0": "zero",
            "standard": "general", "normal": "general", "exento": "exempt"}  # fmt: skip
_PLAIN = ("code", "name", "unit", "family", "description")


@dataclass
class ProductRow:
    """What a row says of a product, and by what it is found."""

    draft: Draft
    key: int | None = None
    code: str = ""
    price: tuple[Decimal, str] | None = None

    @property
    def said_code(self) -> str:
        """Its code as it was written; `code` is as codes are compared, once that is known."""
        return str(self.draft.columns.get("code", ""))

    @property
    def name_key(self) -> str:
        """Its name, as names are compared."""
        return same_product(str(self.draft.columns.get("name", "")))


class ProductReader:
    """Reads the rows of one load."""

    def __init__(self, task: Task, currency: str) -> None:
        self.task, self.currency = task, currency
        self.own = defined("products")
        self.own_cells = CellReader(self.own, task, {})
        self.hidden = task.by.hidden_fields("products") if task.by else frozenset()
        self.kinds = _KINDS | _words(Product.Kind.choices)
        self.classes = _CLASSES | _words(TaxClass.choices)

    def row(self, said: Said) -> ProductRow:
        """One row, read and checked. A blank cell says nothing."""
        told: dict[str, Any] = {n: said[n][0][0] for n in _PLAIN if n in said}
        told |= self._chosen(said)
        if "is_active" in said:
            told["is_active"] = bool(values.boolean(said["is_active"][0][0]))
        if "cost" in said and "cost" not in self.hidden:
            told["cost"] = self._cost(said["cost"][0][0])
        if own := {n: said[n][0][0] for n in said if n.startswith(OWN) and n not in self.hidden}:
            told["custom"] = self._own(own)
        row = ProductRow(read(told, currency=self.currency, partial=True, own=self.own))
        row.key, row.price = self._key(said), self._price(said)
        row.draft.called = self._names(said)
        if not (row.key or row.said_code or row.name_key):
            raise RefusedRow(_("Neither a code nor a name says which product this is."))
        return row

    def _chosen(self, said: Said) -> dict[str, str]:
        found = {}
        for name, known in (("kind", self.kinds), ("tax_class", self.classes)):
            if name in said:
                cell = said[name][0][0]
                word = folded(cell.removesuffix("%").strip().removesuffix(".00"))
                if word not in known:
                    offered = ", ".join(sorted(set(known.values())))
                    raise RefusedRow(_("“%(value)s” is none of: %(choices)s.")
                                     % {"value": cell[:40], "choices": offered})  # fmt: skip
                found[name] = known[word]
        return found

    def _names(self, said: Said) -> dict[str, str]:
        """What it is called by language; what it has in another, or more in this one, stays."""
        cells = {"es": said.get("name_es"), "en": said.get("name_en")}
        return {language: words(cell[0][0], 200) for language, cell in cells.items() if cell}

    def _own(self, cells: Mapping[str, str]) -> dict[str, Any]:
        keys = {name: name.removeprefix(OWN) for name in cells}
        return {key: self.own_cells.read(key, cells[name]) for name, key in keys.items()
                if key in self.own.stored}  # fmt: skip

    def _cost(self, cell: str) -> dict[str, Any] | None:
        found = self._money(cell)
        return None if found is None else {"amount": found[0], "currency": found[1]}

    def _price(self, said: Said) -> tuple[Decimal, str] | None:
        found = self._money(said["price"][0][0]) if "price" in said else None
        if found is None:
            return None
        try:
            amount, currency = money.read({"amount": found[0], "currency": found[1]}, "")
            refuse_negative(amount)
        except Invalid as invalid:
            raise RefusedRow(f"{_('Price')}: {invalid.fields['']}") from invalid
        return amount, currency

    def _money(self, cell: str) -> tuple[Decimal, str] | None:
        found = values.money(cell, self.task.decimal)
        return None if found is None else (found[0], found[1] or self.currency)

    def _key(self, said: Said) -> int | None:
        if "id" not in said:
            return None
        key = ids.decode("product", said["id"][0][0])
        if key is None:
            raise RefusedRow(_("“%s” is not an identifier of ours.") % said["id"][0][0][:30])
        return key


def _words(choices: Any) -> dict[str, str]:
    """Values by what people call them, in both languages."""
    found = {folded(value): value for value, _label in choices}
    for language in ("es", "en"):
        with override(language):
            found |= {folded(str(label)): value for value, label in choices}
    return found
