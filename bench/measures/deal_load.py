"""Loading a hundred thousand deals from a file, and undoing it, beside COPY of the same rows."""

import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from psycopg import Connection

from bench.figures import Figure
from bench.measures.deals import deals_there
from bench.measures.load import load_file
from bench.measures.undo import undo_last_load
from bench.product import connect
from bench.world import World

ROWS = 100_000
HEAD = (
    "Referencia;Título;Empresa;Etapa;Resultado;Importe;Moneda;Fecha prevista;Fecha de apertura;"
    "Fecha de cierre;Origen"
)
# What a load writes of a deal: the deals themselves, and how long each stood where.
TABLES = {
    "sales_deal": "source = 'bench-load'",
    "sales_dealstay": "deal_id IN (SELECT id FROM sales_deal WHERE source = 'bench-load')",
}
COLUMNS = """
    SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
    WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
"""


def measure(world: World) -> list[Figure]:
    """Deals per second end to end, the command's start included; and by its undo."""
    deals_there(world)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "deals.csv"
        _write(file)
        try:
            seconds, told, _memory = load_file(file, "deals", "reference")
            rows = _taken_out()
            undone = undo_last_load()
            bare = ROWS / _copied(rows)
        finally:
            _forget()
    return [
        Figure("deal-load", f"{ROWS:,} deals by bin/circulo load", ROWS / seconds, "rows/s", 8_000,
               bare, "COPY into the same tables", more_is_better=True, note=told),
        Figure("deal-load", "undo of that load", ROWS / undone, "rows/s", ROWS / seconds,
               ROWS / seconds, "the load itself", more_is_better=True),
    ]  # fmt: skip


def _write(file: Path) -> None:
    with connect() as database:
        known = database.execute(
            "SELECT trade_name FROM parties_party WHERE kind = 'organisation'"
            " ORDER BY id LIMIT 9000"
        )
        companies = [name for (name,) in known]
        stages = [name for (name,) in database.execute(
            "SELECT s.name FROM sales_stage s JOIN sales_pipeline l ON l.id = s.pipeline_id"
            " WHERE l.is_default ORDER BY s.position"
        )]  # fmt: skip
    with file.open("w", encoding="utf-8") as out:
        out.write(HEAD + "\n")
        for n in range(ROWS):
            begun = date(2024, 6, 1) + timedelta(n * 31 % 800)
            outcome = ("ganada", "perdida", "ganada", "abierta")[n % 4]
            closed = begun + timedelta(45) if n % 4 != 3 else ""
            out.write(
                f"CARGA-{n};Suministro {n};{companies[n * 7919 % len(companies)]};"
                f"{stages[n % len(stages)]};{outcome};{n * 7919 % 5_000_000 / 100:.2f};EUR;"
                f"{begun + timedelta(60)};{begun};{closed};bench-load\n"
            )


def _columns(database: Connection, table: str) -> str:
    row = database.execute(COLUMNS, [table]).fetchone()
    assert row is not None
    return str(row[0])


def _taken_out() -> dict[str, bytes]:
    """What the load made, table by table, as COPY writes it."""
    found: dict[str, bytes] = {}
    with connect() as database, database.cursor() as cursor:
        for table, which in TABLES.items():
            said = f"SELECT {_columns(database, table)} FROM {table} WHERE {which}"
            with cursor.copy(f"COPY ({said}) TO STDOUT") as copy:
                found[table] = b"".join(bytes(part) for part in copy)
    return found


def _copied(rows: dict[str, bytes]) -> float:
    """Seconds to put it back by COPY, in one transaction, with every index there is."""
    with connect() as database, database.cursor() as cursor:
        columns = {table: _columns(database, table) for table in rows}
        began = time.monotonic()
        for table, lines in rows.items():
            with cursor.copy(f"COPY {table} ({columns[table]}) FROM STDIN") as copy:
                copy.write(lines)
        database.commit()
        return time.monotonic() - began


def _forget() -> None:
    with connect() as database:
        database.execute("SET statement_timeout = 0")
        for table in reversed(TABLES):
            database.execute(f"DELETE FROM {table} WHERE {TABLES[table]}")
    with connect() as database:
        database.autocommit = True
        database.execute("VACUUM sales_deal, sales_dealstay")
