"""The records of the product, as they are compared: copied from PostgreSQL into DuckDB."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import connection

from circulo.parties.linkage.records import COMPANIES, PEOPLE
from circulo.parties.models import PartyKind

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

KINDS = {PEOPLE: PartyKind.PERSON, COMPANIES: PartyKind.ORGANISATION}
_PARTIES = """
    SELECT id, version, given_name, first_surname, second_surname, trade_name, legal_name,
           to_char(birthday, 'YYYYMMDD') AS birthday, tax_id
    FROM parties_party p WHERE kind = '{kind}' AND binned_at IS NULL {among}
"""
_POINTS = """
    SELECT t.party_id, t.kind, t.value FROM parties_point t
    JOIN parties_party p ON p.id = t.party_id
    WHERE p.kind = '{kind}' AND p.binned_at IS NULL AND t.kind IN ('email', 'phone', 'web') {among}
    ORDER BY t.party_id, t.is_primary DESC, t.position
"""
_ADDRESSES = """
    SELECT a.party_id, a.street, a.postal_code, a.city, a.region FROM parties_postaladdress a
    JOIN parties_party p ON p.id = a.party_id
    WHERE p.kind = '{kind}' AND p.binned_at IS NULL AND a.is_primary {among}
"""
_RAW = """
    INSERT INTO raw BY NAME
    WITH reached AS (
        SELECT party_id, list(value) FILTER (WHERE kind = 'email') AS emails,
               list(value) FILTER (WHERE kind = 'phone') AS phones,
               list(value) FILTER (WHERE kind = 'web') AS webs
        FROM points GROUP BY party_id
    )
    SELECT p.id, 0 AS side, p.version, p.given_name, p.first_surname, p.second_surname,
           p.trade_name AS name, p.legal_name, p.birthday, p.tax_id,
           r.emails, r.phones, r.webs, a.street, a.postal_code, a.city, a.region
    FROM parties p LEFT JOIN reached r ON r.party_id = p.id
    LEFT JOIN addresses a ON a.party_id = p.id
"""
_SHAPES = {
    "parties": "id BIGINT, version INTEGER, given_name VARCHAR, first_surname VARCHAR,"
    " second_surname VARCHAR, trade_name VARCHAR, legal_name VARCHAR, birthday VARCHAR,"
    " tax_id VARCHAR",
    "points": "party_id BIGINT, kind VARCHAR, value VARCHAR",
    "addresses": "party_id BIGINT, street VARCHAR, postal_code VARCHAR, city VARCHAR,"
    " region VARCHAR",
}
_VERSIONS = (
    "SELECT id, version FROM parties_party p WHERE kind = '{kind}' AND binned_at IS NULL {among}"
)


def copy_versions(database: DuckDBPyConnection, kind: str, folder: Path) -> None:
    """Make the table `now` of the keys and versions of all that is kept."""
    _copy(database, "now", "id BIGINT, version INTEGER", _said(_VERSIONS, kind, None), folder)


def copy_records(
    database: DuckDBPyConnection, kind: str, folder: Path, keys: Sequence[int] | None = None
) -> None:
    """Fill the table `raw` with all records, or with those of these keys.

    The parties are read before what belongs to them: what changes meanwhile has a later version
    than the one read here, so that the next search looks at it again.
    """
    for name, sql in (("parties", _PARTIES), ("points", _POINTS), ("addresses", _ADDRESSES)):
        _copy(database, name, _SHAPES[name], _said(sql, kind, keys), folder)
    database.execute(_RAW).fetchall()


def _said(sql: str, kind: str, keys: Sequence[int] | None) -> str:
    among = ""
    if keys is not None:
        among = f"AND p.id = ANY('{{{','.join(map(str, keys))}}}'::bigint[])"
    return sql.format(kind=KINDS[kind], among=among)


def _copy(database: DuckDBPyConnection, table: str, shape: str, sql: str, folder: Path) -> None:
    path = folder / f"{table}.csv"
    with (
        path.open("wb") as file,
        connection.cursor() as cursor,
        cursor.copy(f"COPY ({sql}) TO STDOUT (FORMAT csv)") as copied,
    ):
        for block in copied:
            file.write(block)
    columns = ", ".join(
        f"'{name}': '{kind}'" for name, kind in (part.split() for part in shape.split(", "))
    )
    database.execute(
        f"""CREATE OR REPLACE TABLE {table} AS SELECT * FROM read_csv('{path}', header = false,
            auto_detect = false, delim = ',', quote = '"', escape = '"', new_line = '\\n',
            columns = {{{columns}}})"""
    ).fetchall()
    path.unlink()
