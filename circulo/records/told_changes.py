"""What change sets say record by record: a few fields with what they held before and hold now.

Of each set only its first changes are read, so that an import of a million rows costs what an edit
costs; a page says beside it how many there are in all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from django.db import connection

from circulo.accounts.models import User
from circulo.lib import ids
from circulo.records.history import Line, Raw, Rows, lines_of, word
from circulo.records.models import ChangeSet
from circulo.records.tracking import Hidden, Tracked, roots, tracked

# So many lines of the ledger are looked at of each set, and so many rows of each range of new ones.
MOST_READ, MOST_NEW = 200, 20
_FIRST = """
    SELECT c.change_set_id, c.step, COALESCE(k.key, c.key), c.kind, c.op, c.at,
           COALESCE(c.root_kind, c.kind), COALESCE(c.root, c.key),
           c.old::text, c.new::text,
           c.read = %s OR COALESCE(upper(c.keys) - lower(c.keys) > %s, false)
    FROM unnest(%s::bigint[]) AS s(id)
    CROSS JOIN LATERAL (
        SELECT *, count(*) OVER () AS read FROM (
            SELECT * FROM records_change WHERE change_set_id = s.id ORDER BY step, key LIMIT %s) f
    ) c
    LEFT JOIN LATERAL (
        SELECT generate_series(lower(c.keys), least(upper(c.keys) - 1, lower(c.keys) + %s)) AS key
    ) k ON c.op = 'i'
    WHERE c.kind = ANY(%s) ORDER BY c.change_set_id, c.step, 3
"""
Root = tuple[str, int]


@dataclass
class Told:
    """One record of a change set: what it is called, where its page is, and what changed of it."""

    root: Root
    name: str
    url: str
    lines: list[Line] = field(default_factory=list)
    more: int = 0

    @property
    def public_id(self) -> str:
        return ids.encode(*self.root)


@dataclass
class Records:
    """The first records of a change set, and how many more there are, where all were looked at."""

    told: list[Told] = field(default_factory=list)
    more: int = 0
    is_cut: bool = False


@dataclass
class _One:
    """A line of the ledger with the record that it belongs to."""

    raw: Raw
    root: Root
    row: dict[str, Any]
    is_cut: bool


def told_of(
    user: User, sets: Sequence[ChangeSet], *, records: int, lines: int
) -> dict[int, Records]:
    """By change set its first records that this person sees, each with its first lines."""
    found = _read([each.pk for each in sets])
    by_set: dict[int, dict[Root, list[_One]]] = {}
    for one in found:
        by_set.setdefault(one.raw.change_set, {}).setdefault(one.root, []).append(one)
    names = _names(user, {one.root for one in found})
    chosen = {key: [root for root in about if root in names][:records]
              for key, about in by_set.items()}  # fmt: skip
    hides = _hides(user, {root for some in chosen.values() for root in some})
    known = {each.pk: each for each in sets}
    shown = {
        key: Records(
            [_told(root, names[root], by_set[key][root], known[key], hides[root]) for root in some],
            len(by_set[key]) - len(some),
            any(one.is_cut for ones in by_set[key].values() for one in ones),
        )
        for key, some in chosen.items()
    }
    _shorten(user, shown.values(), lines)
    return shown


def _read(keys: list[int]) -> list[_One]:
    """The first lines of some sets, each with the row that it is about as that stands now."""
    kinds = [table.kind for table in tracked().values() if table.is_in_history]
    with connection.cursor() as cursor:
        cursor.execute(_FIRST, [MOST_READ, MOST_NEW, keys, MOST_READ, MOST_NEW - 1, kinds])
        found = cursor.fetchall()
    rows = _rows({(kind, key) for _set, _step, key, kind, *_rest in found})
    ones = []
    for change_set, step, key, kind, op, at, root_kind, root, old, new, is_cut in found:
        raw = Raw(change_set, step, key, kind, op, at, _loaded(old), _loaded(new))
        row = rows.get((kind, key), {})
        if op == "i":
            root_kind, root = _root_of(tracked()[kind], key, row)
        ones.append(_One(raw, (root_kind, root), row, is_cut))
    return list(_without_parts(ones))


def _without_parts(ones: Sequence[_One]) -> Iterable[_One]:
    """What came with its record is told by the record."""
    new = {(one.raw.change_set, one.root) for one in ones
           if one.raw.op == "i" and not tracked()[one.raw.kind].root_kind}  # fmt: skip
    return (
        one for one in ones
        if one.raw.op != "i" or not tracked()[one.raw.kind].root_kind
        or (one.raw.change_set, one.root) not in new
    )  # fmt: skip


def _loaded(text: str | None) -> dict[str, Any]:
    return orjson.loads(text) if text else {}


def _rows(wanted: set[Root]) -> Rows:
    found: Rows = {}
    with connection.cursor() as cursor:
        for table in tracked().values():
            keys = [key for kind, key in wanted if kind == table.kind]
            if not keys:
                continue
            cursor.execute(
                f"SELECT id, to_json(r)::text FROM {table.table} r WHERE id = ANY(%s)", [keys]
            )
            found |= {(table.kind, key): orjson.loads(row) for key, row in cursor.fetchall()}
    return found


def _root_of(table: Tracked, key: int, row: dict[str, Any]) -> Root:
    """The record that a new row belongs to; itself where it has gone since."""
    named = table.root_kind or table.kind
    kind = str(row.get(named[1:-1], table.kind)) if named.startswith("{") else named
    return kind, row.get(table.root) or key


def _names(user: User, about: set[Root]) -> dict[Root, tuple[str, str]]:
    """Names and pages of those that this person may see."""
    found: dict[Root, tuple[str, str]] = {}
    for kind in {kind for kind, _key in about}:
        root = roots().get(kind)
        if root and root.named:
            keys = {key for other, key in about if other == kind}
            found |= {(kind, key): name for key, name in root.named(user, keys).items()}
    return found


def _hides(user: User, about: set[Root]) -> dict[Root, Hidden]:
    found: dict[Root, Hidden] = dict.fromkeys(about, lambda *_said: False)
    for kind in {kind for kind, _key in about}:
        if hides := roots()[kind].hides:
            keys = {key for other, key in about if other == kind}
            found |= {(kind, key): hidden for key, hidden in hides(user, keys).items()}
    return found


def _told(
    root: Root,
    name: tuple[str, str],
    ones: Sequence[_One],
    change_set: ChangeSet,
    is_hidden: Hidden,
) -> Told:
    lines = [
        line
        for one in ones
        for line in lines_of(one.raw, change_set, {(one.raw.kind, one.raw.key): one.row})
        if not is_hidden(line.kind, line.column, line.row)
    ]
    return Told(root, *name, lines)


def _shorten(user: User, shown: Iterable[Records], most: int) -> None:
    """Keep the first lines of each record, and put those into words."""
    kept: list[Line] = []
    for about in shown:
        for one in about.told:
            one.lines, one.more = one.lines[:most], max(0, len(one.lines) - most)
            kept += one.lines
    word(user, kept)
