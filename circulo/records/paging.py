"""Lists by key: the hundredth page costs what the first does.

A page is fetched with the key of the last row seen, never with an offset. The cursor is the sort
and that key as JSON in base 64; it is read with suspicion, since anybody can write one.
"""

from __future__ import annotations

import base64
import binascii
import datetime
import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Expression, Model, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from circulo.lib.compiled import compiled
from circulo.lib.lookups import has_any_key
from circulo.records.estimates import Estimates
from circulo.records.resources import Resource

if TYPE_CHECKING:
    from circulo.accounts.models import User

M = TypeVar("M", bound=Model)
R = TypeVar("R")
COSTLY, FEW, SHARE, NEAR = 10_000.0, 10_000, 0.01, 20_000
SOON = 75  # records met among the NEAR next ones: half as many again as a page shows
_plans: Estimates[tuple[int, float]] = Estimates()


class BadSort(ValueError):
    """A sort or a cursor that cannot be used here."""


@dataclass(frozen=True)
class Sort:
    """An order: column paths with their direction, always ended by the key so that it is total."""

    names: tuple[str, ...]
    columns: tuple[tuple[str, bool], ...]
    own: tuple[tuple[str, Expression], ...] = ()

    def prepared(self, rows: QuerySet[M]) -> QuerySet[M]:
        """The rows with the own fields that they are ordered by as columns of theirs."""
        new = {name: sql for name, sql in self.own if name not in rows.query.annotations}
        return rows.annotate(**new) if new else rows

    def as_found(self, rows: QuerySet[M]) -> QuerySet[M]:
        """The rows of a statement that stands in place of their table, by columns of its own.

        By the expressions themselves the planner would not see that they are in order already, and
        sort them all.
        """
        table = connection.ops.quote_name(rows.model._meta.db_table)
        there = {
            name: RawSQL(f"{table}.{connection.ops.quote_name(name)}", [], sql.output_field)
            for name, sql in self.own
        }
        return rows.annotate(**there) if there else rows

    @property
    def text(self) -> str:
        return ",".join(self.names)

    def order_by(self, *, reverse: bool = False) -> list[str]:
        return [f"{'-' if down is not reverse else ''}{path}" for path, down in self.columns]


@dataclass(frozen=True)
class Page(Generic[R]):
    """One page of rows, with the cursors to go on in both directions."""

    rows: list[R]
    next: str | None
    previous: str | None


def sort_of(resource: Resource, text: str, user: User) -> Sort:
    """The order that `text` (such as `-created_at,name`) means; BadSort where it cannot be."""
    names = tuple(part.strip() for part in (text or resource.default_sort).split(","))
    fields = resource.fields_for(user)
    columns: list[tuple[str, bool]] = []
    own: list[tuple[str, Expression]] = []
    for name in names:
        field = fields.get(name.removeprefix("-"))
        if field is None or not field.sort_by:
            raise BadSort(_("This list cannot be sorted by that."))
        is_down = name.startswith("-")
        columns.append((field.sort_by, is_down))
        if field.written:
            own.append((field.sort_by, field.written().in_order()))
        if field.then_by and name == names[-1]:
            columns.append((field.then_by, is_down))
    if len(names) > 3:
        raise BadSort(_("Sort by at most three fields."))
    return Sort(names, (*columns, ("pk", columns[-1][1])), tuple(own))


def page(
    rows: QuerySet[M],
    sort: Sort,
    *,
    limit: int,
    cursor: str | None = None,
    among: QuerySet[Any] | None = None,
) -> Page[M]:
    """The page of `rows` after (or before) the cursor, fetched by key.

    `among` are the rows that these were narrowed from, where the planner thinks that a good share
    of them is left: the next thousands are looked through before all that are left are gathered.
    """
    return _page(_whole, rows, sort, limit, cursor, among)


def page_of_keys(
    rows: QuerySet[Any],
    sort: Sort,
    *,
    limit: int,
    cursor: str | None = None,
    among: QuerySet[Any] | None = None,
) -> Page[int]:
    """The same, of the keys of the rows alone: for whoever reads by these all that is shown."""
    return _page(_keys, rows, sort, limit, cursor, among)


@dataclass(frozen=True)
class _Met(Generic[R]):
    """A row of a page, and the values by which it is sorted, by their paths."""

    row: R
    at: Mapping[str, Any]


First = Callable[[QuerySet[Any], Sort, list[str], int, "QuerySet[Any] | None"], list[_Met[R]]]


def _page(
    first: First[R], rows: QuerySet[Any], sort: Sort, limit: int, cursor: str | None,
    among: QuerySet[Any] | None,
) -> Page[R]:  # fmt: skip
    backwards, key = _read(cursor, sort) if cursor else (False, None)
    rows, among = sort.prepared(rows), among if among is None else sort.prepared(among)
    if key is not None:
        try:
            beyond = _after(sort, key, backwards)
            rows, among = rows.filter(beyond), among.filter(beyond) if among is not None else None
        except (ValueError, TypeError, ValidationError) as error:
            raise BadSort(_("This page marker is not valid any more: start again.")) from error
    found = first(rows, sort, sort.order_by(reverse=backwards), limit + 1, among)
    more, found = len(found) > limit, found[:limit]
    if backwards:
        found.reverse()
    following = bool(found) and (more or backwards)
    preceding = bool(found) and (more if backwards else key is not None)
    return Page(
        [met.row for met in found],
        _write(sort, found[-1].at, False) if following else None,
        _write(sort, found[0].at, True) if preceding else None,
    )


def _whole(
    rows: QuerySet[M], sort: Sort, order: list[str], most: int, among: QuerySet[Any] | None
) -> list[_Met[M]]:
    """The first rows in an order, each as its model has it."""
    ordered = rows.order_by(*order)
    if among is not None:
        keys = [met.row for met in _keys(rows, sort, order, most, among)]
        ordered = ordered.filter(has_any_key(keys))
    paths = [path for path, _down in sort.columns]
    return [_Met(row, {path: _value(row, path) for path in paths}) for row in ordered[:most]]


def _keys(
    rows: QuerySet[Any], sort: Sort, order: list[str], most: int, among: QuerySet[Any] | None
) -> list[_Met[int]]:
    """The keys of the first rows in an order. A planner that was wrong about what it would meet on
    its way through the sorted index would walk all of it.
    """
    paths = list(dict.fromkeys(path for path, _down in sort.columns))
    found: list[tuple[Any, ...]] = []
    if among is not None:
        wanted = sort.as_found(rows).order_by(*order).values_list(*paths)[:most]
        found = _soon(wanted, among.select_related(None).defer(None).order_by(*order)[:NEAR])
    if len(found) < most:
        with _without("indexscan", "indexonlyscan") if among is not None else nullcontext():
            found = list(rows.order_by(*order).values_list(*paths)[:most])
    return [_Met(at["pk"], at) for at in (dict(zip(paths, row, strict=True)) for row in found)]


def _soon(wanted: QuerySet[Any, Any], near: QuerySet[Any]) -> list[tuple[Any, ...]]:
    """What is wanted of rows among the next ones, looked through no further than needed."""
    table = connection.ops.quote_name(near.model._meta.db_table)
    sql, parameters = compiled(wanted)
    inner, values = compiled(near)
    # a column of it may stand behind a FROM too: extract(year FROM …)
    head, rest = re.split(rf"(?<= FROM ){re.escape(table)}(?!\.)", sql, maxsplit=1)
    before = re.findall("%[s%]", head).count("%s")
    with connection.cursor() as cursor:
        cursor.execute(
            f"{head}({inner}) AS {table}{rest}",
            [*parameters[:before], *values, *parameters[before:]],
        )
        return list(cursor.fetchall())


@contextmanager
def _without(*ways: str) -> Iterator[None]:
    """Some ways closed to the planner."""
    with transaction.atomic(), connection.cursor() as cursor:
        for to in ("off", "on"):
            cursor.execute("; ".join(f"SET LOCAL enable_{way} = {to}" for way in ways))
            if to == "off":
                yield


@dataclass(frozen=True)
class Gathered:
    """What is known of some rows once they were looked for: all their keys, where they are few.

    `planned` is how many the planner thinks they are and what it would cost to read them.
    """

    keys: list[int] | None = None
    at_least: int = 0
    planned: tuple[int, float] | None = None

    def count(self, rows: QuerySet[Any]) -> tuple[int, bool]:
        """How many these rows are, and whether that is the planner's estimate, as for many.

        Where counting would cost more than a page may, the estimate stands for it too.
        """
        if self.keys is not None:
            return len(self.keys), False
        likely, cost = self.planned or _planned(rows)
        if max(likely, self.at_least) > FEW or cost > COSTLY:
            return max(likely, self.at_least), True
        exact = rows.order_by()[: FEW + 1].count()
        return (exact, False) if exact <= FEW else (max(likely, exact), True)


def count(rows: QuerySet[Any]) -> tuple[int, bool]:
    """How many rows there are, of which nothing is known yet."""
    return Gathered().count(rows)


def few(rows: QuerySet[Any], among: QuerySet[Any] | None = None, most: int = FEW) -> Gathered:
    """The keys of rows that are few; where there are more, that they are.

    A planner that hopes to meet rare rows early on its way through a sorted index can walk all of
    it: what is rare is gathered first, and sorted then. It soon meets
    what is more than a small share of the rows `among` which it looks.
    """
    planned = _planned(rows) if among is not None else None
    if among is not None and planned is not None and _is_soon_met(planned, among, most):
        return Gathered(planned=planned)
    first = rows.order_by().values_list("pk")[: most + 1]
    keys = [key for (key,) in read_without(first, "indexscan", "indexonlyscan")]
    return Gathered(keys if len(keys) <= most else None, len(keys), planned)


def _is_soon_met(planned: tuple[int, float], among: QuerySet[Any], most: int) -> bool:
    """Whether a page of these rows is met on a short walk through all, so that none need be
    gathered: as more than a small share of them, or as enough where gathering costs much.
    """
    likely, cost = planned
    if likely > SHARE * most and likely > SHARE * estimate(among):
        return True
    return cost > COSTLY and likely * NEAR > SOON * estimate(among)


def read_without(rows: QuerySet[Any, Any], *ways: str) -> list[tuple[Any, ...]]:
    """Rows read with some ways closed to the planner, in one message to the server.

    Several statements in one message are one transaction, at whose end the ways are open again;
    where a transaction is under way already, the last of them open them.
    """
    sql, parameters = compiled(rows)
    off, on = ("; ".join(f"SET LOCAL enable_{way} = {to}" for way in ways) for to in ("off", "on"))
    with connection.cursor() as cursor:
        cursor.execute(f"{off}; {sql}; {on}", parameters)
        while cursor.description is None:
            cursor.nextset()
        return list(cursor.fetchall())


def estimate(rows: QuerySet[Any]) -> int:
    """How many rows the planner thinks there are."""
    return _planned(rows)[0]


def _planned(rows: QuerySet[Any]) -> tuple[int, float]:
    """How many rows the planner expects, and at what cost; of many it is asked once a minute."""
    sql, parameters = compiled(rows.order_by().values("pk"))
    asked = (sql, repr(parameters))
    known = _plans.of(asked)
    if known is not None:
        return known
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", parameters)
        plan = cursor.fetchone()[0][0]["Plan"]
    found = int(plan["Plan Rows"]), float(plan["Total Cost"])
    if found[0] > FEW or found[1] > COSTLY:
        _plans.keep(asked, found)
    return found


def _after(sort: Sort, key: list[Any], backwards: bool) -> Q:
    """Rows beyond the key: a >= x AND (a > x OR (a = x AND …)), which an index can start from."""
    beyond = Q()
    for (path, down), value in reversed(list(zip(sort.columns, key, strict=True))):
        way = "lt" if down is not backwards else "gt"
        past = Q(**{f"{path}__{way}": value})
        beyond = Q(**{f"{path}__{way}e": value}) & (past | beyond) if beyond else past
    return beyond


def _write(sort: Sort, at: Mapping[str, Any], backwards: bool) -> str:
    key = [_plain(at[path]) for path, _down in sort.columns]
    text = json.dumps([sort.text, backwards, key], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _value(row: Model, path: str) -> Any:
    value: Any = row
    for step in path.split("__"):
        value = getattr(value, step)
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, datetime.date | Decimal):
        return value.isoformat() if isinstance(value, datetime.date) else str(value)
    return value


def _read(cursor: str, sort: Sort) -> tuple[bool, list[Any]]:
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        names, backwards, key = json.loads(text)
        if names != sort.text or len(key) != len(sort.columns) or len(text) > 2000:
            raise ValueError
        if any(isinstance(part, dict | list) or part is None for part in key):
            raise ValueError
        if not isinstance(key[-1], int) or not 0 <= key[-1] < 2**63:
            raise ValueError
    except (ValueError, TypeError, binascii.Error, RecursionError) as error:
        raise BadSort(_("This page marker is not valid any more: start again.")) from error
    if any(isinstance(part, str) and ("\0" in part or not _encodes(part)) for part in key):
        raise BadSort(_("This page marker is not valid any more: start again."))
    return backwards is True, key


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
