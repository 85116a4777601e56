"""Bringing in products: a batch is matched by code or name, made and changed as sets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.translation import gettext as _

from circulo.catalog.actions import add_products, change_products, default_list, set_prices
from circulo.catalog.differing import differing, listed
from circulo.catalog.load_rows import ProductReader, ProductRow
from circulo.catalog.models import Product
from circulo.catalog.reach import adds, reaches
from circulo.catalog.selectors.finding import uppers
from circulo.catalog.selectors.products import currency_of_the_firm
from circulo.lib.errors import Invalid
from circulo.records.load_types import OnDuplicate, Outcome, Task
from circulo.records.own.noted import complete
from circulo.records.turns import Turn

Rows = Sequence[tuple[int, ProductRow]]


@dataclass
class _Known:
    """The products that the rows of a batch may mean."""

    keys: set[int] = field(default_factory=set)
    codes: dict[str, int] = field(default_factory=dict)
    named: dict[str, list[tuple[int, str]]] = field(default_factory=dict)


@dataclass
class _Plan:
    """What is to be done with a batch; rows that mean the same are folded into the first."""

    outcomes: dict[int, Outcome | str] = field(default_factory=dict)
    new: list[ProductRow] = field(default_factory=list)
    changed: dict[int, ProductRow] = field(default_factory=dict)
    numbers: dict[int, list[int]] = field(default_factory=dict)
    by_code: dict[str, ProductRow] = field(default_factory=dict)
    by_name: dict[str, ProductRow] = field(default_factory=dict)


class ProductImporter:
    """Brings in products for one load."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.reader = ProductReader(task, currency_of_the_firm())
        self.may_see = task.by is None or reaches(task.by)
        self.may_add = task.by is None or adds(task.by)
        self.may_change = task.by is None or reaches(task.by, "edit")

    def read(self, record: Any) -> ProductRow:
        """One row, read and checked."""
        return self.reader.row(record)

    def settle(self, turn: Turn, *, kept: bool) -> None:
        """Nothing is remembered between batches."""

    def apply(self, rows: Rows, turn: Turn) -> dict[int, Outcome | str]:
        """Find the products of the batch, add those that are new and change the others."""
        turn.come()
        upper = uppers(row.said_code for _number, row in rows)
        for _number, row in rows:
            row.code = upper[row.said_code]
        plan, known = _Plan(), self._known([row for _number, row in rows])
        for number, row in rows:
            plan.outcomes[number] = self._take(plan, number, row, known)
        made = add_products([row.draft for row in plan.new], by=self.task.by)
        keys = [product.pk for product in made]
        self._price(list(zip(keys, plan.new, strict=True)))
        self._write(plan)
        return plan.outcomes

    def _write(self, plan: _Plan) -> None:
        """Change the products that are there; only what differs counts as a change."""
        drafts = {key: row.draft for key, row in plan.changed.items()}
        other = differing(drafts)
        change_products([(key, drafts[key]) for key in drafts if key in other], by=self.task.by)
        priced = self._price(list(plan.changed.items()))
        for key in drafts.keys() - other - priced:
            plan.outcomes |= dict.fromkeys(plan.numbers[key], Outcome.SKIPPED)

    def _take(self, plan: _Plan, number: int, row: ProductRow, known: _Known) -> Outcome | str:
        if not self.may_see:
            return _("Your role does not allow this.")
        try:
            key = self._meant(row, known)
        except Invalid as invalid:
            return str(invalid.fields[""])
        is_new = self.task.on_duplicate == OnDuplicate.CREATE
        if is_new and row.code in known.codes:
            return _("The code %s belongs to another product already.") % row.code
        if key is not None and not is_new:
            return self._change(plan, number, key, row)
        before = plan.by_code.get(row.code) or (None if is_new else plan.by_name.get(row.name_key))
        if before is not None and (not before.code or not row.code or before.code == row.code):
            return self._fold(before, row)
        return self._add(plan, row)

    def _change(self, plan: _Plan, number: int, key: int, row: ProductRow) -> Outcome | str:
        if self.task.on_duplicate == OnDuplicate.SKIP:
            return Outcome.SKIPPED
        if not self.may_change:
            return _("You may see this record, but not change it.")
        plan.numbers.setdefault(key, []).append(number)
        if key in plan.changed:
            return self._fold(plan.changed[key], row)
        plan.changed[key] = row
        return Outcome.UPDATED

    def _add(self, plan: _Plan, row: ProductRow) -> Outcome | str:
        if row.key is not None:
            return _("There is no such record here any more; leave its identifier out to add it.")
        if not self.may_add:
            return _("You may not add records of this kind.")
        if not row.name_key:
            row.draft.columns["name"] = row.draft.columns["code"]
        try:
            complete(row.draft.columns, self.reader.own)
        except Invalid as invalid:
            return invalid.in_words()
        plan.new.append(row)
        plan.by_name.setdefault(row.name_key, row)
        if row.code:
            plan.by_code[row.code] = row
        return Outcome.CREATED

    def _fold(self, first: ProductRow, row: ProductRow) -> Outcome:
        """What a later row says of the same product is laid over the first."""
        first.draft.lay_over(row.draft)
        first.price = row.price or first.price
        return Outcome.UPDATED

    def _meant(self, row: ProductRow, known: _Known) -> int | None:
        """The product of a row: by identifier, by code, else by name where codes do not differ."""
        if row.key is not None and row.key in known.keys:
            return row.key
        if row.code in known.codes and self.task.key in ("", "code"):
            return known.codes[row.code]
        if self.task.key in ("id", "code"):
            return None
        alike = known.named.get(row.name_key, [])
        fit = [key for key, code in alike if not code or not row.code or code == row.code]
        if len(fit) > 1:
            raise Invalid({"": _("%d records here have this key: say by its identifier which one"
                                 " is meant.") % len(fit)})  # fmt: skip
        return fit[0] if fit else None

    def _known(self, rows: Sequence[ProductRow]) -> _Known:
        found = Product.objects.annotate(upper=Upper("code")).filter(
            Q(pk__in=[row.key for row in rows if row.key])
            | Q(upper__in={row.code for row in rows if row.code})
            | Q(name_key__in={row.name_key for row in rows if row.name_key})
        )
        known = _Known()
        for key, code, name in found.values_list("pk", "upper", "name_key"):
            known.keys.add(key)
            known.named.setdefault(name, []).append((key, code))
            if code:
                known.codes[code] = key
        return known

    def _price(self, pairs: Sequence[tuple[int, ProductRow]]) -> set[int]:
        """Prices go to the default list of their currency; the products that cost another now."""
        said: dict[str, list[tuple[int, Decimal, Decimal | None]]] = {}
        there = listed([key for key, row in pairs if row.price is not None])
        for key, row in pairs:
            if row.price is not None:
                amount, currency = row.price
                quantity, before = there.get((key, currency), (Decimal(), None))
                if amount != before:
                    said.setdefault(currency, []).append((key, quantity, amount))
        for currency, prices in said.items():
            set_prices(default_list(currency, by=self.task.by), prices, by=self.task.by)
        return {key for prices in said.values() for key, _quantity, _amount in prices}
