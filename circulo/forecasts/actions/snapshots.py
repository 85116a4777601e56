"""Keeping what was expected, week after week, and saying later what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import IntegrityError, transaction
from django.db.models import Case, DateField, QuerySet, Value, When
from django.db.models.functions import Cast, Greatest, TruncMonth

from circulo.accounts.selectors import house as everybody
from circulo.forecasts.models import BACK, Snapshot, SnapshotFigure, SnapshotRow
from circulo.forecasts.periods import Period, Span, edges, period_of
from circulo.forecasts.selectors.history import history_of
from circulo.forecasts.selectors.shared import moved_between
from circulo.forecasts.selectors.sums import (
    NOTHING,
    Reckoning,
    open_deals,
    reckoning,
    summed,
    won_by,
)
from circulo.forecasts.selectors.tree import PERSON, TEAM, Node, forecast_for
from circulo.lib import money
from circulo.parties.actions.writing import run
from circulo.sales.credit import moved
from circulo.sales.expressions import CLOSED
from circulo.sales.models import Deal, ForecastAs, Stage

AHEAD = 3  # of so many months a snapshot says figures, from its own on
_SETTLE = """
    WITH rates AS MATERIALIZED (
        SELECT r.currency, day::date, r.rate
        FROM unnest(%s::text[], %s::date[], %s::date[], %s::numeric[])
            AS r(currency, first, last, rate),
        LATERAL generate_series(GREATEST(r.first, %s), LEAST(r.last, %s), interval '1 day') AS day
    )
    UPDATE forecasts_snapshotrow r SET won_count = x.won, won_amount = x.amount, deals = '{}',
        shared_deals = '{}', shared_percents = '{}'
    FROM (
        SELECT r.id, count(d.id) FILTER (WHERE p.is_whole) AS won,
            COALESCE(sum(d.amount * COALESCE(t.rate, 1) * p.percent * 0.01) FILTER (
                WHERE d.currency = %s OR t.rate IS NOT NULL), 0) AS amount
        FROM forecasts_snapshotrow r LEFT JOIN LATERAL (
            SELECT unnest(r.deals) AS deal, 100 AS percent, true AS is_whole
            UNION ALL SELECT deal, percent, false
            FROM unnest(r.shared_deals, r.shared_percents) AS s(deal, percent)) p ON true
        LEFT JOIN sales_deal d ON d.id = p.deal
            AND d.outcome = 'won' AND d.binned_at IS NULL
            AND d.closed_at >= r.month::timestamp AT TIME ZONE %s
            AND d.closed_at < (r.month + interval '1 month') AT TIME ZONE %s
        LEFT JOIN rates t ON t.currency = d.currency AND d.currency <> %s
            AND t.day = (d.closed_at AT TIME ZONE %s)::date
        WHERE r.won_count IS NULL AND r.category <> 'closed' AND r.month < %s
        GROUP BY r.id) x
    WHERE r.id = x.id
"""
_SHARED = """
    SELECT who, month, pipeline_id, stage_id, category, apart, sum(moved * rate),
           sum(moved * rate * chance * 0.01), array_agg(id ORDER BY id, share),
           array_agg(CASE WHEN who_has THEN percent ELSE -percent END ORDER BY id, share)
    FROM ({moved}) m GROUP BY 1, 2, 3, 4, 5, 6
"""


def take_snapshot(*, now: datetime) -> Snapshot | None:
    """Keep the forecast as it stands, once a week; None where this week's is kept already.

    Of the months that are over it is said what came of what was expected.
    """
    by = reckoning()
    day = now.astimezone(by.zone).date()
    monday = day - timedelta(days=day.weekday())
    if Snapshot.objects.filter(week=monday).exists():
        return None
    rows = [*_open_rows(day, by), *_won_rows(day, by)]
    figures = _figures(day, now, by)
    try:
        with transaction.atomic():
            kept = keep_snapshot(monday, now, by.currency, rows, figures)
            settle_rows(day, by=by)
            return kept
    except IntegrityError:
        return None  # another worker was faster


@transaction.atomic
def keep_snapshot(
    week: date, at: datetime, currency: str,
    rows: Iterable[SnapshotRow], figures: Iterable[SnapshotFigure],
) -> Snapshot:  # fmt: skip
    """Write a snapshot with its rows and figures."""
    kept = Snapshot.objects.create(week=week, taken_at=at, currency=currency)
    for one in (rows := list(rows)):
        one.snapshot = kept
    for figure in (figures := list(figures)):
        figure.snapshot = kept
    SnapshotRow.objects.bulk_create(rows, batch_size=2_000)
    SnapshotFigure.objects.bulk_create(figures, batch_size=2_000)
    return kept


def settle_rows(day: date, *, by: Reckoning) -> None:
    """Say of every row whose month is over what was won within it of the deals that it counted."""
    zone, this = str(by.zone), day.replace(day=1)
    rates = ([r.currency for r in by.rates], [r.first for r in by.rates],
             [r.last for r in by.rates], [r.rate for r in by.rates])  # fmt: skip
    since = SnapshotRow.objects.filter(won_count=None).exclude(category=CLOSED).order_by("month")
    first = since.values_list("month", flat=True).first() or this
    said = [*rates, first, this, by.currency, zone, zone, by.currency, zone, this]
    run(_SETTLE, said)


def _open_rows(day: date, by: Reckoning) -> Iterable[SnapshotRow]:
    """What is open, by seller, month, stage and category."""
    month = Case(
        When(expected_on=None, then=None),
        default=Cast(TruncMonth(Greatest("expected_on", Value(day))), DateField()),
        output_field=DateField(),
    )
    names = ("month", "pipeline_id", "stage_id")
    open_now = open_deals(today=day, by=by).annotate(month=month).order_by()
    counted = summed(open_now, *names, keys=ArrayAgg("pk", order_by="pk"))
    stages = dict(Stage.objects.values_list("pk", "name"))
    found: dict[tuple[Any, ...], SnapshotRow] = {}
    whole = ((*row, (), ()) for row in counted)
    for owner, when, pipeline, stage, category, apart, many, total, likely, keys, shared, parts in [
        *whole, *(_shared_rows(open_now) if by.shares else []),
    ]:  # fmt: skip
        row = found.setdefault(
            (owner, when, stage, category),
            _row(owner, when, pipeline, stage, stages[stage], category),
        )
        row.count += many
        row.deals += keys
        row.shared_deals += shared
        row.shared_percents += parts
        if not apart:
            row.amount += total or NOTHING
            row.weighted += likely or NOTHING
    return found.values()


def _shared_rows(open_now: QuerySet[Deal]) -> Iterator[tuple[Any, ...]]:
    """The same of what shares move of open deals, with those deals and the percentages."""
    names = ("month", "pipeline_id", "stage_id", "category", "apart", "rate", "chance")
    sql, parameters = moved(open_now, *names)
    for *place, total, likely, shared, parts in run(_SHARED.format(moved=sql), [*parameters]):
        yield *place, 0, total, likely, [], shared, parts


def _won_rows(day: date, by: Reckoning) -> Iterable[SnapshotRow]:
    """What was won in this month and those right before, by the stage from which it was."""
    months = [period_of(day, Span.MONTH).moved(n) for n in range(-BACK, 1)]
    stages = dict(Stage.objects.values_list("pk", "name"))
    found: dict[tuple[Any, ...], SnapshotRow] = {}
    columns = ("pipeline_id", "stage_id")
    rows = won_by(months, None, *columns, by=by)
    if by.shares:
        at = edges(months, by.zone)
        among = moved_between(at[0], at[-1])
        rows += won_by(months, None, *columns, by=by, among=among)
    for owner, n, apart, count, amount, pipeline, stage in rows:
        month = months[n - 1].first
        row = found.setdefault(
            (owner, month, stage), _row(owner, month, pipeline, stage, stages[stage], CLOSED)
        )
        row.count += count
        if not apart:
            row.amount += amount
            row.weighted += amount
    return found.values()


def _row(
    owner: int, month: date | None, pipeline: int, stage: int, name: str, category: str
) -> SnapshotRow:
    return SnapshotRow(
        owner_id=owner, month=month, pipeline_id=pipeline, stage_id=stage, stage_name=name,
        category=category, count=0, amount=NOTHING, weighted=NOTHING, deals=[], shared_deals=[],
        shared_percents=[],
    )  # fmt: skip


def _figures(day: date, now: datetime, by: Reckoning) -> list[SnapshotFigure]:
    """What is said of everybody, every team and the firm, for this month and those that follow;
    and of those that are over what was won, by teams as they are now."""
    this = period_of(day, Span.MONTH)
    months = [this.moved(n) for n in range(-BACK, AHEAD)]
    said = forecast_for(everybody(), months, today=day, by=by)
    assert said is not None, "the house sees everything"
    found: list[SnapshotFigure] = []
    for n, month in enumerate(months):
        figures = [(node, _figure(node, n, month)) for node in said.root.everybody()]
        found += [figure for _node, figure in figures]
        if month.first < this.first:
            continue
        history = history_of(month, None, now=now, by=by)
        for node, figure in figures:
            people = [one.key for one in node.people()]
            expected = history.expected(people, float(node.figures[n].won))
            for name in ("mean", "low", "high") if expected is not None else ():
                amount = money.rounded(Decimal(getattr(expected, name)), by.currency)
                setattr(figure, "expected" if name == "mean" else name, amount)
    return found


def _figure(node: Node, n: int, month: Period) -> SnapshotFigure:
    figures = node.figures[n]
    committed = figures.tallies.get(ForecastAs.COMMIT)
    return SnapshotFigure(
        user_id=node.key if node.kind == PERSON else None,
        team_id=node.key if node.kind == TEAM else None,
        month=month.first, won=figures.won, committed=committed.amount if committed else NOTHING,
        adjusted=figures.adjusted.get(ForecastAs.COMMIT, NOTHING), weighted=figures.open_weighted,
        quota=figures.quota,
    )  # fmt: skip
