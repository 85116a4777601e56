"""The forecast of two hundred sellers over twelve months, added up to their teams and the firm."""

from __future__ import annotations

import time

from bench import floor
from bench.figures import Figure
from bench.measures.deals import deals_there
from bench.product import connect
from bench.world import World

SELLERS, MONTHS, TIMES, COLD, SHARED = 200, 12, 40, 8, 100
BARE = """
SELECT owner_id, date_trunc('month', closed_at), count(*), sum(amount) FROM sales_deal
WHERE outcome = 'won' AND binned_at IS NULL
  AND closed_at >= date_trunc('year', now()) AND closed_at < date_trunc('year', now()) + '1 year'
GROUP BY 1, 2
"""
SPREAD = "UPDATE sales_deal SET owner_id = (%s::bigint[])[id %% cardinality(%s::bigint[]) + 1]"
SHARE = """
INSERT INTO sales_dealshare (deal_id, user_id, percent)
SELECT id, (%(keys)s::bigint[])[(id * 7 + 3) %% cardinality(%(keys)s::bigint[]) + 1], 1 + id %% 60
FROM sales_deal WHERE id %% %(every)s = 0
"""


def measure(world: World) -> list[Figure]:
    """Added up in this process, and the page of it."""
    deals_there(world)
    _spread()
    taken, people, statements = roll_up()
    _share()
    shared, _people, more = roll_up()
    _share(every=0)
    bare = floor.milliseconds(BARE, [[]] * TIMES)
    world.once([world.page("/forecast")] * COLD, clients=4)
    pages = world.once([world.page("/forecast")] * TIMES)
    said = f"median {taken[TIMES // 2]:.0f} ms, {statements} statements"
    about = f"roll-up of {people} sellers over {MONTHS} months"
    return [
        Figure("forecast", f"{about}, p95", taken[int(0.95 * len(taken))], "ms", 150, bare[1],
               "what was won by SQL", note=said),
        Figure("forecast", f"the same with one deal of {SHARED} shared, p95",
               shared[int(0.95 * len(shared))], "ms", 300,
               note=f"median {shared[TIMES // 2] / taken[TIMES // 2]:.2f} times as long,"
                    f" {more} statements"),
        Figure("forecast", "the page of it, with what history expects, p95",
               pages.percentile(0.95), "ms", 400, note=pages.said),
    ]  # fmt: skip


def roll_up() -> tuple[list[float], int, int]:
    """How long it took each time, in order; of how many sellers, by how many statements."""
    from django.utils import timezone

    from circulo.accounts.selectors import house
    from circulo.forecasts.periods import period_of
    from circulo.forecasts.selectors.tree import forecast_for
    from circulo.testing.cost import query_cost

    today = timezone.localdate()
    months = period_of(today, "month").around()
    taken = []
    for _n in range(COLD + TIMES):
        began = time.perf_counter()
        said = forecast_for(house(), months, today=today)
        taken.append((time.perf_counter() - began) * 1000)
    assert said is not None
    cost = query_cost(forecast_for, house(), months, today=today)
    return sorted(taken[COLD:]), len(said.root.people()), cost


def _spread() -> None:
    """Give the deals to two hundred people of the same teams, once."""
    from circulo.accounts import actions
    from circulo.accounts.models import Team, User

    sellers = User.objects.filter(email__startswith="seller", email__endswith="@bench.example")
    known = list(sellers.order_by("pk"))
    for number in range(len(known), SELLERS):
        team = Team.objects.get(name=f"Bench {number % 5 + 1}")
        email = f"seller{number}@bench.example"
        known.append(actions.add_user(email, name=f"Seller {number}", role="seller", team=team))
    keys = [user.pk for user in known]
    with connect(owner=True) as database:
        counted = database.execute("SELECT count(DISTINCT owner_id) FROM sales_deal").fetchone()
        if counted and counted[0] < SELLERS:
            database.execute("ALTER TABLE sales_deal DISABLE TRIGGER USER")
            database.execute(SPREAD, [keys, keys])
            database.execute("ALTER TABLE sales_deal ENABLE TRIGGER USER")
            database.commit()
            database.autocommit = True
            database.execute("VACUUM ANALYZE sales_deal")


def _share(every: int = SHARED) -> None:
    """Have colleagues sell one deal of so many together with its owner; none where it is 0."""
    from circulo.accounts.models import User

    sellers = User.objects.filter(email__startswith="seller", email__endswith="@bench.example")
    with connect(owner=True) as database:
        database.execute("TRUNCATE sales_dealshare")
        if every:
            said = {"keys": list(sellers.values_list("pk", flat=True)), "every": every}
            database.execute("ALTER TABLE sales_dealshare DISABLE TRIGGER USER")
            database.execute(SHARE, said)
            database.execute("ALTER TABLE sales_dealshare ENABLE TRIGGER USER")
        database.commit()
        database.autocommit = True
        database.execute("VACUUM ANALYZE sales_dealshare")
