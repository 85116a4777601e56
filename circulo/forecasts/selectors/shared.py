"""What of a forecast moves from the owners of deals to the colleagues who have shares of them.

Deals are added up by their owners first. Most of them nobody shares, and of the others two more
statements say what their colleagues have of them, and what their owners have the less.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from circulo.accounts import prepared
from circulo.forecasts.periods import Period, edges
from circulo.forecasts.selectors.sums import (
    Reckoning,
    Source,
    Tally,
    expected,
    open_deals,
    placed,
    tally,
    won,
    won_by,
)
from circulo.sales.credit import moved, moved_of
from circulo.sales.expressions import CLOSED

_WON_BETWEEN = """
    SELECT id, owner_id, amount, currency, closed_at, opened_at, pipeline_id, stage_id
    FROM sales_deal
    WHERE outcome = 'won' AND binned_at IS NULL AND closed_at >= %s AND closed_at < %s
"""
_MOVED_OF_WON = """
    (SELECT who AS owner_id, moved AS amount, currency, closed_at, opened_at, pipeline_id, stage_id,
            'won' AS outcome, NULL::timestamptz AS binned_at
     FROM ({moved}) m)
"""
_OF_OPEN = """
    SELECT who, n, category, apart, sum(moved * rate), sum(moved * rate * chance * 0.01)
    FROM ({moved}) m WHERE %s::bigint[] IS NULL OR who = ANY(%s::bigint[])
    GROUP BY 1, 2, 3, 4
"""


def tallies(
    periods: Sequence[Period], owners: Sequence[int] | None, *, today: date, by: Reckoning,
    is_divided: bool = True,
) -> Iterator[tuple[int, int, str, Tally]]:  # fmt: skip
    """Person, number of the period, category and what there is, for periods that follow each other.

    `owners` is None for everybody. What is open counts in the period in which it is expected; what
    should have been won before today counts today. Where they are divided, the amounts of deals go
    to whoever sells them by their shares; else to their owners.
    """
    yield from won(periods, owners, by=by)
    yield from expected(periods, owners, today=today, by=by)
    if is_divided and by.shares:
        yield from _moved_of_won(periods, owners, by)
        yield from _moved_of_open(periods, owners, today, by)


def moved_between(first: datetime, end: datetime) -> Source:
    """What shares move of the deals that were won between two moments."""
    sql = _MOVED_OF_WON.format(moved=moved_of(_WON_BETWEEN))
    return Source(sql, (first, end), many="0")


def _moved_of_won(
    periods: Sequence[Period], owners: Sequence[int] | None, by: Reckoning
) -> Iterator[tuple[int, int, str, Tally]]:
    at = edges(periods, by.zone)
    among = moved_between(at[0], at[-1])
    for who, n, apart, _many, amount in won_by(periods, owners, by=by, among=among):
        yield who, n - 1, CLOSED, tally(0, amount, amount, apart, is_shared=True)


def _moved_of_open(
    periods: Sequence[Period], owners: Sequence[int] | None, today: date, by: Reckoning
) -> Iterator[tuple[int, int, str, Tally]]:
    if periods[-1].end <= today:
        return
    rows = placed(open_deals(today=today, by=by), periods, today=today)
    sql, parameters = moved(rows, "n", "category", "apart", "rate", "chance")
    found = prepared.run_anew(_OF_OPEN.format(moved=sql), [*parameters, owners, owners])
    for who, n, category, apart, amount, weighted in found:
        yield who, n - 1, category, tally(0, amount, weighted, apart, is_shared=True)
