"""The columns of a tracked table as the database has them, and how each travels in the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.db import connection

from circulo.records.tracking import Tracked

_COLUMNS = """
    SELECT a.attname, format_type(a.atttypid, a.atttypmod), t.typcategory = 'A', a.attnotnull
    FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
    WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped
      AND a.attgenerated = '' ORDER BY a.attnum
"""
_LINKS = """
    SELECT c.conrelid::regclass::text, a.attname, c.confrelid::regclass::text, a.attnotnull,
           b.attname, format_type(b.atttypid, b.atttypmod)
    FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
    JOIN pg_attribute b ON b.attrelid = c.confrelid AND b.attnum = c.confkey[1]
    WHERE c.contype = 'f' AND {side} = %s::regclass ORDER BY 1, 2
"""
_BLANKS = {"boolean": "false", "jsonb": "'{}'"}
_NUMBERS = ("bigint", "integer", "smallint", "numeric", "double precision", "real")


@dataclass(frozen=True)
class Column:
    """One column: its type as SQL names it."""

    name: str
    type: str
    is_array: bool
    is_needed: bool

    @property
    def is_object(self) -> bool:
        return self.type == "jsonb"

    @property
    def is_text(self) -> bool:
        return not self.is_array and self.type.startswith(("character varying", "text"))

    @property
    def blank(self) -> str:
        """What stands where an image says nothing."""
        if not self.is_needed:
            return "NULL"
        if self.is_text:
            return "''"
        if self.is_array:
            return "'{}'"
        return _BLANKS.get(self.type, "0" if self.type.startswith(_NUMBERS) else "NULL")

    def read(self, image: str) -> str:
        """Its value out of an image, as SQL."""
        if self.is_array:
            said = f"{image}->'{self.name}'"
            listed = f"ARRAY(SELECT jsonb_array_elements_text({said}))::{self.type}"
            return f"CASE jsonb_typeof({said}) WHEN 'array' THEN {listed} END"
        if self.is_object:
            said = f"{image}->'{self.name}'"
            return said if self.is_needed else f"NULLIF({said}, 'null'::jsonb)"
        return f"({image}->>'{self.name}')::{self.type}"


@dataclass(frozen=True)
class Link:
    """A foreign key: which column of which table names a row of which other, by its `key`."""

    table: str
    column: str
    to: str
    is_needed: bool
    key: str
    type: str


def columns_of(table: Tracked) -> list[Column]:
    """What is kept of a table: every column but the key and what follows from others."""
    return [c for c in _columns(table.table) if c.name != "id" and c.name not in table.derived]


def derived_of(table: Tracked) -> list[Column]:
    """What follows from others: its app fills it in once the rows are back."""
    return [c for c in _columns(table.table) if c.name in table.derived]


def links_to(table: str) -> list[Link]:
    """The foreign keys that name rows of this table."""
    return _links(table, "c.confrelid")


def links_from(table: str) -> list[Link]:
    """The foreign keys by which rows of this table name others."""
    return _links(table, "c.conrelid")


def forget() -> None:
    """Look at the database again."""
    _columns.cache_clear()
    _links.cache_clear()


@lru_cache(maxsize=128)
def _columns(table: str) -> list[Column]:
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS, [table])
        return [Column(*row) for row in cursor.fetchall()]


@lru_cache(maxsize=128)
def _links(table: str, side: str) -> list[Link]:
    with connection.cursor() as cursor:
        cursor.execute(_LINKS.format(side=side), [table])
        return [Link(*row) for row in cursor.fetchall()]
