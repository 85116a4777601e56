"""The headings of a table: which of them the rows are ordered by, and where they lead.

An order is written as `city,-amount`: by town, within a town by the largest amount. A click on a
heading orders by it alone, or turns it round; with Shift it is added to the order, or turned round
where it stands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import QueryDict
from django.utils.translation import gettext as _

from circulo.lib.errors import Text

if TYPE_CHECKING:
    from circulo.web.components.tables import Column

MOST_SORTS = 3
USUAL_WIDTH = 160  # of a column that nobody has set, where others are


@dataclass(frozen=True)
class Heading:
    """One heading: how the rows are ordered by it, where a click leads, and one with Shift.

    `rank` counts from 1 where there are several keys. `order` is what `aria-sort` says, which
    belongs to the first key alone.
    """

    column: Column
    is_at_end: bool
    url: str
    also: str
    order: str
    rank: int
    is_down: bool
    width: int | None

    @property
    def is_sorted(self) -> bool:
        return self.rank > 0

    @property
    def said(self) -> str:
        """What is heard of a key that is not the first."""
        if self.rank < 2:
            return ""
        words = {"rank": self.rank}
        if self.is_down:
            return _("sort key %(rank)d, descending") % words
        return _("sort key %(rank)d, ascending") % words


def sort_in(query: QueryDict) -> str:
    """The order that an address asks for, also where a form said its keys one by one."""
    said = [text for text in query.getlist("sort") if text]
    if len(said) == 1:
        return said[0]
    keys: dict[str, str] = {}
    for key in said:
        keys.setdefault(key.removeprefix("-"), key)
    return ",".join(keys.values())


def headings_of(
    columns: Sequence[Column], sort: str, query: str, widths: Mapping[str, int]
) -> list[Heading]:
    """The headings of these columns under an order; `query` is the rest of the address."""
    keys = sort.split(",") if sort else []
    usual = USUAL_WIDTH if widths else None
    return [_heading(one, keys, query, widths.get(one.name, usual)) for one in columns]


def _heading(column: Column, keys: list[str], query: str, width: int | None) -> Heading:
    name = column.name
    place = next((i for i, key in enumerate(keys) if key.removeprefix("-") == name), None)
    now = keys[place] if place is not None else ""
    turned = f"-{name}" if now == name else name
    is_down = now.startswith("-")
    order = ("descending" if is_down else "ascending") if place == 0 else ""
    return Heading(
        column,
        column.kind in {"money", "number"},
        f"?{query}sort={turned if place == 0 else name}" if column.sort else "",
        f"?{query}sort={','.join(_with(keys, place, turned))}" if column.sort else "",
        order,
        place + 1 if place is not None else 0,
        is_down,
        width,
    )


def _with(keys: list[str], place: int | None, key: str) -> list[str]:
    """The keys with one more at the end, in place of the last where there are enough of them."""
    if place is None:
        return [*keys[: MOST_SORTS - 1], key]
    return [*keys[:place], key, *keys[place + 1 :]]


def choices_of(columns: Sequence[Column]) -> list[tuple[str, Text]]:
    """What a list can be ordered by, both ways, as a menu offers it."""
    choices: list[tuple[str, Text]] = []
    for column in columns:
        if column.sort:
            words = {"label": column.label}
            choices.append((column.name, _("%(label)s, ascending") % words))
            choices.append((f"-{column.name}", _("%(label)s, descending") % words))
    return choices
