"""A quote of 50 lines under 20 price rules that hold, half of which ask about the customer."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING

from bench.figures import Figure
from bench.product import dumps
from bench.world import World

if TYPE_CHECKING:
    from circulo.catalog.pricing import Priced

LINES, RULES, FAMILIES, TIMES = 50, 20, 5, 120
MARK = "BENCH-"
CUSTOMERS = {"field": "lifecycle", "op": "is", "value": "customer"}


def measure(world: World) -> list[Figure]:
    """Gathered and priced in this process, the pricing alone, and by API with its reasons."""
    party = _a_customer()
    with shelf() as products:
        whole, alone, statements = _here(party, products)
        lines = [{"product": code, "quantity": 1 + n % 12} for n, code in enumerate(products)]
        body = dumps({"party": party, "lines": lines})
        requests = [world.api("products/price", method="POST", body=body)] * TIMES
        world.once(requests[:10])
        api = world.once(requests)
    about = f"{LINES} lines, {RULES} rules"
    return [
        Figure("pricing", f"{about}: gathered and priced, p50", _at(whole, 0.5), "ms",
               floor=_at(alone, 0.5), floor_is="pricing alone", note=f"{statements} statements"),
        Figure("pricing", f"{about}: gathered and priced, p95", _at(whole, 0.95), "ms", 20,
               _at(alone, 0.95), "pricing alone"),
        Figure("pricing", f"{about}: by API, each step in words, p50", api.percentile(0.5), "ms"),
        Figure("pricing", f"{about}: by API, each step in words, p95", api.percentile(0.95), "ms",
               40, note=api.said),
    ]  # fmt: skip


def _a_customer() -> str:
    """A contact who fulfils what the rules ask for."""
    from circulo.parties.models import Party, PartyKind

    rows = Party.objects.kept().filter(kind=PartyKind.PERSON, lifecycle="customer")
    return rows.order_by("pk")[0].public_id


def _here(party: str, products: list[str]) -> tuple[list[float], list[float], int]:
    """How long it takes through the whole of the product's code, and without the database."""
    from circulo.catalog.pricing import Line, priced
    from circulo.catalog.selectors.finding import products_called
    from circulo.catalog.selectors.pricing import Asked, gathered, price_basket
    from circulo.lib import ids
    from circulo.parties.models import Party
    from circulo.testing.cost import query_cost

    found = products_called(products)
    lines = [Line(found[code], Decimal(1 + n % 12)) for n, code in enumerate(products)]
    asked = Asked(lines, Party.objects.get(pk=ids.decode("party", party) or 0))
    basket, terms = gathered(asked)
    whole = [timed(lambda: price_basket(asked)) for _n in range(TIMES)]
    alone = [timed(lambda: priced(basket, terms)) for _n in range(TIMES)]
    _refuse_less(price_basket(asked))
    return whole, alone, query_cost(price_basket, asked)


def _refuse_less(done: "Priced") -> None:
    """A measurement counts only where every line was priced and every rule of it was applied."""
    applied = [sum(step.kind == "rule" for step in line.steps) for line in done.lines]
    assert len(applied) == LINES and min(applied) == RULES // FAMILIES, applied


def timed(act: Callable[[], object]) -> float:
    """How many milliseconds something takes."""
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def _at(taken: list[float], share: float) -> float:
    """What so large a share took at most; the first tenth warms up."""
    counted = sorted(taken[len(taken) // 10 :])
    return counted[min(len(counted) - 1, int(len(counted) * share))]


@contextmanager
def shelf() -> Iterator[list[str]]:
    """Products with prices on three lists, and rules of several families; gone afterwards."""
    from circulo.catalog import actions
    from circulo.catalog.drafts import read
    from circulo.catalog.models import PriceList, PriceRule, Product

    codes = [f"{MARK}{n}" for n in range(LINES)]
    drafts = [
        read(
            {"name": code, "code": code, "family": f"{MARK}F{n % FAMILIES}", "cost": n},
            currency="EUR",
        )
        for n, code in enumerate(codes)
    ]
    try:
        made = actions.add_products(drafts, by=None)
        for rank, whom in ((1, CUSTOMERS), (2, None), (3, None)):
            said = {"name": f"{MARK}{rank}", "currency": "EUR", "rank": rank, "for_contacts": whom}
            steps = [(p.pk, Decimal(q), Decimal(100 + p.pk % 50 - q)) for p in made
                     for q in (0, 6, 12)]  # fmt: skip
            actions.set_prices(actions.add_price_list(said, by=None), steps, by=None)
        for n in range(RULES):
            rule = {"name": f"{MARK}{n}", "kind": "percent", "value": n + 1, "rank": n,
                    "family": f"{MARK}F{n % FAMILIES}", "is_combinable": True,
                    "for_contacts": CUSTOMERS if n % 2 else None}  # fmt: skip
            actions.add_price_rule(rule, by=None)
        yield codes
    finally:
        PriceRule.objects.filter(name__startswith=MARK).delete()
        PriceList.objects.filter(name__startswith=MARK).delete()
        Product.objects.filter(code__startswith=MARK).delete()
