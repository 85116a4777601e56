"""One list in other shapes: a board by a choice, a calendar by a date.

All begin at what the person sees, narrowed by the same search and criterion as the table.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.desk.listing import Listing, drawer, tints_of
from circulo.desk.own_columns import names_for
from circulo.desk.selectors.lists import listed, shown_of
from circulo.lib import format as one
from circulo.lib import ids
from circulo.lib.errors import Text
from circulo.records import criteria, paging
from circulo.records.resources import Field, Type
from circulo.records.rosters import Columns, roster
from circulo.records.trees import Condition, text_of
from circulo.web.components.tables import Column, Row, value_in

CARDS, MOST_COLUMNS, MOST_ON_A_MONTH = 25, 15, 400
ON_A_CARD = 3
Json = dict[str, Any]


@dataclass(frozen=True)
class BoardColumn:
    """One value of the choice, with the first records that have it."""

    value: str
    label: Text
    cards: list[tuple[Row, list[tuple[Text, str]]]]
    has_more: bool
    more: str


@dataclass(frozen=True)
class Day:
    """A day of the month, and what lies on it."""

    day: date
    is_inside: bool
    is_today: bool
    rows: list[Row] = field(default_factory=list)


def boards_by(name: str, fields: dict[str, Field]) -> list[Field]:
    """The choices that a board can have its columns by: those that a person can set, and first the
    one that every record has, such as how far it is.
    """
    about = roster(name)
    found = [f for f in fields.values() if _is_choice(f) and (f.own or f.name in about.chosen)]
    return sorted(found, key=lambda field: field.name not in about.needed)


def calendars_by(fields: dict[str, Field]) -> list[Field]:
    """The dates that a calendar can show records on."""
    dated = (f for f in fields.values() if f.type in (Type.DATE, Type.MOMENT))
    return [f for f in dated if f.name != "birthday"]


def _is_choice(field: Field) -> bool:
    return field.type is Type.CHOICE and field.choices is not None


def rows_of_list(user: User, found: Listing, more: Json | None = None) -> QuerySet[Any]:
    """The records of the list, narrowed further."""
    tree = found.tree.written() if found.tree.members else None
    rows = listed(found.resource, user, q=found.wanted.q, criterion=tree)
    return criteria.narrow(rows, found.resource, more, user)


def _drawn(user: User, found: Listing, keys: list[int]) -> list[tuple[Row, Columns]]:
    """The rows of records as a table draws them, each with what was read of it."""
    shown = [column.name for column in found.columns if column.shown]
    name = found.resource.name
    values = shown_of(user, found.resource, keys, [*shown, found.wanted.by])
    names = names_for(user, name, shown, values)
    columns = list(dict.fromkeys([*shown, found.wanted.by]))
    draw = drawer(name, user, columns, names, tints_of(user, name, values))
    return [(draw(row), row) for row in values]


def board_of(user: User, found: Listing, by: Field) -> list[BoardColumn]:
    """The columns of a board with their first cards: a statement each, and one for the cards."""
    sort = paging.sort_of(found.resource, found.sort, user)
    pages: list[tuple[str, Text, list[int], bool]] = []
    about = roster(found.resource.name)
    for value, label in _values(by, is_needed=by.name in about.needed):
        wanted = having(by, value)
        page = paging.page_of_keys(rows_of_list(user, found, wanted), sort, limit=CARDS)
        keys = page.rows
        if keys or value:
            pages.append((value, label, keys, page.next is not None))
    rows = {
        row.id: row for row, _read in _drawn(user, found, [k for page in pages for k in page[2]])
    }
    columns = [c for c in found.columns if c.shown and c.name not in (about.leads, by.name)]
    return [
        BoardColumn(
            value,
            label,
            [_card(rows[identifier], columns[:ON_A_CARD]) for key in keys
             if (identifier := ids.encode(about.key, key)) in rows],
            has_more,
            narrowed(found, by, value),
        )
        for value, label, keys, has_more in pages
    ]  # fmt: skip


def _values(by: Field, *, is_needed: bool) -> Iterator[tuple[str, Text]]:
    known = by.own.offered() if by.own else (by.choices() if by.choices else {})
    if not is_needed:
        yield "", _("none")
    yield from list(known.items())[:MOST_COLUMNS]


def having(by: Field, value: Any) -> Json:
    """The criterion that a field has this value."""
    if value in ("", None):
        return {"field": by.name, "op": "empty"}
    return {"field": by.name, "op": "is", "value": value}


def narrowed(found: Listing, by: Field, value: Any) -> str:
    """The address of the list as a table, with the condition that a field has this value."""
    return narrowed_by(found, [condition_of(by, value)])


def condition_of(by: Field, value: Any) -> Condition:
    """The condition that a field has this value."""
    node = having(by, value)
    return Condition(by.name, node["op"], node.get("value", True))


def narrowed_by(found: Listing, conditions: Sequence[Condition]) -> str:
    """The address of the list as a table, with more conditions."""
    tree = found.tree
    for one_more in conditions:
        tree = tree.added("", one_more)
    shape = "table" if roster(found.resource.name).board else ""
    return found.wanted.address(shape=shape, by="", filter=text_of(tree))


def _card(row: Row, columns: list[Column]) -> tuple[Row, list[tuple[Text, str]]]:
    told = [(column.label, value_in(column, row)) for column in columns]
    return row, [(label, text) for label, text in told if text]


def month_of(text: str) -> date:
    """The first day of the month that an address names; this month where it names none."""
    try:
        year, _sign, month = text.partition("-")
        named = date(int(year), int(month), 1)
        return named if 1900 <= named.year <= 2200 else timezone.localdate().replace(day=1)
    except ValueError:
        return timezone.localdate().replace(day=1)


def calendar_of(user: User, found: Listing, by: Field, first: date) -> tuple[list[list[Day]], bool]:
    """The weeks of a month with the records on their days, and whether there are still more."""
    last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    between: Json = {"field": by.name, "op": "between", "value": ends(by, first, last)}
    rows = rows_of_list(user, found, between).order_by("pk").values_list("pk", flat=True)
    keys = list(rows[: MOST_ON_A_MONTH + 1])
    on_days: dict[date, list[Row]] = {}
    for row, read in _drawn(user, found, keys[:MOST_ON_A_MONTH]):
        day = _day_of(read.get(by.name, row.values.get(by.name)))
        if day:
            on_days.setdefault(day, []).append(row)
    return _weeks(first, last, on_days), len(keys) > MOST_ON_A_MONTH


def ends(by: Field, first: date, last: date) -> list[str]:
    """From when to when a field is on these days, as a criterion says it."""
    if by.type is Type.DATE:
        return [first.isoformat(), last.isoformat()]
    return [f"{first.isoformat()}T00:00:00", f"{last.isoformat()}T23:59:59.999999"]


def _day_of(value: Any) -> date | None:
    if isinstance(value, datetime):
        return timezone.localtime(value).date()
    return value if isinstance(value, date) else None


def _weeks(first: date, last: date, on_days: dict[date, list[Row]]) -> list[list[Day]]:
    day, end = one.current().week_of(first)[0], one.current().week_of(last)[1]
    today, days = timezone.localdate(), []
    while day <= end:
        days.append(Day(day, first <= day <= last, day == today, on_days.get(day, [])))
        day += timedelta(days=1)
    return [days[place : place + 7] for place in range(0, len(days), 7)]
