"""How the tables of a test that committed are emptied."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.backends.postgresql import operations

_MOST = 8 * 1024 * 1024  # bytes in all tables; beyond, what was deleted would be waded through

_EMPTIED = """
DO $$
DECLARE
  every regclass[] := ARRAY[{names}]::regclass[];
  held regclass;
BEGIN
  LOCK TABLE {tables};
  IF has_parameter_privilege('session_replication_role', 'SET')
     AND (SELECT sum(pg_relation_size(t)) FROM unnest(every) t) < {most} THEN
    SET LOCAL session_replication_role = replica;
    FOR held IN SELECT t FROM unnest(every) t WHERE pg_relation_size(t) > 0 LOOP
      EXECUTE 'DELETE FROM ' || held;
    END LOOP;
  ELSE
    TRUNCATE {tables};
  END IF;
END $$
"""


class DatabaseOperations(operations.DatabaseOperations):
    """Django's, but for the emptying of all tables after a test.

    To truncate a hundred tables takes most of a second, for each of their five hundred files is
    made anew. A test wrote to some of them only, and a few rows: those are deleted, without
    triggers, where the server lets us do without.
    """

    def sql_flush(
        self,
        style: Any,
        tables: Sequence[str],
        *,
        reset_sequences: bool = False,
        allow_cascade: bool = False,
    ) -> list[str]:
        if not tables or reset_sequences or allow_cascade:
            return super().sql_flush(
                style, tables, reset_sequences=reset_sequences, allow_cascade=allow_cascade
            )
        quoted = [self.quote_name(table) for table in tables]
        names = ", ".join(f"'{name}'" for name in quoted)
        return [_EMPTIED.format(names=names, tables=", ".join(quoted), most=_MOST)]
