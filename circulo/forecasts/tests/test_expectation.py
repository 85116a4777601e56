"""What history lets one expect, beside computations that anybody can follow."""

from datetime import UTC, date, datetime, timedelta
from itertools import product
from math import isclose
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from circulo.forecasts.actions import learn_odds
from circulo.forecasts.expectation import Chance, expect, likely, won_between
from circulo.forecasts.models import Odds
from circulo.forecasts.periods import period_of
from circulo.forecasts.selectors.history import history_of
from circulo.forecasts.selectors.sums import reckoning
from circulo.sales.models import Deal, DealStay
from circulo.testing.make import make_deal, make_pipeline, make_user

CHANCES = st.lists(
    st.builds(Chance, st.floats(1, 1000), st.floats(0, 1)), min_size=1, max_size=7
)  # fmt: skip


def outcomes(chances):
    """Every way in which deals may end, with its probability."""
    for ends in product((0, 1), repeat=len(chances)):
        weight = 1.0
        for is_won, chance in zip(ends, chances, strict=True):
            weight *= chance.likely if is_won else 1 - chance.likely
        yield sum(c.amount for c, is_won in zip(chances, ends, strict=True) if is_won), weight


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(CHANCES)
def test_the_mean_is_exact_and_the_bounds_hold_eight_of_ten(chances):
    found = expect(chances, [0.0])
    assert isclose(
        found.mean, sum(c.amount * c.likely for c in chances), rel_tol=1e-9, abs_tol=1e-9
    )
    assert 0 <= found.low <= found.high <= sum(c.amount for c in chances) + 1e-6
    step = sum(c.amount for c in chances) / 399
    slack = (len(chances) + 1) * step
    below = sum(w for total, w in outcomes(chances) if total < found.low - slack)
    above = sum(w for total, w in outcomes(chances) if total > found.high + slack)
    assert below <= 0.1 + 1e-9
    assert above <= 0.1 + 1e-9


def test_many_deals_are_as_wide_as_a_normal_distribution_says():
    rng = Random(1)
    chances = [Chance(rng.uniform(10, 100), rng.uniform(0.1, 0.9)) for _n in range(40)]
    exact, normal = expect(chances, [0.0]), expect([*chances, Chance(0.0, 0.5)], [0.0])
    assert isclose(exact.low, normal.low, rel_tol=0.03)
    assert isclose(exact.high, normal.high, rel_tol=0.03)


def test_what_is_still_to_begin_moves_the_whole():
    found = expect([], [100.0, 100.0, 100.0])
    assert isclose(found.mean, 100) and isclose(found.low, 100, rel_tol=0.02)


def test_little_history_makes_the_bounds_wider():
    sure = expect([Chance(100.0, 0.5)] * 10, [0.0])
    unsure = expect([Chance(100.0, 0.5, 0.2)] * 10, [0.0])
    assert unsure.high - unsure.low > sure.high - sure.low


def test_few_deals_lean_on_those_of_all_stages():
    assert likely(0, 0, 0.3)[0] == pytest.approx(0.3)
    assert likely(80, 100, 0.3)[0] == pytest.approx(81.2 / 104)
    assert won_between([4, 2, 9], 0.5, 2) == pytest.approx(4)
    assert won_between([4, 2, 9], 0, 99) == 6


@pytest.mark.django_db
def test_what_became_of_deals_is_learnt_by_stage_and_days_stayed():
    stages = list(make_pipeline(is_default=True).stages.in_order())
    now = datetime(2026, 11, 12, 9, tzinfo=UTC)
    for n in range(24):
        deal = make_deal(stage=stages[0], amount=100)
        begun = now - timedelta(days=100)
        end = begun + timedelta(days=10)
        outcome = "won" if n % 4 else "lost"
        Deal.objects.filter(pk=deal.pk).update(outcome=outcome, closed_at=end, opened_at=begun)
        DealStay.objects.filter(deal=deal).update(entered_at=begun, left_at=end)
    assert learn_odds(now=now) == 2
    fresh, week_old = Odds.objects.order_by("stayed")
    assert (fresh.stayed, fresh.ended, fresh.won[1], sum(fresh.won)) == (0, 24, 18, 18)
    assert (week_old.stayed, week_old.ended, week_old.won[0]) == (7, 24, 18)
    ana = make_user()
    make_deal(owner=ana, stage=stages[0], amount=100)
    Deal.objects.filter(owner=ana).update(stage_since=now - timedelta(days=1))
    by, month = reckoning(), period_of(date(2026, 11, 12), "month")
    history = history_of(month, [ana.pk], now=now, by=by)
    expected = history.expected([ana.pk], 50.0)
    assert expected is not None
    assert expected.mean == pytest.approx(50 + 75)
    past = history_of(month.moved(-1), [ana.pk], now=now, by=by)
    assert past.expected([ana.pk], 1.0) is None
    learn_odds(now=now - timedelta(days=300))
    assert history_of(month, [ana.pk], now=now, by=by).expected([ana.pk], 1.0) is None
