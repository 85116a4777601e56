"""What was expected is kept week by week, and settled when its month is over."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command

from circulo.forecasts.actions import take_snapshot
from circulo.forecasts.models import Snapshot, SnapshotFigure, SnapshotRow
from circulo.forecasts.periods import Period, Span
from circulo.records.verify import verify
from circulo.sales import actions as sales
from circulo.sales.models import Deal
from circulo.testing.make import (
    make_adjustment,
    make_deal,
    make_pipeline,
    make_quota,
    make_team,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
MADRID = ZoneInfo("Europe/Madrid")
NOVEMBER = Period(date(2026, 11, 1), Span.MONTH)
MONDAY = datetime(2026, 11, 9, 8, tzinfo=MADRID)


@pytest.fixture
def stages():
    return list(make_pipeline(is_default=True).stages.in_order())


def closed(deal, outcome, at, **values):
    Deal.objects.filter(pk=deal.pk).update(outcome=outcome, closed_at=at, **values)


def test_a_snapshot_is_taken_once_a_week_and_settled_when_its_month_is_over(stages):
    ana = make_user(team=make_team())
    deal = make_deal(owner=ana, amount="40", stage=stages[2], expected_on="2026-11-20")
    make_deal(owner=ana, amount="4", stage=stages[2], expected_on="2026-11-21")
    make_adjustment(ana, 6, by=ana, period=NOVEMBER)
    make_quota(ana, 500, period=NOVEMBER)
    won = make_deal(owner=ana, amount="100", stage=stages[1])
    closed(won, "won", datetime(2026, 11, 3, tzinfo=MADRID))

    assert take_snapshot(now=MONDAY)
    assert take_snapshot(now=MONDAY + timedelta(days=3)) is None

    (row,) = SnapshotRow.objects.exclude(category="closed")
    assert (row.category, row.count, row.amount, row.weighted) == (
        "commit",
        2,
        Decimal(44),
        Decimal("35.2"),
    )
    said = SnapshotFigure.objects.get(user=ana, month=NOVEMBER.first)
    assert (said.won, said.committed, said.adjusted, said.quota) == tuple(
        map(Decimal, (100, 44, 6, 500))
    )
    closed(deal, "won", datetime(2026, 11, 28, tzinfo=MADRID), amount=39)

    assert take_snapshot(now=datetime(2026, 12, 1, 8, tzinfo=MADRID))

    row.refresh_from_db()
    assert (row.won_count, row.won_amount, row.deals) == (1, Decimal(39), [])
    later = SnapshotRow.objects.filter(category="closed", snapshot__week=date(2026, 11, 30))
    assert sum(one.amount for one in later.filter(month=NOVEMBER.first)) == 139
    assert not [one for one in verify() if one["invariant"].startswith("forecasts")]


def test_what_is_kept_outlives_its_deals_and_its_stage(stages):
    ana = make_user()
    deal = make_deal(owner=ana, amount="40", stage=stages[2], expected_on="2026-11-20")
    take_snapshot(now=MONDAY)
    sales.remove_stage(stages[2], to=stages[1], by=ana)
    Deal.objects.filter(pk=deal.pk).delete()
    take_snapshot(now=datetime(2026, 12, 7, 8, tzinfo=MADRID))
    row = SnapshotRow.objects.get(snapshot__week=MONDAY.date())
    assert (row.stage_name, row.won_count, row.won_amount) == ("Agreement", 0, Decimal(0))


def test_a_deal_of_which_nobody_said_when_is_kept_without_a_month(stages):
    make_deal(amount="40", stage=stages[0])
    make_deal(amount="40", currency="USD", stage=stages[0], expected_on="2026-11-30")
    take_snapshot(now=MONDAY)
    dated = SnapshotRow.objects.get(month=NOVEMBER.first)
    undated = SnapshotRow.objects.get(month=None)
    assert (undated.count, undated.amount) == (1, Decimal(40))
    assert (dated.count, dated.amount) == (1, Decimal(0))  # nobody has said what a dollar is worth


def test_a_snapshot_costs_the_same_for_one_seller_as_for_many(
    stages, django_assert_num_queries, django_assert_max_num_queries
):
    make_deal(amount=1, stage=stages[2], expected_on="2026-11-20")
    with django_assert_max_num_queries(45) as one:
        take_snapshot(now=MONDAY)
    for n in range(4):
        make_deal(owner=make_user(team=make_team()), amount=1, stage=stages[n % 3],
                  expected_on="2026-11-20")  # fmt: skip
    with django_assert_num_queries(len(one)):
        take_snapshot(now=MONDAY + timedelta(days=7))


def test_the_command_keeps_this_week_once(capsys):
    call_command("snapshot")
    call_command("snapshot", "--json")
    told = capsys.readouterr().out
    assert "Kept" in told
    assert '"week": null' in told
    assert Snapshot.objects.count() == 1
