"""The history of one record: field by field who, when, from what, to what and through what.

Lines come from the ledger, newest first, paged by key. What was added is kept as ranges of keys, so
the rows that belong to the record are asked which range each lies in.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import orjson
from django.db import connection

from circulo.accounts.models import User
from circulo.lib import ids
from circulo.records.models import Change, ChangeSet
from circulo.records.tracking import Tracked, roots, tracked
from circulo.records.wording import Wording, label_of, thing_of

PAGE = 50
MOST_ROWS = 500
_END = 2**62
_ADDED = """
    SELECT c.change_set_id, c.step, k.key, c.kind, c.op, NULL::bigint, c.at
    FROM unnest(%s::text[], %s::bigint[]) AS k(kind, key)
    JOIN records_change c ON c.op = 'i' AND c.kind = k.kind AND c.keys @> k.key
"""


@dataclass
class Line:
    """One field of one change, or a whole row that was added or deleted."""

    change_set: ChangeSet
    step: int
    key: int
    kind: str
    op: str
    at: Any
    column: str = ""
    old: Any = None
    new: Any = None
    row: dict[str, Any] = field(default_factory=dict)
    label: str = ""
    before: str = ""
    after: str = ""

    @property
    def public_id(self) -> str:
        return ids.encode("change_set", self.change_set.pk)

    @property
    def can_be_put_back(self) -> bool:
        """Whether there is an old value, or an old row, to put back."""
        return self.op in ("u", "d")

    @property
    def is_move(self) -> bool:
        """Whether a row was only put in another place among its like."""
        return bool(self.column) and self.column == tracked()[self.kind].placed_by

    @property
    def said_as(self) -> str:
        """How an address names this line."""
        step, key = ids.encode("step", self.step), ids.encode(self.kind, self.key)
        return f"{self.public_id}-{step}-{self.kind}-{key}"


@dataclass
class History:
    """A page of lines, and where the next begins."""

    lines: list[Line]
    next: str = ""


def history_of(user: User, root_kind: str, root: int, cursor: str = "") -> History:
    """What happened to a record that this person is known to see, newest first."""
    before = ids.decode("step", cursor) or _END
    kept = list(
        Change.objects.filter(root=root, root_kind=root_kind, step__lt=before)
        .filter(kind__in=[table.kind for table in tracked().values() if table.is_in_history])
        .order_by("-step", "-key")[: PAGE + 1]
    )
    least = kept[PAGE - 1].step if len(kept) > PAGE else 0
    kept = [change for change in kept if change.step >= least]
    rows = _rows_of(root_kind, root)
    changes = [Raw.of(change) for change in kept]
    changes += _added(rows, least, before)
    changes.sort(key=lambda change: (-change.step, change.key))
    following = ids.encode("step", least) if least else ""
    return History(_told(user, root_kind, root, changes, rows), following)


@dataclass
class Raw:
    """A line of the ledger."""

    change_set: int
    step: int
    key: int
    kind: str
    op: str
    at: Any
    old: dict[str, Any] = field(default_factory=dict)
    new: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, change: Change) -> Raw:
        return cls(
            change.change_set_id, change.step, change.key, change.kind, change.op, change.at,
            change.old or {}, change.new or {},
        )  # fmt: skip


Rows = dict[tuple[str, int], dict[str, Any]]


def _rows_of(root_kind: str, root: int) -> Rows:
    """The rows that belong to a record: those that are there, and those that were deleted."""
    found: Rows = {}
    with connection.cursor() as cursor:
        for table in tracked().values():
            if not table.is_in_history or not _belongs(table, root_kind):
                continue
            cursor.execute(
                f"SELECT id, to_json(r)::text FROM {table.table} r WHERE {table.root} = %s"
                f" AND {table.root_kind_of('r')} = %s LIMIT {MOST_ROWS}",
                [root, root_kind],
            )
            found |= {(table.kind, key): orjson.loads(row) for key, row in cursor.fetchall()}
    gone = Change.objects.filter(root=root, root_kind=root_kind, op="d").order_by("-step")
    for change in gone[:MOST_ROWS]:
        found.setdefault((change.kind, change.key), change.old or {})
    return found


def _belongs(table: Tracked, root_kind: str) -> bool:
    return (table.root_kind or table.kind) == root_kind or table.root_kind.startswith("{")


def _added(rows: Rows, after: int, before: int) -> list[Raw]:
    """When these rows were added; what came with its record is told by the record."""
    keys = list(rows)
    with connection.cursor() as cursor:
        cursor.execute(_ADDED, [[kind for kind, _key in keys], [key for _kind, key in keys]])
        found = [
            Raw(change_set, step, key, kind, op, at)
            for change_set, step, key, kind, op, _root, at in cursor.fetchall()
        ]
    whole = {each.change_set for each in found if not tracked()[each.kind].root_kind}
    return [
        each
        for each in found
        if after <= each.step < before
        and (not tracked()[each.kind].root_kind or each.change_set not in whole)
    ]


def _told(user: User, root_kind: str, root: int, changes: list[Raw], rows: Rows) -> list[Line]:
    sets = ChangeSet.objects.select_related("by").defer("keys", "job")
    known = sets.in_bulk({change.change_set for change in changes})
    hides = roots()[root_kind].hides
    is_hidden = hides(user, {root})[root] if hides else lambda *_said: False
    lines = [
        line
        for change in changes
        if change.change_set in known
        for line in lines_of(change, known[change.change_set], rows)
        if not is_hidden(line.kind, line.column, line.row)
    ]
    word(user, lines)
    return lines


def lines_of(change: Raw, change_set: ChangeSet, rows: Rows) -> list[Line]:
    """The lines that one change is told in: a field each, or a whole row."""
    row = rows.get((change.kind, change.key), {})
    row = row | change.old if change.op == "d" else row
    base = {"change_set": change_set, "step": change.step, "key": change.key, "kind": change.kind,
            "op": change.op, "at": change.at, "row": row}  # fmt: skip
    if change.op != "u":
        return [Line(**base)]
    silent = tracked()[change.kind].silent
    return [
        Line(**base, column=name, old=old, new=new)
        for name, old, new in _fields(change.old, change.new)
        if name.partition(".")[0] not in silent
    ]


def _fields(old: dict[str, Any], new: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    """The columns that changed; own fields one by one."""
    found = []
    for name in new:
        if isinstance(new[name], dict) and isinstance(old.get(name), dict):
            keys = dict.fromkeys([*old[name], *new[name]])
            found += [(f"{name}.{k}", old[name].get(k), new[name].get(k)) for k in keys]
        else:
            found.append((name, old.get(name), new[name]))
    return found


def word(user: User, lines: list[Line]) -> None:
    """Write the values for the reader, names asked for all at once."""
    values = [
        (line.kind, line.column, value, line.row)
        for line in lines
        for value in (line.old, line.new)
    ]
    values += [
        (line.kind, name, line.row.get(name), line.row)
        for line in lines
        if not line.column or line.is_move
        for name in tracked()[line.kind].told
    ]
    wording = Wording(user, values)
    for line in lines:
        table = tracked()[line.kind]
        if line.is_move:
            line.label, line.after = thing_of(table, line.row), wording.row(line.kind, line.row)
            continue
        if line.column:
            line.label = label_of(line.kind, line.column, line.row)
            line.before = wording.of(line.kind, line.column, line.old, line.row)
            line.after = wording.of(line.kind, line.column, line.new, line.row)
            continue
        line.label = thing_of(table, line.row)
        said = wording.row(line.kind, line.row)
        line.before, line.after = (said, "") if line.op == "d" else ("", said)


def line_called(user: User, root_kind: str, root: int, said: str, column: str) -> Change | None:
    """The line of the ledger that an address names, where it is of this record and not hidden."""
    parts = said.split("-")
    if len(parts) != 4 or parts[2] not in tracked():
        return None
    identifier, step, kind, key = parts
    found = (
        Change.objects.select_related("change_set")
        .filter(root=root, root_kind=root_kind, kind=kind)
        .filter(change_set=ids.decode("change_set", identifier) or 0)
        .filter(step=ids.decode("step", step) or 0, key=ids.decode(kind, key) or 0)
        .first()
    )
    hides = roots()[root_kind].hides
    if found is None or hides is None:
        return found
    row = _rows_of(root_kind, root).get((found.kind, found.key), {}) | (found.old or {})
    return None if hides(user, {root})[root](found.kind, column, row) else found
