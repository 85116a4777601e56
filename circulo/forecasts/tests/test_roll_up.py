"""The forecast of people, added up to their teams and the firm."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from circulo.accounts.models import Firm, User
from circulo.catalog.actions import set_exchange_rates
from circulo.forecasts.actions import adjust_forecast, set_quotas, withdraw_adjustment
from circulo.forecasts.actions.adjusting import Adjusting
from circulo.forecasts.models import Adjustment
from circulo.forecasts.periods import Period, Span, period_called, period_of
from circulo.forecasts.selectors.tree import forecast_for
from circulo.lib.errors import Invalid, RuleBroken
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
TODAY = date(2026, 11, 12)
NOVEMBER = Period(date(2026, 11, 1), Span.MONTH)
MADRID = ZoneInfo("Europe/Madrid")


@pytest.fixture
def stages():
    return list(make_pipeline(is_default=True).stages.in_order())


def won(owner, amount, day, **said):
    deal = make_deal(owner=owner, amount=amount, **said)
    moment = datetime(day.year, day.month, day.day, 12, tzinfo=MADRID)
    Deal.objects.filter(pk=deal.pk).update(outcome="won", closed_at=moment)
    return deal


def seen_by(user, *periods, today=TODAY):
    return forecast_for(User.objects.get(pk=user.pk), periods or [NOVEMBER], today=today)


def test_people_add_up_to_teams_and_teams_to_the_firm(stages):
    above = make_team("Ventas")
    norte, sur = make_team("Norte", parent=above), make_team("Sur", parent=above)
    ana, luis, eva = make_user(team=norte), make_user(team=norte), make_user(team=sur)
    won(ana, "100.10", date(2026, 11, 3))
    won(ana, "50", date(2026, 10, 31))  # another month
    make_deal(owner=luis, amount="40", stage=stages[2], expected_on="2026-11-20")  # commit, 80 %
    make_deal(owner=eva, amount="30.05", stage=stages[1], expected_on="2026-11-30")  # best, 50 %
    make_deal(owner=eva, amount="9", stage=stages[0], expected_on="2026-12-01")  # later

    firm = seen_by(make_user("admin")).root

    assert (firm.kind, [below.name for below in firm.below]) == ("firm", ["Ventas"])
    figures = firm.figures[0]
    assert (figures.won, figures.called, figures.hoped) == (
        Decimal("100.10"), Decimal("140.10"), Decimal("170.15"),
    )  # fmt: skip
    assert figures.open_weighted == Decimal("47.025")
    (node,) = [n for n in firm.everybody() if n.name == "Norte"]
    assert node.figures[0].called == Decimal("140.10")
    assert [n.name for n in node.below] == [ana.name, luis.name]


def test_the_own_choice_for_a_deal_goes_before_that_of_its_stage(stages):
    ana = make_user()
    make_deal(owner=ana, amount="40", stage=stages[0], expected_on="2026-11-20",
              forecast_as="commit")  # fmt: skip
    make_deal(owner=ana, amount="5", stage=stages[2], expected_on="2026-11-20",
              forecast_as="omitted")  # fmt: skip
    figures = seen_by(ana).root.figures[0]
    assert (figures.called, figures.count("omitted"), figures.open_weighted) == (40, 1, 8)


def test_what_should_have_been_won_before_today_counts_today(stages):
    ana = make_user()
    make_deal(owner=ana, amount="40", stage=stages[2], expected_on="2026-09-01")
    make_deal(owner=ana, amount="7", stage=stages[2])  # of which nobody said when
    october, november = NOVEMBER.moved(-1), NOVEMBER
    figures = seen_by(ana, october, november).root.figures
    assert [one.called for one in figures] == [0, 40]


def test_other_currencies_count_at_the_rates_of_their_days(stages):
    ana = make_user("admin")
    set_exchange_rates(
        [("USD", "EUR", date(2026, 11, 1), Decimal("0.9")),
         ("USD", "EUR", date(2026, 11, 5), Decimal("0.8"))], by=ana,
    )  # fmt: skip
    won(ana, "100", date(2026, 11, 4), currency="USD")
    won(ana, "100", date(2026, 11, 5), currency="USD")
    won(ana, "100", date(2026, 11, 5), currency="JPY")
    make_deal(owner=ana, amount="10", currency="USD", stage=stages[2], expected_on="2026-11-30")
    figures = seen_by(ana).root.figures[0]
    assert (figures.won, figures.called) == (Decimal("170"), Decimal("178"))
    assert figures.apart == {"JPY": Decimal(100)}
    assert figures.count("closed") == 3


def test_a_rate_that_was_only_stated_the_other_way_is_turned_round(stages):
    ana = make_user("admin")
    set_exchange_rates([("EUR", "USD", date(2026, 1, 1), Decimal("1.25"))], by=ana)
    won(ana, "100", date(2026, 11, 4), currency="USD")
    assert seen_by(ana).root.figures[0].won == 80


def test_quotas_of_months_make_up_that_of_their_quarter_and_people_that_of_their_team():
    team = make_team()
    ana, luis = make_user(team=team), make_user(team=team)
    quarter = period_of(TODAY, "quarter")
    for n, month in enumerate(quarter.parts()):
        make_quota(ana, 100 + n, period=month)
    make_quota(luis, 500, period=quarter)
    root = seen_by(make_user("admin"), quarter).root
    (node,) = root.below
    assert [n.figures[0].quota for n in node.below] == [303, 500]
    assert (node.figures[0].quota, root.figures[0].gap) == (803, 803)
    make_quota(team, 1000, period=quarter)
    assert seen_by(make_user("admin"), quarter).root.figures[0].quota == 1000


def test_an_adjustment_adds_up_and_only_the_latest_of_a_person_counts(stages):
    team = make_team()
    boss, ana = make_user("manager", team=team), make_user(team=team)
    make_deal(owner=ana, amount="40", stage=stages[2], expected_on=TODAY.isoformat())
    make_adjustment(ana, 10, by=ana, period=NOVEMBER)
    make_adjustment(ana, 12, by=ana, period=NOVEMBER)
    make_adjustment(ana, -5, by=boss, period=NOVEMBER)
    make_adjustment(team, 100, by=boss, period=NOVEMBER)

    root = seen_by(boss).root

    (person,) = [n for n in root.below if n.name == ana.name]
    assert (person.figures[0].called, root.figures[0].called) == (47, 147)
    assert Adjustment.objects.count() == 4
    assert Adjustment.objects.in_force().count() == 3
    quarter = period_of(TODAY, "quarter")
    assert seen_by(boss, quarter).root.figures[0].called == 147


def test_an_adjustment_says_how_much_and_why():
    ana = make_user()
    good = Adjusting(NOVEMBER, "commit", Decimal(1), "x", user=ana.pk)
    for bad in ({"amount": Decimal(0)}, {"comment": " "}, {"category": "closed"}):
        with pytest.raises(Invalid):
            adjust_forecast(replace(good, **bad), by=ana)


def test_only_who_made_an_adjustment_takes_it_back():
    team = make_team()
    boss, ana = make_user("manager", team=team), make_user(team=team)
    made = make_adjustment(ana, by=boss)
    with pytest.raises(RuleBroken):
        withdraw_adjustment(made, by=ana)
    withdraw_adjustment(made, by=boss)
    assert not Adjustment.objects.in_force().exists()
    with pytest.raises(RuleBroken):
        withdraw_adjustment(made, by=boss)


def test_nobody_sees_adjusts_or_is_told_of_the_forecast_of_another_team(stages):
    norte, sur = make_team("Norte"), make_team("Sur")
    ana, eva = make_user(team=norte), make_user(team=sur)
    make_deal(owner=eva, amount="40", stage=stages[2], expected_on="2026-11-20")
    make_quota(eva, period=NOVEMBER)
    boss = make_user("manager", team=norte)
    assert [n.name for n in seen_by(boss).root.everybody()] == ["Norte"]
    assert seen_by(ana).root.figures[0].called == 0
    for of in ({"user": eva.pk}, {"team": sur.pk}):
        with pytest.raises(Invalid):
            adjust_forecast(Adjusting(NOVEMBER, "commit", Decimal(1), "x", **of), by=boss)
    with pytest.raises(Invalid):
        set_quotas([_quota(eva)], by=boss)
    with pytest.raises(Invalid):
        set_quotas([_quota(ana)], by=ana)  # a seller says no quotas


def test_who_sees_no_amounts_sees_no_forecast(stages):
    ana = make_user()
    ana.role.hidden = {"deals": ["amount"]}
    ana.role.save()
    assert seen_by(ana) is None


def test_the_roll_up_costs_the_same_for_one_seller_as_for_many(
    stages, django_assert_num_queries, django_assert_max_num_queries
):
    boss = make_user("admin")
    won(make_user(), "10", date(2026, 11, 3))
    with django_assert_max_num_queries(8) as one:
        forecast_for(boss, [NOVEMBER], today=TODAY)
    for n in range(4):
        ana = make_user(team=make_team())
        won(ana, "10", date(2026, 11, 3))
        make_deal(owner=ana, amount="40", stage=stages[n % 3], expected_on="2026-11-20")
    with django_assert_num_queries(len(one)):
        forecast_for(boss, NOVEMBER.around(), today=TODAY)


def test_periods_of_a_firm_whose_year_begins_in_april():
    year = period_of(TODAY, "year", 4)
    assert (str(year), year.first, year.last) == ("2026", date(2026, 4, 1), date(2027, 3, 31))
    assert [str(part) for part in year.parts()] == ["2026-q1", "2026-q2", "2026-q3", "2026-q4"]
    assert period_of(date(2027, 2, 1), "quarter", 4) == year.parts()[3]
    assert period_called("2026-q4", 4) == year.parts()[3]
    assert [period_called(bad) for bad in ("", "2026-13", "0001", "2026-q5", "x")] == [None] * 5
    Firm.objects.update_or_create(pk=1, defaults={"year_begins": 4})


def _quota(user):
    from circulo.forecasts.actions.quotas import Said

    return Said(NOVEMBER, Decimal(5), "EUR", user=user.pk)
