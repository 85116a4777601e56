"""What history lets one expect of a period, for everybody at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from circulo.accounts import prepared
from circulo.forecasts.expectation import Chance, Expectation, expect, likely, won_between
from circulo.forecasts.models import Odds
from circulo.forecasts.periods import Period, edges
from circulo.forecasts.selectors.shared import moved_between
from circulo.forecasts.selectors.sums import DEALS, NOTHING, Reckoning, open_deals, worth
from circulo.sales.credit import moved
from circulo.sales.models import Deal

PAST = 12  # so many past periods say what is still to begin
LEAST_ENDED = 20  # deals that must have ended before anything is said
_DAY = timedelta(days=1)
_ARRIVED = """
    SELECT d.owner_id, p.n, sum(d.amount) FROM {among} d
    JOIN unnest(%s::int[], %s::timestamptz[], %s::timestamptz[], %s::timestamptz[])
        AS p(n, first, last, begun)
      ON d.closed_at >= p.first AND d.closed_at < p.last AND d.opened_at >= p.begun
    WHERE d.outcome = 'won' AND d.binned_at IS NULL AND d.currency = %s
      AND (%s::bigint[] IS NULL OR d.owner_id = ANY(%s::bigint[]))
    GROUP BY 1, 2
"""
_MOVED = """
    SELECT who, id, stage_id, stage_since, sum(moved * rate) FROM ({moved}) m
    WHERE %s::bigint[] IS NULL OR who = ANY(%s::bigint[]) GROUP BY 1, 2, 3, 4
"""


@dataclass
class History:
    """The open deals of everybody as history sees them, and what past periods still brought.

    What several people have of one deal stands in `shared`, by its key: it comes with them all, or
    with none.
    """

    chances: dict[int, list[Chance]] = field(default_factory=dict)
    shared: dict[int, dict[int, Chance]] = field(default_factory=dict)
    arrivals: dict[int, dict[int, float]] = field(default_factory=dict)
    periods: int = 0

    def expected(self, owners: Iterable[int], won: float) -> Expectation | None:
        """What these people should have won by the end; None while history says nothing."""
        if not self.periods:
            return None
        chances: list[Chance] = []
        together: dict[int, Chance] = {}
        arrivals = [0.0] * self.periods
        for owner in owners:
            chances += self.chances.get(owner, ())
            for key, part in self.shared.get(owner, {}).items():
                rest = together.get(key)
                amount = part.amount + rest.amount if rest else part.amount
                together[key] = replace(part, amount=amount)
            for n, amount in self.arrivals.get(owner, {}).items():
                arrivals[n] += amount
        found = expect([*chances, *together.values()], arrivals)
        return Expectation(found.mean + won, found.low + won, found.high + won)


def history_of(
    period: Period, owners: Sequence[int] | None, *, now: datetime, by: Reckoning,
    is_divided: bool = True,
) -> History:  # fmt: skip
    """What history says of a period that is not over; empty where it is, or says too little."""
    odds = _odds()
    first, end = edges([period], by.zone)
    past = _past(period, now, by)
    if end <= now or not odds or not past:
        return History()
    begins, ends = _weeks(max(first, now) - now), _weeks(end - now)
    pooled = _pooled(odds, begins, ends)
    found, is_divided = History(periods=len(past)), is_divided and by.shares
    day = now.astimezone(by.zone).date()
    for owner, shared, stage, since, amount in _standing(day, owners, by, is_divided=is_divided):
        stayed, ended, won = _of_age(odds.get(stage, {}), (now - since) / _DAY)
        mean, spread = likely(won_between(won, begins, ends), ended, pooled.get(stayed, 0.0))
        chance = Chance(float(amount), mean, spread)
        if shared:
            found.shared.setdefault(owner, {})[shared] = chance
        else:
            found.chances.setdefault(owner, []).append(chance)
    left = end - max(now, first) if now >= first else end - now
    for owner, n, amount in _arrived(past, left, owners, by, is_divided=is_divided):
        arrived = found.arrivals.setdefault(owner, {})
        arrived[n] = arrived.get(n, 0.0) + float(amount)
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


def _standing(
    day: date, owners: Sequence[int] | None, by: Reckoning, *, is_divided: bool
) -> Iterator[tuple[int, int, int, datetime, Decimal]]:
    """Whose, its key where several sell it (else 0), stage, since when, and what each open deal is
    worth to them."""
    parts = dict(_moved(day, owners, by)) if is_divided else {}
    shared = {key for _who, key in parts}
    for owner, key, stage, since, amount in _open(day, owners, by):
        if key not in shared:
            yield owner, 0, stage, since, amount or NOTHING
        else:
            *_same, more = parts.pop((owner, key), (stage, since, NOTHING))
            yield owner, key, stage, since, (amount or NOTHING) + more
    for (who, key), (stage, since, amount) in parts.items():
        yield who, key, stage, since, amount


def _open(day: date, owners: Sequence[int] | None, by: Reckoning) -> QuerySet[Any, Any]:
    """Owner, key, stage, since when, and what each open deal is worth."""
    rows: QuerySet[Any] = open_deals(today=day, by=by)
    if owners is not None:
        rows = rows.filter(owner__in=owners)
    known: QuerySet[Any, Any] = rows.filter(apart="").annotate(worth=worth()).order_by("pk")
    return known.values_list("owner_id", "pk", "stage_id", "stage_since", "worth")


def _moved(
    day: date, owners: Sequence[int] | None, by: Reckoning
) -> Iterator[tuple[tuple[int, int], tuple[int, datetime, Decimal]]]:
    """What shares move of open deals: to whom and of which, and its stage, since when, how much."""
    rows: QuerySet[Any] = open_deals(today=day, by=by)
    rows = rows.filter(apart="")
    sql, parameters = moved(rows, "stage_id", "stage_since", "rate")
    found = prepared.run_anew(_MOVED.format(moved=sql), [*parameters, owners, owners])
    for who, key, stage, since, amount in found:
        yield (who, key), (stage, since, amount)


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
    past: Sequence[Period], left: timedelta, owners: Sequence[int] | None, by: Reckoning, *,
    is_divided: bool,
) -> list[tuple[Any, ...]]:  # fmt: skip
    """What past periods brought from deals that began when so much time was left, or later."""
    at = [edges([one], by.zone) for one in past]
    firsts, ends = [first for first, _end in at], [end for _first, end in at]
    begun = [end - left for end in ends]
    said = [list(range(len(past))), firsts, ends, begun, by.currency, owners, owners]
    among = [DEALS, *([moved_between(min(firsts), max(ends))] if is_divided else [])]
    return [
        row
        for one in among
        for row in prepared.run_anew(_ARRIVED.format(among=one.sql), [*one.parameters, *said])
    ]


def _weeks(span: timedelta) -> float:
    return span / timedelta(days=7)
