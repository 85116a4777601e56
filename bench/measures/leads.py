"""Leads: added by API, each recognised, scored and given to somebody by turn."""

from __future__ import annotations

from collections.abc import Iterator

from bench import floor
from bench.drive import drive
from bench.figures import Figure
from bench.product import connect, dumps
from bench.world import World

SECONDS, PEOPLE = 5.0, 20
MARK = "bench"


def measure(world: World) -> list[Figure]:
    """Per second with eight clients, half of them somebody who is known."""
    address = world.product.address
    _decide()
    try:
        drive(address, _requests(world, "warm"), clients=8, seconds=1.5)
        made = world.drive(_requests(world, "full"), clients=8, seconds=SECONDS)
        bare = floor.per_second(floor.creations)
    finally:
        _forget()
    return [
        Figure("leads", "lead by API, matched, scored and routed, 8 clients", made.per_second, "/s",
               200, bare, "3 INSERTs and COMMIT", more_is_better=True, note=made.said)
    ]  # fmt: skip


def _requests(world: World, run: str) -> Iterator[bytes]:
    known = _known_addresses()
    number = 0
    while True:
        number += 1
        email = known[number % len(known)] if number % 2 else f"{run}{number}@bench.example"
        body = dumps(
            {
                "given_name": "Begoña", "first_surname": "Núñez", "company": f"Firma {number}",
                "email": email, "phone": f"+3461{number:07d}", "source": MARK, "city": "Soria",
                "message": "Busco vino para la carta de un hotel de cuarenta habitaciones.",
            }
        )  # fmt: skip
        yield world.api("leads", method="POST", body=body)


def _known_addresses() -> list[str]:
    with connect() as database:
        rows = database.execute("SELECT value FROM parties_point WHERE kind = 'email' LIMIT 2000")
        return [value for (value,) in rows] or ["nobody@bench.example"]


def _decide() -> None:
    """A rule that gives every lead to twenty people by turn."""
    with connect(owner=True) as database:
        database.execute(
            "INSERT INTO leads_routerule (label, criteria, way, needs_language, needs_skill,"
            " position, is_active) VALUES (%s, '{}', 'turn', false, false, 0, true)", [MARK],
        )  # fmt: skip
        database.execute(
            "INSERT INTO leads_routemember (rule_id, user_id, languages, skills)"
            " SELECT r.id, u.id, '{}', '{}' FROM leads_routerule r, accounts_user u"
            " WHERE r.label = %s AND u.email LIKE '%%bench.example' ORDER BY u.id LIMIT %s",
            [MARK, PEOPLE],
        )
        _tell_of_rules(database)


def _forget() -> None:
    """Take what was created out again, so that the next run finds the same data."""
    with connect(owner=True) as database:
        database.execute(
            "DELETE FROM timeline_interaction WHERE about_kind = 'lead' AND about_id IN"
            " (SELECT id FROM leads_lead WHERE source = %s)", [MARK],
        )  # fmt: skip
        database.execute(
            "DELETE FROM leads_leadstay WHERE lead_id IN"
            " (SELECT id FROM leads_lead WHERE source = %s)", [MARK],
        )  # fmt: skip
        database.execute("DELETE FROM leads_lead WHERE source = %s", [MARK])
        database.execute("DELETE FROM accounts_notification WHERE kind = 'leads.came'")
        database.execute("DELETE FROM leads_routemember WHERE rule_id IN"
                         " (SELECT id FROM leads_routerule WHERE label = %s)", [MARK])  # fmt: skip
        database.execute("DELETE FROM leads_routerule WHERE label = %s", [MARK])
        _tell_of_rules(database)


def _tell_of_rules(database: object) -> None:
    """Every process reads the rules anew."""
    database.execute(  # type: ignore[attr-defined]  # a connection of psycopg
        "UPDATE accounts_firm SET definitions = md5(random()::text) WHERE id = 1"
    )
    database.commit()  # type: ignore[attr-defined]  # as above
