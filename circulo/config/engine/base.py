"""Django's PostgreSQL, which also tells the ledger in the database who writes."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.db.backends.postgresql import base
from django.db.backends.postgresql.psycopg_any import BaseTzLoader
from psycopg.adapt import AdaptersMap, Buffer
from psycopg.pq import TransactionStatus

from circulo.config.engine.creation import DatabaseCreation
from circulo.config.engine.operations import DatabaseOperations
from circulo.lib import acting

_WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|MERGE|WITH\b.*?\b(INSERT|UPDATE|DELETE)\b)", re.S)
_ROLLBACK = "ROLLBACK TO"
_NOBODY = object()


class MomentLoader(BaseTzLoader):  # type: ignore[misc]  # Django states no types
    """Moments as Django has them, read ten times as fast: a page of a list holds hundreds.

    What only its own reader understands, such as `infinity`, is left to that.
    """

    timezone = UTC

    def load(self, data: Buffer) -> datetime:
        try:
            moment = datetime.fromisoformat(str(data, "ascii"))
        except ValueError:
            found: datetime = super().load(data)
            return found
        return moment if moment.tzinfo is UTC else moment.astimezone(UTC)


@cache
def _reading_fast(context: AdaptersMap) -> AdaptersMap:
    """How values of a connection in UTC are read."""
    made = AdaptersMap(context)
    made.register_loader("timestamptz", MomentLoader)
    return made


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection on which every transaction that writes says whose it is.

    Nothing is said before something is written: a reading costs not one statement more.
    """

    creation_class = DatabaseCreation
    ops_class = DatabaseOperations
    told: Any = _NOBODY

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.execute_wrappers.append(self._told_first)

    def get_connection_params(self) -> dict[str, Any]:
        found: dict[str, Any] = super().get_connection_params()
        if self.timezone is UTC:
            found["context"] = _reading_fast(found["context"])
        return found

    def _told_first(
        self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any
    ) -> Any:
        if self._is_between_transactions():
            self.told = _NOBODY
        act = acting.current()
        known = None if self.told is _NOBODY else self.told
        if known is not act and self.in_atomic_block and _WRITES.match(str(sql)):
            self.told = act
            with self.cursor() as cursor:
                acting.tell(cursor, act)
        elif isinstance(sql, str) and sql.startswith(_ROLLBACK):
            self.told = _NOBODY
        return execute(sql, params, many, context)

    def _is_between_transactions(self) -> bool:
        link = self.connection
        return link is None or link.info.transaction_status == TransactionStatus.IDLE
