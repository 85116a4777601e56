"""Putting deleted rows back under their old keys."""

from __future__ import annotations

from django.db import connection

from circulo.records.columns import Column, Link, columns_of, derived_of, links_from
from circulo.records.undoing.work import KEPT, Group, Result, Undoing

_PUT_BACK = """
    WITH e AS MATERIALIZED (
        SELECT c.key, c.root, c.root_kind, c.old, {within} AS is_within
        FROM records_change c
        WHERE NOT {unmade} AND c.change_set_id = %s AND c.step = %s AND c.key BETWEEN %s AND %s
    ), back AS (
        INSERT INTO {table} (id, {names}) OVERRIDING SYSTEM VALUE
        SELECT e.key, {values} FROM e WHERE e.is_within AND {linked} ORDER BY e.key
        ON CONFLICT DO NOTHING RETURNING id
    ), gone_through AS (
        SELECT e.*, key NOT IN (SELECT id FROM back) AS is_missed FROM e WHERE is_within
    ), missed AS (
        SELECT * FROM gone_through WHERE is_missed
    ), noted AS (
        INSERT INTO records_clash (undo_id, kind, key, root_kind, root, names, why, is_forced)
        SELECT %s, '{kind}', key, root_kind, root, '{{}}', 'taken', false
        FROM missed ON CONFLICT (undo_id, kind, key) DO NOTHING
    )
    SELECT (SELECT count(*) FROM back), (SELECT count(*) FROM missed),
           (SELECT count(*) FROM e WHERE NOT is_within),
           (SELECT array_agg(DISTINCT root) FROM gone_through WHERE NOT is_missed),
           (SELECT min(root_kind) FROM e)
"""
# Whether what last added a row has itself been undone since: then it goes nowhere.
_UNMADE = """EXISTS (
    SELECT FROM (
        SELECT i.change_set_id FROM records_change i
        WHERE i.op = 'i' AND i.kind = '{kind}' AND i.keys @> c.key AND i.step < c.step
        ORDER BY i.step DESC LIMIT 1) added
    JOIN records_changeset s ON s.id = added.change_set_id
    JOIN records_changeset u ON u.id = s.undone_by_id
    WHERE u.id <> c.change_set_id AND u.kept = 0)"""


def put_back_rows(group: Group, undoing: Undoing) -> Result:
    """Insert the rows of a group again, where what they belong to is there and no other is."""
    table = group.table
    columns = columns_of(table)
    within, reach = undoing.within(table, KEPT, takes_away=False)
    own = {table.bumped: f"{_value_of(table.bumped, columns)} + 1", table.touched: "now()"}
    values = {c.name: own.get(c.name) or _value(c) for c in columns}
    values |= {c.name: c.blank for c in derived_of(table)}
    sql = _PUT_BACK.format(
        table=table.table,
        kind=group.kind,
        within=within,
        unmade=_UNMADE.format(kind=group.kind),
        names=", ".join(values),
        values=", ".join(values.values()),
        linked=" AND ".join(["true", *(_there(link) for link in links_from(table.table))]),
    )
    where = [undoing.of.pk, group.step, group.least, group.most]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*reach, *where, undoing.undo.pk])
        back, kept, refused, roots, kind = cursor.fetchone()
    found = Result(back, kept, refused, names={group.kind})
    found.roots = {kind: set(roots)} if roots else {}
    return found


def _value(column: Column) -> str:
    if column.blank == "NULL":
        return column.read("e.old")
    return f"COALESCE({column.read('e.old')}, {column.blank})"


def _value_of(name: str, columns: list[Column]) -> str:
    return next((_value(column) for column in columns if column.name == name), "0")


def _there(link: Link) -> str:
    """Whether what a row names is there, or comes with it, as SQL."""
    named = f"(e.old->>'{link.column}')::{link.type}"
    with_it = f" OR {named} IN (SELECT key FROM e)" if link.to == link.table else ""
    is_there = f"EXISTS (SELECT FROM {link.to} o WHERE o.{link.key} = {named})"
    return f"({named} IS NULL OR {is_there}{with_it})"
