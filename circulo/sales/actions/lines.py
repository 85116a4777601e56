"""The lines of a deal: priced for its party, written where they differ, summed to its amount."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from circulo.catalog.keeping import keep_lines
from circulo.catalog.lines import Wanted, priced_lines
from circulo.catalog.selectors.pricing import Asked
from circulo.parties.actions.writing import array_of, run
from circulo.sales.actions import writing
from circulo.sales.drafts import Draft
from circulo.sales.models import Deal, DealLine

# What makes other prices, or another amount, though the lines stay.
_BEARS_ON = frozenset({"party_id", "currency", "amount_from_lines"})
_TOTAL = """
    SELECT d.id, (SELECT sum(l.net) FROM sales_dealline l WHERE l.deal_id = d.id) AS amount
    FROM sales_deal d WHERE d.amount_from_lines
"""


def put(key: int, draft: Draft, *, was: str = "") -> bool:
    """Make the lines of a deal what the draft says, at the prices of today; whether any changed.

    Where the amount follows them, it is what they come to without tax. Prices by hand that stay
    are of the currency that the deal `was` in: Invalid where it is in another now.
    """
    if draft.lines is None and not _BEARS_ON & set(draft.columns):
        return False
    deal = Deal.objects.select_related("party").get(pk=key)
    there = list(DealLine.objects.filter(deal=deal).order_by("position", "pk"))
    wanted = [Wanted.of(one, said_in=was) for one in there] if draft.lines is None else draft.lines
    rows: list[dict[str, Any]] = []
    if wanted:
        _priced, rows = priced_lines(wanted, Asked([], deal.party, deal.currency))
    changed = keep_lines(DealLine, {"deal": deal}, wanted, rows)
    return bool(follow([key])) or changed


def follow(keys: Sequence[int]) -> list[int]:
    """Have those of these deals whose amount follows their lines say it; which changed."""
    found = dict(run(f"{_TOTAL} AND d.id = ANY(%s)", [array_of(keys)]))
    return writing.update_deals([{"id": k, "amount": v} for k, v in found.items()], ["amount"])


def astray() -> list[int]:
    """The deals whose amount should follow their lines and does not."""
    sql = f"""
        SELECT t.id FROM ({_TOTAL}) t JOIN sales_deal d USING (id)
        WHERE d.amount IS DISTINCT FROM t.amount ORDER BY t.id
    """
    return [key for (key,) in run(sql, [])]
