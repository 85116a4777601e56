"""The set-based statements that write parties: an act on one party is the set of one.

Rows travel as one JSON parameter and are spread by `json_to_recordset`, so that a form, an API
call and a load of a hundred thousand rows run the same statements.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import orjson
from django.db import connection

from circulo.accounts import prepared
from circulo.parties.models import RESOURCES
from circulo.records.own.definitions import defined

TEXTS = (
    "given_name", "first_surname", "second_surname", "preferred_name", "title", "trade_name",
    "legal_name", "tax_id", "tax_country", "job_title", "industry", "language", "form_of_address",
    "source", "notes",
)  # fmt: skip
COLUMNS: dict[str, str] = dict.fromkeys(TEXTS, "text") | {
    "lifecycle": "text",
    "has_valid_tax_id": "boolean",
    "company_id": "bigint",
    "size": "integer",
    "annual_revenue": "numeric",
    "founded": "smallint",
    "birthday": "date",
    "tags": "varchar[]",
    "custom": "jsonb",
    "owner_id": "bigint",
    "pinned_territory_id": "bigint",
}
_DEFAULTS: dict[str, str] = dict.fromkeys(TEXTS, "''") | {
    "lifecycle": "'contact'",
    "tags": "'{}'",
    "custom": "'{}'",
}
SEARCHED = ("given_name", "first_surname", "second_surname", "trade_name", "preferred_name",
             "legal_name", "tax_id")  # fmt: skip


def searched(record: str, reach: str, said: Collection[str] = (*SEARCHED, "custom")) -> str:
    """SQL of the text that search looks into: names, own fields that are searched, and `reach`.

    Only of the columns that are `said`.
    """
    names = "".join(f"NULLIF({record}.{name}, ''), " for name in SEARCHED if name in said)
    own = ", ".join(
        f"CASE WHEN {record}.kind = '{kind}' THEN {record}.custom ->> '{key}' END"
        for kind, resource in RESOURCES.items()
        for key in (defined(resource).searchable if "custom" in said else ())
    )
    return f"circulo_plain(concat_ws(' ', {names}{own + ', ' if own else ''}{reach}))"


def _fresh_search() -> str:
    reach = """(SELECT string_agg(ltrim(value, '+'), ' ' ORDER BY kind, position, id)
                FROM parties_point WHERE party_id = p.id),
               (SELECT string_agg(name, ' ' ORDER BY id)
                FROM parties_party gone WHERE gone.merged_into_id = p.id)"""
    return searched("p", reach)


def insert_parties(rows: Sequence[dict[str, Any]], *, is_demo: bool = False) -> list[int]:
    """Insert parties and give their new keys in order. A row has `kind`, columns, and `reach`.

    `reach` is the text of the ways to reach the party (addresses and phones), which search also
    finds.
    """
    said = set().union(*rows)
    shape = "".join(f", {name} {kind}" for name, kind in COLUMNS.items() if name in said)
    values = ", ".join(_value_of(name, said) for name in COLUMNS)
    sql = f"""
        WITH d AS (
            SELECT nextval('parties_party_id_seq') AS id, d.*
            FROM json_to_recordset(%s) AS d(n integer, kind text, reach text{shape})
            ORDER BY d.n
        ), added AS (
            INSERT INTO parties_party (id, kind, {", ".join(COLUMNS)}, search, is_demo, version,
                                       created_at, updated_at)
            SELECT d.id, d.kind, {values},
                   {searched("d", "NULLIF(d.reach, '')", said)},
                   %s, 1, now(), now()
            FROM d
        )
        SELECT id FROM d ORDER BY n
    """
    numbered = [{"n": n, **row} for n, row in enumerate(rows)]
    return [key for (key,) in prepared.run(sql, [json_of(numbered), is_demo])]


def _value_of(name: str, said: set[str]) -> str:
    """What a column of a new party holds; what no row says is not read either."""
    if name not in said:
        return _DEFAULTS.get(name, "NULL")
    value = f"COALESCE(d.{name}, {_DEFAULTS[name]})" if name in _DEFAULTS else f"d.{name}"
    return f"jsonb_strip_nulls({value})" if name == "custom" else value


def update_parties(rows: Sequence[dict[str, Any]], names: Sequence[str]) -> list[int]:
    """Set the named columns of the parties that differ, and give the keys of those changed."""
    if not rows or not names:
        return []
    shape = ", ".join(f"{name} {COLUMNS[name]}" for name in names)
    new_of = {name: _patched(name) for name in names}
    settings = ", ".join(f"{name} = {value}" for name, value in new_of.items())
    old = ", ".join(f"p.{name}" for name in names)
    new = ", ".join(new_of.values())
    sql = f"""
        UPDATE parties_party p
        SET {settings}, version = p.version + 1, updated_at = now()
        FROM json_to_recordset(%s) AS d(id bigint, {shape})
        WHERE p.id = d.id AND ({old}) IS DISTINCT FROM ({new})
        RETURNING p.id
    """
    return [key for (key,) in run(sql, [json_of(rows)])]


def set_columns(keys: Sequence[int], values: dict[str, Any]) -> list[int]:
    """Set the same values on the parties that differ, and give the keys of those changed."""
    names = list(values)
    if not keys or not names:
        return []
    shape = ", ".join(f"{name} {COLUMNS[name]}" for name in names)
    settings = ", ".join(f"{name} = {_patched(name)}" for name in names)
    old = ", ".join(f"p.{name}" for name in names)
    new = ", ".join(map(_patched, names))
    sql = f"""
        UPDATE parties_party p
        SET {settings}, version = p.version + 1, updated_at = now()
        FROM json_to_record(%s) AS d({shape})
        WHERE p.id = ANY(%s) AND ({old}) IS DISTINCT FROM ({new})
        RETURNING p.id
    """
    said = orjson.dumps(values, default=str).decode()
    return [key for (key,) in run(sql, [said, array_of(keys)])]


def retag(keys: Sequence[int], add: str, remove: str) -> list[int]:
    """Take a tag off these parties and put another on; the keys of those changed."""
    sql = """
        UPDATE parties_party p
        SET tags = d.tags, version = p.version + 1, updated_at = now()
        FROM (
            SELECT id, CASE WHEN %s = '' OR %s = ANY(tags) THEN array_remove(tags, %s)
                       ELSE array_append(array_remove(tags, %s), %s) END AS tags
            FROM parties_party WHERE id = ANY(%s) FOR UPDATE) d
        WHERE p.id = d.id AND p.tags IS DISTINCT FROM d.tags
        RETURNING p.id
    """
    said = [add, add, remove, remove, add, array_of(keys)]
    return [key for (key,) in run(sql, said)] if keys else []


def _patched(name: str) -> str:
    """The new value of a column; of own fields only those that are named, null taking one away."""
    return "jsonb_strip_nulls(p.custom || d.custom)" if name == "custom" else f"d.{name}"


def put_points(rows: Sequence[dict[str, Any]], scope: Sequence[dict[str, Any]]) -> list[int]:
    """Make the points of each party and kind in `scope` exactly `rows`; the changed parties.

    A row is `party_id, kind, value, label, is_primary, position`.
    """
    wanted = "json_to_recordset(%s) AS d(party_id bigint, kind text, value text, label text, \
is_primary boolean, position smallint)"
    scoped = "json_to_recordset(%s) AS s(party_id bigint, kind text)"
    text, limits = json_of(rows), json_of(scope)
    gone = run(
        f"""
        DELETE FROM parties_point p USING {scoped}
        WHERE p.party_id = s.party_id AND p.kind = s.kind AND NOT EXISTS (
            SELECT FROM {wanted}
            WHERE (d.party_id, d.kind, d.value) = (p.party_id, p.kind, p.value))
        RETURNING p.party_id
        """,
        [limits, text],
    )
    demoted = run(
        f"""
        UPDATE parties_point p SET is_primary = false FROM {wanted}
        WHERE (d.party_id, d.kind, d.value) = (p.party_id, p.kind, p.value)
          AND p.is_primary AND NOT d.is_primary
        RETURNING p.party_id
        """,
        [text],
    )
    put = run(
        f"""
        INSERT INTO parties_point AS p (party_id, kind, value, label, is_primary, position)
        SELECT party_id, kind, value, label, is_primary, position FROM {wanted}
        ON CONFLICT (party_id, kind, value) DO UPDATE
        SET label = EXCLUDED.label, is_primary = EXCLUDED.is_primary, position = EXCLUDED.position
        WHERE (p.label, p.is_primary, p.position)
              IS DISTINCT FROM (EXCLUDED.label, EXCLUDED.is_primary, EXCLUDED.position)
        RETURNING p.party_id
        """,
        [text],
    )
    return sorted({key for (key,) in (*gone, *demoted, *put)})


def insert_points(rows: Sequence[dict[str, Any]]) -> None:
    """Insert the points of parties that have none yet."""
    if rows:
        prepared.run(
            """
            INSERT INTO parties_point (party_id, kind, value, label, is_primary, position)
            SELECT party_id, kind, value, label, is_primary, position
            FROM json_to_recordset(%s) AS d(party_id bigint, kind text, value text, label text,
                                             is_primary boolean, position smallint)
            """,
            [json_of(rows)],
        )


def refresh_search(keys: Iterable[int]) -> None:
    """Write the searched text of these parties anew, where it changed."""
    run(
        f"""
        WITH fresh AS (
            SELECT p.id, {_fresh_search()} AS text FROM parties_party p WHERE p.id = ANY(%s)
        )
        UPDATE parties_party p SET search = fresh.text FROM fresh
        WHERE p.id = fresh.id AND p.search IS DISTINCT FROM fresh.text
        """,
        [list(keys)],
    )


def stale_search() -> list[int]:
    """The parties whose searched text is not what it should be."""
    sql = f"SELECT p.id FROM parties_party p WHERE p.search IS DISTINCT FROM {_fresh_search()}"
    return [key for (key,) in run(f"{sql} ORDER BY p.id", [])]


def touch(keys: Iterable[int]) -> None:
    """Count a change of what belongs to these parties as a new version of them."""
    run(
        "UPDATE parties_party SET version = version + 1, updated_at = now() WHERE id = ANY(%s)",
        [list(keys)],
    )


def hold_parties(keys: Iterable[int]) -> dict[int, int]:
    """Keep these parties from being merged until the transaction ends, and give for each the one
    that stands for it: itself, or the one it was merged into a moment ago."""
    sql = "SELECT id, COALESCE(merged_into_id, id) FROM parties_party WHERE id = ANY(%s)"
    return dict(run(f"{sql} ORDER BY id FOR KEY SHARE", [list(keys)]))


def json_of(rows: Sequence[dict[str, Any]]) -> str:
    """Rows as one parameter of a statement."""
    return orjson.dumps(rows, default=str).decode()


def array_of(keys: Iterable[int]) -> str:
    """Keys as one parameter: the text of an array, which no driver takes apart again."""
    return f"{{{','.join(map(str, keys))}}}"


def run(sql: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
    """Run a statement and give its rows, planned for the tables as they are now."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall() if cursor.description else []
