"""Deals: the board of a pipeline with five thousand open ones, a card that moves, the list."""

from __future__ import annotations

import json
from itertools import repeat
from urllib.parse import urlencode

from bench import floor
from bench.drive import Result, drive
from bench.figures import Figure
from bench.product import connect, keys
from bench.world import World
from circulo.lib import ids

DEALS, OPEN, SECONDS = 500_000, 5_000, 5.0
MANAGER = "manager@bench.example"
# Made for each asking, and asked again while nothing was written in between.
HOW = ("each made anew", "asked again")
BARE = """
SELECT d.id, d.title, d.amount, d.currency, d.expected_on, p.name, u.name
FROM sales_stage s CROSS JOIN LATERAL (
    SELECT * FROM sales_deal d WHERE d.stage_id = s.id AND d.outcome = 'open'
    AND d.binned_at IS NULL ORDER BY rank, id LIMIT 25) d
LEFT JOIN parties_party p ON p.id = d.party_id JOIN accounts_user u ON u.id = d.owner_id
WHERE s.pipeline_id = %s
"""
LISTED = """
SELECT * FROM sales_deal WHERE outcome = 'won' AND binned_at IS NULL AND amount_key <= %s
ORDER BY amount_key DESC, id DESC LIMIT 50
"""
ADD = """
WITH stages AS (
    SELECT array_agg(s.id ORDER BY s.position) AS ids,
           array_agg(s.probability ORDER BY s.position) AS chances, s.pipeline_id
    FROM sales_stage s JOIN sales_pipeline l ON l.id = s.pipeline_id AND l.is_default
    GROUP BY s.pipeline_id
)
INSERT INTO sales_deal (title, party_id, pipeline_id, stage_id, rank, amount, probability,
    currency, outcome, closed_at, expected_on, opened_at, stage_since, owner_id, created_by_id,
    agent, source, campaign, forecast_as, reason_note, tags, notes, reference, custom, search,
    is_demo, version, created_at, updated_at)
SELECT 'Suministro ' || i, 1 + i::bigint * 7919 %% %(parties)s, st.pipeline_id,
    st.ids[i %% cardinality(st.ids) + 1], lpad((500000000000 + i)::text, 12, '0'),
    (i::bigint * 7919 %% 5000000) / 100.0,
    CASE o.outcome WHEN 'won' THEN 100 WHEN 'lost' THEN 0
        ELSE st.chances[i %% cardinality(st.ids) + 1] END, 'EUR', o.outcome,
    CASE WHEN o.outcome <> 'open' THEN s.at + interval '40 days' END,
    (s.at + interval '60 days')::date, s.at, s.at, u.id, u.id, '',
    (ARRAY['Feria','Web','Llamada','Cliente'])[i %% 4 + 1], '', '', '', '{}', '', 'bench-' || i,
    '{}',
    'suministro ' || i, false, 1, s.at, s.at
FROM generate_series(1, %(count)s) i, stages st,
LATERAL (SELECT (%(owners)s::bigint[])[i %% %(people)s + 1] AS id) u,
LATERAL (SELECT timestamptz '2024-06-01' + (i * 31 %% 900) * interval '1 day' AS at) s,
LATERAL (SELECT CASE WHEN i <= %(open)s THEN 'open'
                     WHEN i %% 5 < 3 THEN 'won' ELSE 'lost' END AS outcome) o
"""
STAYS = """
INSERT INTO sales_dealstay (deal_id, stage_id, outcome, entered_at, left_at)
SELECT id, stage_id, 'open', stage_since, closed_at FROM sales_deal
UNION ALL SELECT id, stage_id, outcome, closed_at, NULL FROM sales_deal WHERE outcome <> 'open'
"""


def measure(world: World) -> list[Figure]:
    """The board by eight clients, one card after the other moved, the list by the API."""
    pipeline, stages, cards = deals_there(world)
    _token, cookie = keys(MANAGER)
    boards = [_board(world, cookie, again=again) for again in (False, True)]
    bare = floor.milliseconds(BARE, [[pipeline]] * 60)
    moves = [_move(world, stages, cards, n) for n in range(120)]
    moved = world.once(moves)
    asked = {"filter": json.dumps({"field": "outcome", "op": "is", "value": "won"}),
             "sort": "-amount", "limit": "50"}  # fmt: skip
    path = "deals?" + urlencode(asked)
    lists = [
        world.drive(repeat(world.api(path, again=again)), clients=8, seconds=SECONDS)
        for again in (False, True)
    ]
    under = floor.milliseconds(LISTED, [[49_000 - n] for n in range(200)])
    return [
        *(Figure("deals", f"board of {OPEN:,} open deals, {how}, 8 clients", board.per_second, "/s",
                 150, 1000 / bare[0], "the cards by SQL, one client", more_is_better=True,
                 note=board.said) for how, board in zip(HOW, boards, strict=True)),
        Figure("deals", "a card moved, p95", moved.percentile(0.95), "ms", 50, note=moved.said),
        *(Figure("deals", f"list of {DEALS:,} by outcome and amount, API, {how}, 8 clients",
                 listed.per_second, "/s", 800, 1000 / under[0], "the rows by SQL, one client",
                 more_is_better=True, note=listed.said)
          for how, listed in zip(HOW, lists, strict=True)),
    ]  # fmt: skip


def _board(world: World, cookie: str, *, again: bool) -> Result:
    page = world.product.request(
        "/deals", again=again, Cookie=cookie, Accept="text/html", Accept_Language="es"
    )
    drive(world.product.address, iter([page] * 40), clients=8, seconds=2.0)
    return world.drive(repeat(page), clients=8, seconds=SECONDS)


def _move(world: World, stages: list[int], cards: list[int], number: int) -> bytes:
    said = {"stage": ids.encode("stage", stages[number % len(stages)])}
    path = f"deals/{ids.encode('deal', cards[number])}/move"
    return world.api(path, method="POST", body=json.dumps(said).encode())


def deals_there(world: World) -> tuple[int, list[int], list[int]]:
    """Half a million deals of the people of the data set, once; the pipeline and what is open."""
    with connect(owner=True) as database:
        (known,) = database.execute("SELECT count(*) FROM sales_deal").fetchone() or (0,)
        if known < DEALS:
            rows = database.execute(
                "SELECT id FROM accounts_user WHERE email LIKE 'seller%@bench.example' ORDER BY id"
            )
            owners = [key for (key,) in rows]
            database.execute("DELETE FROM sales_dealstay")
            database.execute("DELETE FROM sales_deal")
            database.execute(ADD, {"parties": world.size.contacts, "count": DEALS, "open": OPEN,
                                   "owners": owners, "people": len(owners)})  # fmt: skip
            database.execute(STAYS)
            database.commit()
            database.autocommit = True
            database.execute("VACUUM ANALYZE sales_deal, sales_dealstay")
            database.autocommit = False
        found = database.execute(
            "SELECT pipeline_id, array_agg(DISTINCT stage_id),"
            " (array_agg(d.id ORDER BY d.id))[1:200]"
            " FROM sales_deal d JOIN accounts_user u ON u.id = d.owner_id"
            " WHERE outcome = 'open' AND u.email LIKE '%bench.example' GROUP BY pipeline_id"
        ).fetchone()
    assert found is not None
    return found
