"""Which records are worth comparing: those that share a key which few others have.

Comparing each with each is out of the question for a million. A key is a thing that two records of
one party mostly share: an address, a number, a birthday with the beginning of a name. Keys that
very many share tell little and cost most, so the commonest are left out until what remains can be
afforded; the same party is then still met by another, finer key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from circulo.parties.linkage.records import COMPANIES, PEOPLE

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

FEWEST, MOST = 5, 1_000
AFFORDED, AFFORDED_EACH = 300_000, 2.5
_ORDERED = "least(called, s1) || ' ' || greatest(called, s1)"
KEYS = {
    PEOPLE: (
        ("unnest(emails)", "emails IS NOT NULL"),
        ("box", "length(box) >= 5"),
        ("unnest(phones)", "phones IS NOT NULL"),
        ("tax", "length(tax) >= 5"),
        ("born || left(called, 2)", "true"),
        ("born || left(s1, 3)", "true"),
        ("born || left(s2, 3)", "true"),
        ("born || post", "true"),
        ("born || door", "true"),
        (_ORDERED, "true"),
        (f"{_ORDERED} || coalesce(s2, '')", "s2 IS NOT NULL"),
        ("s1 || s2", "true"),
        ("s1 || s2 || left(called, 2) || left(post, 2)", "true"),
        (f"{_ORDERED} || left(post, 3)", "true"),
        (f"{_ORDERED} || left(born, 4)", "true"),
        ("left(s1, 4) || post || left(called, 1)", "true"),
        ("called || post || left(s1, 1)", "true"),
        ("street || door || left(called, 2)", "true"),
        ("street || door || left(s1, 2)", "true"),
        ("street || city || left(called, 1)", "true"),
    ),
    COMPANIES: (
        ("unnest(emails)", "emails IS NOT NULL"),
        ("unnest(phones)", "phones IS NOT NULL"),
        ("unnest(domains)", "domains IS NOT NULL"),
        ("tax", "length(tax) >= 5"),
        ("called", "true"),
        ("left(called, 8)", "length(called) >= 8"),
        ("array_to_string(words, '')", "true"),
        ("replace(legal, ' ', '')", "true"),
        ("left(called, 4) || post", "true"),
        ("street || door || left(called, 2)", "true"),
        ("split_part(bare, ' ', 1) || city", "true"),
    ),
}


def make_keys(database: DuckDBPyConnection, kind: str, *, only_of_fresh: bool = False) -> None:
    """Fill the table `keys` with the keys of every record, or with those that one of the records
    of the table `fresh` has too."""
    if only_of_fresh:
        fresh = _keys_of(kind, "(SELECT * FROM records SEMI JOIN fresh USING (unique_id))")
        database.execute(f"CREATE OR REPLACE TABLE fresh_keys AS {fresh}").fetchall()
    among = "SEMI JOIN fresh_keys USING (key)" if only_of_fresh else ""
    database.execute(
        f"CREATE OR REPLACE TABLE keys AS SELECT * FROM ({_keys_of(kind, 'records')}) {among}"
    ).fetchall()


def make_pairs(
    database: DuckDBPyConnection,
    largest: int,
    *,
    across: bool = False,
    only_of_fresh: bool = False,
) -> None:
    """Fill the table `pairs` with the pairs of records worth comparing: all, those across the two
    sides, or those with one of the records of the table `fresh`. Keys that more than `largest`
    records share are passed over."""
    sides = "AND a.side <> b.side" if across else ""
    fresh = ""
    if only_of_fresh:
        fresh = "WHERE a.unique_id IN (FROM fresh) OR b.unique_id IN (FROM fresh)"
    database.execute(
        f"""
        CREATE OR REPLACE TABLE pairs AS
        WITH few AS (
            SELECT key FROM keys GROUP BY key HAVING count(*) BETWEEN 2 AND {largest}
        ), shared AS (SELECT k.* FROM keys k SEMI JOIN few USING (key))
        SELECT DISTINCT a.unique_id AS join_key_l, b.unique_id AS join_key_r, '0' AS match_key
        FROM shared a JOIN shared b ON a.key = b.key AND a.unique_id < b.unique_id {sides} {fresh}
        """
    ).fetchall()


def _keys_of(kind: str, records: str) -> str:
    parts = [
        f"SELECT unique_id, side, hash({number}, text) AS key"
        f" FROM (SELECT unique_id, side, {sql} AS text FROM {records} AS r WHERE {condition})"
        " WHERE text IS NOT NULL AND text <> ''"
        for number, (sql, condition) in enumerate(KEYS[kind])
    ]
    return f"SELECT DISTINCT * FROM ({' UNION ALL '.join(parts)})"


def largest_afforded(database: DuckDBPyConnection) -> int:
    """The size of the largest groups of records that can be let in."""
    rows = database.execute(
        f"""
        WITH sizes AS (SELECT count(*) AS size FROM keys GROUP BY key HAVING count(*) > 1),
        costs AS (SELECT size, sum(size * (size - 1) / 2) AS cost FROM sizes GROUP BY size),
        running AS (SELECT size, sum(cost) OVER (ORDER BY size) AS cost FROM costs)
        SELECT max(size) FROM running WHERE cost <= (
            SELECT {AFFORDED} + {AFFORDED_EACH} * count(*) FROM records)
        """
    ).fetchall()
    return min(MOST, max(FEWEST, rows[0][0] or 0))
