"""Ten weeks of generated history: the errors on the page equal a computation by hand."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from circulo.accounts.models import User
from circulo.forecasts.actions import adjust_forecast, take_snapshot
from circulo.forecasts.actions.adjusting import Adjusting
from circulo.forecasts.models import Snapshot
from circulo.forecasts.periods import Period, Span
from circulo.forecasts.selectors import accuracy
from circulo.forecasts.selectors.sums import reckoning
from circulo.sales.models import Deal, Stage
from circulo.testing.make import (
    make_company,
    make_deal,
    make_pipeline,
    make_quota,
    make_team,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
MADRID = ZoneInfo("Europe/Madrid")
FIRST = date(2026, 8, 31)  # a Monday
WEEKS = 10
TODAY = date(2026, 11, 12)
COMMIT = 80


@dataclass
class Known:
    """A deal as plain Python knows it."""

    key: int
    owner: int
    amount: Decimal
    stage: str
    probability: int
    expected_on: date
    outcome: str = "open"
    closed_on: date | None = None


@dataclass
class Week:
    """What plain Python says of one week: what is called by owner and month, what stood where."""

    monday: date
    called: dict[tuple[int, date], Decimal] = field(default_factory=dict)
    stood: list[tuple[str, date, int, Decimal, int]] = field(default_factory=list)


def month_of(day):
    return day.replace(day=1)


class Firm:
    """Ten weeks of a firm: deals come, move, slip, are won and lost; each Monday is kept."""

    def __init__(self, seed, owners):
        self.rng, self.owners = Random(seed), owners
        pipeline = make_pipeline(is_default=True)
        self.stages = list(pipeline.stages.in_order())
        self.party = make_company()
        self.deals: list[Known] = []
        self.weeks: list[Week] = []
        self.extra: dict[tuple[int, date], Decimal] = {}
        for owner in owners:  # of whom something is said every week, if only that
            for n in range(5):
                make_quota(owner, period=Period(date(2026, 8, 1), Span.MONTH).moved(n))

    def live(self):
        for number in range(WEEKS):
            monday = FIRST + timedelta(weeks=number)
            for _n in range(4):
                self._begin(monday)
            for deal in self.deals:
                if deal.outcome == "open":
                    self._move(deal, monday)
            if number % 3 == 1:
                self._adjust(monday)
            assert take_snapshot(now=datetime.combine(monday, time(8), MADRID))
            self.weeks.append(self._said(monday))

    def _begin(self, monday):
        rng, owner = self.rng, self.rng.choice(self.owners)
        stage, amount = rng.choice(self.stages), Decimal(rng.randrange(100, 99_999)) / 100
        day = monday + timedelta(days=rng.randrange(3, 70))
        made = make_deal(owner=owner, party=self.party, stage=stage, amount=str(amount),
                         expected_on=day.isoformat())  # fmt: skip
        self.deals.append(Known(made.pk, owner.pk, amount, stage.name, stage.probability, day))

    def _move(self, deal, monday):
        chance = self.rng.random()
        if chance < 0.18:
            deal.outcome = "won" if self.rng.random() < 0.6 else "lost"
            deal.closed_on = monday - timedelta(days=self.rng.randrange(6))
        elif chance < 0.4:
            stage = self.rng.choice(self.stages)
            deal.stage, deal.probability = stage.name, stage.probability
        elif chance < 0.6:
            deal.expected_on += timedelta(days=self.rng.randrange(40))
        moment = deal.closed_on and datetime.combine(deal.closed_on, time(12), MADRID)
        Deal.objects.filter(pk=deal.key).update(
            outcome=deal.outcome, closed_at=moment, expected_on=deal.expected_on,
            stage=Stage.objects.get(name=deal.stage), probability=deal.probability,
        )  # fmt: skip

    def _adjust(self, monday):
        owner = self.rng.choice(self.owners)
        amount = Decimal(self.rng.choice((-500, 700, 1200)))
        month = Period(month_of(monday), Span.MONTH)
        adjust_forecast(Adjusting(month, "commit", amount, "word", user=owner.pk), by=owner)
        self.extra[owner.pk, month.first] = amount

    def _said(self, monday):
        said = Week(monday)
        months = [Period(month_of(monday), Span.MONTH).moved(n).first for n in range(3)]
        for owner in self.owners:
            for month in months:
                mine = [d for d in self.deals if d.owner == owner.pk]
                won = sum(d.amount for d in mine
                          if d.outcome == "won" and month_of(d.closed_on) == month)  # fmt: skip
                sure = sum(d.amount for d in mine if d.outcome == "open"
                           and d.probability >= COMMIT
                           and self._due(d, monday) == month)  # fmt: skip
                extra = self.extra.get((owner.pk, month), Decimal())
                said.called[owner.pk, month] = won + sure + extra
        for deal in self.deals:
            if deal.outcome == "open":
                month = self._due(deal, monday)
                said.stood.append((deal.stage, month, deal.key, deal.amount, deal.probability))
        return said

    def _due(self, deal, monday):
        return month_of(max(deal.expected_on, monday))

    def came(self, owner, month):
        return sum(
            (d.amount for d in self.deals
             if d.owner == owner and d.outcome == "won" and month_of(d.closed_on) == month),
            Decimal(),
        )  # fmt: skip


@pytest.fixture(params=[1, 2])
def firm(request):
    team = make_team("Norte")
    world = Firm(request.param, [make_user(team=team) for _n in range(3)])
    world.live()
    return world


ENDED = (date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1))


def record_of(user):
    record = accuracy.record_for(user, today=TODAY, by=reckoning())
    assert record is not None
    return record


def by_hand(firm, owners):
    """The errors of everything that was called of a month before it was over, in plain Python."""
    errors, came = [], []
    for week in firm.weeks:
        for month in ENDED:
            end = (month + timedelta(days=32)).replace(day=1)
            first = month_of(week.monday)
            ahead = (month.year - first.year) * 12 + month.month - first.month
            if week.monday >= end or not 0 <= ahead < 3:
                continue
            called = sum(week.called[owner, month] for owner in owners)
            there = sum(firm.came(owner, month) for owner in owners)
            errors.append(called - there)
            came.append(there)
    return errors, came


def test_the_errors_of_everybody_and_of_the_firm_equal_a_computation_by_hand(firm):
    boss = make_user("admin")
    take_snapshot(now=datetime(2026, 11, 9, 8, tzinfo=MADRID))
    record = record_of(boss)
    everybody = [owner.pk for owner in firm.owners]
    for key, owners in [(("firm", 0), everybody), *((("person", pk), [pk]) for pk in everybody)]:
        errors, came = by_hand(firm, owners)
        found = accuracy.judged(record.of(key))
        assert found is not None and found.mape is not None
        count = len(errors)
        assert (found.count, count > 10) == (count, True)
        assert found.bias == sum(errors) / count
        assert found.mae == sum(abs(error) for error in errors) / count
        parts = [abs(e) / c for e, c in zip(errors, came, strict=True) if c]
        assert float(found.mape) == pytest.approx(float(sum(parts) / len(parts)), rel=1e-12)


def test_what_stages_promised_and_what_came_equal_a_computation_by_hand(firm):
    boss = make_user("admin")
    take_snapshot(now=datetime(2026, 11, 9, 8, tzinfo=MADRID))
    record = record_of(boss)
    won_in = {d.key: month_of(d.closed_on) for d in firm.deals if d.outcome == "won"}
    amounts = {d.key: d.amount for d in firm.deals}
    for found in accuracy.stages_for(boss, record):
        stood = [
            (month, key, amount, chance)
            for week in firm.weeks
            for stage, month, key, amount, chance in week.stood
            if stage == found.name and month in ENDED
        ]
        assert found.count == len(stood)
        assert found.amount == sum(amount for _m, _k, amount, _c in stood)
        assert found.promised == sum(amount * chance / 100 for _m, _k, amount, chance in stood)
        came = [amounts[key] for month, key, _a, _c in stood if won_in.get(key) == month]
        assert (found.won_count, found.came) == (len(came), sum(came))


def test_the_page_says_it_by_horizon_and_by_seller_in_plain_words(firm, client):
    boss = make_user("admin", language="en", region="es-ES")
    client.force_login(boss)
    take_snapshot(now=datetime(2026, 11, 9, 8, tzinfo=MADRID))
    record = record_of(boss)
    horizons = accuracy.by_horizon(record.of(("firm", 0)))
    assert sum(one.count for one in horizons.values()) == len(by_hand(firm, [firm.owners[0].pk])[0])
    assert max(horizons) > 4
    for one in record.of(("firm", 0)):
        assert (
            one.weeks_ahead
            == ((one.month + timedelta(days=32)).replace(day=1) - one.week).days // 7
        )
    answer = client.get(reverse("forecasts:accuracy"))
    assert answer.status_code == 200
    assert len(answer.context["people"]) == 3
    for row in answer.context["people"]:
        assert client.get(row["url"]).status_code == 200


def test_who_sees_one_team_is_told_of_its_errors_alone(firm):
    take_snapshot(now=datetime(2026, 11, 9, 8, tzinfo=MADRID))
    other = make_user("manager", team=make_team("Sur"))
    record = record_of(other)
    assert not any(kind == "person" and record.told[kind, key] for kind, key in record.told)
    assert accuracy.stages_for(other, record) == []
    seller = firm.owners[0]
    record = record_of(seller)
    assert record.root == ("team", seller.team_id)


def test_who_moves_to_another_team_takes_nothing_of_what_came_along(firm):
    boss = make_user("admin")
    take_snapshot(now=datetime(2026, 11, 9, 8, tzinfo=MADRID))
    north = ("team", firm.owners[0].team_id)
    before = record_of(boss).of(north)
    assert sum(abs(one.came) for one in before) > 0
    User.objects.filter(pk=firm.owners[0].pk).update(team=make_team("Sur"))
    assert record_of(boss).of(north) == before


def test_a_snapshot_taken_late_in_its_week_tells_of_the_month_that_ended_in_it(firm):
    boss = make_user("admin")
    monday, october = date(2026, 10, 26), date(2026, 10, 1)
    Snapshot.objects.filter(week__gte=monday).delete()
    sunday = datetime(2026, 11, 1, 8, tzinfo=MADRID)
    assert str(take_snapshot(now=sunday)) == f"{monday:%G-W%V}"
    told = [one for one in record_of(boss).of(("firm", 0)) if one.month == october]
    assert told and monday not in {one.week for one in told}
    assert {one.came for one in told} == {sum(firm.came(one.pk, october) for one in firm.owners)}
