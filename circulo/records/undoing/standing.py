"""Whether what a change left still stands, as SQL over `e`: a line of the ledger, and with it in
`since` what others changed later of what goes together with it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from circulo.records.columns import Column, columns_of
from circulo.records.tracking import Tracked

NONE = "'{}'::jsonb"
# As it was when the change was made. What was changed and changed back since counts as unchanged.
_SINCE = """COALESCE((
    SELECT jsonb_object_agg(s.name, s.was) FROM (
        SELECT n.name, (array_agg(l.old->n.name ORDER BY l.step))[1] AS was,
               (array_agg(l.new->n.name ORDER BY l.step DESC))[1] AS becomes
        FROM records_change l CROSS JOIN LATERAL jsonb_object_keys(l.new) AS n(name)
        WHERE l.root = {row}.root AND l.root_kind = {row}.root_kind AND l.step > {row}.step
          AND l.kind = {row}.kind AND l.key = {row}.key AND l.op = 'u'
          AND l.change_set_id <> ALL(ARRAY[{ours}]::bigint[])
          AND NOT {row}.new ? n.name AND ({among})
        GROUP BY n.name) s
    WHERE s.was IS DISTINCT FROM s.becomes), {none})"""


@dataclass(frozen=True)
class Standing:
    """The columns that some changes of a table have, and those that go together with them."""

    table: Tracked
    names: frozenset[str]

    @property
    def columns(self) -> list[Column]:
        """All of them, in the order of the table."""
        reached = self.names.union(*self._groups)
        return [column for column in columns_of(self.table) if column.name in reached]

    def since(self, row: str, ours: Collection[int | None]) -> str:
        """What others than these change sets changed since the change in `row` of what goes
        together with it: an object of the values as they were then.
        """
        if not self._groups:
            return NONE
        among = [f"(n.name = ANY({g}) AND {row}.new ?| {g})" for g in map(_listed, self._groups)]
        said = _SINCE.format(
            row=row, among=" OR ".join(among), none=NONE, ours=", ".join(str(k) for k in ours if k)
        )
        reached = " OR ".join(f"{row}.new ?| {_listed(group)}" for group in self._groups)
        return f"CASE WHEN {reached} THEN {said} ELSE {NONE} END"

    def fits(self, row: str) -> dict[str, str]:
        """Of each column, whether it and all that goes together with it are as they were left."""
        left = {c.name: as_left(c, row) for c in self.columns if c.name in self.names}
        return {column.name: self._fits(column.name, left) for column in self.columns}

    def clashing(self, row: str) -> str:
        """The names of those that are not as they were left, in a list."""
        fits = self.fits(row)
        names = [
            f"CASE WHEN e.since ? '{name}' OR (e.new ? '{name}' AND NOT {fit}) THEN '{name}' END"
            for name, fit in fits.items()
        ]
        return f"array_remove(ARRAY[{', '.join(names)}]::text[], NULL)"

    @property
    def _groups(self) -> Sequence[tuple[str, ...]]:
        return [group for group in self.table.together if not self.names.isdisjoint(group)]

    def _fits(self, name: str, left: dict[str, str]) -> str:
        group = self.table.with_column(name)
        if len(group) == 1:
            return left[name]
        stands = [f"(NOT e.new ? '{each}' OR {left[each]})" for each in group if each in left]
        return f"(NOT e.since ?| {_listed(group)} AND {' AND '.join(stands)})"


def as_left(column: Column, row: str) -> str:
    """Whether a column of a row still is as the change left it, as SQL over `e`."""
    here = f"{row}.{column.name}"
    if column.is_object:
        return (
            f"CASE WHEN {are_objects(column, row)} THEN "
            f"public.circulo_only(e.new->'{column.name}', {here}) = '{{}}' AND NOT {here} ?| "
            f"ARRAY(SELECT k FROM jsonb_object_keys(e.old->'{column.name}') k"
            f" WHERE NOT e.new->'{column.name}' ? k)"
            f" ELSE {here} IS NOT DISTINCT FROM {column.read('e.new')} END"
        )
    if column.is_array:
        return f"to_jsonb({here}) IS NOT DISTINCT FROM e.new->'{column.name}'"
    return f"{here} IS NOT DISTINCT FROM {column.read('e.new')}"


def are_objects(column: Column, row: str) -> str:
    """Whether a column was kept member by member; a list is kept as a whole."""
    values = (f"{row}.{column.name}", f"e.old->'{column.name}'", f"e.new->'{column.name}'")
    return " AND ".join(f"jsonb_typeof({value}) = 'object'" for value in values)


def _listed(names: Collection[str]) -> str:
    return f"ARRAY[{', '.join(repr(name) for name in names)}]"
