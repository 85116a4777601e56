"""The forecast by territories: what lies where, up to the firm, and who sees it."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from circulo.accounts.models import Role, User
from circulo.forecasts.actions import set_quotas
from circulo.forecasts.actions.quotas import Said
from circulo.forecasts.periods import Period, Span, period_of
from circulo.forecasts.selectors.places import forecast_by_territory
from circulo.forecasts.selectors.tree import forecast_for
from circulo.lib.errors import Invalid
from circulo.sales.models import Deal
from circulo.testing.make import (
    make_adjustment,
    make_company,
    make_deal,
    make_pipeline,
    make_quota,
    make_team,
    make_territory,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
TODAY = date(2026, 11, 12)
NOVEMBER = Period(date(2026, 11, 1), Span.MONTH)


@pytest.fixture
def stages():
    return list(make_pipeline(is_default=True).stages.in_order())


@pytest.fixture
def market():
    """Spain with Wine within it, by the industry of companies."""
    spain = make_territory("Spain", {"any": [_of("oil"), _of("wine")]})
    return spain, make_territory("Wine", _of("wine"), parent=spain)


def _of(industry):
    return {"field": "industry", "op": "is", "value": industry}


def sell(owner, industry, stage, committed, won):
    """A deal that is committed and one that was won, of a company of this industry."""
    party = make_company(owner=owner, industry=industry)
    make_deal(owner=owner, party=party, amount=committed, stage=stage, expected_on="2026-11-20")
    deal = make_deal(owner=owner, party=party, amount=won)
    moment = datetime(2026, 11, 3, 12, tzinfo=ZoneInfo("Europe/Madrid"))
    Deal.objects.filter(pk=deal.pk).update(outcome="won", closed_at=moment)


def seen_by(user, read=forecast_by_territory):
    return read(User.objects.get(pk=user.pk), [NOVEMBER], today=TODAY)


def named(said):
    return {node.name: node.figures[0] for node in said.root.everybody()}


def give_territories(role="manager"):
    """Let a role reach by territories."""
    rights = {kind: {"view": "territory", "edit": "territory"}
              for kind in ("deals", "companies", "contacts", "forecasts", "quotas")}  # fmt: skip
    Role.objects.filter(pk=role).update(rights=rights)


def test_territories_with_what_lies_in_none_come_to_the_firm_to_the_cent(stages, market):
    ana = make_user(team=make_team())
    sell(ana, "wine", stages[2], "40.10", "1.01")
    sell(ana, "oil", stages[2], "7.33", "2.02")
    sell(ana, "toys", stages[2], "0.57", "4.04")
    admin = make_user("admin")
    found = named(seen_by(admin))
    assert {name: one.called for name, one in found.items()} == {
        "": Decimal("55.07"), "Spain": Decimal("50.46"), "Wine": Decimal("41.11"),
        "Elsewhere in Spain": Decimal("9.35"), "Without a territory": Decimal("4.61"),
    }  # fmt: skip
    firm = seen_by(admin, forecast_for).root.figures[0]
    assert found[""].tallies == firm.tallies


def test_quotas_and_adjustments_of_territories_rise_in_their_own_tree(stages, market):
    spain, wine = market
    admin = make_user("admin")
    make_quota(wine, 300, period=NOVEMBER)
    make_adjustment(wine, 12, by=admin, period=NOVEMBER)
    make_adjustment(spain, -2, by=admin, period=NOVEMBER)
    found = named(seen_by(admin))
    assert (found["Wine"].called, found["Spain"].called, found[""].called) == (12, 10, 10)
    assert (found["Wine"].quota, found["Spain"].quota, found[""].quota) == (300, 300, 300)
    assert seen_by(admin, forecast_for).root.figures[0].called == 0


def test_one_sees_of_a_territory_only_the_deals_of_whom_one_sees(stages, market):
    _spain, wine = market
    norte = make_team("Norte")
    boss, ana = make_user("manager", team=norte), make_user(team=norte)
    wine.manager = boss
    wine.save()
    sell(ana, "wine", stages[2], "40", "1")
    sell(make_user(team=make_team("Sur")), "wine", stages[2], "500", "9")
    make_quota(wine, 300, period=NOVEMBER)
    found = named(seen_by(boss))
    assert (found["What you see"].called, found["Wine"].called) == (41, 41)
    assert found["Wine"].quota is None
    with pytest.raises(Invalid):
        make_adjustment(wine, 5, by=boss)


def test_by_the_reach_over_territories_a_manager_sees_sets_and_adjusts_the_own_one(stages):
    give_territories()
    boss = make_user("manager", team=make_team("Norte"))
    wine = make_territory("Wine", _of("wine"), manager=boss)
    oil = make_territory("Oil", _of("oil"), members=[boss])
    sell(make_user(team=make_team("Sur")), "wine", stages[2], "500", "9")
    boss = User.objects.get(pk=boss.pk)
    make_adjustment(wine, 5, by=boss, period=NOVEMBER)
    set_quotas([Said(NOVEMBER, Decimal(600), "EUR", territory=wine.pk)], by=boss)
    wines = named(seen_by(boss))["Wine"]
    assert (wines.called, wines.quota) == (514, 600)
    with pytest.raises(Invalid):
        make_adjustment(oil, 5, by=boss)  # a member, not its manager
    with pytest.raises(Invalid):
        set_quotas([Said(NOVEMBER, Decimal(600), "EUR", territory=oil.pk)], by=boss)


def test_it_costs_the_same_for_one_territory_as_for_many(
    stages, market, django_assert_num_queries, django_assert_max_num_queries
):
    admin = make_user("admin")
    sell(admin, "wine", stages[2], "1", "1")
    seen_by(admin)
    with django_assert_max_num_queries(8) as one:
        forecast_by_territory(admin, [NOVEMBER], today=TODAY)
    for name in ("toys", "books", "shoes"):
        make_territory(name, _of(name))
        sell(admin, name, stages[2], "1", "1")
    seen_by(admin)
    with django_assert_num_queries(len(one)):
        forecast_by_territory(admin, NOVEMBER.around(), today=TODAY)


def test_the_tab_shows_territories_whose_figures_lead_to_their_deals(client, stages, market):
    admin = make_user("admin", language="en", region="es-ES")
    client.force_login(admin)
    month = period_of(timezone.localdate(), "month")
    for industry in ("wine", "oil", "toys"):
        party = make_company(owner=admin, industry=industry)
        make_deal(owner=admin, party=party, amount=10, stage=stages[2],
                  expected_on=month.last.isoformat())  # fmt: skip
    address = reverse("forecasts:forecast")
    assert "By territory" in client.get(address).content.decode()
    root = client.get(address, {"by": "territory"})
    rows = [line for line, _url in root.context["lines"]]
    assert [(one.node.name, one.cells[1].count) for one in rows] == [
        ("Spain", 2), ("Without a territory", 1),
    ]  # fmt: skip
    of = f"territory-{market[0].public_id}"
    rows += [line for line, _url in
             client.get(address, {"by": "territory", "of": of}).context["lines"]]  # fmt: skip
    counts = [client.get(one.cells[1].url).context["list"].count for one in rows]
    assert counts == [one.cells[1].count for one in rows]
    said = {"by": "territory", "of": of, "period": str(month), "amount": "5",
            "category": "commit", "comment": "Fair"}  # fmt: skip
    answer = client.post(reverse("forecasts:adjust"), said)
    assert "by=territory" in answer.url
    assert "Fair" in client.get(answer.url).content.decode()
