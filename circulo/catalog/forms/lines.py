"""The editor of lines of goods: what stands there, what was typed over it, and rows for more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.catalog.keeping import stamp_of
from circulo.catalog.lines import MOST_LINES, Wanted, read_lines
from circulo.catalog.selectors.finding import products_called, retired_among
from circulo.catalog.selectors.naming import products_to_name
from circulo.lib import format as fmt
from circulo.lib import ids
from circulo.lib.errors import Invalid, Text

CELLS = ("line", "was", "product", "quantity", "price", "discount", "description")
BLANK, MORE, MOST_ALIKE = 2, 10, 3


@dataclass(frozen=True)
class LineRow:
    """A row of the editor as it is typed; `line` names the kept line, `was` the product there."""

    line: str = ""
    was: str = ""
    product: str = ""
    quantity: str = ""
    price: str = ""
    discount: str = ""
    description: str = ""

    @property
    def is_free(self) -> bool:
        """Whether nothing is typed in it."""
        return not (self.said_beside or self.product)

    @property
    def said_beside(self) -> str:
        """What is typed beside the product, by which a row without one is known."""
        return self.description or self.quantity or self.price or self.discount


class LinesForm:
    """Lines of goods in rows; `names` gives names and codes of products by key.

    `stamp` tells the lines that stand there, `seen` those that the sender of `data` saw; of a
    product the sender (`user`) types as much as tells it from the others that they see. `wrong` is
    the row whose product could not be told.
    """

    def __init__(
        self,
        kept: Sequence[Any],
        names: Mapping[int, tuple[str, str]],
        data: QueryDict | None = None,
        user: User | None = None,
    ) -> None:
        self.names, self.user, self.error, self.moved = names, user, "", ""
        self.wrong: int | None = None
        self.kept = {line.product_id for line in kept if line.product_id}
        self.stamp = stamp_of(kept)
        self.seen = data.get("seen", "") if data is not None else ""
        self.rows = [self._row(line) for line in kept] if data is None else _typed(data)
        self.asks_for_more = data is not None and "more" in data
        self.gone = data.get("gone", "") if data is not None else ""
        if data is not None:
            self._move(data)

    @property
    def shown(self) -> list[LineRow]:
        """Every row, with some to be filled in."""
        wished = MORE if self.asks_for_more else BLANK
        blank = min(wished, MOST_LINES - len(self.rows))
        return [*self.rows, *(LineRow() for _n in range(blank))]

    @property
    def retired(self) -> set[str]:
        """The products of kept lines that are no longer sold, as rows name them in `was`."""
        return {ids.encode("product", key) for key in retired_among(self.kept)}

    def wanted(self) -> list[Wanted]:
        """What is wanted now; Invalid for what cannot be understood."""
        left = [(n, row) for n, row in enumerate(self.rows, 1) if str(n - 1) != self.gone]
        for number, row in left:
            if row.said_beside and not row.product:
                raise Invalid({"": _("Line %d: the product is missing.") % number})
        named = [(number, row) for number, row in left if row.product]
        said = [self._said(row) for _n, row in named]
        known = products_called(one["product"] for one in said)
        for (number, _row), one in zip(named, said, strict=True):
            if self.user is not None and one["product"] not in known:
                one["product"] = self._meant(number, one["product"], self.user)
        return read_lines(said, kept=self.kept)

    def _meant(self, number: int, text: str, user: User) -> str:
        """The one product on sale that holds what was typed; Invalid tells those that do."""
        found = products_to_name(user, text)
        if len(found) == 1:
            return found[0].typed
        self.wrong = number - 1
        names = ", ".join(one.typed for one in found[:MOST_ALIKE])
        said = {"number": number, "text": text[:60], "names": names}
        several = _("Line %(number)d: several products hold “%(text)s”. Write which: %(names)s.")
        nothing = _(
            "Line %(number)d: no product on sale holds “%(text)s”. Products lists them all."
        )
        raise Invalid({"": (several if found else nothing) % said})

    def refuse(self, why: Text) -> None:
        """Say above the rows what is wrong with them."""
        self.error = str(why)

    def _move(self, data: QueryDict) -> None:
        """Put the row that is to go up or down before or behind its neighbour."""
        for name, step in (("up", -1), ("down", 1)):
            place = int(said) if (said := data.get(name, "")).isdecimal() else -1
            if 0 <= place < len(self.rows) and 0 <= place + step < len(self.rows):
                self.rows.insert(place + step, self.rows.pop(place))
                last = len(self.rows) - 1
                name = {0: "down", last: "up"}.get(place + step, name)
                self.moved = f"{name}-{place + step}"

    def _row(self, line: Any) -> LineRow:
        return LineRow(
            line.public_id,
            ids.encode("product", line.product_id) if line.product_id else "",
            self.names.get(line.product_id, ("", ""))[0],
            fmt.typed_number(line.quantity.normalize()),
            "" if line.price is None else fmt.typed_number(line.price.normalize()),
            fmt.typed_number(line.discount.normalize()) if line.discount else "",
            line.description,
        )

    def _said(self, row: LineRow) -> dict[str, Any]:
        """A row in the words of other programs; a product that was not typed anew is the same."""
        key = ids.decode("product", row.was)
        same = key is not None and self.names.get(key, ("",))[0] == row.product
        number = _number(row.quantity)
        return {
            "id": row.line,
            "product": row.was if same else row.product,
            "quantity": Decimal(1) if number is None else number,
            "price": _number(row.price),
            "discount": _number(row.discount.replace("%", "")),
            "description": row.description,
        }


def _typed(data: QueryDict) -> list[LineRow]:
    columns = [data.getlist(name)[:MOST_LINES] for name in CELLS]
    most = max(map(len, columns))
    filled = [[*column, *[""] * (most - len(column))] for column in columns]
    rows = [LineRow(*(cell.strip() for cell in cells)) for cells in zip(*filled, strict=True)]
    while rows and rows[-1].is_free:
        rows.pop()
    return rows


def _number(text: str) -> Decimal | None:
    if len(text) > 40:
        raise Invalid({"": _("“%s…” is no number.") % text[:20]})
    return fmt.parse_number(text) if text else None
