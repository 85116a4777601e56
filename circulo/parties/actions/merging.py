"""The statements by which a load changes parties that are there: what a row leaves blank stays."""

from collections.abc import Iterable, Sequence
from typing import Any

from circulo.parties.actions.writing import COLUMNS, array_of, json_of, run

ADDRESS = ("label", "street", "unit", "district", "postal_code", "city", "region", "country")


def merge_parties(rows: Sequence[dict[str, Any]]) -> dict[int, tuple[int | None, int | None]]:
    """Set what each row names; by the key of those that changed their company before and after."""
    names = sorted({name for row in rows for name in row} & set(COLUMNS))
    if not names:
        return {}
    shape = ", ".join(f"{name} {COLUMNS[name]}" for name in names)
    new = {name: _merged(name) for name in names}
    old = ", ".join(f"p.{name}" for name in names)
    settings = ", ".join(f"{name} = {value}" for name, value in new.items())
    sql = f"""
        UPDATE parties_party p
        SET {settings}, version = p.version + 1, updated_at = now()
        FROM json_to_recordset(%s) AS d(id bigint, {shape})
        WHERE p.id = d.id
          AND ({old}) IS DISTINCT FROM ({", ".join(new.values())})
        RETURNING p.id, old.company_id, new.company_id
    """
    return {key: (before, after) for key, before, after in run(sql, [json_of(rows)])}


def _merged(name: str) -> str:
    if name == "custom":
        return "p.custom || COALESCE(d.custom, '{}')"
    if name == "tags":
        return """p.tags || ARRAY(SELECT tag FROM unnest(d.tags) WITH ORDINALITY AS t(tag, at)
                  WHERE tag <> ALL (p.tags) ORDER BY at)"""
    return f"COALESCE(d.{name}, p.{name})"


def add_points(rows: Sequence[dict[str, Any]]) -> list[int]:
    """Add the points that a party does not have yet, after those it has; the changed parties."""
    if not rows:
        return []
    sql = """
        WITH d AS (
            SELECT d.*,
                   row_number() OVER (PARTITION BY d.party_id, d.kind ORDER BY d.position) AS at
            FROM json_to_recordset(%s) AS d(party_id bigint, kind text, value text, label text,
                                             position smallint)
            WHERE NOT EXISTS (SELECT FROM parties_point p
                              WHERE (p.party_id, p.kind, p.value) = (d.party_id, d.kind, d.value))
        )
        INSERT INTO parties_point (party_id, kind, value, label, is_primary, position)
        SELECT d.party_id, d.kind, d.value, d.label, had.points IS NULL AND d.at = 1,
               COALESCE(had.points, -1) + d.at
        FROM d CROSS JOIN LATERAL (
            SELECT max(position) AS points FROM parties_point p
            WHERE p.party_id = d.party_id AND p.kind = d.kind) AS had
        ON CONFLICT (party_id, kind, value) DO NOTHING
        RETURNING party_id
    """
    return sorted({key for (key,) in run(sql, [json_of(rows)])})


def insert_addresses(rows: Sequence[dict[str, Any]]) -> list[int]:
    """Insert addresses of parties that have none of them yet."""
    if not rows:
        return []
    names = ", ".join((*ADDRESS, "is_primary", "position"))
    shape = ", ".join(f"{name} text" for name in ADDRESS)
    values = ", ".join(f"COALESCE(d.{name}, '')" for name in ADDRESS)
    sql = f"""
        INSERT INTO parties_postaladdress (party_id, {names})
        SELECT d.party_id, {values}, d.is_primary, d.position
        FROM json_to_recordset(%s) AS d(party_id bigint, {shape}, is_primary boolean,
                                         position smallint)
        RETURNING party_id
    """
    return [key for (key,) in run(sql, [json_of(rows)])]


def merge_addresses(rows: Sequence[dict[str, Any]]) -> list[int]:
    """Fill in addresses of parties with what their rows name; the changed parties.

    The first of a row is the main one of its party, another one that of the same label.
    """
    if not rows:
        return []
    shape = ", ".join(f"{name} text" for name in ADDRESS)
    settings = ", ".join(f"{name} = COALESCE(NULLIF(d.{name}, ''), a.{name})" for name in ADDRESS)
    differs = " OR ".join(f"NULLIF(d.{name}, '') <> a.{name}" for name in ADDRESS)
    source = f"json_to_recordset(%s) AS d(party_id bigint, {shape}, is_primary boolean)"
    same = """
        a.party_id = d.party_id AND a.is_primary = d.is_primary
        AND (a.is_primary OR a.label = COALESCE(d.label, ''))
    """
    told = json_of(rows)
    changed = run(
        f"""
        UPDATE parties_postaladdress a SET {settings} FROM {source}
        WHERE {same} AND ({differs}) RETURNING a.party_id
        """,
        [told],
    )
    had = run(
        f"""
        SELECT DISTINCT d.party_id, d.is_primary, COALESCE(d.label, '')
        FROM parties_postaladdress a, {source} WHERE {same}
        """,
        [told],
    )
    known = {tuple(row) for row in had}
    fresh = [
        row for row in rows
        if (row["party_id"], row["is_primary"], row.get("label", "")) not in known
    ]  # fmt: skip
    return [key for (key,) in changed] + insert_addresses(fresh)


def employ(rows: Iterable[tuple[int, int]], kind: str) -> None:
    """Note that each party works at, or belongs to, its company."""
    pairs = list(rows)
    if pairs:
        run(
            """
            INSERT INTO parties_relationship (party_id, kind, other_id, role, created_at)
            SELECT party, %s, other, '', now()
            FROM unnest(%s::bigint[], %s::bigint[]) AS d(party, other)
            ON CONFLICT (party_id, kind, other_id) WHERE until IS NULL DO NOTHING
            """,
            [kind, array_of(party for party, _other in pairs), array_of(o for _p, o in pairs)],
        )


def leave(rows: Iterable[tuple[int, int]], kind: str) -> None:
    """End what tied parties to their former companies, today."""
    pairs = list(rows)
    if pairs:
        run(
            """
            UPDATE parties_relationship r SET until = greatest(current_date, r.since)
            FROM unnest(%s::bigint[], %s::bigint[]) AS d(party, other)
            WHERE (r.party_id, r.other_id) = (d.party, d.other) AND r.kind = %s AND r.until IS NULL
            """,
            [[party for party, _other in pairs], [other for _party, other in pairs], kind],
        )
