"""What others did since with records that an undo puts back only in part."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import connection

from circulo.records.tracking import tracked
from circulo.records.undoing.work import STANDS, Undoing

_BEGINS = "(SELECT min(b.step) FROM records_change b WHERE b.change_set_id = %s)"
# What stands, or took back what had been done before: neither was there when this was done.
_IS_NEW = f"""({STANDS} OR EXISTS (
    SELECT FROM records_changeset s JOIN records_change b ON b.change_set_id = s.undoes_id
    WHERE s.id = l.change_set_id AND s.takes_back AND s.undone_by_id IS NULL
      AND b.step < {_BEGINS}))"""
_CHANGED = f"""
    SELECT DISTINCT l.root, l.kind || '.' || n.name
    FROM records_change l CROSS JOIN LATERAL jsonb_object_keys(l.new) AS n(name)
    WHERE l.root = ANY(%s) AND l.root_kind = %s AND l.op = 'u' AND l.step > {_BEGINS}
      AND l.change_set_id <> ALL(%s) AND {_IS_NEW}
"""
_ADDED = f"""
    SELECT DISTINCT x.{{root}}, '{{kind}}' FROM {{table}} x JOIN records_change l
      ON l.op = 'i' AND l.kind = '{{kind}}' AND l.keys @> x.id
    WHERE x.{{root}} = ANY(%s) AND l.step > {_BEGINS}
      AND l.change_set_id <> ALL(%s) AND {_IS_NEW}
"""


def done_since(kind: str, keys: Collection[int], undoing: Undoing) -> dict[int, set[str]]:
    """By record what others changed since, as `table.column`, and the tables of rows they added."""
    if not keys:
        return {}
    of, ours = undoing.of.pk, undoing.ours
    since = [of, ours, of]
    asked: list[tuple[str, list[Any]]] = [(_CHANGED, [[*keys], kind, *since])]
    asked += [
        (_ADDED.format(root=table.root, kind=table.kind, table=table.table), [[*keys], *since])
        for table in tracked().values()
        if table.root_kind == kind
    ]
    found: dict[int, set[str]] = {}
    with connection.cursor() as cursor:
        for sql, parameters in asked:
            cursor.execute(sql, parameters)
            for root, name in cursor.fetchall():
                found.setdefault(root, set()).add(name)
    return found
