"""Lists by key: the hundredth page costs what the first does.

A page is fetched with the key of the last row seen, never with an offset.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Expression, Model, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from circulo.lib.compiled import compiled
from circulo.lib.lookups import has_any_key
from circulo.records import markers
from circulo.records.estimates import Estimates
from circulo.records.markers import BadSort as BadSort  # which belongs to pages, too
from circulo.records.resources import Resource
from circulo.records.rows import Rows, Statement, just, statement
from circulo.records.slotted import column_at, written_as

if TYPE_CHECKING:
    from circulo.accounts.models import User

M = TypeVar("M", bound=Model)
R = TypeVar("R")
COSTLY, FEW, SHARE, NEAR = 10_000.0, 10_000, 0.01, 20_000
SOON = 75  # records met among the NEAR next ones: half as many again as a page shows
_plans: Estimates[tuple[int, float]] = Estimates()


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
    def shape(self) -> tuple[Any, ...]:
        """What a statement in this order is kept by, beside its direction."""
        return tuple((name, written_as(sql)) for name, sql in self.own)

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
    is_all: bool


def sort_of(resource: Resource, text: str, user: User) -> Sort:
    """The order that `text` (such as `-created_at,name`) means; BadSort where it cannot be."""
    names = tuple(part.strip() for part in (text or resource.default_sort).split(","))
    fields = resource.fields_for(user)
    columns: list[tuple[str, bool]] = []
    own: list[tuple[str, Expression]] = []
    for name in names:
        field = fields.get(name.removeprefix("-"))
        if field is None or not field.sort_by:
            raise markers.unsorted(name, fields)
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
    rows: QuerySet[M] | Rows[M],
    sort: Sort,
    *,
    limit: int,
    cursor: str | None = None,
    among: QuerySet[Any] | Rows[Any] | None = None,
) -> Page[M]:
    """The page of `rows` after (or before) the cursor, fetched by key.

    `among` are the rows that these were narrowed from, where the planner thinks that a good share
    of them is left: the next thousands are looked through before all that are left are gathered.
    """
    return _page(_whole, rows, sort, limit, cursor, among)


def page_of_keys(
    rows: QuerySet[Any] | Rows[Any],
    sort: Sort,
    *,
    limit: int,
    cursor: str | None = None,
    among: QuerySet[Any] | Rows[Any] | None = None,
) -> Page[int]:
    """The same, of the keys of the rows alone: for whoever reads by these all that is shown."""
    return _page(_keys, rows, sort, limit, cursor, among)


@dataclass(frozen=True)
class _Met(Generic[R]):
    """A row of a page, and the values by which it is sorted, by their paths."""

    row: R
    at: Mapping[str, Any]


First = Callable[[Rows[Any], Sort, list[str], int, "Rows[Any] | None"], list[_Met[R]]]


def _page(
    first: First[R], rows: QuerySet[Any] | Rows[Any], sort: Sort, limit: int, cursor: str | None,
    among: QuerySet[Any] | Rows[Any] | None,
) -> Page[R]:  # fmt: skip
    backwards, key = markers.read(cursor, sort.text, len(sort.columns)) if cursor else (False, None)
    rows, among = _sorted(rows, sort), among if among is None else _sorted(among, sort)
    if key is not None:
        try:
            beyond = _after(sort, _prepared(rows, sort, key), backwards)
            rows = rows.filter(lambda _user: beyond)
            among = among.filter(lambda _user: beyond) if among is not None else None
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
        _marker(sort, found[-1].at, False) if following else None,
        _marker(sort, found[0].at, True) if preceding else None,
        is_all=key is None and not more,
    )


def _sorted(rows: QuerySet[Any] | Rows[Any], sort: Sort) -> Rows[Any]:
    """The rows with what they are ordered by."""
    asked = _asked(rows)
    return asked.changed(("sorted", *sort.shape), sort.prepared) if sort.own else asked


def _prepared(rows: Rows[Any], sort: Sort, key: list[Any]) -> list[Any]:
    """The values of a key as their columns compare them."""
    own = {path: written.output_field for path, written in sort.own}
    columns = (own.get(path) or column_at(rows.model, path) for path, _down in sort.columns)
    return [column.get_prep_value(one) for column, one in zip(columns, key, strict=True)]


def _whole(
    rows: Rows[M], sort: Sort, order: list[str], most: int, among: Rows[Any] | None
) -> list[_Met[M]]:
    """The first rows in an order, each as its model has it."""
    ordered = rows.queryset.order_by(*order)
    if among is not None:
        keys = [met.row for met in _keys(rows, sort, order, most, among)]
        ordered = ordered.filter(has_any_key(keys))
    paths = [path for path, _down in sort.columns]
    return [_Met(row, {path: _value(row, path) for path in paths}) for row in ordered[:most]]


def _keys(
    rows: Rows[Any], sort: Sort, order: list[str], most: int, among: Rows[Any] | None
) -> list[_Met[int]]:
    """The keys of the first rows in an order. A planner that was wrong about what it would meet on
    its way through the sorted index would walk all of it.
    """
    paths = list(dict.fromkeys(path for path, _down in sort.columns))
    ways = [(one.removeprefix("-"), one.startswith("-")) for one in order]
    shape = (tuple(order), most, *sort.shape)
    found: list[tuple[Any, ...]] = []

    def soon(wanted: QuerySet[Any], near: QuerySet[Any]) -> tuple[str, list[Any]]:
        keys = sort.as_found(_beside(wanted, near)).order_by(*order).values_list(*paths)[:most]
        return _soon(keys, near.select_related(None).defer(None).order_by(*order)[:NEAR])

    def first(wanted: QuerySet[Any]) -> tuple[str, tuple[Any, ...]]:
        return compiled(wanted.order_by(*order).values_list(*paths)[:most])

    def gathered(wanted: QuerySet[Any]) -> tuple[str, tuple[Any, ...]]:
        sql, values = compiled(wanted.order_by().values_list(*paths))
        by = (f"{paths.index(path) + 1}{' DESC' if down else ''}" for path, down in ways)
        # Behind an OFFSET no order is seen: they are met the shortest way, and sorted then.
        fenced = f"({sql} OFFSET 0) AS found"
        return f"SELECT * FROM {fenced} ORDER BY {', '.join(by)} LIMIT {most}", values

    if among is None:
        found = statement(("first", *shape), first, rows).rows()
    else:
        found = statement(("soon", *shape), soon, rows, among).rows()
        if len(found) < most:
            found = statement(("gathered", *shape), gathered, rows).rows()
    return [_Met(at["pk"], at) for at in (dict(zip(paths, row, strict=True)) for row in found)]


def _soon(wanted: QuerySet[Any, Any], near: QuerySet[Any]) -> tuple[str, list[Any]]:
    """What is wanted of rows among the next ones, looked through no further than needed.

    Of the next ones only the columns are read that are asked about: there are thousands of them.
    """
    table = connection.ops.quote_name(near.model._meta.db_table)
    sql, parameters = compiled(wanted)
    named = set(re.findall(rf'{re.escape(table)}\."([^"]+)"', sql))
    columns = [one.attname for one in near.model._meta.concrete_fields if one.column in named]
    own = named.intersection(near.query.annotations)
    inner, values = compiled(near.values(*columns, *sorted(own)))
    # a column of it may stand behind a FROM too: extract(year FROM …)
    head, rest = re.split(rf"(?<= FROM ){re.escape(table)}(?!\.)", sql, maxsplit=1)
    before = re.findall("%[s%]", head).count("%s")
    sent = [*parameters[:before], *values, *parameters[before:]]
    return f"{head}({inner}) AS {table}{rest}", sent


def _beside(wanted: QuerySet[Any], near: QuerySet[Any]) -> QuerySet[Any]:
    """What is wanted, without the conditions at its beginning that all those near fulfil."""
    rest, held = wanted.all(), near.query.where.children
    where = rest.query.where
    if where.connector == Q.AND and not where.negated and where.children[: len(held)] == held:
        where.children = where.children[len(held) :]
    return rest


@dataclass(frozen=True)
class Gathered:
    """What is known of some rows once they were looked for: all their keys, where they are few.

    `planned` is how many the planner thinks they are and what it would cost to read them.
    """

    keys: list[int] | None = None
    at_least: int = 0
    planned: tuple[int, float] | None = None

    def count(
        self, rows: QuerySet[Any] | Rows[Any], page: Page[Any] | None = None
    ) -> tuple[int, bool]:
        """How many these rows are, and whether that is the planner's estimate, as for many.

        Where counting would cost more than a page may, the estimate stands for it too; where a
        `page` holds all of them, nothing need be asked.
        """
        if self.keys is not None:
            return len(self.keys), False
        if page is not None and page.is_all:
            return len(page.rows), False
        asked = _asked(rows)
        likely, cost = self.planned or _planned(asked)
        if max(likely, self.at_least) > FEW or cost > COSTLY:
            return max(likely, self.at_least), True
        ((exact,),) = statement("count", _counted, asked).rows()
        return (exact, False) if exact <= FEW else (max(likely, exact), True)


def count(rows: QuerySet[Any] | Rows[Any], page: Page[Any] | None = None) -> tuple[int, bool]:
    """How many rows there are, of which nothing is known yet but what a `page` of them tells."""
    return Gathered().count(rows, page)


def few(
    rows: QuerySet[Any] | Rows[Any], among: QuerySet[Any] | Rows[Any] | None = None,
    most: int = FEW,
) -> Gathered:  # fmt: skip
    """The keys of rows that are few; where there are more, that they are.

    A planner that hopes to meet rare rows early on its way through a sorted index can walk all of
    it: what is rare is gathered first, and sorted then. It soon meets
    what is more than a small share of the rows `among` which it looks.
    """
    asked = _asked(rows)
    planned = _planned(asked) if among is not None else None
    if among is not None and planned is not None and _is_soon_met(planned, _asked(among), most):
        return Gathered(planned=planned)

    def first(found: QuerySet[Any]) -> tuple[str, tuple[Any, ...]]:
        return compiled(found.order_by().values_list("pk")[: most + 1])

    gathered = statement(("few", most), first, asked)
    keys = [key for (key,) in _read_without(gathered, "indexscan", "indexonlyscan")]
    return Gathered(keys if len(keys) <= most else None, len(keys), planned)


def _asked(rows: QuerySet[Any] | Rows[Any]) -> Rows[Any]:
    return rows if isinstance(rows, Rows) else just(rows)


def _counted(rows: QuerySet[Any]) -> tuple[str, tuple[Any, ...]]:
    sql, parameters = compiled(rows.order_by().values("pk")[: FEW + 1])
    return f"SELECT count(*) FROM ({sql}) AS found", parameters


def _is_soon_met(planned: tuple[int, float], among: Rows[Any], most: int) -> bool:
    """Whether a page of these rows is met on a short walk through all, so that none need be
    gathered: as more than a small share of them, or as enough where gathering costs much.
    """
    likely, cost = planned
    if likely > SHARE * most and likely > SHARE * estimate(among):
        return True
    return cost > COSTLY and likely * NEAR > SOON * estimate(among)


def read_without(rows: QuerySet[Any, Any], *ways: str) -> list[tuple[Any, ...]]:
    """Rows read with some ways closed to the planner, in one message to the server."""
    return _read_without(Statement(*compiled(rows)), *ways)


def _read_without(asked: Statement, *ways: str) -> list[tuple[Any, ...]]:
    """Several statements in one message are one transaction, at whose end the ways are open again;
    where a transaction is under way already, the last of them open them.
    """
    off, on = ("; ".join(f"SET LOCAL enable_{way} = {to}" for way in ways) for to in ("off", "on"))
    with connection.cursor() as cursor:
        cursor.execute(f"{off}; {asked.sql}; {on}", asked.parameters)
        while cursor.description is None:
            cursor.nextset()
        return list(cursor.fetchall())


def estimate(rows: QuerySet[Any] | Rows[Any]) -> int:
    """How many rows the planner thinks there are."""
    return _planned(_asked(rows))[0]


def _planned(rows: Rows[Any]) -> tuple[int, float]:
    """How many rows the planner expects, and at what cost; of many it is asked once a minute."""
    wanted = statement("planned", _their_keys, rows)
    asked = (wanted.sql, repr(wanted.parameters))
    known = _plans.of(asked)
    if known is not None:
        return known
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {wanted.sql}", wanted.parameters)
        plan = cursor.fetchone()[0][0]["Plan"]
    found = int(plan["Plan Rows"]), float(plan["Total Cost"])
    if found[0] > FEW or found[1] > COSTLY:
        _plans.keep(asked, found)
    return found


def _their_keys(rows: QuerySet[Any]) -> tuple[str, tuple[Any, ...]]:
    return compiled(rows.order_by().values("pk"))


def _after(sort: Sort, key: list[Any], backwards: bool) -> Q:
    """Rows beyond the key: a >= x AND (a > x OR (a = x AND …)), which an index can start from."""
    beyond = Q()
    for (path, down), value in reversed(list(zip(sort.columns, key, strict=True))):
        way = "lt" if down is not backwards else "gt"
        past = Q(**{f"{path}__{way}": value})
        beyond = Q(**{f"{path}__{way}e": value}) & (past | beyond) if beyond else past
    return beyond


def _marker(sort: Sort, at: Mapping[str, Any], backwards: bool) -> str:
    return markers.written(sort.text, [at[path] for path, _down in sort.columns], backwards)


def _value(row: Model, path: str) -> Any:
    value: Any = row
    for step in path.split("__"):
        value = getattr(value, step)
    return value
