"""Putting back changed rows: every column that still is as it was left gets its old value."""

from __future__ import annotations

from typing import Any

from django.db import connection

from circulo.records.columns import Column, columns_of
from circulo.records.undoing.work import KEPT, Group, Result, Undoing

_NAMES = """
    SELECT DISTINCT jsonb_object_keys(new) FROM records_change
    WHERE change_set_id = %s AND step = %s AND key BETWEEN %s AND %s
"""
# NOT IN is looked up in a hash; a join of two parts whose size the planner cannot know is a loop.
_PUT_BACK = """
    WITH e AS MATERIALIZED (
        SELECT c.key, c.root, c.root_kind, c.old, c.new, {forced} AS is_forced,
               {within} AS is_within
        FROM records_change c
        WHERE c.change_set_id = %s AND c.step = %s AND c.key BETWEEN %s AND %s
    ), back AS (
        UPDATE {table} r SET {settings}
        FROM e WHERE r.id = e.key AND e.is_within AND (e.is_forced OR {any})
        RETURNING r.id, ARRAY[e.root, (e.old->>'{root}')::bigint] AS roots, e.root_kind,
                  {clashing} AS names
    ), missed AS (
        SELECT id AS key, root_kind, roots[1] AS root, names, 'changed' AS why
        FROM back WHERE names <> '{{}}'
        UNION ALL
        SELECT key, root_kind, root, ARRAY(SELECT jsonb_object_keys(new)),
               CASE WHEN EXISTS (SELECT FROM {table} r WHERE r.id = e.key)
                    THEN 'changed' ELSE 'gone' END
        FROM e WHERE is_within AND key NOT IN (SELECT id FROM back)
    ), noted AS (
        INSERT INTO records_clash (undo_id, kind, key, root_kind, root, names, why, is_forced)
        SELECT %s, '{kind}', key, root_kind, root, names, why, false
        FROM missed ON CONFLICT (undo_id, kind, key) DO NOTHING
    )
    SELECT (SELECT count(*) FROM back WHERE names = '{{}}'), (SELECT count(*) FROM missed),
           (SELECT count(*) FROM e WHERE NOT is_within),
           (SELECT array_agg(DISTINCT root) FROM back, unnest(roots) AS root
            WHERE root IS NOT NULL),
           (SELECT min(root_kind) FROM back)
"""


def put_back_changes(group: Group, undoing: Undoing) -> Result:
    """Give the rows of a group their old values, where these columns are as they were left."""
    where = [undoing.of.pk, group.step, group.least, group.most]
    columns = _changed(group, where)
    if not columns:
        return Result()
    takes_away = any(column.name == "binned_at" for column in columns)
    within, reach = undoing.within(group.table, KEPT, takes_away=takes_away)
    forced, asked = ("true", []) if undoing.forces_all else forced_of(undoing, group.kind)
    sql = _PUT_BACK.format(
        table=group.table.table,
        kind=group.kind,
        root=group.table.root,
        forced=forced,
        within=within,
        settings=", ".join([*(_setting(c) for c in columns), *_grown(group)]),
        any=" OR ".join(f"(e.new ? '{c.name}' AND {as_left(c, 'r')})" for c in columns),
        clashing=f"array_remove(ARRAY[{', '.join(_clashing(c) for c in columns)}]::text[], NULL)",
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*asked, *reach, *where, undoing.undo.pk])
        back, kept, refused, roots, kind = cursor.fetchone()
    found = Result(back, kept, refused, names={f"{group.kind}.{c.name}" for c in columns})
    found.roots = {kind: set(roots)} if roots else {}
    return found


def forced_of(undoing: Undoing, kind: str, key: str = "c.key") -> tuple[str, list[Any]]:
    """Whether a person decided that a row is put back all the same, as SQL."""
    if not undoing.has_forced:
        return "false", []
    sql = (
        "EXISTS (SELECT FROM records_clash k WHERE k.undo_id = %s AND k.is_forced"
        f" AND k.kind = '{kind}' AND k.key = {key})"
    )
    return sql, [undoing.undo.pk]


def as_left(column: Column, row: str) -> str:
    """Whether a column of a row still is as the change left it, as SQL over `e`."""
    here = f"{row}.{column.name}"
    if column.is_object:
        return (
            f"CASE WHEN {_are_objects(column, row)} THEN "
            f"public.circulo_only(e.new->'{column.name}', {here}) = '{{}}' AND NOT {here} ?| "
            f"ARRAY(SELECT k FROM jsonb_object_keys(e.old->'{column.name}') k"
            f" WHERE NOT e.new->'{column.name}' ? k)"
            f" ELSE {here} IS NOT DISTINCT FROM e.new->'{column.name}' END"
        )
    if column.is_array:
        return f"to_jsonb({here}) IS NOT DISTINCT FROM e.new->'{column.name}'"
    return f"{here} IS NOT DISTINCT FROM {column.read('e.new')}"


def _are_objects(column: Column, row: str) -> str:
    """Whether a column was kept member by member; a list is kept as a whole."""
    values = (f"{row}.{column.name}", f"e.old->'{column.name}'", f"e.new->'{column.name}'")
    return " AND ".join(f"jsonb_typeof({value}) = 'object'" for value in values)


def _changed(group: Group, where: list[Any]) -> list[Column]:
    with connection.cursor() as cursor:
        cursor.execute(_NAMES, where)
        names = {name for (name,) in cursor.fetchall()}
    return [column for column in columns_of(group.table) if column.name in names]


def _setting(column: Column) -> str:
    name = column.name
    old = column.read("e.old")
    if column.is_object:
        old = (
            f"CASE WHEN {_are_objects(column, 'r')} THEN (r.{name}"
            f" - ARRAY(SELECT jsonb_object_keys(e.new->'{name}'))) || (e.old->'{name}')"
            f" ELSE {old} END"
        )
    return (
        f"{name} = CASE WHEN e.new ? '{name}' AND (e.is_forced OR {as_left(column, 'r')})"
        f" THEN {old} ELSE r.{name} END"
    )


def _clashing(column: Column) -> str:
    """The name of a column that was left alone, or nothing."""
    name = column.name
    return (
        f"CASE WHEN e.new ? '{name}' AND NOT e.is_forced AND NOT {as_left(column, 'old')}"
        f" THEN '{name}' END"
    )


def _grown(group: Group) -> list[str]:
    table = group.table
    grown = [f"{table.bumped} = r.{table.bumped} + 1"] if table.bumped else []
    return [*grown, f"{table.touched} = now()"] if table.touched else grown
