"""What history lets one expect of a period, for everybody at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from circulo.accounts import prepared
from circulo.forecasts.expectation import Chance, Expectation, expect, likely, won_between
from circulo.forecasts.models import Odds
from circulo.forecasts.periods import Period, edges
from circulo.forecasts.selectors.sums import Reckoning, open_deals, worth
from circulo.sales.models import Deal

PAST = 12  # so many past periods say what is still to begin
LEAST_ENDED = 20  # deals that must have ended before anything is said
_DAY = timedelta(days=1)
_ARRIVED = """
    SELECT d.owner_id, p.n, sum(d.amount) FROM sales_deal d
    JOIN unnest(%s::int[], %s::timestamptz[], %s::timestamptz[], %s::timestamptz[])
        AS p(n, first, last, begun)
      ON d.closed_at >= p.first AND d.closed_at < p.last AND d.opened_at >= p.begun
    WHERE d.outcome = 'won' AND d.binned_at IS NULL AND d.currency = %s
      AND (%s::bigint[] IS NULL OR d.owner_id = ANY(%s::bigint[]))
    GROUP BY 1, 2
"""


@dataclass
class History:
    """The open deals of everybody as history sees them, and what past periods still brought."""

    chances: dict[int, list[Chance]] = field(default_factory=dict)
    arrivals: dict[int, dict[int, float]] = field(default_factory=dict)
    periods: int = 0

    def expected(self, owners: Iterable[int], won: float) -> Expectation | None:
        """What these people should have won by the end; None while history says nothing."""
        if not self.periods:
            return None
        chances: list[Chance] = []
        arrivals = [0.0] * self.periods
        for owner in owners:
            chances += self.chances.get(owner, ())
            for n, amount in self.arrivals.get(owner, {}).items():
                arrivals[n] += amount
        found = expect(chances, arrivals)
        return Expectation(found.mean + won, found.low + won, found.high + won)


def history_of(
    period: Period, owners: Sequence[int] | None, *, now: datetime, by: Reckoning
) -> History:
    """What history says of a period that is not over; empty where it is, or says too little."""
    odds = _odds()
    first, end = edges([period], by.zone)
    past = _past(period, now, by)
    if end <= now or not odds or not past:
        return History()
    begins, ends = _weeks(max(first, now) - now), _weeks(end - now)
    pooled = _pooled(odds, begins, ends)
    found = History(periods=len(past))
    for owner, stage, since, amount in _open(now.astimezone(by.zone).date(), owners, by):
        stayed, ended, won = _of_age(odds.get(stage, {}), (now - since) / _DAY)
        mean, spread = likely(won_between(won, begins, ends), ended, pooled.get(stayed, 0.0))
        found.chances.setdefault(owner, []).append(Chance(float(amount or 0), mean, spread))
    left = end - max(now, first) if now >= first else end - now
    for owner, n, amount in _arrived(past, left, owners, by):
        found.arrivals.setdefault(owner, {})[n] = float(amount)
    return found


_Known = dict[int, dict[int, tuple[int, list[int]]]]


def _odds() -> _Known:
    """By stage and days stayed, how many ended, and how many of them were won in which week."""
    found: _Known = {}
    rows = Odds.objects.order_by("stayed").values_list("stage_id", "stayed", "ended", "won")
    for stage, stayed, ended, won in rows:
        found.setdefault(stage, {})[stayed] = (ended, won)
    is_enough = sum(ages[0][0] for ages in found.values() if 0 in ages) >= LEAST_ENDED
    return found if is_enough else {}


def _pooled(odds: _Known, begins: float, ends: float) -> dict[int, float]:
    """By days stayed, which part of the deals of all stages was won between two weeks."""
    won: dict[int, float] = {}
    ended: dict[int, int] = {}
    for ages in odds.values():
        for stayed, (count, weeks) in ages.items():
            won[stayed] = won.get(stayed, 0.0) + won_between(weeks, begins, ends)
            ended[stayed] = ended.get(stayed, 0) + count
    return {stayed: won[stayed] / count for stayed, count in ended.items()}


def _of_age(ages: dict[int, tuple[int, list[int]]], days: float) -> tuple[int, int, list[int]]:
    """What became of deals that stayed about as long."""
    fit = [stayed for stayed in ages if stayed <= days]
    if not fit:
        return 0, 0, []
    stayed = max(fit)
    return stayed, *ages[stayed]


def _open(day: date, owners: Sequence[int] | None, by: Reckoning) -> QuerySet[Any, Any]:
    """Owner, stage, since when, and what each open deal is worth."""
    rows: QuerySet[Any] = open_deals(today=day, by=by)
    if owners is not None:
        rows = rows.filter(owner__in=owners)
    known: QuerySet[Any, Any] = rows.filter(apart="").annotate(worth=worth()).order_by("pk")
    return known.values_list("owner_id", "stage_id", "stage_since", "worth")


def _past(period: Period, now: datetime, by: Reckoning) -> list[Period]:
    """The periods before that ended, as far back as something was won, the latest first."""
    first = Deal.objects.filter(outcome=Deal.Outcome.WON, binned_at=None).order_by("closed_at")
    begun = first.values_list("closed_at", flat=True).first()
    if begun is None:
        return []
    today, since = now.astimezone(by.zone).date(), begun.astimezone(by.zone).date()
    found = (period.moved(-n) for n in range(1, PAST * 3))
    over = [one for one in found if one.end <= today and one.last >= since]
    return over[:PAST]


def _arrived(
    past: Sequence[Period], left: timedelta, owners: Sequence[int] | None, by: Reckoning
) -> list[tuple[Any, ...]]:
    """What past periods brought from deals that began when so much time was left, or later."""
    at = [edges([one], by.zone) for one in past]
    firsts, ends = [first for first, _end in at], [end for _first, end in at]
    begun = [end - left for end in ends]
    said = [list(range(len(past))), firsts, ends, begun, by.currency, owners, owners]
    return prepared.run_anew(_ARRIVED, said)


def _weeks(span: timedelta) -> float:
    return span / timedelta(days=7)
