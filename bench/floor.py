"""The limit: the same work by bare SQL through psycopg, without rights, rendering or HTTP."""

import statistics
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

import psycopg

from bench.product import connect

OVERVIEW = (
    "SELECT p.*, c.name FROM parties_party p LEFT JOIN parties_party c ON c.id = p.company_id "
    "WHERE p.id = %s",
    "SELECT kind, value, is_primary FROM parties_point WHERE party_id = %s",
    "SELECT r.kind, o.name, r.since FROM parties_relationship r JOIN parties_party o "
    "ON o.id = r.other_id WHERE r.party_id = %s",
    "SELECT i.kind, i.occurred_at, i.subject, i.body, u.name FROM timeline_interaction i "
    "LEFT JOIN accounts_user u ON u.id = i.by_id WHERE party_id = %s "
    "ORDER BY occurred_at DESC, i.id DESC LIMIT 50",
)
CREATE = (
    "INSERT INTO parties_party (kind, given_name, first_surname, second_surname, trade_name, "
    "job_title, tax_id, company_id, tags, source, lifecycle, is_demo, version, created_at, "
    "updated_at, search, preferred_name, title, legal_name, tax_country, industry, language, "
    "form_of_address, notes, custom) VALUES ('person', 'Ana', 'García', 'Peña', '', '', '', 1, "
    "'{}', 'bench', 'contact', false, 1, now(), now(), %s, '', '', '', '', '', 'es', '', '', '{}') "
    "RETURNING id",
    "INSERT INTO parties_point (party_id, kind, value, label, is_primary, position) "
    "VALUES (%s, 'email', %s, '', true, 0), (%s, 'phone', %s, '', true, 0)",
    "INSERT INTO parties_relationship (party_id, kind, other_id, role, created_at) "
    "VALUES (%s, 'works_at', 1, '', now())",
)


def per_second(
    work: Callable[[int, float], int], *, clients: int = 8, seconds: float = 4.0
) -> float:
    """How often so many processes do a piece of work in a second, together."""
    with ProcessPoolExecutor(clients, mp_context=get_context("spawn")) as pool:
        done = pool.map(work, range(clients), [seconds] * clients)
        return sum(done) / seconds


def overviews(client: int, seconds: float) -> int:
    """Four queries for one contact after the other."""
    with connect() as database:
        database.autocommit = True
        most = _value(database, "SELECT max(id) FROM parties_party")
        count, key, end = 0, 100_003 + client * 7919, time.monotonic() + seconds
        while time.monotonic() < end:
            key = (key + 263) % most + 1
            for sql in OVERVIEW:
                database.execute(sql, [key], prepare=True).fetchall()
            count += 1
    return count


def creations(client: int, seconds: float) -> int:
    """One contact with an address, a phone and a company, committed, after the other."""
    with connect() as database:
        database.autocommit = True
        count, end = 0, time.monotonic() + seconds
        while time.monotonic() < end:
            mail, phone = f"bare{client}x{count}@bench.example", f"+3469{client}{count:07d}"
            with database.transaction():
                searched = f"ana garcia pena {mail} {phone}"
                key = _value(database, CREATE[0], [searched])
                database.execute(CREATE[1], [key, mail, key, phone])
                database.execute(CREATE[2], [key])
            count += 1
    return count


def milliseconds(sql: str, parameters: Sequence[Sequence[Any]]) -> tuple[float, float]:
    """Median and 95th percentile of a query over its parameters, one after the other."""
    took = []
    with connect() as database:
        database.autocommit = True
        database.execute("SET enable_seqscan = off; SET plan_cache_mode = force_custom_plan")
        for each in parameters:
            began = time.perf_counter()
            database.execute(sql, each, prepare=True).fetchall()
            took.append(1000 * (time.perf_counter() - began))
    took.sort()
    return statistics.median(took), took[int(0.95 * len(took))]


def _value(database: "psycopg.Connection[Any]", sql: str, values: Sequence[Any] = ()) -> Any:
    found = database.execute(sql, values, prepare=True).fetchone()
    assert found
    return found[0]
