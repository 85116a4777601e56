"""A deal that several sell counts for each of them by their share, and once for the firm."""

from collections import defaultdict
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import example, given
from hypothesis import strategies as st

from circulo.accounts.models import User
from circulo.catalog.actions import set_exchange_rates
from circulo.forecasts.actions import learn_odds, take_snapshot
from circulo.forecasts.models import SnapshotFigure, SnapshotRow
from circulo.forecasts.periods import Period, Span
from circulo.forecasts.selectors.history import history_of
from circulo.forecasts.selectors.quotas import subjects_for
from circulo.forecasts.selectors.shared import tallies
from circulo.forecasts.selectors.sums import reckoning
from circulo.forecasts.selectors.tree import forecast_for
from circulo.forecasts.tests.dealings import SLOWLY
from circulo.records.verify import verify
from circulo.sales.credit import parts_of
from circulo.sales.models import Deal, DealShare
from circulo.testing.make import make_deal, make_pipeline, make_quota, make_team, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
TODAY = date(2026, 11, 12)
OCTOBER, NOVEMBER, DECEMBER = (Period(date(2026, n, 1), Span.MONTH) for n in (10, 11, 12))
MADRID = ZoneInfo("Europe/Madrid")
MONDAY = datetime(2026, 11, 9, 8, tzinfo=MADRID)
RATES = {"EUR": Decimal(1), "JPY": Decimal("0.0061"), "BHD": Decimal("2.4371")}
DECIMALS = {"EUR": 2, "JPY": 0, "BHD": 3, "USD": 2}


@pytest.fixture
def stages():
    return list(make_pipeline(is_default=True).stages.in_order())


def share(deal, **percents):
    DealShare.objects.bulk_create(
        DealShare(deal=deal, user=User.objects.get(name=name), percent=percent)
        for name, percent in percents.items()
    )


def won(deal, day=date(2026, 11, 3)):
    moment = datetime(day.year, day.month, day.day, 12, tzinfo=MADRID)
    Deal.objects.filter(pk=deal.pk).update(outcome="won", closed_at=moment)


def seen_by(user, *periods):
    return forecast_for(User.objects.get(pk=user.pk), periods or [NOVEMBER], today=TODAY)


def people(said, n=0):
    return {node.name: node.figures[n] for node in said.root.people()}


def by_largest_remainder(amount, percents, decimals):
    """What the owner and each colleague have of an amount, worked out by itself."""
    units = int(amount.scaleb(decimals))
    weights = [100 - sum(percents), *percents]
    parts = [units * weight // 100 for weight in weights]
    lost = [units * weight % 100 for weight in weights]
    for place in sorted(range(len(parts)), key=lambda n: (-lost[n], n))[: units - sum(parts)]:
        parts[place] += 1
    return [Decimal(part).scaleb(-decimals) for part in parts]


def test_seventy_to_thirty_of_ten_thousand_is_seven_and_three_thousand(stages):
    norte, sur = make_team("Norte"), make_team("Sur")
    ana, luis = make_user(name="Ana", team=norte), make_user(name="Luis", team=sur)
    make_quota(luis, 6_000, period=NOVEMBER)
    deal = make_deal(owner=ana, amount="10000")
    share(deal, Luis=30)
    won(deal)
    other = make_deal(owner=ana, amount="200", stage=stages[2], expected_on="2026-11-20")  # 80 %
    share(other, Luis=50)

    said = seen_by(make_user("admin"))

    mine, theirs = people(said)["Ana"], people(said)["Luis"]
    assert (mine.won, theirs.won, said.root.figures[0].won) == (7_000, 3_000, 10_000)
    assert (mine.called, theirs.called, theirs.open_weighted) == (7_100, 3_100, 80)
    assert theirs.gap == 3_000
    # Deals are counted with their owners, and of the firm each once.
    assert (mine.count("closed"), theirs.count("closed")) == (1, 0)
    assert (said.root.figures[0].count("closed"), said.root.figures[0].count("commit")) == (1, 1)
    teams = {node.name: node.figures[0].won for node in said.root.below}
    assert teams == {"Norte": 7_000, "Sur": 3_000}


def test_a_team_has_the_parts_of_its_people_whoever_owns_the_deal(stages):
    team = make_team("Norte")
    boss = make_user("manager", name="Jefa", team=team)
    make_user(name="Ana", team=team)
    make_user(name="Eva", team=team)
    deal = make_deal(owner=make_user(name="Luis", team=make_team("Sur")), amount="100")
    share(deal, Ana=25, Eva=75)
    won(deal)
    said = seen_by(boss)
    assert {name: one.won for name, one in people(said).items()} == {"Ana": 25, "Eva": 75}
    assert said.root.figures[0].won == 100


def test_who_may_not_see_shares_is_told_of_owners_alone(stages):
    team = make_team()
    ana, luis = make_user(name="Ana", team=team), make_user(name="Luis", team=team)
    deal = make_deal(owner=luis, amount="100")
    share(deal, Ana=25)
    won(deal)
    assert people(seen_by(ana))["Ana"].won == 25
    ana.role.hidden = {"deals": ["shares"]}
    ana.role.save()
    assert {name: one.won for name, one in people(seen_by(ana)).items()} == {"Luis": 100}


def test_who_has_nothing_but_shares_may_have_a_quota():
    helper = make_user("agent", name="Ana")
    admin = make_user("admin")
    assert helper.name not in [one.name for one in subjects_for(admin)]
    share(make_deal(amount="10"), Ana=10)
    assert helper.name in [one.name for one in subjects_for(admin)]


AMOUNTS = st.one_of(st.none(), st.integers(0, 10_000), st.integers(0, 10**14))
PERCENTS = st.lists(st.integers(1, 100), max_size=4).filter(lambda them: sum(them) <= 100)
SOLD = st.tuples(
    st.sampled_from(list(DECIMALS)), AMOUNTS, PERCENTS, st.sampled_from(["won", "open", "lost"]),
    st.integers(0, 2), st.integers(0, 3),
)  # fmt: skip


@given(st.sampled_from(["EUR", "JPY", "BHD"]), st.integers(0, 10**15), PERCENTS)
@example("EUR", 1, [33, 33, 33])
@example("JPY", 100, [1, 99])
def test_no_cent_is_lost_whatever_the_shares(currency, units, percents):
    amount = Decimal(units).scaleb(-DECIMALS[currency])
    owners, *parts = by_largest_remainder(amount, percents, DECIMALS[currency])
    assert parts_of(amount, percents, currency) == parts
    assert amount - sum(parts) == owners >= 0


@SLOWLY
@given(st.lists(SOLD, min_size=1, max_size=6))
@example([("EUR", 101, [50], "won", 0, 0), ("BHD", 1, [1, 1, 1], "open", 2, 1)])
@example([("USD", 99, [33, 33], "won", 1, 0)])
def test_people_have_their_parts_and_the_firm_each_deal_once(a_firm, sold):
    stages, sellers, boss = a_firm
    with transaction.atomic():
        expected = [_sell(one, stages, sellers) for one in sold]
        periods = [OCTOBER, NOVEMBER, DECEMBER]
        said = seen_by(boss, *periods)
        by_owner: dict[Any, list[Any]] = defaultdict(lambda: [0, *[Decimal()] * 3])
        for part in (part for parts in expected for part in parts):
            key, told = part
            by_owner[key] = [a + b for a, b in zip(by_owner[key], told, strict=True)]
        found = {
            (node.key, n, category): [one.count, one.amount, one.weighted,
                                      one.apart.get("USD", Decimal())]
            for node in said.root.people() for n, figures in enumerate(node.figures)
            for category, one in figures.tallies.items()
        }  # fmt: skip
        for key in found.keys() | by_owner.keys():
            assert found.get(key, [0] * 4) == by_owner[key], key
        _adds_up(said, periods, boss)
        transaction.set_rollback(True)


@pytest.fixture
def a_firm(stages):
    """Made once for all examples of a test: five sellers in two teams, each with their rates."""
    boss = make_user("admin")
    set_exchange_rates(
        [(name, "EUR", date(2026, 1, 1), rate) for name, rate in RATES.items() if name != "EUR"],
        by=boss,
    )
    teams = [make_team(), make_team()]
    sellers = [make_user(team=teams[n % 2]) for n in range(5)]
    return stages, sellers, boss


def _sell(one, stages, sellers):
    """A deal, and what it should come to for each: by person, period and category."""
    currency, units, percents, outcome, month, owner = one
    decimals = DECIMALS[currency]
    amount = None if units is None else Decimal(units).scaleb(-decimals)
    mine, others = sellers[owner], [s for n, s in enumerate(sellers) if n != owner]
    period = (OCTOBER, NOVEMBER, DECEMBER)[month]
    stage = stages[month]
    deal = make_deal(owner=mine, currency=currency, stage=stage,
                     expected_on=period.last.isoformat())  # fmt: skip
    Deal.objects.filter(pk=deal.pk).update(amount=amount)
    DealShare.objects.bulk_create(
        DealShare(deal=deal, user=user, percent=percent)
        for user, percent in zip(others, percents, strict=False)
    )
    if outcome == "won":
        won(deal, period.first)
    elif outcome == "lost":
        Deal.objects.filter(pk=deal.pk).update(
            outcome="lost", closed_at=datetime(2026, 11, 1, tzinfo=MADRID)
        )
        return []
    is_won = outcome == "won"
    category = "closed" if is_won else ("pipeline", "best_case", "commit")[month]
    n = month if is_won else max(month, 1)  # what was expected in October counts today
    chance = 100 if is_won else stage.probability
    parts = by_largest_remainder(amount or Decimal(), percents, decimals)
    told = []
    for place, (user, part) in enumerate(zip([mine, *others], parts, strict=False)):
        is_owner = int(place == 0)
        if currency == "USD":
            worth = (Decimal(), Decimal(), part)
        else:
            whole = part * RATES[currency]
            worth = (whole, whole * chance / 100, Decimal())
        told.append(((user.pk, n, category), [is_owner, *worth]))
    return told


def _adds_up(said, periods, boss):
    """The firm has what it has where deals are not divided at all: to the last digit."""
    by = reckoning()
    whole: dict[Any, list[Any]] = defaultdict(lambda: [0, *[Decimal()] * 3])
    for _key, n, category, one in tallies(periods, None, today=TODAY, by=by, is_divided=False):
        told = [one.count, one.amount, one.weighted, one.apart.get("USD", Decimal())]
        whole[n, category] = [a + b for a, b in zip(whole[n, category], told, strict=True)]
    for n, figures in enumerate(said.root.figures):
        for category, one in figures.tallies.items():
            told = [one.count, one.amount, one.weighted, one.apart.get("USD", Decimal())]
            assert told == whole[n, category]


def test_history_expects_parts_of_people_and_of_the_firm_each_deal_once(stages):
    ana, luis = make_user(name="Ana"), make_user(name="Luis")
    now = datetime(2026, 11, 12, 12, tzinfo=MADRID)
    for n in range(30):
        past = make_deal(owner=ana, amount="40")
        if n % 3 == 0:
            share(past, Luis=25)
        ended = datetime(2026, 1 + n % 10, 20, tzinfo=MADRID)
        began = datetime(2026, 1 + n % 10, 15, tzinfo=MADRID)
        Deal.objects.filter(pk=past.pk).update(outcome="won", closed_at=ended, opened_at=began)
        past.stays.update(entered_at=began, left_at=ended)
    learn_odds(now=now)
    alone = history_of(NOVEMBER, None, now=now, by=reckoning(), is_divided=False)
    deal = make_deal(owner=ana, amount="100", stage=stages[2])
    share(deal, Luis=30)
    by = reckoning()

    history = history_of(NOVEMBER, None, now=now, by=by)
    whole = history_of(NOVEMBER, None, now=now, by=by, is_divided=False)

    assert [history.shared[one.pk][deal.pk].amount for one in (ana, luis)] == [70.0, 30.0]
    both = history.expected([ana.pk, luis.pk], 0.0)
    assert both == whole.expected([ana.pk, luis.pk], 0.0)
    assert _mean(alone, luis) == 0.0
    assert _mean(history, ana) + _mean(history, luis) == pytest.approx(_mean(history, ana, luis))
    only = history_of(NOVEMBER, [luis.pk], now=now, by=by)
    assert only.expected([luis.pk], 0.0) == history.expected([luis.pk], 0.0)


def _mean(history, *them):
    expected = history.expected([one.pk for one in them], 0.0)
    assert expected is not None
    return expected.mean


def test_a_snapshot_keeps_what_was_counted_of_each_and_is_settled_by_it(stages):
    ana, luis = make_user(name="Ana"), make_user(name="Luis")
    deal = make_deal(owner=ana, amount="100.01", stage=stages[2], expected_on="2026-11-20")
    share(deal, Luis=30)
    old = make_deal(owner=ana, amount="10", stage=stages[2], expected_on="2026-11-20")
    past = make_deal(owner=ana, amount="7", stage=stages[1])
    share(past, Luis=100)
    won(past)

    take_snapshot(now=MONDAY)

    mine, theirs = (SnapshotRow.objects.get(owner=who, category="commit") for who in (ana, luis))
    assert (mine.count, mine.amount, theirs.count) == (2, Decimal("80.01"), 0)
    assert (theirs.amount, theirs.weighted) == (Decimal("30.00"), Decimal("24.00"))
    assert (mine.shared_percents, theirs.shared_percents) == ([-30], [30])
    closed = SnapshotRow.objects.filter(category="closed")
    told = closed.order_by("owner__name").values_list("count", "amount")
    assert [list(one) for one in told] == [[1, 0], [0, 7]]
    said = SnapshotFigure.objects.filter(month=NOVEMBER.first)
    theirs_then = said.get(user=luis)
    assert [theirs_then.committed, theirs_then.won] == [30, 7]
    firm = said.get(user=None, team=None)
    assert [firm.committed, firm.won] == [Decimal("110.01"), 7]
    # What is shared otherwise later changes nothing of what was said before.
    DealShare.objects.filter(deal=deal).update(percent=90)
    for one in (deal, old):
        won(one, date(2026, 11, 28))

    take_snapshot(now=datetime(2026, 12, 1, 8, tzinfo=MADRID))

    mine.refresh_from_db()
    theirs.refresh_from_db()
    assert (mine.won_count, mine.won_amount) == (2, Decimal("80.007"))
    assert (theirs.won_count, theirs.won_amount) == (0, Decimal("30.003"))
    assert (theirs.deals, theirs.shared_deals, theirs.shared_percents) == ([], [], [])
    assert not [one for one in verify() if one["invariant"].startswith("forecasts")]


def test_a_snapshot_from_before_amounts_were_divided_stays_as_it_is(stages):
    ana = make_user(name="Ana")
    make_user(name="Luis")
    deal = make_deal(owner=ana, amount="100", stage=stages[2], expected_on="2026-11-20")
    take_snapshot(now=MONDAY)
    share(deal, Luis=30)
    won(deal, date(2026, 11, 28))
    take_snapshot(now=datetime(2026, 12, 1, 8, tzinfo=MADRID))
    (row,) = SnapshotRow.objects.filter(snapshot__week=MONDAY.date())
    assert row.owner == ana
    assert row.amount == row.won_amount == 100
