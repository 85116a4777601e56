"""Who sells a deal with its owner is told with what the share comes to, where amounts are seen."""

import json
from decimal import Decimal

import pytest
from django.urls import reverse

from circulo.accounts.actions import add_token
from circulo.accounts.models import User
from circulo.lib import format as fmt
from circulo.lib import ids
from circulo.sales.models import Deal
from circulo.testing.make import make_deal, make_team, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def deal():
    team = make_team()
    eva, luis = make_user(name="Eva", team=team), make_user(name="Luis", team=team)
    shares = [{"user": one.opaque, "percent": 33} for one in (eva, luis)]
    owner = make_user(name="Ana", team=team, language="en")
    return make_deal(owner=owner, amount="100", currency="JPY", shares=shares)


def yen(amount):
    return fmt.money(Decimal(amount), "JPY")


def test_the_page_says_what_each_share_comes_to_and_what_is_left_for_the_owner(client, deal):
    client.force_login(deal.owner)
    shown = client.get(deal.get_absolute_url()).context["shares"]
    told = [(one.user.name, one.percent, one.worth, one.is_owner) for one in shown]
    assert told == [("Eva", 33, yen(33), False), ("Luis", 33, yen(33), False),
                    ("Ana", 34, yen(34), True)]  # fmt: skip


def test_nobody_is_told_parts_of_an_amount_that_is_hidden(client, deal):
    role = deal.owner.role
    role.hidden = {"deals": ["amount"]}
    role.save()
    client.force_login(deal.owner)
    shown = client.get(deal.get_absolute_url()).context["shares"]
    assert [one.worth for one in shown] == ["", "", ""]
    page = client.get(reverse("desk:deals"), {"shape": "table", "columns": "title,shares,amount"})
    assert "Luis 33 %" in page.content.decode()
    assert yen(33) not in page.content.decode()
    client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {add_token(deal.owner)}"
    said = client.get(f"/api/v1/deals/{deal.public_id}").json()
    assert [sorted(one) for one in said["shares"]] == [["name", "percent", "user"]] * 2


def test_a_deal_without_an_amount_or_without_shares_has_no_parts(client, deal):
    Deal.objects.filter(pk=deal.pk).update(amount=None)
    client.force_login(deal.owner)
    shown = client.get(deal.get_absolute_url()).context["shares"]
    assert [one.worth for one in shown] == ["", "", ""]
    client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {add_token(deal.owner)}"
    said = client.get(f"/api/v1/deals/{deal.public_id}").json()
    assert [one["amount"] for one in said["shares"]] == [None, None]
    deal.shares.all().delete()
    assert client.get(deal.get_absolute_url()).context["shares"] == []


def test_deals_are_found_by_the_team_of_who_has_a_share(client, deal):
    other = make_team("Sur")
    sold = make_deal(amount="5", title="With the south",
                     shares=[{"user": make_user(team=other).opaque, "percent": 5}])  # fmt: skip
    client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {add_token(make_user('admin'))}"
    asked = {"field": "shares.team", "op": "is", "value": ids.encode("team", other.pk)}
    found = client.get("/api/v1/deals", {"filter": json.dumps(asked)}).json()["items"]
    assert [one["id"] for one in found] == [sold.public_id]


def test_who_sees_the_deals_of_a_colleague_sees_those_they_have_a_share_of(deal):
    team = make_team()
    helper, boss = make_user(team=team), make_user("manager", team=team)
    beside = make_user(team=make_team())
    deal.shares.create(user=helper, percent=10)
    seen = [Deal.objects.visible_to(User.objects.get(pk=one.pk)).exists()
            for one in (helper, boss, beside)]  # fmt: skip
    assert seen == [True, True, False]
