"""Where an undo meets what somebody changed since: found before anything is put back."""

from __future__ import annotations

from typing import Any

from django.db import connection

from circulo.lib import ids
from circulo.records.columns import Link, links_to
from circulo.records.ledger import ChangeSet
from circulo.records.tracking import Tracked, tracked
from circulo.records.undoing.standing import Standing
from circulo.records.undoing.work import STANDS, done_again

Found = tuple[str, list[Any]]
_GROUPS = """
    SELECT kind, op, ARRAY(SELECT DISTINCT n FROM unnest(array_agg(names)) n) FROM (
        SELECT c.kind, c.op, n.name AS names FROM records_change c
        LEFT JOIN LATERAL jsonb_object_keys(c.new) AS n(name) ON true
        WHERE c.change_set_id = %s GROUP BY 1, 2, 3) g
    GROUP BY 1, 2 ORDER BY 1, 2
"""
# A later line of the same change set on the same row is undone first: only the last one counts.
_CHANGED = """
    SELECT e.kind, e.key, e.root_kind, e.root,
           {clashing} AS names, CASE WHEN r.id IS NULL THEN 'gone' ELSE 'changed' END AS why
    FROM (SELECT c.*, {since} AS since FROM records_change c
          WHERE c.change_set_id = %s AND c.kind = '{kind}' AND c.op = 'u') e
    LEFT JOIN {table} r ON r.id = e.key
    WHERE (r.id IS NULL OR NOT ({fits}))
      AND NOT EXISTS (
        SELECT FROM records_change m WHERE m.change_set_id = e.change_set_id AND m.kind = e.kind
          AND m.key = e.key AND m.step > e.step
          AND (m.op = 'd' OR m.new ?| ARRAY(SELECT jsonb_object_keys(e.new))))
"""
# OFFSET 0 keeps the planner from walking the whole ledger instead of one stretch for each range.
_CHANGED_SINCE = """
    SELECT '{kind}', later.root, '{kind}', later.root, ARRAY[]::text[], 'used'
    FROM records_change e CROSS JOIN LATERAL (
        SELECT l.root FROM records_change l
        WHERE l.root >= lower(e.keys) AND l.root < upper(e.keys) AND l.root_kind = '{kind}'
          AND l.step > e.step AND l.change_set_id <> ALL(%s) AND {stands}
        OFFSET 0) later
    WHERE e.change_set_id = %s AND e.kind = '{kind}' AND e.op = 'i'
      AND EXISTS (SELECT FROM {table} r WHERE r.id = later.root)
    GROUP BY later.root
"""
_BUILT_UPON = """
    SELECT '{kind}', x.{column}, '{kind}', x.{column}, ARRAY[]::text[], 'used'
    FROM records_change e JOIN {child} x
      ON x.{column} >= lower(e.keys) AND x.{column} < upper(e.keys)
    WHERE e.change_set_id = %s AND e.kind = '{kind}' AND e.op = 'i' AND {foreign}
    GROUP BY x.{column}
"""
_NOT_OURS = """NOT COALESCE((
    SELECT range_agg(m.keys) FROM records_change m
    WHERE m.change_set_id = %s AND m.kind = '{kind}' AND m.op = 'i') @> x.id, false)"""
# What the change set itself let point there is put back with it.
_NOT_LINKED_BY_US = """NOT EXISTS (
    SELECT FROM records_change m
    WHERE m.change_set_id = %s AND m.kind = '{kind}' AND m.op = 'u' AND m.key = x.id
      AND m.new ? '{column}')"""
_BACK_ALREADY = """
    SELECT e.kind, e.key, e.root_kind, e.root, ARRAY[]::text[], 'taken'
    FROM records_change e JOIN {table} r ON r.id = e.key
    WHERE e.change_set_id = %s AND e.kind = '{kind}' AND e.op = 'd'
      AND NOT EXISTS (SELECT FROM records_change m
                      WHERE m.change_set_id = e.change_set_id AND m.kind = e.kind AND m.op = 'i'
                        AND m.keys @> e.key AND m.step > e.step)
"""
_NOTE = """
    INSERT INTO records_clash (undo_id, kind, key, root_kind, root, names, why, is_forced)
    SELECT %s, kind, key, root_kind, root, names, why, {forced} FROM ({found}) AS found
      (kind, key, root_kind, root, names, why)
    ON CONFLICT (undo_id, kind, key) DO NOTHING
"""


def said_as(clash: dict[str, Any]) -> str:
    """How a page and the API name a clash, for the one who decides about it."""
    return f"{clash['kind']}:{ids.encode(clash['kind'], clash['key'])}"


def clashes_of(change_set: ChangeSet, most: int) -> list[dict[str, Any]]:
    """What an undo would meet, at most so many."""
    names = ("kind", "key", "root_kind", "root", "names", "why")
    found: list[dict[str, Any]] = []
    with connection.cursor() as cursor:
        for sql, parameters in _finders(change_set):
            cursor.execute(f"{sql} LIMIT %s", [*parameters, most - len(found)])
            found += [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
            if len(found) >= most:
                break
    return found


def note_clashes(
    undo: ChangeSet, of: ChangeSet, *, forced: str = "false", only_used: bool = False
) -> None:
    """Keep with an undo what it meets, and whether that is put back all the same.

    With `only_used` only records that were added and built upon: others are met on the way.
    """
    with connection.cursor() as cursor:
        for sql, parameters in _finders_of_used(of) if only_used else _finders(of):
            cursor.execute(_NOTE.format(found=sql, forced=forced), [undo.pk, *parameters])


def _finders(change_set: ChangeSet) -> list[Found]:
    with connection.cursor() as cursor:
        cursor.execute(_GROUPS, [change_set.pk])
        groups = cursor.fetchall()
    found: list[Found] = []
    for kind, op, names in groups:
        table = tracked().get(kind)
        if table is None:
            continue
        if op == "u":
            found.append(_changed(table, change_set, names))
        elif op == "d":
            found.append((_BACK_ALREADY.format(kind=kind, table=table.table), [change_set.pk]))
        elif not table.root_kind:
            found += _used(table, change_set)
    return found


def _finders_of_used(change_set: ChangeSet) -> list[Found]:
    kinds = change_set.changes.filter(op="i").order_by().values_list("kind", flat=True).distinct()
    tables = [table for kind in kinds if (table := tracked().get(kind)) and not table.root_kind]
    return [found for table in tables for found in _used(table, change_set)]


def _changed(table: Tracked, change_set: ChangeSet, names: list[str]) -> Found:
    said = Standing(table, frozenset(names))
    fits = [f"(NOT e.new ? '{n}' OR {fit})" for n, fit in said.fits("r").items()] or ["true"]
    sql = _CHANGED.format(
        kind=table.kind,
        table=table.table,
        since=said.since("c", (change_set.pk,)),
        fits=" AND ".join(fits),
        clashing=said.clashing("r"),
    )
    return sql, [change_set.pk]


def not_ours(link: Link, change_set: ChangeSet) -> Found:
    """Whether a row `x` names another neither because this change set added nor linked it."""
    kinds = {each.table: each.kind for each in tracked().values()}
    kind = kinds.get(link.table)
    if kind is None:
        return "true", []
    ours = (_NOT_OURS, _NOT_LINKED_BY_US)
    sql = " AND ".join(each.format(kind=kind, column=link.column) for each in ours)
    return sql, [change_set.pk, change_set.pk]


def built_by(table: str) -> list[Link]:
    """The foreign keys by which others build upon rows of a table; what follows from others is not
    among them, for its app works it out anew."""
    derived = {(each.table, name) for each in tracked().values() for name in each.derived}
    return [link for link in links_to(table) if (link.table, link.column) not in derived]


def _used(table: Tracked, change_set: ChangeSet) -> list[Found]:
    """Records that were added and that others changed, or built upon, since."""
    since = _CHANGED_SINCE.format(kind=table.kind, table=table.table, stands=STANDS)
    ours = [change_set.pk, *done_again(change_set)]
    found: list[Found] = [(since, [ours, change_set.pk])]
    for link in built_by(table.table):
        foreign, parameters = not_ours(link, change_set)
        sql = _BUILT_UPON.format(
            kind=table.kind, child=link.table, column=link.column, foreign=foreign
        )
        found.append((sql, [change_set.pk, *parameters]))
    for each in tracked().values():
        if each.root_kind.startswith("{"):
            foreign = f"{each.root_kind_of('x')} = '{table.kind}' AND " + _NOT_OURS.format(
                kind=each.kind
            )
            sql = _BUILT_UPON.format(
                kind=table.kind, child=each.table, column=each.root, foreign=foreign
            )
            found.append((sql, [change_set.pk, change_set.pk]))
    return found
