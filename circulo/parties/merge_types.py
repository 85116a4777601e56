"""What hangs on a party and follows it when it is merged into another.

Each app states in its `merges.py` the columns of its tables that point at a party. A test of the
house finds any that were forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from django.utils.module_loading import autodiscover_modules

from circulo.parties.actions.writing import run

# The parties that go and those that stay, as one parameter: rows of `gone`, `stays`, and `n`, the
# place of the one that goes among those that go with it.
MEMBERS = "json_to_recordset(%s) AS m(gone bigint, stays bigint, n integer)"
Move = Callable[[str], None]


@dataclass(frozen=True)
class Hanging:
    """A column that points at a party, and the act that lets its rows follow."""

    table: str
    column: str
    move: Move


_hangings: list[Hanging] = []


def register(*hangings: Hanging) -> None:
    """Make known what hangs on parties; called by an app's `merges.py`."""
    _hangings.extend(hangings)


def hangings() -> list[Hanging]:
    """All that hangs on parties, in every app."""
    _discover()
    return _hangings


@cache
def _discover() -> None:
    autodiscover_modules("merges")


def hanging(
    table: str, column: str, *, once_by: Sequence[str] = (), where: str = "true"
) -> Hanging:
    """Rows that simply follow. Of those that would then say the same by the columns `once_by`,
    one stays: that of the surviving party, else the first. `where` limits what points at a party
    to rows that say so, such as `record_kind = 'party'`."""

    def move(members: str) -> None:
        if once_by:
            drop_repeated(table, column, members, once_by=once_by, where=where)
        run(
            f"UPDATE {table} t SET {column} = m.stays FROM {MEMBERS}"
            f" WHERE t.{column} = m.gone AND {where}",
            [members],
        )

    return Hanging(table, column, move)


def drop_repeated(
    table: str, column: str, members: str, *, once_by: Sequence[str], where: str = "true"
) -> None:
    """Delete what, once it has followed, would say again what another row says."""
    run(
        f"""
        WITH m AS (SELECT * FROM {MEMBERS}), ranked AS (
            SELECT t.id, row_number() OVER (
                PARTITION BY COALESCE(m.stays, t.{column}), {", ".join(once_by)}
                ORDER BY m.n NULLS FIRST, t.id) AS nth
            FROM {table} t LEFT JOIN m ON m.gone = t.{column}
            WHERE (t.{column} IN (SELECT gone FROM m) OR t.{column} IN (SELECT stays FROM m))
              AND {where}
        )
        DELETE FROM {table} t USING ranked WHERE ranked.id = t.id AND ranked.nth > 1
        """,
        [members],
    )
