"""Figures by seller and team divide what several sell, and open exactly the rows they come from."""

import json
from datetime import datetime
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from circulo.accounts.actions import add_token
from circulo.accounts.models import User
from circulo.forecasts.selectors.figures import Wanted, figures_for
from circulo.forecasts.selectors.sums import reckoning
from circulo.forecasts.tests.dealings import SLOWLY
from circulo.forecasts.tests.test_shares import PERCENTS, by_largest_remainder, share
from circulo.lib import format as fmt
from circulo.records import criteria
from circulo.records.resources import resource
from circulo.sales.models import Deal, DealShare
from circulo.testing.make import make_deal, make_pipeline, make_product, make_team, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def stages():
    return list(make_pipeline(is_default=True).stages.in_order())


def won(deal):
    Deal.objects.filter(pk=deal.pk).update(outcome="won", closed_at=timezone.now())


def this_year():
    today = timezone.localdate()
    return today.replace(month=1, day=1), today.replace(month=12, day=31)


def figures(user, *names):
    found = figures_for(User.objects.get(pk=user.pk), Wanted(names, *this_year()), by=reckoning())
    return {tuple(called for _key, called in one.keys.values()): one for one in found}


def listed(user, criterion):
    kind = resource("deals")
    rows = criteria.narrow(kind.visible(user), kind, criterion, user)
    return set(rows.values_list("title", flat=True))


def at(url):
    return json.loads(parse_qs(urlsplit(url).query)["filter"][0])


@pytest.fixture
def teams():
    """Ana of the north sells one alone, and one of 100.01 together with Luis of the south."""
    norte, sur = make_team("Norte"), make_team("Sur")
    ana, luis = make_user(name="Ana", team=norte), make_user(name="Luis", team=sur)
    won(make_deal(owner=ana, amount="50", title="Alone"))
    both = make_deal(owner=ana, amount="100.01", title="Both")
    share(both, Luis=30)
    won(both)
    return ana, luis


def test_sales_figures_divide_value_by_seller_and_team_and_count_deals_with_owners(teams):
    boss = make_user("admin")

    found = figures(boss, "owner")

    told = {name: (one.won, one.amounts["EUR"]) for (name,), one in found.items()}
    assert told == {"Ana": (2, Decimal("120.01")), "Luis": (0, Decimal("30.00"))}
    assert {name: one.amounts["EUR"] for (name,), one in figures(boss, "team").items()} == {
        "Norte": Decimal("120.01"), "Sur": Decimal("30.00"),
    }  # fmt: skip
    assert figures(boss)[()].amounts["EUR"] == Decimal("150.01")
    assert listed(boss, at(found["Luis",].brings())) == {"Both"}
    assert listed(boss, at(found["Ana",].brings())) == {"Alone", "Both"}
    assert listed(boss, at(figures(boss, "team")["Sur",].brings())) == {"Both"}
    assert parse_qs(urlsplit(found["Luis",].brings()).query)["columns"][0].count("shares") == 1


def test_who_sees_no_shares_has_undivided_figures_and_plain_rows(teams):
    boss = make_user("admin")
    boss.role.hidden = {"deals": ["shares"]}
    boss.role.save()
    (one,) = figures(boss, "owner").values()
    assert (one.amounts["EUR"], one.is_shared) == (Decimal("150.01"), False)


def test_the_boss_of_somebody_with_a_share_sees_the_deal_and_nobody_else_of_other_teams_does(teams):
    _ana, luis = teams
    boss = make_user("manager", team=luis.team)
    beside = make_user(team=make_team("Este"))
    assert listed(boss, {"all": []}) == {"Both"}
    assert not Deal.objects.visible_to(beside).exists()
    assert not Deal.objects.visible_to(boss, "edit").exists()
    assert figures(boss, "owner")["Luis",].amounts == {"EUR": Decimal("30.00")}


def test_products_of_a_shared_deal_are_divided_as_it_is(teams):
    ana, _luis = teams
    lines = [{"product": make_product(price).public_id, "quantity": "1"} for price in (60, 20)]
    deal = make_deal(owner=ana, amount_from_lines=True, lines=lines)
    share(deal, Luis=50)
    won(deal)
    boss = make_user("admin")
    found = figures(boss, "owner", "product")
    for line in deal.lines.select_related("product"):
        half = {"EUR": line.net / 2}
        name = line.product.name
        assert found["Ana", name].amounts == found["Luis", name].amounts == half


def test_a_deal_of_an_agent_who_does_not_work_here_leaves_the_rest_with_the_agent():
    make_user(name="Luis", team=make_team("Sur"))
    deal = make_deal(amount="10", columns={"agent": "Rosa"})
    share(deal, Luis=40)
    won(deal)
    found = figures(make_user("admin"), "owner", "team")
    told = {key: (one.won, one.amounts["EUR"]) for key, one in found.items()}
    assert told == {("Rosa", ""): (1, Decimal("6.00")), ("Luis", "Sur"): (0, Decimal("4.00"))}


@SLOWLY
@given(st.lists(st.tuples(st.sampled_from(["EUR", "JPY", "BHD"]), st.integers(0, 10**12), PERCENTS,
                          st.integers(0, 3)), min_size=1, max_size=6))  # fmt: skip
def test_whatever_the_shares_sellers_and_teams_come_to_what_was_won(sellers, sold):
    boss = make_user("admin")
    with transaction.atomic():
        hand: dict[tuple[str, str], Decimal] = {}
        for currency, units, percents, owner in sold:
            decimals = {"EUR": 2, "JPY": 0, "BHD": 3}[currency]
            amount = Decimal(units).scaleb(-decimals)
            mine, others = sellers[owner], [one for n, one in enumerate(sellers) if n != owner]
            deal = make_deal(owner=mine, currency=currency)
            Deal.objects.filter(pk=deal.pk).update(amount=amount)
            DealShare.objects.bulk_create(
                DealShare(deal=deal, user=user, percent=percent)
                for user, percent in zip(others, percents, strict=False)
            )
            won(deal)
            parts = by_largest_remainder(amount, percents, decimals)
            for user, part in zip([mine, *others], parts, strict=False):
                key = (user.name, currency)
                hand[key] = hand.get(key, Decimal()) + part
        by_owner, whole = figures(boss, "owner"), figures(boss)[()].amounts
        found = {(name, currency): amount for (name,), one in by_owner.items()
                 for currency, amount in one.amounts.items()}  # fmt: skip
        assert {key: part for key, part in found.items() if part} == {
            key: part for key, part in hand.items() if part
        }
        for rows in (by_owner, figures(boss, "team")):
            for currency, amount in whole.items():
                there = (one.amounts.get(currency, Decimal()) for one in rows.values())
                assert sum(there, Decimal()) == amount
        transaction.set_rollback(True)


@pytest.fixture
def sellers(stages):
    """Made once for all examples of a test."""
    teams = [make_team(), make_team()]
    return [make_user(team=teams[n % 2]) for n in range(5)]


def test_the_forecast_of_somebody_opens_what_is_theirs_and_what_they_share_in(client, stages):
    ana, luis = make_user(name="Ana", team=make_team()), make_user(name="Luis", team=make_team())
    day = timezone.localdate().isoformat()
    open_one = make_deal(owner=ana, amount="10000", stage=stages[2], expected_on=day, title="Big")
    share(open_one, Luis=30)
    undated = make_deal(owner=ana, amount="200", stage=stages[2], title="Some day")
    share(undated, Luis=50)
    client.force_login(make_user("admin", language="en"))
    page = reverse("forecasts:forecast")
    of = f"user-{luis.opaque}"
    answer = client.get(f"{page}?of=person-{luis.opaque}")
    assert answer.status_code == 200, of
    said = answer.context["whole"].cells[1]
    assert (said.amount, said.count) == (3_000, 0)
    assert listed(User.objects.get(pk=luis.pk), at(said.url)) == {"Big"}
    undated_said = answer.context["undated"]
    assert (undated_said.count, undated_said.amount) == (0, fmt.money(Decimal(100), "EUR"))
    told = client.get(said.url).content.decode()
    assert f"Luis 30 %: {fmt.money(Decimal(3000), 'EUR')}" in told
    assert fmt.money(Decimal(7000), "EUR") in told
    mine = client.get(f"{page}?of=person-{ana.opaque}").context
    assert mine["undated"].amount == fmt.money(Decimal(100), "EUR")
    assert client.get(page).context["undated"].amount == fmt.money(Decimal(200), "EUR")


def test_the_api_tells_parts_and_where_amounts_come_from(client, teams):
    _ana, luis = teams
    boss = make_user("admin")
    client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {add_token(boss)}"
    first, last = this_year()
    answer = client.get("/api/v1/sales-figures", {"from": str(first), "to": str(last)}).json()
    by_name = {one["owner"]["name"]: one for one in answer["items"]}
    told = by_name["Luis"]
    assert (told["won"], told["amounts"]) == (0, [{"amount": "30.00", "currency": "EUR"}])
    counted = client.get("/api/v1/deals", {"filter": told["deals"]}).json()["items"]
    brought = client.get("/api/v1/deals", {"filter": told["brought_by"]}).json()["items"]
    assert (counted, [one["title"] for one in brought]) == ([], ["Both"])
    shares = brought[0]["shares"]
    assert shares == [{"user": luis.opaque, "name": "Luis", "percent": 30,
                       "amount": {"amount": "30.00", "currency": "EUR"}}]  # fmt: skip
    deal = Deal.objects.get(title="Both")
    said = client.patch(f"/api/v1/deals/{deal.public_id}", json.dumps({"shares": shares}),
                        content_type="application/json")  # fmt: skip
    assert said.status_code == 200
    assert datetime.fromisoformat(said.json()["closed_at"])


def test_figures_by_seller_cost_the_same_for_one_share_as_for_many(
    teams, django_assert_num_queries, django_assert_max_num_queries
):
    boss = make_user("admin")
    with django_assert_max_num_queries(12) as one:
        figures(boss, "owner")
    for _n in range(4):
        deal = make_deal(amount="10")
        name = make_user().name
        share(deal, **{name: 20})
        won(deal)
    with django_assert_num_queries(len(one)):
        figures(boss, "owner")
