"""The index of a field that sorts and filters fast: made and dropped while others go on working."""

from __future__ import annotations

from django.db import connection

from circulo.records.models import OwnField
from circulo.records.own.definitions import Defined, defined
from circulo.records.own.place import place_of


def name_of(field: OwnField) -> str:
    """What the index of a field is called."""
    return f"own_field_{field.pk}"


def wanted(field: OwnField, about: Defined) -> str:
    """The definition of the index that a field should have; empty for none."""
    if not field.is_fast or field.key not in about.fields:
        return ""
    written, place = about.written(field.key), place_of(field)
    columns = (
        f"USING gin (({written.plain()}) jsonb_path_ops)"
        if written.kind == "list"
        else f"(({written.plain()}), id)"
    )
    return f"ON {place.table} {columns} WHERE {place.own.scope} AND {place.own.kept}"


def make(field: OwnField, definition: str) -> None:
    """Drop the index of a field and make another, without locking anybody out.

    It runs outside of a transaction. An index whose making was cut off is not valid, and is
    dropped by the next attempt.
    """
    name = name_of(field)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
        cursor.execute(f"DROP STATISTICS IF EXISTS {name}_values")
        if definition:
            # One processor at a time: the others belong to whoever waits for a page.
            cursor.execute("SET max_parallel_maintenance_workers = 0")
            cursor.execute(f"CREATE INDEX CONCURRENTLY {name} {definition}")
            cursor.execute("RESET max_parallel_maintenance_workers")
            _keep_statistics(field, name)


def _keep_statistics(field: OwnField, name: str) -> None:
    """Let the planner know how rare each value is: of a partial index it takes no statistics."""
    written, table = defined(field.resource).written(field.key), place_of(field).table
    with connection.cursor() as cursor:
        if written.kind != "list":
            cursor.execute(f"CREATE STATISTICS {name}_values ON ({written.plain()}) FROM {table}")
        cursor.execute(f"ANALYZE {table}")


def stands(field: OwnField) -> bool:
    """Whether the index of a field is there and whole."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)", [name_of(field)]
        )
        row = cursor.fetchone()
    return bool(row and row[0])
