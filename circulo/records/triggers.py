"""The triggers that write the ledger, made for the columns that a table has.

Each runs once for a statement, over all its rows. An insertion is kept as a range of keys, for the
row itself says the rest; a change as the columns that differ, before and after; a deletion as the
whole row without what is blank.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from django.db import connection

from circulo.records.columns import Column, columns_of, forget
from circulo.records.tracking import Tracked

_INSERTED = """
CREATE OR REPLACE FUNCTION public.circulo_{kind}_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE least bigint; most bigint; many bigint; named bigint; at bigint;
BEGIN
  SELECT min(id), max(id), count(*) INTO least, most, many FROM added;
  IF many = 0 THEN RETURN NULL; END IF;
  named := public.circulo_change_set();
  at := nextval('public.records_change_step');
  IF most - least + 1 = many THEN
    INSERT INTO public.records_change (change_set_id, step, key, kind, op, keys, at)
    VALUES (named, at, least, '{kind}', 'i', int8range(least, most, '[]'), now());
  ELSE
    INSERT INTO public.records_change (change_set_id, step, key, kind, op, keys, at)
    SELECT named, at, lower(r), '{kind}', 'i', r, now()
    FROM (SELECT unnest(range_agg(int8range(id, id, '[]'))) AS r FROM added) ranges;
  END IF;
  RETURN NULL;
END $$;
"""
_UPDATED = """
CREATE OR REPLACE FUNCTION public.circulo_{kind}_updated() RETURNS trigger LANGUAGE plpgsql
SET enable_nestloop = off AS $$
BEGIN
  INSERT INTO public.records_change
    (change_set_id, step, key, kind, op, root_kind, root, at, old, new)
  SELECT (SELECT public.circulo_change_set()), (SELECT nextval('public.records_change_step')),
    n.id, '{kind}', 'u', {root_kind}, {root}, now(),
    ('{{' || concat_ws(',', {olds}) || '}}')::jsonb,
    ('{{' || concat_ws(',', {news}) || '}}')::jsonb
  FROM before o JOIN after n ON n.id = o.id
  WHERE {differs};
  RETURN NULL;
END $$;
"""
_DELETED = """
CREATE OR REPLACE FUNCTION public.circulo_{kind}_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO public.records_change
    (change_set_id, step, key, kind, op, root_kind, root, at, old)
  SELECT (SELECT public.circulo_change_set()), (SELECT nextval('public.records_change_step')),
    o.id, '{kind}', 'd', {root_kind}, {root}, now(),
    ('{{' || concat_ws(',', {images}) || '}}')::jsonb
  FROM gone o;
  RETURN NULL;
END $$;
"""
_TRIGGERS = """
CREATE OR REPLACE TRIGGER circulo_inserted AFTER INSERT ON public.{table}
REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION public.circulo_{kind}_inserted();
CREATE OR REPLACE TRIGGER circulo_updated AFTER UPDATE ON public.{table}
REFERENCING OLD TABLE AS before NEW TABLE AS after
FOR EACH STATEMENT EXECUTE FUNCTION public.circulo_{kind}_updated();
CREATE OR REPLACE TRIGGER circulo_deleted AFTER DELETE ON public.{table}
REFERENCING OLD TABLE AS gone
FOR EACH STATEMENT EXECUTE FUNCTION public.circulo_{kind}_deleted();
"""
_NAMES = ("circulo_inserted", "circulo_updated", "circulo_deleted")


def statements(table: Tracked) -> str:
    """What makes the ledger keep a table."""
    body = _body(table)
    mark = _mark(body)
    return (
        body + f"COMMENT ON FUNCTION public.circulo_{table.kind}_updated() IS '{mark}';\n"
        f"COMMENT ON TRIGGER circulo_updated ON public.{table.table} IS '{mark}';"
    )


def outdated(tables: Iterable[Tracked]) -> list[Tracked]:
    """Those of the tables that the ledger does not keep with all the columns that they have now."""
    asked = list(tables)
    forget()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT w.name, count(*) FILTER (WHERE t.tgname = ANY(%s) AND t.tgenabled = 'O'),
                   max(obj_description(t.oid, 'pg_trigger')), max(obj_description(t.tgfoid))
                       FILTER (WHERE t.tgname = 'circulo_updated')
            FROM unnest(%s::text[]) w (name)
            LEFT JOIN pg_trigger t ON t.tgrelid = to_regclass('public.' || w.name)
            GROUP BY w.name
            """,
            [list(_NAMES), [table.table for table in asked]],
        )
        found = {name: tuple(rest) for name, *rest in cursor.fetchall()}
    return [table for table in asked if not _is_current(table, found[table.table])]


def _is_current(table: Tracked, found: tuple[int, str | None, str | None]) -> bool:
    mark = _mark(_body(table))
    return found == (len(_NAMES), mark, mark)


def _mark(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()[:20]


def _body(table: Tracked) -> str:
    columns = [c for c in columns_of(table) if c.name not in (table.bumped, table.touched)]
    differs = " OR ".join(f"o.{c.name} IS DISTINCT FROM n.{c.name}" for c in columns)
    inserted = _INSERTED.format(kind=table.kind)
    updated = _UPDATED.format(
        kind=table.kind,
        root=table.root_of("n"),
        root_kind=table.root_kind_of("n"),
        olds=", ".join(_difference(c, "o", "n") for c in columns),
        news=", ".join(_difference(c, "n", "o") for c in columns),
        differs=differs,
    )
    deleted = _DELETED.format(
        kind=table.kind,
        root=table.root_of("o"),
        root_kind=table.root_kind_of("o"),
        images=", ".join(_image(c) for c in columns_of(table)),
    )
    return inserted + updated + deleted + _TRIGGERS.format(kind=table.kind, table=table.table)


def _difference(column: Column, here: str, there: str) -> str:
    """The member of an image that a column gives where it differs, as SQL."""
    name = column.name
    value = f"COALESCE(to_json({here}.{name})::text, 'null')"
    if column.is_object:
        value = f"public.circulo_only({here}.{name}, {there}.{name})::text"
    return (
        f"CASE WHEN {here}.{name} IS DISTINCT FROM {there}.{name} THEN '\"{name}\":' || {value} END"
    )


def _image(column: Column) -> str:
    """The member of the image of a deleted row; what is blank is left out."""
    name = column.name
    said = f"'\"{name}\":' || to_json(o.{name})::text"
    blank = column.blank
    if column.is_text and column.is_needed:
        return f"CASE WHEN o.{name} <> '' THEN {said} END"
    if blank in ("'{}'", "false"):
        return f"CASE WHEN o.{name} <> {blank} THEN {said} END"
    return said
