"""What was won and what is open, by seller, period and category: two statements for all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    Aggregate,
    Case,
    CharField,
    Count,
    DateField,
    DecimalField,
    F,
    Func,
    IntegerField,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Greatest

from circulo.accounts import prepared
from circulo.accounts.models import Firm
from circulo.forecasts.periods import Period, edges
from circulo.forecasts.selectors.rates import Rate, days_of, rate_on, rates_into
from circulo.sales.expressions import CLOSED, forecast
from circulo.sales.models import Deal

NOTHING = Decimal()
_EXACT = DecimalField(max_digits=40, decimal_places=15)
# Whether there are shares is asked along: most firms need nothing more than what owners have.
_FIRM = """
    SELECT EXISTS (SELECT FROM sales_dealshare), f.currency, f.time_zone, f.year_begins
    FROM (SELECT) one LEFT JOIN accounts_firm f ON f.id = 1
"""
_WON = """
    WITH rates AS MATERIALIZED (
        SELECT r.currency, day::date, r.rate
        FROM unnest(%s::text[], %s::date[], %s::date[], %s::numeric[])
            AS r(currency, first, last, rate),
        LATERAL generate_series(r.first, r.last, interval '1 day') AS day
    ), sums AS MATERIALIZED (
        SELECT d.{of}, width_bucket(d.closed_at, %s::timestamptz[]) AS n, d.currency,
               CASE WHEN d.currency <> %s THEN (d.closed_at AT TIME ZONE %s)::date END AS day,
               {many} AS many, COALESCE(sum(d.amount), 0) AS total{more}
        FROM {among} d
        WHERE d.outcome = 'won' AND d.binned_at IS NULL
          AND d.closed_at >= %s AND d.closed_at < %s
          AND (%s::bigint[] IS NULL OR d.owner_id = ANY(%s::bigint[]))
        GROUP BY 1, 2, 3, 4{more}
    )
    SELECT d.{of}, d.n, CASE WHEN d.day IS NULL OR r.rate IS NOT NULL THEN '' ELSE d.currency
           END, sum(d.many)::bigint, sum(d.total * COALESCE(r.rate, 1)){more}
    FROM sums d LEFT JOIN rates r ON r.currency = d.currency AND r.day = d.day
    GROUP BY 1, 2, 3{more}
"""


@dataclass(frozen=True)
class Source:
    """The won deals to be added up: a table or a statement, the column that says of whom, and how
    many of them there are.
    """

    sql: str = "sales_deal"
    parameters: tuple[Any, ...] = ()
    of: str = "owner_id"
    many: str = "count(*)"


DEALS = Source()


@dataclass
class Tally:
    """Some deals: how many, what they bring, and what that is worth by their probability.

    Amounts are exact and in the currency of the firm; those in currencies of which nobody said a
    rate stand apart, in `apart`. Of a deal that several sell only a part may be among them: then it
    `is_shared`, and is counted with its owner alone.
    """

    count: int = 0
    amount: Decimal = NOTHING
    weighted: Decimal = NOTHING
    apart: dict[str, Decimal] = field(default_factory=dict)
    is_shared: bool = False

    def add(self, other: Tally) -> None:
        """Count others with these."""
        self.count += other.count
        self.amount += other.amount
        self.weighted += other.weighted
        self.is_shared |= other.is_shared
        for currency, amount in other.apart.items():
            self.apart[currency] = self.apart.get(currency, NOTHING) + amount


@dataclass(frozen=True)
class Reckoning:
    """How the firm reckons: its currency, its clock, its year, what currencies are worth, and
    whether any of its deals are sold by several together.
    """

    currency: str
    zone: ZoneInfo
    begins: int
    rates: tuple[Rate, ...] = ()
    shares: bool = True


def reckoning() -> Reckoning:
    """How the firm reckons."""
    usual = Firm(pk=1)
    ((shares, currency, zone, begins),) = prepared.run(_FIRM, [])
    currency = currency or usual.currency
    rates = tuple(rates_into(currency))
    return Reckoning(
        currency, ZoneInfo(zone or usual.time_zone), begins or usual.year_begins, rates, shares
    )


def won(
    periods: Sequence[Period], owners: Sequence[int] | None, *, by: Reckoning,
    among: Source = DEALS,
) -> Iterator[tuple[int, int, str, Tally]]:  # fmt: skip
    """What was won in these periods, at the rates of the days on which it was."""
    for of, n, apart, count, amount in won_by(periods, owners, by=by, among=among):
        yield of, n - 1, CLOSED, tally(count, amount, amount, apart)


def won_by(
    periods: Sequence[Period], owners: Sequence[int] | None, *names: str, by: Reckoning,
    among: Source = DEALS,
) -> list[tuple[Any, ...]]:  # fmt: skip
    """Owner, number of the period from 1, currency without a rate, count, amount, these columns."""
    at = edges(periods, by.zone)
    rates = days_of(by.rates, periods[0].first, periods[-1].end)
    columns = ([r.currency for r in rates], [r.first for r in rates],
               [r.last for r in rates], [r.rate for r in rates])  # fmt: skip
    said = [*columns, at, by.currency, str(by.zone), *among.parameters, at[0], at[-1],
            owners, owners]  # fmt: skip
    more = "".join(f", d.{name}" for name in names)
    sql = _WON.format(more=more, of=among.of, many=among.many, among=among.sql)
    return prepared.run_anew(sql, said)


def expected(
    periods: Sequence[Period], owners: Sequence[int] | None, *, today: date, by: Reckoning
) -> Iterator[tuple[int, int, str, Tally]]:
    """What is open and expected in these periods, at the rates of today."""
    rows = open_deals(today=today, by=by)
    if owners is not None:
        rows = rows.filter(owner__in=owners)
    yield from expected_of(rows, periods, today=today)


def expected_of(
    rows: QuerySet[Deal], periods: Sequence[Period], *, today: date, key: str = "owner_id"
) -> Iterator[tuple[Any, int, str, Tally]]:
    """What of these open deals is expected in these periods, by a column of theirs."""
    if periods[-1].end <= today:
        return
    found = placed(rows, periods, today=today).order_by()
    for of, n, category, apart, count, amount, weighted in summed(found, "n", key=key):
        yield of, n - 1, category, tally(count, amount, weighted, apart)


def placed(rows: QuerySet[Deal], periods: Sequence[Period], *, today: date) -> QuerySet[Deal]:
    """Those of these open deals that are expected in these periods, each with the number `n` of
    its own."""
    days = [*(period.first for period in periods), periods[-1].end]
    place = Func(
        Greatest("expected_on", Value(today)), Value(days, ArrayField(DateField())),
        function="width_bucket", output_field=IntegerField(),
    )  # fmt: skip
    return rows.filter(expected_on__lt=periods[-1].end).annotate(n=place).filter(n__gte=1)


def open_deals(*, today: date, by: Reckoning) -> QuerySet[Deal]:
    """The open deals with their category, their probability and what their amount is worth."""
    known = {one.currency: rate_on(by.rates, one.currency, today) for one in by.rates}
    rates = {by.currency: Decimal(1)} | {name: rate for name, rate in known.items() if rate}
    cases = [When(currency=name, then=Value(rate, _EXACT)) for name, rate in rates.items()]
    apart = Case(When(Q(currency__in=rates), then=Value("")), default=F("currency"),
                 output_field=CharField())  # fmt: skip
    return Deal.objects.on_board().annotate(
        rate=Case(*cases, default=Value(Decimal(1), _EXACT), output_field=_EXACT),
        apart=apart, category=forecast(), chance=F("probability"),
    )  # fmt: skip


def summed(rows: QuerySet[Deal], *names: str, key: str = "owner_id", **also: Aggregate) -> Any:
    """Open deals by owner, or by another key, these columns, category and currency without a rate.

    Of each group how many, their amount and their weighted amount, and what is wanted `also`.
    """
    sums = {"many": Count("pk"), "total": Sum(worth()), "likely": Sum(worth(F("chance")))} | also
    grouped = rows.values(key, *names, "category", "apart").annotate(**sums)
    return grouped.values_list(key, *names, "category", "apart", *sums)


def worth(chance: F | None = None) -> Func:
    """What an open deal is worth to the firm, by its probability where that is asked for."""
    parts = [F("amount"), F("rate"), *([chance, Value(Decimal("0.01"))] if chance else [])]
    return Func(*parts, template="(%(expressions)s)", arg_joiner=" * ", output_field=_EXACT)


def tally(
    count: int, amount: Decimal | None, weighted: Decimal | None, apart: str, *,
    is_shared: bool = False,
) -> Tally:  # fmt: skip
    """What there is, apart where nobody said what its currency is worth."""
    amount, weighted = amount or NOTHING, weighted or NOTHING
    if apart:
        return Tally(count, apart={apart: amount}, is_shared=is_shared)
    return Tally(count, amount, weighted, is_shared=is_shared)
