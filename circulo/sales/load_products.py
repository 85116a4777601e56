"""The products that rows of deals name, where the catalogue knows them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from circulo.accounts.models import User
from circulo.catalog.selectors.finding import products_called
from circulo.sales.actions import writing


class Products:
    """Looks up what rows call products, for whoever sees products, once for each name."""

    def __init__(self, by: User | None) -> None:
        self.sees = by is None or bool(by.may("products", "view"))
        self.known: dict[str, int] = {}

    def find(self, said: Iterable[str]) -> None:
        """Look up the names that were not said before."""
        unknown = {name for name in said if name and name not in self.known}
        if unknown and self.sees:
            found = products_called(unknown)
            self.known = self.known | {name: found.get(name, 0) for name in unknown}

    def name(
        self, keys: Sequence[int], said: Sequence[str], rows: Sequence[dict[str, Any]]
    ) -> None:
        """Say what new deals are about: one unit of what they named, for their amount."""
        writing.insert_lines(
            [
                {"deal_id": key, "product_id": product, "amount": row.get("amount")}
                for key, name, row in zip(keys, said, rows, strict=True)
                if (product := self.known.get(name, 0))
            ]
        )
