"""Where the values of own fields lie: the table of a kind of record, in statements by batches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from django.core.exceptions import FieldDoesNotExist
from django.db import connection

from circulo.records.models import OwnField
from circulo.records.resources import Own, Resource, resource

BATCH = 2_000


@dataclass(frozen=True)
class Place:
    """The rows of one kind of record that hold own fields."""

    table: str
    own: Own
    counts_versions: bool

    @classmethod
    def of(cls, kind: Resource) -> Place:
        """The place of a kind of record."""
        assert kind.own and kind.model
        try:
            counts = bool(kind.model._meta.get_field("version"))
        except FieldDoesNotExist:
            counts = False
        return cls(kind.model._meta.db_table, kind.own, counts)

    def batch(self, key: str, after: int) -> list[tuple[int, Any]]:
        """The next records that hold a value for a key: their keys and values."""
        sql = f"""SELECT id, custom -> %s FROM {self.table}
                  WHERE {self.own.scope} AND id > %s AND custom ? %s ORDER BY id LIMIT {BATCH}"""
        return [(pk, orjson.loads(value)) for pk, value in _rows(sql, [key, after, key])]

    def keys(self, after: int) -> list[int]:
        """The keys of the next records, whatever they hold."""
        sql = f"SELECT id FROM {self.table} WHERE {self.own.scope} AND id > %s ORDER BY id"
        return [pk for (pk,) in _rows(f"{sql} LIMIT {BATCH}", [after])]

    def patch(self, rows: Sequence[tuple[int, dict[str, Any]]]) -> int:
        """Lay values over those of some records, null taking one away; how many changed."""
        version = ", version = version + 1" if self.counts_versions else ""
        sql = f"""UPDATE {self.table} p
                  SET custom = jsonb_strip_nulls(p.custom || d.patch){version}
                  FROM json_to_recordset(%s) AS d(id bigint, patch jsonb)
                  WHERE p.id = d.id RETURNING p.id"""
        said = orjson.dumps([{"id": pk, "patch": patch} for pk, patch in rows]).decode()
        return len(_rows(sql, [said]))

    def count(self, key: str) -> int:
        """How many records hold a value for a key."""
        sql = f"SELECT count(*) FROM {self.table} WHERE {self.own.scope} AND custom ? %s"
        return int(_rows(sql, [key])[0][0])

    def values(self, key: str, most: int) -> list[tuple[Any, int]]:
        """The different values for a key, the most frequent first, and how often each occurs."""
        sql = f"""SELECT custom -> %s AS value, count(*) FROM {self.table}
                  WHERE {self.own.scope} AND custom ? %s GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT %s"""
        return [(orjson.loads(value), count) for value, count in _rows(sql, [key, key, most])]

    def reach(self) -> int:
        """The largest key of the table."""
        return int(_rows(f"SELECT COALESCE(max(id), 0) FROM {self.table}", [])[0][0])


def place_of(field: OwnField) -> Place:
    """Where the values of a field lie."""
    return Place.of(resource(field.resource))


def _rows(sql: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())
