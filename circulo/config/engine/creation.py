"""The database of the tests: what the migrations wrote is kept aside, and put back by COPY."""

from __future__ import annotations

import json
from typing import Any

from django.db import transaction
from django.db.backends.postgresql import creation


class DatabaseCreation(creation.DatabaseCreation):
    """Django's, but for the form in which the first contents are kept.

    Django makes a record of each row and saves it; that takes thirty times as long, twice for each
    test that empties the tables.
    """

    def serialize_db_to_string(self) -> str:
        """The rows of every table that has some, as COPY writes them."""
        with self.connection.cursor() as cursor:
            tables = self.connection.introspection.django_table_names(
                only_existing=True, include_views=False
            )
            written = {table: _read(cursor, table) for table in tables}
        return json.dumps({table: rows for table, rows in written.items() if rows})

    def deserialize_db_from_string(self, data: str) -> None:
        """Put them back, into those tables that are empty."""
        kept: dict[str, str] = json.loads(data)
        if not kept:
            return
        with transaction.atomic(using=self.connection.alias), self.connection.cursor() as cursor:
            cursor.execute(
                " UNION ALL ".join(
                    f"SELECT '{table}' WHERE NOT EXISTS (SELECT FROM {table})" for table in kept
                )
            )
            for (table,) in cursor.fetchall():
                with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                    copy.write(kept[table])


def _read(cursor: Any, table: str) -> str:
    with cursor.copy(f"COPY {table} TO STDOUT") as copy:
        return b"".join(map(bytes, copy)).decode()
