"""A list counted by one or two of its fields, with what the numbers that it shows add up to.

Money is added up by currency, and never one currency to another.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import (
    Avg,
    Count,
    DateField,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.accounts.selectors import people_who_work_here
from circulo.desk.listing import Listing
from circulo.desk.shapes import condition_of, ends, narrowed_by, rows_of_list
from circulo.lib import format as one
from circulo.lib import ids
from circulo.lib.errors import Text
from circulo.parties.models import PostalAddress
from circulo.records import paging
from circulo.records.models import OwnField
from circulo.records.own.sql import amount_in
from circulo.records.resources import Field, Type
from circulo.records.rosters import roster
from circulo.records.trees import Condition

MOST_GROUPS, MOST_GROUPED = 100, 200_000
MOST_PARTS = 2_000
_DATED = (Type.DATE, Type.MOMENT)


@dataclass(frozen=True)
class Total:
    """One group: how many records, and of each column that can be added up its sum and average.

    `parts` are the groups within it, where the list is counted by a second field too.
    """

    label: str
    count: int
    sums: list[str]
    url: str = ""
    parts: list[Total] = field(default_factory=list)


@dataclass(frozen=True)
class Groups:
    """All groups, with the headings of their sums, and what they come to together; `is_cut` where
    there are still more of them. Too many records are not grouped.
    """

    totals: list[Total] = field(default_factory=list)
    headings: list[Text] = field(default_factory=list)
    whole: Total | None = None
    is_cut: bool = False
    is_too_many: bool = False


@dataclass(frozen=True)
class _Part:
    """A number that is added up; of money one currency, and `only` the records that are in it."""

    sql: Combinable
    currency: str = ""
    only: Q | None = None


Adding = list[list[_Part]]


def groups_by(name: str, fields: dict[str, Field]) -> list[Field]:
    """What records can be counted by; dates by their months."""
    kinds, counted = (Type.CHOICE, Type.YES_NO), roster(name).counted
    return [f for f in fields.values() if _is_one(f)
            and (f.type in kinds or f.name in counted or _is_text(f) or _is_dated(f))]  # fmt: skip


def _is_one(field: Field) -> bool:
    """Whether a record has one value of it: its own, or that of its first address. What happened,
    and what others say, has many."""
    return field.related is None or field.hidden_by == "addresses"


def _is_text(field: Field) -> bool:
    return field.own is not None and field.type is Type.TEXT and bool(field.sort_by)


def _is_dated(field: Field) -> bool:
    if field.type not in _DATED or field.related is not None or field.name == "birthday":
        return False
    return bool(field.column) if field.own is None else field.own.kind == OwnField.Kind.DATE


def groups_of(user: User, found: Listing, by: Field, then: Field | None = None) -> Groups:
    """How many records each value has, with the sums of the numbers that the list shows; with
    `then` also the groups within each, by a second field.
    """
    rows = rows_of_list(user, found).order_by()
    if paging.estimate(rows) > MOST_GROUPED:
        return Groups(is_too_many=True)
    columns = [(column, list(_parts(found, column, rows))) for column in _added_up(found)]
    adding = [parts for _column, parts in columns]
    counted = list(_counted(rows, [by], adding)[: MOST_GROUPS + 1])
    shown = counted[:MOST_GROUPS]
    inside = _inside(found, rows, by, then, adding) if then else {}
    labels = _labels(by)
    totals = [
        Total(
            _called(by, labels, row["group_0"]),
            row["records"],
            _sums(row, adding),
            _url(found, [(by, row["group_0"])]),
            inside.get(row["group_0"], []),
        )
        for row in shown
    ]
    headings = [
        text
        for column, _parts_of_it in columns
        for text in (column.label, _("%s, average") % column.label)
    ]
    return Groups(totals, headings, _whole(rows, adding), len(counted) > MOST_GROUPS)


def _whole(rows: QuerySet[Any], adding: Adding) -> Total | None:
    """All groups together: as one group, since what a list reads of its rows counts only there."""
    alike = rows.annotate(group_0=Value(0)).values("group_0")
    for row in alike.annotate(records=Count("pk"), **_numbers(adding)).order_by():
        return Total(_("In all"), row["records"], _sums(row, adding))
    return None


def _inside(
    found: Listing, rows: QuerySet[Any], by: Field, then: Field, adding: Adding
) -> dict[Any, list[Total]]:
    """The groups by a second field, by the group that each lies in."""
    labels, inside = _labels(then), dict[Any, list[Total]]()
    for row in _counted(rows, [by, then], adding)[:MOST_PARTS]:
        key, part = row["group_0"], row["group_1"]
        inside.setdefault(key, []).append(
            Total(
                _called(then, labels, part),
                row["records"],
                _sums(row, adding),
                _url(found, [(by, key), (then, part)]),
            )
        )
    return inside


def _numbers(adding: Adding) -> dict[str, Any]:
    """The sum and the average of every part, by the names they go by."""
    numbers: dict[str, Any] = {}
    for place, parts in enumerate(adding):
        for n, part in enumerate(parts):
            numbers[f"sum_{place}_{n}"] = Sum(part.sql, filter=part.only)
            numbers[f"mean_{place}_{n}"] = Avg(part.sql, filter=part.only)
    return numbers


def _counted(rows: QuerySet[Any], by: list[Field], adding: Adding) -> QuerySet[Any, Any]:
    """The groups with their sums, those with most records first; months as they follow."""
    keys = {f"group_{n}": key_of(one) for n, one in enumerate(by)}
    order = ["-group_0"] if by[-1].type in _DATED else ["-records"]
    if len(by) > 1 and by[-1].type in _DATED:
        order = ["-group_1"]
    found: QuerySet[Any, Any] = (
        rows.annotate(**keys)
        .values(*keys)
        .annotate(records=Count("pk"), **_numbers(adding))
        .order_by(*order, *keys)
    )
    return found


def _sums(row: dict[str, Any], adding: Adding) -> list[str]:
    return [text for place, parts in enumerate(adding) for text in _amounts(row, place, parts)]


def _amounts(row: dict[str, Any], place: int, parts: list[_Part]) -> tuple[str, str]:
    """The sum and the average of a column in a group: of money those of each currency."""
    sums = [_amount(row[f"sum_{place}_{n}"], part) for n, part in enumerate(parts)]
    means = [_amount(_short(row[f"mean_{place}_{n}"]), part) for n, part in enumerate(parts)]
    return " + ".join(filter(None, sums)), " · ".join(filter(None, means))


def _called(by: Field, labels: dict[Any, Text], key: Any) -> str:
    if key in ("", None):
        return _("none")
    if by.type in _DATED:
        return one.month(key)
    return str(labels.get(key, _("no longer offered") if by.link else key))


def _url(found: Listing, keys: list[tuple[Field, Any]]) -> str:
    """The list narrowed to a group, and within that to another."""
    return narrowed_by(found, [condition for by, key in keys for condition in _having(by, key)])


def _having(by: Field, key: Any) -> list[Condition]:
    """The conditions that a record lies in a group."""
    if by.type in _DATED and key is not None:
        last = key.replace(day=monthrange(key.year, key.month)[1])
        return [Condition(by.name, "between", ends(by, key, last))]
    value = ids.encode(by.link, key) if by.link and key else key
    value = {"true": True, "false": False}.get(value, value) if by.type is Type.YES_NO else value
    return [condition_of(by, value)]


def key_of(by: Field) -> Combinable:
    """What records are grouped by."""
    if by.type in _DATED:
        day = Func(by.written().raw(), function="circulo_day", output_field=DateField()) if (
            by.written) else F(by.column)  # fmt: skip
        return TruncMonth(day, output_field=DateField())
    if by.own and by.written:
        written = by.written()
        return written.raw() if by.type is Type.TEXT else written.in_order()
    if by.related is not None:
        rows = PostalAddress.objects.filter(party=OuterRef("pk"), is_primary=True)
        return Subquery(rows.values(by.column)[:1])
    return F(by.column)


def _labels(by: Field) -> dict[Any, Text]:
    if by.choices:
        return {ids.decode(by.link, k) if by.link else k: v for k, v in by.choices().items()}
    if by.link == "user":
        return {ids.decode("user", key): name for key, name in people_who_work_here()}
    if by.type is Type.YES_NO:
        return {"true": _("yes"), "false": _("no"), True: _("yes"), False: _("no")}
    return {}


def _added_up(found: Listing) -> Iterator[Field]:
    """The fields of the shown columns that can be added up."""
    unsummed = roster(found.resource.name).unsummed
    for column in found.columns:
        field = found.fields.get(column.name)
        if field is None or field.related or field.type is not Type.NUMBER:
            continue
        if column.shown and field.name not in unsummed:
            yield field


def _parts(found: Listing, field: Field, rows: QuerySet[Any]) -> Iterator[_Part]:
    """What is added up of a column: of an own amount only what is in the field's currency, of one
    whose currency stands beside it each by itself."""
    beside = roster(found.resource.name).money.get(field.name)
    if field.own and field.own.kind == OwnField.Kind.MONEY:
        yield _Part(amount_in(field.own), field.own.currency)
    elif field.written:
        yield _Part(field.written().raw())
    elif beside:
        for code in rows.values_list(beside, flat=True).distinct().order_by(beside):
            yield _Part(F(field.column), code, Q(**{beside: code}))
    else:
        yield _Part(F(field.column))


def _short(mean: Any) -> Any:
    """An average without more decimals than a person reads."""
    return None if mean is None else round(mean, 2)


def _amount(value: Any, part: _Part) -> str:
    if value is None:
        return ""
    return one.money(value, part.currency) if part.currency else one.number(value)
