"""The measured data set: companies, contacts and what happened with them, by set-based SQL.

Deterministic and without random numbers. Contact i works at company ((i - 1) mod companies) + 1;
its names walk through 40 first names and 60 surnames twice, so that many share one, few share all.
Every contact has an e-mail address, a phone, a postal address and a few interactions; one in fifty
is "hot" and has many more.
"""

import hashlib
import json
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psycopg

from bench.names import CITIES, GIVEN, SURNAMES

TABLES = (
    "parties_party", "parties_point", "parties_postaladdress", "parties_relationship",
    "timeline_interaction",
)  # fmt: skip
SESSIONS = 4
TIERS = ["bronze", "silver", "gold", "platinum"]
ZONES = [f"z{number:02}" for number in range(40)]
OWN_FIELDS: dict[str, tuple[str, list[str]]] = {
    "bench_tier": ("choice", TIERS),
    "bench_zone": ("choice", ZONES),
    "bench_points": ("number", []),
    "bench_visit": ("date", []),
}
OWN_VALUES = """jsonb_build_object(
            'bench_tier', (ARRAY['bronze','silver','gold','platinum'])[i / 40 % 4 + 1],
            'bench_zone', 'z' || lpad((i * 13 % 40)::text, 2, '0'),
            'bench_points', i::bigint * 7919 % 100000,
            'bench_visit', (date '2024-01-01' + i * 31 % 1000)::text)"""


@dataclass(frozen=True)
class Size:
    """How much of everything."""

    contacts: int
    companies: int
    each: int
    hot: int
    of_company: int

    @property
    def interactions(self) -> int:
        return (
            self.contacts * self.each + self.contacts // 50 * self.hot
            + self.companies * self.of_company
        )  # fmt: skip


REFERENCE = Size(1_000_000, 100_000, each=8, hot=50, of_company=10)
PEERS = Size(100_000, 10_000, each=2, hot=20, of_company=6)


def scaled(factor: float) -> Size:
    """The reference set, smaller or larger."""
    return Size(round(1_000_000 * factor), round(100_000 * factor), 8, 50, 10)


def make(connect: Callable[[], psycopg.Connection[Any]], size: Size, stamp: Path) -> float:
    """Make the data set unless it is there already; how many seconds it took."""
    mark = {"size": asdict(size), "made_by": _made_by(size)}
    if stamp.exists() and json.loads(stamp.read_text(encoding="utf-8")) == mark:
        return 0.0
    stamp.unlink(missing_ok=True)
    began = time.monotonic()
    _clear(connect)
    later = _drop_indexes(connect, stamp.with_suffix(".indexes"))
    owners = _step("people who work here", lambda: _owners(connect))
    _step("own fields", _define)
    _step("companies and contacts", lambda: _each(connect, _parties(size, owners)))
    _step("points, addresses, relationships", lambda: _each(connect, _belongings(size)))
    _step("interactions", lambda: _each(connect, _interactions(size, owners)))
    _step("indexes", lambda: _each(connect, later))
    _step("indexes of own fields", _index)
    _step("statistics", lambda: _tidy(connect))
    stamp.write_text(json.dumps(mark), encoding="utf-8")
    stamp.with_suffix(".indexes").unlink()
    return time.monotonic() - began


def _made_by(size: Size) -> str:
    """The statements that make it, as a digest: other statements make another data set."""
    owners = list(range(1, 21))
    said = [_parties(size, owners), _belongings(size), _interactions(size, owners)]
    return hashlib.sha256(repr(said).encode()).hexdigest()


def _step(name: str, work: Callable[[], Any]) -> Any:
    began = time.monotonic()
    made = work()
    print(f"  {name}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    return made


def _clear(connect: Callable[[], psycopg.Connection[Any]]) -> None:
    with connect() as database:
        database.execute(f"TRUNCATE {', '.join(TABLES)} RESTART IDENTITY CASCADE")


def _drop_indexes(connect: Callable[[], psycopg.Connection[Any]], notes: Path) -> list[list[str]]:
    """Drop what can be built faster afterwards; the statements that build it, table by table.

    They are written down first: a run that is cut off must not lose them.
    """
    known = json.loads(notes.read_text(encoding="utf-8")) if notes.exists() else {}
    with connect() as database:
        found = database.execute(
            """
            SELECT indexname, tablename, indexdef FROM pg_indexes
            WHERE schemaname = 'public' AND tablename = ANY(%s) AND indexname NOT IN (
                SELECT conname FROM pg_constraint WHERE contype IN ('p', 'u'))
            """,
            [list(TABLES)],
        ).fetchall()
        known |= {index: [table, definition] for index, table, definition in found}
        notes.write_text(json.dumps(known), encoding="utf-8")
        for index, _table, _definition in found:
            database.execute(f'DROP INDEX "{index}"')
    builds: dict[str, list[str]] = {}
    for table, definition in known.values():
        own = f"{table} gin" if "USING gin" in definition else table
        builds.setdefault(own, []).append(definition)
    return list(builds.values())


def _owners(connect: Callable[[], psycopg.Connection[Any]]) -> list[int]:
    """The sellers, in five teams, to whom everything belongs in turn."""
    from circulo.accounts import actions
    from circulo.accounts.models import Team, User

    if not Team.objects.filter(name="Bench").exists():
        top = actions.add_team("Bench")
        for number in range(20):
            name = f"Bench {number % 5 + 1}"
            team = Team.objects.filter(name=name).first() or actions.add_team(name, parent=top)
            actions.add_user(
                f"seller{number}@bench.example", name=f"Seller {number}", role="seller", team=team
            )
        actions.add_user("manager@bench.example", name="Manager", role="manager", team=top)
        actions.add_user("admin@bench.example", name="Admin", role="admin")
    sellers = User.objects.filter(email__startswith="seller", email__endswith="@bench.example")
    return list(sellers.order_by("pk").values_list("pk", flat=True))


def _define() -> None:
    """The own fields of contacts, all of which sort and filter fast."""
    from circulo.records.actions.own_fields import add_field
    from circulo.records.models import OwnField

    known = set(OwnField.objects.values_list("key", flat=True))
    for key, (kind, choices) in OWN_FIELDS.items():
        if key not in known:
            said = {"label_es": key.replace("_", " "), "is_fast": True}
            add_field("contacts", kind, said | ({"choices": choices} if choices else {}),
                      key=key, by=None)  # fmt: skip


def _index() -> None:
    """Their indexes, as the job makes them; values that are right already need no look."""
    from circulo.records import jobs
    from circulo.records.models import OwnField

    OwnField.objects.filter(key__in=OWN_FIELDS).update(pending=["index"])
    for key in OwnField.objects.filter(key__in=OWN_FIELDS).values_list("pk", flat=True):
        jobs.tend_field(key)


def _parties(size: Size, owners: list[int]) -> list[list[str]]:
    """Companies take the keys 1 to n; contacts those after them."""
    owner = f"('{{{','.join(map(str, owners))}}}'::bigint[])[(i - 1) % {len(owners)} + 1]"
    common = "source, lifecycle, is_demo, version, created_at, updated_at, owner_id, search, \
preferred_name, title, legal_name, tax_country, industry, language, form_of_address, notes, custom"
    rest = f"""(ARRAY['Feria','Web','Recomendación','Llamada'])[i % 4 + 1],
        (ARRAY['customer','lead','prospect','contact','former'])[i % 5 + 1], false, 1,
        timestamptz '2024-01-01' + i % 730 * interval '1 day' + i % 86400 * interval '1 second',
        timestamptz '2026-01-01' - i::bigint * 7919 % 700 * interval '1 day', {owner},"""
    mail = "'info' || i || '@empresa' || i || '.example'"
    name = f"{_pick(SURNAMES, 'i')} || ' y ' || {_pick(SURNAMES, 'i / 60')} || ' ' || i"
    companies = f"""
        INSERT INTO parties_party (id, kind, given_name, first_surname, second_surname, trade_name,
            job_title, tax_id, company_id, tags, {common})
        SELECT i, 'organisation', '', '', '', {name}, '', 'B' || lpad(i::text, 8, '0'), NULL,
            ARRAY[(ARRAY['gran cuenta','exportación','tienda'])[i % 3 + 1]]::varchar[], {rest}
            circulo_plain({name} || ' B' || lpad(i::text, 8, '0') || ' ' || {mail} || ' 3493'
                || lpad(i::text, 7, '0')),
            '', '', '', 'ES', (ARRAY['Hostelería','Comercio','Industria'])[i % 3 + 1], 'es', '', '',
            '{{}}'
        FROM generate_series(:first, :last) i
    """
    person = f"""
        INSERT INTO parties_party (id, kind, given_name, first_surname, second_surname, trade_name,
            job_title, tax_id, company_id, tags, {common})
        SELECT {size.companies} + i, 'person', g, a, b, '', 'Compras', '',
            (i - 1) % {size.companies} + 1,
            CASE WHEN i % 4 = 0 THEN ARRAY['boletín']::varchar[] ELSE '{{}}' END, {rest}
            circulo_plain(g || ' ' || a || ' ' || b || ' ' || mail || ' ' || phone),
            '', '', '', '', '', 'es', '', '', {OWN_VALUES}
        FROM (SELECT i, {_pick(GIVEN, "i")} AS g, {_pick(SURNAMES, "i / 40")} AS a,
                     {_pick(SURNAMES, "i * 7 + i / 2400")} AS b,
                     'persona' || i || '@correo.example' AS mail,
                     '346' || {_number("i")} AS phone
              FROM generate_series(:first, :last) i) n
    """
    return [
        *_spread(companies, size.companies),
        *_spread(person, size.contacts),
    ]


def _pick(words: list[str], place: str) -> str:
    listed = ",".join(words)
    return f"('{{{listed}}}'::text[])[({place}) % {len(words)} + 1]"


def _number(place: str) -> str:
    """Eight digits as people have them: not one after the other, so that few are nearly alike."""
    return f"lpad((abs(hashint8extended({place}, 7)) % 100000000)::text, 8, '0')"


def _belongings(size: Size) -> list[list[str]]:
    shift = size.companies
    points = f"""
        INSERT INTO parties_point (party_id, kind, value, label, is_primary, position)
        SELECT i, kind, value, '', true, 0 FROM generate_series(:first, :last) i,
        LATERAL (VALUES
            ('email', CASE WHEN i > {shift} THEN 'persona' || i - {shift} || '@correo.example'
                      ELSE 'info' || i || '@empresa' || i || '.example' END),
            ('phone', CASE WHEN i > {shift} THEN '+346' || {_number(f"i - {shift}")}
                      ELSE '+3493' || lpad(i::text, 7, '0') END)) p(kind, value)
    """
    addresses = f"""
        INSERT INTO parties_postaladdress (party_id, label, street, unit, district, postal_code,
            city, region, country, is_primary, position)
        SELECT i, '', 'Calle Mayor, ' || i % 90 + 1, '', '', lpad((i % 50000)::text, 5, '0'),
            {_pick(CITIES, "i")}, '', 'ES', true, 0 FROM generate_series(:first, :last) i
    """
    works_at = f"""
        INSERT INTO parties_relationship (party_id, kind, other_id, role, created_at)
        SELECT {shift} + i, 'works_at', (i - 1) % {shift} + 1, '', now()
        FROM generate_series(:first, :last) i
    """
    everybody = size.contacts + size.companies
    return [
        *_spread(points, everybody, 2),
        *_spread(addresses, everybody, 1),
        *_spread(works_at, size.contacts, 1),
    ]


def _interactions(size: Size, owners: list[int]) -> list[list[str]]:
    shift = size.companies
    listed = ",".join(map(str, owners))
    told = f"""
        INSERT INTO timeline_interaction (party_id, kind, channel, direction, occurred_at,
            recorded_at, by_id, subject, body, about_kind, data, is_private)
        SELECT party, (ARRAY['call','email','visit','note','order','chat'])[n % 6 + 1],
            (ARRAY['phone','email','in_person','','','chat'])[n % 6 + 1],
            (ARRAY['out','in','','','','in'])[n % 6 + 1], at, at,
            ('{{{listed}}}'::bigint[])[(party + n) % {len(owners)} + 1],
            'Seguimiento ' || n || ' del cliente',
            'Hablamos del pedido y de las condiciones de entrega para el próximo trimestre. Queda '
            || 'contento con el servicio; pide que le llamemos la semana que viene (' || n || ').',
            '', '{{}}', false
        FROM (SELECT party, n, timestamptz '2024-09-01'
                     + (party::bigint * 7919 + n * 104729) % 63072000 * interval '1 second' AS at
              FROM :source) s
    """

    def of(party: str, n: str, per: int, count: int) -> list[list[str]]:
        rows = (
            f"(SELECT {party} AS party, {n} AS n FROM generate_series(:first, :last) i, "
            f"generate_series(1, {per}) n) x"
        )
        return _spread(told.replace(":source", rows), count)

    lists = [
        of(f"{shift} + i", "n", size.each, size.contacts),
        of("i", "n", size.of_company, size.companies),
        of(f"{shift} + i * 50", "n + 1000", size.hot, size.contacts // 50),
    ]
    return [
        [one for part in each_session for one in part] for each_session in zip(*lists, strict=True)
    ]


def _spread(sql: str, count: int, sessions: int = SESSIONS) -> list[list[str]]:
    """The statement for every part of 1 to count, each part for a session of its own."""
    edges = [count * part // sessions for part in range(sessions + 1)]
    return [
        [sql.replace(":first", str(first + 1)).replace(":last", str(last))]
        for first, last in zip(edges, edges[1:], strict=False)
    ]


def _each(connect: Callable[[], psycopg.Connection[Any]], lists: list[list[str]]) -> None:
    """Run every list of statements in a session of its own, all at the same time."""
    failed: list[Exception] = []

    def run(statements: list[str]) -> None:
        try:
            with connect() as database:
                for statement in statements:
                    database.execute(statement)
        except psycopg.Error as error:
            failed.append(error)

    threads = [threading.Thread(target=run, args=[statements]) for statements in lists]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]


def _tidy(connect: Callable[[], psycopg.Connection[Any]]) -> None:
    with connect() as database:
        database.execute(
            "SELECT setval(pg_get_serial_sequence('parties_party', 'id'), "
            "(SELECT max(id) FROM parties_party))"
        )
    with connect() as database:
        database.autocommit = True
        database.execute(f"VACUUM ANALYZE {', '.join(TABLES)}")
        database.execute("CHECKPOINT")
