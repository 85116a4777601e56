"""What stands at the head of each column of a board: how many records, and the money in them.

Of few records one grouped statement counts and adds up all columns; of many each column says about
how many there are, and no sums.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, QuerySet, Sum
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.desk.grouping import MOST_GROUPED, key_of
from circulo.desk.listing import Listing
from circulo.desk.shapes import having, rows_of_list
from circulo.lib import format as one
from circulo.lib import ids
from circulo.records import paging
from circulo.records.models import OwnField
from circulo.records.own.sql import amount_in
from circulo.records.resources import Field
from circulo.records.rosters import roster


@dataclass
class Head:
    """How many records a column holds, and what they are worth, by the label of each amount."""

    count: int = 0
    is_about: bool = False
    amounts: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def number(self) -> str:
        number = one.number(self.count)
        return _("about %s") % number if self.is_about else number

    @property
    def sums(self) -> list[tuple[str, str]]:
        """Each amount with its sum, of each currency by itself."""
        told = [
            (label, " + ".join(one.money(sums[code], code) for code in sorted(sums)))
            for label, sums in self.amounts.items()
        ]
        return [(label, text) for label, text in told if text]


def heads_of(user: User, found: Listing, by: Field, values: Iterable[str]) -> dict[str, Head]:
    """What stands at the head of the columns with these values."""
    rows = rows_of_list(user, found).order_by()
    if paging.estimate(rows) <= MOST_GROUPED:
        counted = _counted(rows, found, by)
        return {value: counted.get(value, Head()) for value in values}
    return {
        value: Head(*paging.count(rows_of_list(user, found, having(by, value)))) for value in values
    }


def _counted(rows: QuerySet[Any], found: Listing, by: Field) -> dict[str, Head]:
    """Every column of a board, counted and added up at once."""
    summed = _summed(found)
    beside = sorted({code for _field, code in summed if code})
    sums = {f"sum_{n}": Sum(_amount(one)) for n, (one, _code) in enumerate(summed)}
    grouped = rows.annotate(group_key=key_of(by)).values("group_key", *beside)
    heads: dict[str, Head] = {}
    for row in grouped.annotate(records=Count("pk"), **sums).order_by("group_key", *beside):
        head = heads.setdefault(_value(by, row["group_key"]), Head())
        head.count += row["records"]
        for n, (one_field, code) in enumerate(summed):
            _add(head, one_field, row[code] if code else _currency(one_field), row[f"sum_{n}"])
    return heads


def _summed(found: Listing) -> list[tuple[Field, str]]:
    """The amounts of money that a column is worth, each with the column of its currency: those that
    cards show, or the first that the kind of record has.
    """
    house = roster(found.resource.name).money
    shown = {column.name for column in found.columns if column.shown}
    known = [(one, house.get(one.name, "")) for one in found.fields.values()
             if one.name in house or _currency(one)]  # fmt: skip
    return [pair for pair in known if pair[0].name in shown] or [p for p in known if p[1]][:1]


def _currency(field: Field) -> str:
    """The currency of an own amount."""
    return field.own.currency if field.own and field.own.kind == OwnField.Kind.MONEY else ""


def _amount(field: Field) -> Any:
    return amount_in(field.own) if field.own else F(field.column)


def _add(head: Head, field: Field, currency: str, amount: Any) -> None:
    if amount:
        sums = head.amounts.setdefault(str(field.label), {})
        sums[currency] = sums.get(currency, 0) + amount


def _value(by: Field, key: Any) -> str:
    if key in ("", None):
        return ""
    return ids.encode(by.link, key) if by.link else str(key)
