"""A quote of 50 lines under 20 price rules: written at the prices of today, and printed."""

from decimal import Decimal

from bench.figures import Figure
from bench.measures.pricing import LINES, RULES, shelf, timed
from bench.world import World

PRICINGS, SHEETS, COLD = 100, 40, 5


def measure(world: World) -> list[Figure]:
    """Lines priced and kept, and the PDF from the quote to its bytes."""
    from django.db import transaction

    from circulo.accounts.models import User
    from circulo.catalog.lines import Wanted, priced_lines
    from circulo.catalog.selectors.finding import products_called
    from circulo.catalog.selectors.pricing import Asked
    from circulo.lib import ids
    from circulo.parties.models import Party
    from circulo.quotes import actions
    from circulo.quotes.drafts import Draft
    from circulo.quotes.printing import print_quote

    party = Party.objects.get(pk=ids.decode("party", world.contacts()[0]) or 0)
    by = User.objects.filter(role="admin", is_active=True).order_by("pk")[0]
    with shelf() as products, transaction.atomic():
        found = products_called(products)
        lines = [Wanted(found[code], Decimal(1 + n % 12)) for n, code in enumerate(products)]
        asked = Asked([], party)
        priced = [timed(lambda: priced_lines(lines, asked)) for _n in range(PRICINGS)]
        columns = {"title": "Bench", "party_id": party.pk}
        quote = actions.add_quote(Draft(columns, lines), by=by, is_demo=True)
        printed = [timed(lambda: print_quote(quote, "https://x.example/q/" + "k" * 43))
                   for _n in range(SHEETS)]  # fmt: skip
        transaction.set_rollback(True)
    about = f"{LINES} lines, {RULES} rules"
    return [
        _figure(f"{about}: priced with what is kept of each line, p95", priced, 20),
        _figure(f"{about}: printed as PDF, p95", printed, 300),
    ]


def _figure(name: str, taken: list[float], target: float) -> Figure:
    taken = sorted(taken[COLD:])
    return Figure("quotes", name, taken[int(0.95 * len(taken))], "ms", target,
                  note=f"median {taken[len(taken) // 2]:.1f} ms")  # fmt: skip
