"""What was lost is counted by why, and by the competitor that won it."""

from urllib.parse import urlencode

import pytest

from circulo.accounts.models import Role
from circulo.api.tests.calls import Program
from circulo.sales import actions
from circulo.testing.make import make_deal, make_reason, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def manager():
    manager = make_user("manager", language="en")
    price, other = make_reason("lost", "Price"), make_reason("lost", "Another one")
    for reason, rival in ((price, ""), (other, "Ebro"), (other, "Ebro"), (other, "Altamira")):
        deal = make_deal(owner=manager)
        actions.lose_deal(deal, by=manager, reason=reason, lost_to=rival)
    return manager


def test_the_competitors_stand_by_how_much_they_took(client, manager):
    rows = Program(manager).get("sales-figures?by=lost_to").json()["items"]
    assert [(one["lost_to"] and one["lost_to"]["name"], one["lost"]) for one in rows] == [
        ("Ebro", 2), (None, 1), ("Altamira", 1),
    ]  # fmt: skip
    client.force_login(manager)
    page = client.get("/sales?by=lost_to").content.decode()
    assert "Ebro" in page and "Altamira" in page


def test_each_reason_opens_the_deals_that_it_counts(manager):
    program = Program(manager)
    rows = program.get("sales-figures?by=reason").json()["items"]
    assert [(one["reason"]["name"], one["lost"]) for one in rows] == [
        ("Another one", 3), ("Price", 1),
    ]  # fmt: skip
    lost = urlencode({"filter": rows[0]["deals"].replace('"won"', '"lost"')})
    found = program.get(f"deals?{lost}").json()["items"]
    assert len(found) == 3 and {one["reason_label"] for one in found} == {"Another one"}


def test_who_may_not_see_competitors_counts_by_none(manager):
    Role.objects.filter(pk="manager").update(hidden={"deals": ["rivals"]})
    assert Program(manager).get("sales-figures?by=lost_to").status_code == 400
