"""What the deals of a load are about, where the catalogue knows the product that a row names."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from circulo.catalog.selectors.finding import products_called
from circulo.records.load_types import Task
from circulo.sales.actions import writing


class Goods:
    """The products that rows have named so far, for whoever sees products."""

    def __init__(self, task: Task) -> None:
        self.known: Mapping[str, int] = {}
        self.are_seen = task.by is None or bool(task.by.may("products", "view"))

    def name(
        self, deals: Sequence[int], products: Sequence[str], rows: Sequence[dict[str, Any]]
    ) -> None:
        """Give new deals a line: one unit of their product, for their amount."""
        self._look_up({name for name in products if name and name not in self.known})
        lines = [
            {"deal_id": key, "product_id": product, "amount": row.get("amount")}
            for key, name, row in zip(deals, products, rows, strict=True)
            if (product := self.known.get(name))
        ]
        writing.insert_lines(lines)

    def _look_up(self, names: Collection[str]) -> None:
        if names and self.are_seen:
            found = products_called(names)
            self.known = {**self.known, **{name: found.get(name, 0) for name in names}}
