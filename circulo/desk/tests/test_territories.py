"""The pages of the territories: a rule is made in the list, looked at, applied and undone."""

import json
import re

import pytest

from circulo.accounts.models import Territory, User
from circulo.parties.models import Party
from circulo.records.models import ChangeSet
from circulo.testing.cost import query_cost
from circulo.testing.make import make_company, make_contact, make_deal, make_territory, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
WINE = {"field": "industry", "op": "is", "value": "vino"}


@pytest.fixture
def admin(client):
    user = make_user("admin", language="en")
    client.force_login(user)
    return user


def place_of(party: Party) -> str:
    return str(Party.objects.select_related("territory").get(pk=party.pk).territory or "")


def test_a_rule_is_made_in_the_list_looked_at_and_applied(client, admin):
    north, company = make_territory("Norte"), make_company(name="Bodega", industry="vino")
    make_deal(party=company, amount={"amount": "10.00", "currency": "EUR"})

    page = client.get(f"/settings/territories/{north.public_id}").content.decode()
    assert f"/companies?rule={north.public_id}" in page
    rule = json.dumps(WINE, separators=(",", ":"))
    listed = client.get("/companies", {"rule": north.public_id, "filter": rule})
    preview = re.search(
        r'href="(/settings/territories/[^"]*preview[^"]*)"', listed.content.decode()
    )
    assert preview

    shown = client.get(preview[1].replace("&amp;", "&")).content.decode()
    assert "1 company or contact would move" in shown and place_of(company) == ""
    path = f"/settings/territories/{north.public_id}/change"
    assert client.post(path, {"rule": rule}).status_code in (200, 302)

    assert place_of(company) == "Norte"
    overview = client.get(company.get_absolute_url()).content.decode()
    assert "Norte" in overview and "by its rule" in overview


def test_who_would_move_is_a_list_that_opens(client, admin):
    north, company = make_territory("Norte"), make_company(name="Bodega", industry="vino")
    asked = {"rule": json.dumps(WINE), "from": "", "into": north.public_id}
    page = client.get(f"/settings/territories/{north.public_id}/preview", asked).content.decode()
    assert "Bodega" in page and company.get_absolute_url() in page


def test_the_filter_goes_along_while_a_rule_is_made(client, admin):
    north = make_territory("Norte")
    said = {"rule": north.public_id, "field": "industry", "op": "is", "value": "vino"}
    answer = client.get("/companies/filter", said)
    assert answer.status_code == 302 and f"rule={north.public_id}" in answer["Location"]


@pytest.mark.parametrize(
    "asked",
    [
        {"rule": "{"},
        {"rule": '{"field":"nothing","op":"is","value":1}'},
        {"parent": "nothing"},
        {"remove": "1", "to": "nothing"},
    ],
)
def test_what_cannot_be_is_told_and_nothing_happens(client, admin, asked):
    north = make_territory("Norte")
    for answer in (
        client.get(f"/settings/territories/{north.public_id}/preview", asked),
        client.post(f"/settings/territories/{north.public_id}/change", asked),
    ):
        assert answer.status_code < 500
    assert Territory.objects.filter(name="Norte").exists() or "remove" in asked


def test_a_territory_is_added_named_and_given_people(client, admin):
    seller = make_user(name="Eva Gil")
    client.post("/settings/territories", {"name": "Norte", "parent": ""})
    north = Territory.objects.get(name="Norte")
    client.post(
        f"/settings/territories/{north.public_id}",
        {"name": "Norte y más", "manager": seller.opaque, "members": [seller.opaque]},
    )
    north.refresh_from_db()
    assert (north.name, north.manager, list(north.members.all())) == (
        "Norte y más", seller, [seller],
    )  # fmt: skip
    again = client.post("/settings/territories", {"name": "norte Y más", "parent": ""})
    assert again.status_code == 422


def test_taking_one_out_shows_and_does_the_same(client, admin):
    north, company = make_territory("Norte", WINE), make_company(industry="vino")
    path = f"/settings/territories/{north.public_id}"
    assert "would move" in client.get(f"{path}/preview", {"remove": "1", "to": ""}).content.decode()
    client.post(f"{path}/change", {"remove": "1", "to": ""})
    assert not Territory.objects.exists() and place_of(company) == ""


@pytest.mark.parametrize("role", ["seller", "manager", "auditor"])
def test_only_administrators_open_them(client, role):
    north = make_territory("Norte")
    client.force_login(make_user(role))
    for path in ("", f"/{north.public_id}", f"/{north.public_id}/preview"):
        assert client.get(f"/settings/territories{path}").status_code == 403
    answer = client.post(f"/settings/territories/{north.public_id}/change", {"remove": "1"})
    assert answer.status_code == 403 and Territory.objects.exists()


def test_the_tree_costs_the_same_for_one_territory_as_for_many(client, admin):
    make_territory(members=[admin])
    client.get("/settings/territories")
    cost = query_cost(client.get, "/settings/territories")
    for _ in range(4):
        make_territory(members=[make_user()])
    client.get("/settings/territories")
    assert query_cost(client.get, "/settings/territories") == cost


def test_many_are_put_into_a_territory_at_once_and_it_is_undone(client, admin):
    hand = make_territory("A mano")
    made = [make_contact() for _ in range(3)]
    ids = [one.public_id for one in made]
    asked = {"ids": ids, "value": hand.public_id, "sure": "1"}
    client.post("/contacts/bulk/territory", asked)
    assert [place_of(one) for one in made] == ["A mano"] * 3

    undo = ChangeSet.objects.latest("pk")
    client.post(f"/changes/{undo.public_id}/undo")
    assert [place_of(one) for one in made] == [""] * 3


def test_a_form_puts_a_contact_into_a_territory(client, admin):
    hand = make_territory("A mano")
    page = client.get("/contacts/new").content.decode()
    assert "As the rules say" in page and hand.public_id in page


def test_lists_show_group_and_filter_by_territory(client, admin):
    north = make_territory("Norte", WINE)
    make_company(name="Bodega", industry="vino")
    within = json.dumps({"field": "territory", "op": "within", "value": [north.public_id]})
    listed = client.get("/companies", {"filter": within, "columns": "name,territory"})
    assert (
        "Bodega" in listed.content.decode() and "is in or within Norte" in listed.content.decode()
    )
    grouped = client.get("/companies", {"shape": "groups", "by": "territory"}).content.decode()
    assert "Norte" in grouped
    deals = client.get("/deals", {"filter": within, "shape": "table", "columns": "title,territory"})
    assert deals.status_code == 200


def test_people_are_added_by_name_among_two_hundred(client, admin):
    seller = make_user(name="Eva Gil")
    User.objects.bulk_create(
        User(email=f"p{n}@example.com", name=f"Persona {n}", role_id="seller") for n in range(200)
    )
    north = make_territory("Norte", members=[seller])
    page = client.get(f"/settings/territories/{north.public_id}").content.decode()
    assert page.count('type="checkbox"') == 1 and '<option value="Persona 77">' in page

    said = {"name": "Norte", "manager": "", "members": [seller.opaque],
            "members_typed": "persona 77, Persona 9"}  # fmt: skip
    client.post(f"/settings/territories/{north.public_id}", said)
    assert sorted(one.name for one in north.members.all()) == ["Eva Gil", "Persona 77", "Persona 9"]

    refused = client.post(f"/settings/territories/{north.public_id}", said | {
        "members": [], "members_typed": "nadie"})  # fmt: skip
    assert refused.status_code == 422 and north.members.count() == 3
