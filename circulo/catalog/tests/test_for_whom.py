"""For whom lists and rules are: nobody learns from them of whom, or of what, they may not see."""

import json

import pytest
from django.urls import reverse

from circulo.accounts.models import Role
from circulo.api.tests.calls import Program
from circulo.catalog.actions import change_price_list
from circulo.catalog.models import PriceList, PriceRule
from circulo.lib.acting import acting
from circulo.records.actions.saved_views import save_view
from circulo.records.actions.undoing import undo_changes
from circulo.records.models import ChangeSet
from circulo.testing.cost import query_cost
from circulo.testing.make import (
    make_contact,
    make_price_list,
    make_price_rule,
    make_product,
    make_user,
)

pytestmark = pytest.mark.django_db
HAPPENED = {"field": "interactions.kind", "op": "is", "value": "call"}
RICH = {"field": "annual_revenue", "op": "gt", "value": 1_000_000}
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
    assert all(one["is_for_one_customer"] for one in told.values())
    for_all = program.get(f"price-rules/{make_price_rule().public_id}").json()
    assert not for_all["is_for_one_customer"]
    settings = client.get("/settings/prices").content.decode()
    assert settings.count("for one customer") == 2 and stranger.public_id not in settings
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
    assert (rule.party, str(rule.value)) == (stranger, "12.0000")
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


def test_conditions_are_told_only_to_who_sees_what_they_ask_for(client, manager):
    shop, rule = make_price_list(for_companies=RICH), make_price_rule(for_companies=RICH)
    program = Program(manager)
    assert program.get(f"price-lists/{shop.public_id}").json()["for_companies"] == RICH
    Role.objects.filter(pk="manager").update(hidden={"companies": ["annual_revenue"]})
    program = Program(make_user("manager"))

    for path in (f"price-lists/{shop.public_id}", f"price-rules/{rule.public_id}"):
        told = program.get(path).json()
        assert (told["for_companies"], told["is_for_everybody"]) == (None, False), path
    for path in ("price-lists", "price-rules"):
        assert "annual_revenue" not in program.get(path).content.decode()


def test_a_rule_asks_for_nothing_that_its_writer_may_not_see(manager):
    said = {"name": "Callers", "kind": "percent", "value": 5, "for_contacts": HAPPENED}
    assert Program(manager).post("price-rules", said).status_code == 201
    Role.objects.filter(pk="manager").update(rights={"interactions": {"view": "none"}})
    program = Program(make_user("manager"))

    assert program.post("price-rules", said).json()["error"]["fields"].keys() == {"for_contacts"}
    assert program.get("price-rules").json()["items"][0]["for_contacts"] is None
    assert program.get("contacts", filter=json.dumps(HAPPENED)).status_code == 400


def test_a_view_that_asks_for_what_one_may_not_see_is_not_offered(client, manager):
    admin = make_user("admin")
    save_view("companies", "Rich", {"criterion": RICH, "sharing": "all"}, by=admin)
    assert "Rich" in client.get(reverse("catalog:new_list")).content.decode()

    Role.objects.filter(pk="manager").update(hidden={"companies": ["annual_revenue"]})
    client.force_login(make_user("manager"))
    assert "Rich" not in client.get(reverse("catalog:new_list")).content.decode()


def test_conditions_of_a_field_that_is_gone_are_fulfilled_by_nobody_and_say_so(client, manager):
    broken = {"field": "custom.gone", "op": "is", "value": "x"}
    rule, shop = make_price_rule(), make_price_list()
    type(rule).objects.filter(pk=rule.pk).update(for_contacts=broken)
    type(shop).objects.filter(pk=shop.pk).update(for_contacts=broken)
    wine, ana = make_product(price=10), make_contact(owner=manager)
    program = Program(manager)

    basket = {"party": ana.public_id, "lines": [{"product": wine.public_id}]}
    answer = program.post("products/price", basket)
    assert answer.json()["net"]["amount"] == "10.00"
    assert program.get(f"price-rules/{rule.public_id}").json()["is_understood"] is False
    assert client.get("/settings/prices").content.decode().count("For nobody") == 2
    assert client.post(edit(rule), form_of(rule, for_whom="as-it-is")).status_code == 302


def test_a_list_that_was_given_to_some_is_for_everybody_again_by_undo():
    admin = make_user("admin")
    prices = make_price_list(by=admin)
    with acting(admin.pk, "screen") as done:
        change_price_list(prices, {"for_companies": RICH}, by=admin)
    assert not PriceList.objects.filter(for_companies=None).exists()
    narrowed = ChangeSet.objects.get(pk=done.change_set or 0)

    widened = undo_changes(narrowed, by=admin)
    assert PriceList.objects.get(for_companies__isnull=True) == prices

    again = undo_changes(widened, by=admin)
    assert PriceList.objects.get().for_companies == RICH
    assert not again.clashes.exists()
