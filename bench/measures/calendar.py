"""The month of a team of fifty who have twenty thousand appointments."""

from __future__ import annotations

from datetime import date
from typing import Any

from bench import floor, product
from bench.figures import Figure
from bench.world import World

PEOPLE, APPOINTMENTS, SERIES = 50, 20_000, 300
FIRST = date(2025, 1, 1)
SQL = """
SELECT id, title, kind, starts_at, ends_at, owner_id, rule FROM agenda_entry
WHERE span && tstzrange(%s, %s) AND owner_id = ANY(%s) AND state <> 'dropped'
"""
# Two years of single appointments, each on another day, hour and person; one in seventy repeats.
ADD = """
INSERT INTO agenda_entry (is_appointment, kind, title, notes, place, owner_id, created_by_id,
    party_id, priority, starts_at, ends_at, time_zone, falls_at, span, is_private, is_busy, state,
    rule, more_dates, less_dates, instance, uid, sequence, brought, version, created_at, updated_at)
SELECT true, (ARRAY['meeting','visit','call'])[i %% 3 + 1], 'Visita número ' || i, '', 'Valladolid',
    o.id, o.id, 1 + i %% %(parties)s, 5, s.at, s.at + interval '1 hour', 'Europe/Madrid', s.at,
    CASE WHEN i <= %(series)s THEN tstzrange(s.at, NULL)
         ELSE tstzrange(s.at, s.at + interval '1 hour') END,
    i %% 40 = 0, true, 'open',
    CASE WHEN i <= %(series)s THEN (ARRAY['FREQ=WEEKLY','FREQ=WEEKLY;INTERVAL=2',
        'FREQ=MONTHLY','FREQ=WEEKLY;BYDAY=MO,WE'])[i %% 4 + 1] ELSE '' END,
    '[]', '[]', '', 'bench-' || i, 0, '{}', 1, now(), now()
FROM generate_series(1, %(count)s) i,
LATERAL (SELECT (%(owners)s::bigint[])[i %% %(people)s + 1] AS id) o,
LATERAL (SELECT %(first)s::timestamptz + (i * 7919 %% 730) * interval '1 day'
    + (8 + i %% 10) * interval '1 hour' AS at) s
"""


def measure(world: World) -> list[Figure]:
    """Months all over two years, as the chief of the team sees them."""
    owners = _team(world)
    _token, cookie = product.keys("calendar@bench.example")
    months = [date(2025 + n // 12, n % 12 + 1, 1) for n in range(2, 22)]
    spans = [[month, date(month.year + month.month // 12, month.month % 12 + 1, 1), owners]
             for month in months]  # fmt: skip
    bare = floor.milliseconds(SQL, spans * 4)
    figures = []
    for view in ("month", "team"):
        result = _run(world, cookie, [f"/calendar?view={view}&who=team&day={m}" for m in months])
        figures.append(
            Figure("calendar", f"{view} of a team of {PEOPLE}, {APPOINTMENTS:,} appointments, p95",
                   result.percentile(0.95), "ms", 80 if view == "month" else None, bare[1],
                   "one month by SQL", note=result.said)
        )  # fmt: skip
    return figures


def _run(world: World, cookie: str, paths: list[str]) -> Any:
    requests = [
        world.product.request(path, Cookie=cookie, Accept="text/html", Accept_Language="es")
        for path in paths
    ]
    world.once(requests * 2)
    return world.once(requests * 6)


def _team(world: World) -> list[int]:
    """Fifty people with their chief and their appointments, made once."""
    from django.db import connection

    from circulo.accounts import actions
    from circulo.accounts.models import Team, User
    from circulo.agenda.models import Entry

    team = Team.objects.filter(name="Bench calendar").first()
    if team is None:
        team = actions.add_team("Bench calendar")
        actions.add_user("calendar@bench.example", name="Chief", role="manager", team=team)
        for number in range(PEOPLE):
            name = f"Colega {number:02d}"
            actions.add_user(f"team{number}@bench.example", name=name, role="seller", team=team)
    rows = User.objects.filter(team=team, role="seller").order_by("pk")
    owners = list(rows.values_list("pk", flat=True))
    if Entry.objects.filter(owner__in=owners).count() != APPOINTMENTS:
        said = {"owners": owners, "people": PEOPLE, "count": APPOINTMENTS, "series": SERIES,
                "first": FIRST, "parties": world.size.companies}  # fmt: skip
        Entry.objects.filter(owner__in=owners).delete()
        with connection.cursor() as cursor:
            cursor.execute(ADD, said)
            cursor.execute("ANALYZE agenda_entry")
    return owners
