"""What history alone lets one expect: a mean, and bounds between which eight of ten should lie.

It knows neither the database nor what people think. In go the open deals, each with its amount and
how likely it is won within the period, and what past periods brought from deals that had not even
begun at the same point of them.

Each deal is won or not by itself, so that what comes of them all is spread as a Poisson-binomial
distribution of weighted sums; it is worked out on a grid of amounts, exactly but for the width of
its cells, and shifted by each past arrival alike (a bootstrap without dice). How likely deals are
won is itself known only as well as history is long: the whole is reckoned at three levels of it,
weighted as Gauss and Hermite do for a normal error that all deals share. Where deals are many their
sum is as good as normal, and is taken for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import sqrt
from statistics import NormalDist, fmean, pvariance

CELLS = 400
MOST_ONE_BY_ONE = 40
LOW, HIGH = 0.1, 0.9
PRIOR = 4.0  # how many deals of the same age, of any stage, count as much as those of the stage
_LEVELS = ((-sqrt(3), 1 / 6), (0.0, 2 / 3), (sqrt(3), 1 / 6))


@dataclass(frozen=True)
class Chance:
    """An open deal: what it brings, how likely within the period, and how sure that is."""

    amount: float
    likely: float
    spread: float = 0.0


@dataclass(frozen=True)
class Expectation:
    """What to expect, with the bounds between which eight of ten should lie."""

    mean: float
    low: float
    high: float


def likely(won: float, ended: float, rate: float) -> tuple[float, float]:
    """How likely it is, and how sure that is, after `won` of `ended` deals like it.

    Beta-binomial: the rate among all stages counts as much as `PRIOR` deals more.
    """
    seen = ended + PRIOR
    mean = (won + PRIOR * rate) / seen
    return mean, sqrt(mean * (1 - mean) / (seen + 1))


def won_between(weeks: Sequence[int], first: float, end: float) -> float:
    """How many of past deals were won between two moments, in weeks, evenly within each week.

    The last place holds all that came later, which no period can tell apart: it is left out.
    """
    return sum(
        count * max(0.0, min(end, week + 1) - max(first, week))
        for week, count in enumerate(weeks[:-1])
        if week < end and week + 1 > first
    )


def expect(chances: Sequence[Chance], arrivals: Sequence[float]) -> Expectation:
    """What comes of these deals, and of those that are still to begin."""
    arrivals = list(arrivals) or [0.0]
    mean = sum(c.amount * c.likely for c in chances) + fmean(arrivals)
    if len(chances) > MOST_ONE_BY_ONE:
        return _as_normal(chances, arrivals, mean)
    top = sum(c.amount for c in chances) + max(arrivals)
    if not top:
        return Expectation(0.0, 0.0, 0.0)
    step = top / (CELLS - 1)
    whole = [0.0] * CELLS
    for level, weight in _LEVELS:
        cells = [weight] + [0.0] * (CELLS - 1)
        for chance in chances:
            is_won = min(1.0, max(0.0, chance.likely + level * chance.spread))
            _add(cells, chance.amount / step, is_won)
        whole = [a + b for a, b in zip(whole, cells, strict=True)]
    spread = [0.0] * CELLS
    for arrival in arrivals:
        _shift(whole, arrival / step, 1 / len(arrivals), spread)
    sums = list(accumulate(spread))
    return Expectation(mean, _bound(sums, LOW) * step, _bound(sums, HIGH) * step)


def _as_normal(chances: Sequence[Chance], arrivals: Sequence[float], mean: float) -> Expectation:
    shared = sum(c.amount * c.spread for c in chances) ** 2
    own = sum(c.amount**2 * c.likely * (1 - c.likely) for c in chances)
    spread = sqrt(own + shared + pvariance(arrivals))
    bound = NormalDist().inv_cdf(HIGH) * spread
    return Expectation(mean, max(0.0, mean - bound), mean + bound)


def _add(cells: list[float], places: float, likely: float) -> None:
    """Let one more deal be won or not: what it brings moves everything on by so many places.

    Between two places it goes to both, so that the mean stays.
    """
    before = list(cells)
    cells[:] = [value * (1 - likely) for value in before]
    _shift(before, places, likely, cells)


def _shift(source: Sequence[float], places: float, weight: float, into: list[float]) -> None:
    whole = int(places)
    rest = places - whole
    near, far = weight * (1 - rest), weight * rest
    for at, value in enumerate(source):
        if value:
            into[min(at + whole, CELLS - 1)] += value * near
            if far:
                into[min(at + whole + 1, CELLS - 1)] += value * far


def _bound(sums: Sequence[float], share: float) -> float:
    """At which place this share of everything lies below, between places evenly."""
    wanted = share * sums[-1]
    for place, total in enumerate(sums):
        if total >= wanted:
            before = sums[place - 1] if place else 0.0
            return place - 1 + (wanted - before) / (total - before) if place else 0.0
    return float(len(sums) - 1)
