"""One undo under way: what it is about, what it may touch, and what came of it so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from circulo.accounts.models import User
from circulo.lib.compiled import compiled
from circulo.records.ledger import ChangeSet
from circulo.records.tracking import Tracked, roots, tracked

Parameters = list[Any]
# Changes that stand: neither undone themselves nor made by taking others back.
STANDS = """EXISTS (
    SELECT FROM records_changeset s WHERE s.id = l.change_set_id AND NOT s.takes_back
      AND (s.undone_by_id IS NULL OR EXISTS (
          SELECT FROM records_changeset u WHERE u.id = s.undone_by_id AND u.kept > 0)))"""

# Of what was taken back and done again, that which was first done before the origin of a change.
_DONE_AGAIN = """
    WITH RECURSIVE origin AS (
        SELECT id, undoes_id FROM records_changeset WHERE id = %(of)s
        UNION ALL SELECT s.id, s.undoes_id FROM origin o
          JOIN records_changeset s ON s.id = o.undoes_id
    ), again AS (
        SELECT id, undoes_id AS first FROM records_changeset
        WHERE undoes_id IS NOT NULL AND NOT takes_back AND id > %(of)s
        UNION ALL SELECT a.id, s.undoes_id FROM again a
          JOIN records_changeset s ON s.id = a.first WHERE s.undoes_id IS NOT NULL
    )
    SELECT id FROM again GROUP BY id HAVING min(first) < (SELECT min(id) FROM origin) ORDER BY id
"""


@dataclass(frozen=True)
class Group:
    """Lines of the ledger that one statement wrote, or some of them, by their keys."""

    step: int
    kind: str
    op: str
    least: int
    most: int
    rows: int

    @property
    def table(self) -> Tracked:
        return tracked()[self.kind]


@dataclass(frozen=True)
class Row:
    """Where a statement finds the root of a row, that root's kind, and what was before."""

    root: str
    root_kind: str
    old: str = ""


ALL = "all"
KEPT = Row("c.root", "c.root_kind", "c.old")


@dataclass
class Result:
    """What came of putting back: rows back, kept as they are, out of reach; what was touched.

    `names` holds `kind.column` for what changed, the kind for rows that came or went.
    """

    back: int = 0
    kept: int = 0
    refused: int = 0
    roots: dict[str, set[int]] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)

    def add(self, other: Result) -> None:
        """Count this one too."""
        self.back += other.back
        self.kept += other.kept
        self.refused += other.refused
        self.names |= other.names
        for kind, keys in other.roots.items():
            self.roots.setdefault(kind, set()).update(keys)


@dataclass(frozen=True)
class Undoing:
    """One undo: of which change set, kept as which, for whom. Without a person, for the house."""

    of: ChangeSet
    undo: ChangeSet
    by: User | None

    @cached_property
    def ours(self) -> list[int]:
        """The change sets whose changes are none that others made since."""
        return [self.of.pk, self.undo.pk, *done_again(self.of)]

    @cached_property
    def has_forced(self) -> bool:
        return self.undo.clashes.filter(is_forced=True).exists()

    @property
    def forces_all(self) -> bool:
        """Whether a person decided that all is put back, whatever somebody changed since."""
        return ALL in self.undo.job.get("mine", ())

    @property
    def is_own(self) -> bool:
        return self.by is not None and self.of.by_id == self.by.pk

    def within(self, table: Tracked, row: Row, *, takes_away: bool) -> tuple[str, Parameters]:
        """The condition that a row belongs to what this person may change, with its parameters.

        What somebody else brought in is taken away only by who may delete it; who gave a record
        away may take that back. What its app says is final is put back by nobody.
        """
        sql, parameters = self._within_reach(table, row, takes_away=takes_away)
        named = table.root_kind or table.kind
        for kind, one in roots().items():
            rows = one.undone(table.kind, takes_away) if one.undone else None
            if rows is None or not (named == kind or named.startswith("{")):
                continue
            kept, more = _among(rows, row.root)
            if row.old and one.loose and table.kind == kind:
                kept = f"({kept} OR {row.old} - %s::text[] = '{{}}'::jsonb)"
                more = [*more, sorted(one.loose)]
            if row.old and one.acts and table.kind == kind:
                column, acted = one.acts
                taken_back, of_these = _among(acted(), row.root)
                kept = f"({kept} OR ({row.old} ? '{column}' AND {taken_back}))"
                more = [*more, *of_these]
            sql = f"({sql} AND ({row.root_kind} <> '{kind}' OR {kept}))"
            parameters = [*parameters, *more]
        return sql, parameters

    def _within_reach(
        self, table: Tracked, row: Row, *, takes_away: bool
    ) -> tuple[str, Parameters]:
        if self.by is None or self.by.is_admin:
            return "true", []
        named = table.root_kind or table.kind
        act = "delete" if takes_away and not self.is_own else "edit"
        sql, parameters = self._reach(named, act, row)
        whose = roots()[named].whose if named in roots() else ""
        if row.old and whose and self.is_own:
            sql = f"({sql} OR {row.old} ? '{whose}')"
        return sql, parameters

    def _reach(self, named: str, act: str, row: Row) -> tuple[str, Parameters]:
        """The reach over one kind of root, or over every kind where a column names it."""
        if not named.startswith("{"):
            return self._reach_of(named, act, row.root)
        parts, parameters = ["false"], list[Any]()
        for kind in roots():
            sql, more = self._reach_of(kind, act, row.root)
            parts.append(f"({row.root_kind} = '{kind}' AND {sql})")
            parameters += more
        return f"({' OR '.join(parts)})", parameters

    def _reach_of(self, kind: str, act: str, root: str) -> tuple[str, Parameters]:
        assert self.by is not None
        rows = roots()[kind].within(self.by, act) if kind in roots() else None
        if rows is None:
            return "true", []
        return _among(rows, root)


def _among(rows: QuerySet[Any], root: str) -> tuple[str, Parameters]:
    """The condition that a key is one of these records'.

    Looked up row by row: as a list, all that is within reach would be read for every batch.
    """
    sql, parameters = compiled(rows.order_by().values("pk"))
    return f"EXISTS (SELECT FROM ({sql}) AS reached (id) WHERE reached.id = {root})", [*parameters]


def done_again(change_set: ChangeSet) -> list[int]:
    """What was done again since this change set, and first before what it comes from.

    Who takes back two acts and does the first again has changed nothing since the second: it is
    done again upon what the first one left.
    """
    with connection.cursor() as cursor:
        cursor.execute(_DONE_AGAIN, {"of": change_set.pk})
        return [key for (key,) in cursor.fetchall()]
