"""Deals on the page of a party, in its overview, and on Today."""

import re

import pytest

from circulo.accounts.models import Role
from circulo.api.tests.calls import Program
from circulo.sales import actions
from circulo.sales.models import Deal
from circulo.sales.selectors.today import SHOWN
from circulo.testing.cost import query_cost
from circulo.testing.make import make_company, make_deal, make_task, make_team, make_user

pytestmark = pytest.mark.django_db


def test_the_overview_tells_the_open_deals_that_one_sees():
    seller, other = make_user(team=make_team()), make_user(team=make_team())
    firm = make_company(owner=seller)
    mine = make_deal(owner=seller, party=firm, amount="10.50", expected_on="2026-12-01")
    won = make_deal(owner=seller, party=firm)
    actions.win_deal(won, by=seller)
    make_deal(owner=other, by=other, columns={"party_id": firm.pk}, party=make_company(owner=other))

    said = Program(seller).get(f"companies/{firm.public_id}/overview").json()["open_deals"]

    assert [one["id"] for one in said] == [mine.public_id]
    assert said[0]["amount"] == {"amount": "10.50", "currency": "EUR"}
    Role.objects.filter(pk="seller").update(hidden={"deals": ["amount"]})
    again = Program(seller).get(f"companies/{firm.public_id}/overview").json()["open_deals"]
    assert "amount" not in again[0]


def test_the_page_of_a_party_shows_its_open_deals(client):
    deal = make_deal(title="Cien cajas")
    client.force_login(deal.owner)
    assert deal.party is not None
    assert "Cien cajas" in client.get(deal.party.get_absolute_url()).content.decode()


def test_today_names_deals_that_are_stale_or_have_no_next_step(client):
    seller = make_user(language="en")
    client.force_login(seller)
    stale, bare, fine = (make_deal(owner=seller, title=name) for name in ("Vieja", "Sola", "Bien"))
    Deal.objects.filter(pk=stale.pk).update(stage_since="2026-01-01T00:00Z")
    actions.put_steps([(make_task(owner=seller, title="x"), fine.pk)], by=seller)
    page = client.get("/").content.decode()
    assert "Deals that stand still" in page
    assert "Vieja" in page.partition("Without a next step")[0]
    assert bare.title in page.partition("Without a next step")[2]
    assert "Bien" not in page


def test_today_costs_the_same_for_one_deal_as_for_many(client):
    seller = make_user()
    client.force_login(seller)
    firm = make_company(owner=seller)
    make_deal(owner=seller, party=firm)
    client.get("/")
    one = query_cost(client.get, "/")
    for _n in range(4):
        make_deal(owner=seller, party=firm)
    assert query_cost(client.get, "/") == one


def test_today_leads_to_all_deals_that_stand_still_where_there_are_more_than_it_names(client):
    seller = make_user("seller", language="en")
    client.force_login(seller)
    make_deal(owner=seller, title="The first")
    assert "All of them" not in client.get("/").content.decode()
    for number in range(SHOWN):
        make_deal(owner=seller, title=f"Deal {number}")

    page = client.get("/").content.decode()

    (address,) = re.findall(r'href="(/deals\?[^"]+)">All of them', page)
    assert f"{SHOWN + 1} records" in client.get(address.replace("&amp;", "&")).content.decode()
