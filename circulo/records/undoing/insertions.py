"""Taking away what was added, where nothing else was built on it since."""

from __future__ import annotations

from typing import Any

from django.db import connection

from circulo.records.columns import links_to
from circulo.records.tracking import tracked
from circulo.records.undoing.clashes import built_by, not_ours
from circulo.records.undoing.updates import forced_of
from circulo.records.undoing.work import STANDS, Group, Result, Row, Undoing

_TAKE_AWAY = """
    WITH e AS MATERIALIZED (
        SELECT c.step, c.keys FROM records_change c
        WHERE c.change_set_id = %s AND c.step = %s AND c.key BETWEEN %s AND %s
    ), used AS MATERIALIZED (
        {used}
    ), r AS MATERIALIZED (
        SELECT r.id, {root} AS root, {root_kind} AS root_kind, {within} AS is_within,
               ({forced} OR ({free})) AS is_free
        FROM e JOIN {table} r ON r.id >= lower(e.keys) AND r.id < upper(e.keys)
    ), back AS (
        DELETE FROM {table} t USING r WHERE t.id = r.id AND r.is_within AND r.is_free
        RETURNING t.id, r.root, r.root_kind
    ), missed AS (
        SELECT * FROM r WHERE is_within AND NOT is_free
    ), noted AS (
        INSERT INTO records_clash (undo_id, kind, key, root_kind, root, names, why, is_forced)
        SELECT %s, '{kind}', id, root_kind, root, '{{}}', 'used', false
        FROM missed ON CONFLICT (undo_id, kind, key) DO NOTHING
    )
    SELECT (SELECT count(*) FROM back), (SELECT count(*) FROM missed),
           (SELECT count(*) FROM r WHERE NOT is_within),
           (SELECT array_agg(DISTINCT root) FROM back), (SELECT min(root_kind) FROM back)
"""
_FORCED = """
    SELECT k.key FROM records_clash k JOIN records_change c ON c.keys @> k.key
    WHERE k.undo_id = %s AND k.kind = %s AND k.is_forced
      AND c.change_set_id = %s AND c.step = %s AND c.key BETWEEN %s AND %s
"""
_CHANGED_SINCE = """NOT EXISTS (
    SELECT FROM records_change l
    WHERE l.root = {root} AND l.step > e.step AND l.kind = '{kind}' AND l.key = r.id
      AND l.op = 'u' AND l.change_set_id <> ALL(%s) AND {stands})"""
_STAYS = """EXISTS (
    SELECT FROM records_clash k WHERE k.undo_id = %s AND k.kind = '{kind}' AND k.key = x.id
      AND NOT k.is_forced)"""
_ROOT_STAYS = """NOT EXISTS (
    SELECT FROM records_clash k WHERE k.undo_id = %s AND k.root = {root}
      AND k.root_kind = {root_kind} AND k.kind = k.root_kind AND k.why = 'used'
      AND NOT k.is_forced)"""


def take_away(group: Group, undoing: Undoing) -> Result:
    """Delete the rows that a group added; those that others changed or built upon stay."""
    table = group.table
    root, root_kind = table.root_of("r"), table.root_kind_of("r")
    within, reach = undoing.within(table, Row(root, root_kind), takes_away=True)
    forced, asked = forced_of(undoing, group.kind, "r.id")
    used, named = _used(group, undoing)
    if undoing.has_forced:
        _clear_forced(group, undoing)
    sql = _TAKE_AWAY.format(
        table=table.table,
        kind=group.kind,
        root=root,
        root_kind=root_kind,
        within=within,
        forced=forced,
        free=_free(group, root, root_kind),
        used=used,
    )
    where = [undoing.of.pk, group.step, group.least, group.most]
    mine: list[Any] = [undoing.undo.pk, undoing.ours]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*where, *named, *reach, *asked, *mine, undoing.undo.pk])
        back, kept, refused, roots, kind = cursor.fetchone()
    found = Result(back, kept, refused, names={group.kind})
    found.roots = {kind: set(roots)} if roots else {}
    return found


def _free(group: Group, root: str, root_kind: str) -> str:
    changed = _CHANGED_SINCE.format(root=root, kind=group.kind, stands=STANDS)
    stays = _ROOT_STAYS.format(root=root, root_kind=root_kind)
    return f"{stays} AND {changed} AND r.id NOT IN (SELECT id FROM used)"


def _used(group: Group, undoing: Undoing) -> tuple[str, list[Any]]:
    """The keys of the group that rows name which stay, found by their ranges.

    What this change set added or linked itself goes before, perhaps in a transaction that is not
    seen yet; unless it is known to stay.
    """
    kinds = {each.table: each.kind for each in tracked().values()}
    parts, parameters = ["SELECT NULL::bigint AS id WHERE false"], list[Any]()
    for link in built_by(group.table.table):
        foreign, asked = not_ours(link, undoing.of)
        parts.append(
            f"SELECT x.{link.column} FROM e JOIN {link.table} x"
            f" ON x.{link.column} >= lower(e.keys) AND x.{link.column} < upper(e.keys)"
            f" WHERE ({foreign} OR {_STAYS.format(kind=kinds.get(link.table, ''))})"
        )
        parameters += [*asked, undoing.undo.pk]
    return " UNION ALL ".join(parts), parameters


def _clear_forced(group: Group, undoing: Undoing) -> None:
    """What others built on rows that go all the same goes with them; the ledger keeps it."""
    where: list[Any] = [undoing.undo.pk, group.kind, undoing.of.pk]
    where += [group.step, group.least, group.most]
    with connection.cursor() as cursor:
        cursor.execute(_FORCED, where)
        keys = [key for (key,) in cursor.fetchall()]
    if keys:
        clear(group.table.table, keys)


def clear(table: str, keys: list[int]) -> None:
    """Delete or unlink every row that names these rows."""
    for link in links_to(table):
        if not link.is_needed:
            _run(
                f"UPDATE {link.table} SET {link.column} = NULL WHERE {link.column} = ANY(%s)", keys
            )
            continue
        found = _run(f"SELECT id FROM {link.table} WHERE {link.column} = ANY(%s)", keys)
        below = [key for (key,) in found]
        if below:
            clear(link.table, below)
            _run(f"DELETE FROM {link.table} WHERE id = ANY(%s)", below)


def _run(sql: str, keys: list[int]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [keys])
        return list(cursor.fetchall()) if cursor.description else []
