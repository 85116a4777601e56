"""Putting back changed rows: every column that still is as it was left gets its old value.

What goes together is put back together: where somebody changed one of it since, none of it is.
Where a person decided that it is put back all the same, the rest of it is as it was then.
"""

from __future__ import annotations

from typing import Any

from django.db import connection

from circulo.records.columns import Column
from circulo.records.undoing.standing import Standing, are_objects
from circulo.records.undoing.work import KEPT, Group, Result, Undoing

_NAMES = """
    SELECT DISTINCT jsonb_object_keys(new) FROM records_change
    WHERE change_set_id = %s AND step = %s AND key BETWEEN %s AND %s
"""
# NOT IN is looked up in a hash; a join of two parts whose size the planner cannot know is a loop.
_PUT_BACK = """
    WITH said AS MATERIALIZED (
        SELECT c.key, c.root, c.root_kind, c.old, c.new, {forced} AS is_forced,
               {within} AS is_within, {since} AS since
        FROM records_change c
        WHERE c.change_set_id = %s AND c.step = %s AND c.key BETWEEN %s AND %s
    ), e AS MATERIALIZED (
        SELECT key, root, root_kind, is_forced, is_within, since,
               CASE WHEN is_forced THEN old || since ELSE old END AS old,
               CASE WHEN is_forced THEN new || since ELSE new END AS new
        FROM said
    ), back AS (
        UPDATE {table} r SET {settings}
        FROM e WHERE r.id = e.key AND e.is_within AND (e.is_forced OR {any})
        RETURNING r.id, ARRAY[e.root, (e.old->>'{root}')::bigint] AS roots, e.root_kind,
                  CASE WHEN e.is_forced THEN '{{}}' ELSE {clashing} END AS names
    ), missed AS (
        SELECT id AS key, root_kind, roots[1] AS root, names, 'changed' AS why
        FROM back WHERE names <> '{{}}'
        UNION ALL
        SELECT key, root_kind, root, ARRAY(SELECT jsonb_object_keys(new || since)),
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
           (SELECT min(root_kind) FROM back),
           (SELECT array_agg(DISTINCT n) FROM e, jsonb_object_keys(e.new) AS n)
"""


def put_back_changes(group: Group, undoing: Undoing) -> Result:
    """Give the rows of a group their old values, where these columns are as they were left."""
    where = [undoing.of.pk, group.step, group.least, group.most]
    said = Standing(group.table, _changed(where))
    fits = said.fits("r")
    if not fits:
        return Result()
    within, reach = undoing.within(group.table, KEPT, takes_away="binned_at" in fits)
    forced, asked = ("true", []) if undoing.forces_all else forced_of(undoing, group.kind)
    sql = _PUT_BACK.format(
        table=group.table.table,
        kind=group.kind,
        root=group.table.root,
        forced=forced,
        within=within,
        since=said.since("c", (undoing.undo.pk, undoing.undo.undoes_id)),
        settings=", ".join([*(_setting(c, fits[c.name]) for c in said.columns), *_grown(group)]),
        any=" OR ".join(f"(e.new ? '{name}' AND {fit})" for name, fit in fits.items()),
        clashing=said.clashing("old"),
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*asked, *reach, *where, undoing.undo.pk])
        back, kept, refused, roots, kind, names = cursor.fetchone()
    found = Result(back, kept, refused, names={f"{group.kind}.{name}" for name in names or ()})
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


def _changed(where: list[Any]) -> frozenset[str]:
    with connection.cursor() as cursor:
        cursor.execute(_NAMES, where)
        return frozenset(name for (name,) in cursor.fetchall())


def _setting(column: Column, fits: str) -> str:
    name = column.name
    old = column.read("e.old")
    if column.is_object:
        old = (
            f"CASE WHEN {are_objects(column, 'r')} THEN (r.{name}"
            f" - ARRAY(SELECT jsonb_object_keys(e.new->'{name}'))) || (e.old->'{name}')"
            f" ELSE {old} END"
        )
    return (
        f"{name} = CASE WHEN e.new ? '{name}' AND (e.is_forced OR {fits})"
        f" THEN {old} ELSE r.{name} END"
    )


def _grown(group: Group) -> list[str]:
    table = group.table
    grown = [f"{table.bumped} = r.{table.bumped} + 1"] if table.bumped else []
    return [*grown, f"{table.touched} = now()"] if table.touched else grown
