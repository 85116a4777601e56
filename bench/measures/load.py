"""Loading a hundred thousand contacts from a file, beside COPY of the same rows."""

import json
import os
import subprocess
import tempfile
import time
from pathlib import Path
from typing import IO

from django.core.management import get_commands

from bench.figures import Figure
from bench.names import CITIES, GIVEN, SURNAMES
from bench.product import connect
from bench.world import World
from circulo.config import env

ROWS = 100_000
HEAD = (
    "Nombre,Primer apellido,Segundo apellido,Correo electrónico,Teléfono,Empresa,Cargo,"
    "Ciudad,Origen"
)


def measure(world: World) -> list[Figure]:
    """Rows per second end to end, the command's start included; its memory."""
    if "load" not in get_commands():
        world.notes.append("load: there is no command load yet")
        return []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "contacts.csv"
        _write(file, world.size.companies)
        try:
            seconds, told, memory = load_file(file)
            _forget()
            bare = _copy(world)
        finally:
            _forget()
    return [
        Figure("load", "100,000 contacts by bin/circulo load", ROWS / seconds, "rows/s", 10_000,
               bare, "COPY into the same tables", more_is_better=True, note=told),
        Figure("load", "memory of the load, at most", memory, "MB", 300),
    ]  # fmt: skip


def _write(file: Path, companies: int) -> None:
    with file.open("w", encoding="utf-8") as out:
        out.write(HEAD + "\n")
        for n in range(ROWS):
            name = f"{SURNAMES[n % 60]} y {SURNAMES[n // 60 % 60]} {n % companies}"
            out.write(
                f"{GIVEN[n % 40]},{SURNAMES[n // 40 % 60]},{SURNAMES[n * 7 % 60]},"
                f"carga{n}@bench.example,+3462{n:07d},{name},Compras,{CITIES[n % 16]},bench\n"
            )


def load_file(file: Path, kind: str = "contacts", key: str = "emails") -> tuple[float, str, float]:
    """Seconds that the command took for a file, what it told, and the memory that it took."""
    command = [str(env.CHECKOUT / "bin" / "circulo"), "load", str(file), "--as", kind, "--key", key,
               "--json"]  # fmt: skip
    began = time.monotonic()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        # Waited for by its own number: what the children of this process took in all
        # (RUSAGE_CHILDREN) is the most that any of them took, a browser's share too.
        running = subprocess.Popen(command, stdout=out, stderr=errors)
        _pid, status, used = os.wait4(running.pid, 0)
        running.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.monotonic() - began
        printed, complained = (_read(each) for each in (out, errors))
    memory = used.ru_maxrss / 1000
    try:
        said = json.loads(printed)
        told = f"created {said['created']}, refused {said['refused']}"
    except (ValueError, KeyError):
        told = f"**failed: {printed[-150:]} {complained[-150:]}**"
    return seconds, told, memory


def _read(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode()


COPIES = {
    "parties_party": "id, kind, given_name, first_surname, second_surname, trade_name, job_title, "
    "tax_id, tax_country, company_id, tags, source, lifecycle, is_demo, version, created_at, "
    "updated_at, search, preferred_name, title, legal_name, industry, language, form_of_address, "
    "notes, custom",
    "parties_point": "party_id, kind, value, label, is_primary, position",
    "parties_postaladdress": "party_id, label, street, unit, district, postal_code, city, region, "
    "country, is_primary, position",
    "parties_relationship": "party_id, kind, other_id, role, created_at",
}  # fmt: skip


def _copy(world: World) -> float:
    """Rows of contacts per second, by COPY into the same indexed tables, in one transaction."""
    files = _columns(world)
    began = time.monotonic()
    with connect() as database, database.cursor() as cursor:
        for table, columns in COPIES.items():
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                copy.write(files[table])
    return ROWS / (time.monotonic() - began)


def _columns(world: World) -> dict[str, bytes]:
    first = 50_000_000
    lines: dict[str, list[str]] = {table: [] for table in COPIES}
    for n in range(ROWS):
        g, a, b = GIVEN[n % 40], SURNAMES[n // 40 % 60], SURNAMES[n * 7 % 60]
        mail, phone, company = (
            f"copia{n}@bench.example",
            f"+3463{n:07d}",
            n % world.size.companies + 1,
        )
        now, key = "2026-01-01 10:00+00", first + n
        searched = f"{g} {a} {b} {mail} {phone[1:]}".lower()
        lines["parties_party"].append(
            f"{key}\tperson\t{g}\t{a}\t{b}\t\tCompras\t\t\t{company}\t{{}}\tbench\tcontact\tf\t1\t{now}"
            f"\t{now}\t{searched}\t\t\t\t\t\t\t\t{{}}"
        )
        lines["parties_point"] += [
            f"{key}\temail\t{mail}\t\tt\t0",
            f"{key}\tphone\t{phone}\t\tt\t0",
        ]
        lines["parties_postaladdress"].append(f"{key}\t\t\t\t\t\t{CITIES[n % 16]}\t\tES\tt\t0")
        lines["parties_relationship"].append(f"{key}\tworks_at\t{company}\t\t{now}")
    return {table: ("\n".join(rows) + "\n").encode() for table, rows in lines.items()}


def _forget() -> None:
    with connect() as database:
        database.execute("SET statement_timeout = 0")
        made = "(SELECT id FROM parties_party WHERE source = 'bench')"
        for table in ("parties_point", "parties_relationship", "parties_postaladdress"):
            database.execute(f"DELETE FROM {table} WHERE party_id IN {made}")
        database.execute("DELETE FROM parties_party WHERE source = 'bench'")
    with connect() as database:
        database.autocommit = True
        database.execute("VACUUM parties_party, parties_point, parties_relationship")
