"""What the demo firm expected week after week of its two years, and what it is to sell.

There is something to find in it: one seller commits early and sees half of it slip into the month
after, another says too little, and what stands in negotiation is won much less often within its
month than its probability promises.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from circulo.desk.demo.deals import Sold
from circulo.desk.demo.tell import MADRID
from circulo.forecasts.expectation import Chance, Expectation, expect, likely

HOPEFUL, CAREFUL = "antonio.palma", "nerea.etxeberria"
WEEKS, JUDGED, PAST, BACK = 104, 52, 13, 3
FIRM, RATE = "", 0.2  # the firm among its sellers; how many deals are won in a month, roughly
WEEK = timedelta(days=7)
# How many days before the true end each of them expects it; after it, below zero.
_HOPE = {HOPEFUL: (24, 10), CAREFUL: (-9, 8)}
_OTHERS = (0, 11)


@dataclass(frozen=True)
class Stood:
    """A deal as it stood in one week: in which stage since when, expected or won in which month.

    Of one that several sell there is one of each, with the part that is the `seller`'s; they count
    as one deal together.
    """

    seller: str
    owner: str
    stage: int
    since: datetime
    month: date
    amount: Decimal
    count: int
    came: bool = False


@dataclass(frozen=True)
class Foreseen:
    """One week: what was open, what was won of its months, and what history let one expect."""

    week: date
    open: list[Stood]
    won: list[Stood]
    expected: dict[tuple[str, date], Expectation]


def weeks(seed: int, today: date, sold: Sequence[Sold]) -> list[Foreseen]:
    """Every week that is over, the oldest first."""
    rng = Random(f"{seed} foreseen")
    hopes = [_hope(rng, one) for one in sold]
    monday = today - timedelta(days=today.weekday())
    found = [_week(monday - WEEK * n, sold, hopes) for n in range(WEEKS, 0, -1)]
    for one in found[-JUDGED:]:
        one.expected.update(_expected(one, sold))
    return found


def _hope(rng: Random, one: Sold) -> date:
    """When somebody thinks that a deal will end, whether it will be won or not."""
    early, spread = _HOPE.get(one.owner, _OTHERS)
    end = one.closed_at.date() if one.closed_at else one.expected_on
    return end - timedelta(days=round(rng.gauss(early, spread)))


def _week(monday: date, sold: Sequence[Sold], hopes: Sequence[date]) -> Foreseen:
    now = _morning(monday)
    earliest = later(monday, -BACK)
    stood, won = [], []
    for one, hope in zip(sold, hopes, strict=True):
        if one.entered[0] > now:
            continue
        passed = [moment for moment in one.entered if moment <= now]
        place = (one.owner, len(passed) - 1, passed[-1])
        parts = one.parts
        ended = later(one.closed_at.date(), 0) if one.closed_at else None
        is_won = one.outcome == "won"
        if one.closed_at is None or one.closed_at > now:
            month = later(max(hope, monday), 0)
            came = is_won and ended == month
            stood += [Stood(who, *place, month, part, n, came) for who, part, n in parts]
        elif is_won and ended is not None and ended >= earliest:
            won += [Stood(who, *place, ended, part, n) for who, part, n in parts]
    return Foreseen(monday, stood, won, {})


def _expected(week: Foreseen, sold: Sequence[Sold]) -> dict[tuple[str, date], Expectation]:
    """What history let one expect of this month and the next, of everybody and of the firm."""
    now = _morning(week.week)
    past = [one for one in sold if one.closed_at and one.closed_at < now]
    found = {}
    for month in (later(week.week, 0), later(week.week, 1)):
        begins, ends = max(now, _morning(month)), _morning(later(month, 1))
        chances: dict[str, list[Chance]] = {owner: [] for owner in _sellers(sold)}
        for one in week.open:
            is_won, ended = _alike(one, past, begins - now, ends - now, now)
            chances[one.seller].append(Chance(float(one.amount), *likely(is_won, ended, RATE)))
        came = [_arrived(past, later(week.week, -n), ends - begins) for n in range(1, PAST)]
        everybody = [chance for mine in chances.values() for chance in mine]
        found[FIRM, month] = expect(everybody, [sum(one.values()) for one in came])
        for owner, mine in chances.items():
            found[owner, month] = expect(mine, [one.get(owner, 0.0) for one in came])
    return found


def _alike(
    one: Stood, past: Sequence[Sold], begins: timedelta, ends: timedelta, now: datetime
) -> tuple[int, int]:
    """Of the deals that stayed as long in the same stage: how many were won then, of how many."""
    stayed, won, ended = now - one.since, 0, 0
    for other in past:
        if len(other.entered) <= one.stage or other.closed_at is None:
            continue
        entered = other.entered[one.stage]
        left = other.moments[one.stage + 1]
        if left - entered >= stayed:
            ended += 1
            after = other.closed_at - entered - stayed
            won += other.outcome == "won" and begins <= after < ends
    return won, ended


def _arrived(past: Sequence[Sold], month: date, left: timedelta) -> dict[str, float]:
    """What a past month brought by its end from deals that began when so much of it was left."""
    first, end = _morning(month), _morning(later(month, 1))
    found: dict[str, float] = {}
    for one in past:
        is_of_it = one.closed_at is not None and first <= one.closed_at < end
        if one.outcome == "won" and is_of_it and one.entered[0] >= end - left:
            for seller, part, _count in one.parts:
                found[seller] = found.get(seller, 0.0) + float(part)
    return found


def _sellers(sold: Sequence[Sold]) -> list[str]:
    return list(dict.fromkeys(one.owner for one in sold))


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(8), MADRID)


def later(day: date, months: int) -> date:
    """The first day of the month so many after that of a day."""
    year, place = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, place + 1, 1)
