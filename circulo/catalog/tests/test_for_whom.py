"""For whom lists and rules are: nobody learns from them of whom, or of what, they may not see."""

import pytest
from django.urls import reverse

from circulo.accounts.models import Role
from circulo.api.tests.calls import Program
from circulo.catalog.models import PriceRule
from circulo.testing.cost import query_cost
from circulo.testing.make import make_contact, make_price_rule, make_user

pytestmark = pytest.mark.django_db
MINE = {"contacts": {"view": "own"}, "companies": {"view": "own"}}


@pytest.fixture
def manager(client):
    """Somebody who sets prices, and sees only contacts of their own."""
    Role.objects.filter(pk="manager").update(rights=MINE)
    user = make_user("manager", language="en")
    client.force_login(user)
    return user


def form_of(rule, **changes):
    said = {"name": rule.name, "kind": rule.kind, "value": "10", "rank": rule.rank,
            "is_active": "on"}  # fmt: skip
    return said | changes


def edit(rule):
    return reverse("catalog:edit_rule", args=[rule.public_id])


def test_for_which_contact_a_rule_is_only_those_are_told_who_see_that_contact(client, manager):
    stranger, mine = make_contact(given_name="Leocadia"), make_contact(owner=manager)
    of_stranger, of_mine = (make_price_rule(party=one.public_id) for one in (stranger, mine))
    program = Program(manager)

    told = {one["id"]: one for one in program.get("price-rules").json()["items"]}
    assert told[of_stranger.public_id]["party"] is None
    assert told[of_mine.public_id]["party"] == mine.public_id
    assert not told[of_stranger.public_id]["is_for_everybody"]
    page = client.get(edit(of_stranger)).content.decode()
    assert stranger.public_id not in page and "Leocadia" not in page
    assert str(mine) in client.get(edit(of_mine)).content.decode()


def test_a_rule_for_somebody_out_of_sight_stays_theirs_when_it_is_saved(client, manager):
    stranger, mine = make_contact(), make_contact(owner=manager)
    rule = make_price_rule(party=stranger.public_id)

    assert (
        client.post(edit(rule), form_of(rule, value="12", for_whom="as-it-is")).status_code == 302
    )
    rule.refresh_from_db()
    assert (rule.party, rule.value) == (stranger, 12)
    guessed = form_of(rule, for_whom="as-it-is", customer=stranger.public_id)
    assert client.post(edit(rule), guessed).status_code == 422
    named = form_of(rule, for_whom="as-it-is", customer=str(mine))
    assert client.post(edit(rule), named).status_code == 302
    rule.refresh_from_db()
    assert rule.party == mine
    assert client.post(edit(rule), form_of(rule)).status_code == 302
    rule.refresh_from_db()
    assert rule.party is None


def test_rules_for_contacts_cost_the_same_to_list_for_one_as_for_many(manager):
    program = Program(manager)
    make_price_rule(party=make_contact().public_id)
    program.get("price-rules")
    cost = query_cost(lambda: program.get("price-rules"))
    for _n in range(4):
        make_price_rule(party=make_contact(owner=manager).public_id)
    assert query_cost(lambda: program.get("price-rules")) == cost
    assert PriceRule.objects.count() == 5
