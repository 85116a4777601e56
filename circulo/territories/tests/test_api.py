"""Territories over the API."""

import json

import pytest
from django.test import Client

from circulo.accounts.actions import add_token
from circulo.accounts.models import Territory
from circulo.parties.models import Party
from circulo.testing.cost import query_cost
from circulo.testing.make import make_company, make_deal, make_territory, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
WINE = {"field": "industry", "op": "is", "value": "vino"}


def program(role: str = "admin") -> Client:
    return Client(headers={"Authorization": f"Bearer {add_token(make_user(role))}"})


def send(client: Client, method: str, path: str, said: object = None, **headers: str):
    body = "" if said is None else json.dumps(said)
    return client.generic(method, f"/api/v1/{path}", body, "application/json", headers=headers)


def test_a_territory_is_added_changed_and_taken_out():
    api, company = program(), make_company(industry="vino")
    spain = send(api, "POST", "territories", {"name": "España"}).json()
    made = send(api, "POST", "territories",
                {"name": "Norte", "parent": spain["id"], "rule": WINE})  # fmt: skip
    north = made.json()

    assert made.status_code == 201 and north["path"] == [spain["id"], north["id"]]
    told = send(api, "GET", f"companies/{company.public_id}").json()
    assert (told["territory"], told["territory_name"], told["territory_by_hand"]) == (
        north["id"], "Norte", False,
    )  # fmt: skip

    changed = send(api, "PATCH", f"territories/{north['id']}", {"name": "Norte y más"})
    assert (
        changed.json()["name"] == "Norte y más"
        and changed.json()["version"] == north["version"] + 1
    )
    assert send(api, "POST", f"territories/{north['id']}/remove", {}).status_code == 204
    assert send(api, "GET", f"territories/{north['id']}").status_code == 404
    assert send(api, "GET", f"companies/{company.public_id}").json()["territory"] is None


def test_a_preview_tells_what_would_move_and_moves_nothing():
    api, company = program(), make_company(industry="vino")
    make_deal(party=company, amount={"amount": "10.00", "currency": "EUR"})
    north = make_territory("Norte")
    told = send(api, "POST", f"territories/{north.public_id}/preview", {"rule": WINE}).json()

    assert (told["companies"], told["contacts"], told["deals"]) == (1, 0, 1)
    assert told["moves"][0]["from"] is None and told["moves"][0]["to"] == north.public_id
    assert Party.objects.get(pk=company.pk).territory is None
    new = send(api, "POST", "territories/preview", {"name": "Otro", "rule": WINE}).json()
    assert (new["companies"], new["moves"][0]["to"]) == (1, None)
    gone = send(api, "POST", f"territories/{north.public_id}/preview-removal", {}).json()
    assert gone["moves"] == []


def test_a_stale_change_is_refused_with_what_stands():
    api, north = program(), make_territory("Norte")
    answer = send(api, "PATCH", f"territories/{north.public_id}", {"name": "X"}, **{
        "If-Match": '"99"'})  # fmt: skip
    assert answer.status_code == 409
    assert answer.json()["error"]["code"]


@pytest.mark.parametrize(
    "said",
    [
        {"name": ""},
        {"name": "\0"},
        {"name": ["x"]},
        {"rule": {"field": "nothing", "op": "is", "value": 1}},
        {"rule": {"field": "created_at", "op": "within_days", "value": 3}},
        {"rule": []},
        {"parent": "0000000000"},
        {"members": "all"},
        {"members": [1]},
        {"manager": "nobody"},
        {"position": -1},
        {"position": True},
        {"nothing": 1},
    ],
)
def test_what_cannot_be_is_refused_with_its_field(said):
    api, north = program(), make_territory("Norte")
    for path in (f"territories/{north.public_id}", f"territories/{north.public_id}/preview"):
        method = "POST" if path.endswith("preview") else "PATCH"
        answer = send(api, method, path, said)
        assert answer.status_code == 422, answer.content
        assert answer.json()["error"]["fields"]


@pytest.mark.parametrize("role", ["seller", "manager", "analyst"])
def test_others_read_territories_and_change_none(role):
    api, north = program(role), make_territory("Norte")
    assert send(api, "GET", f"territories/{north.public_id}").status_code == 200
    assert send(api, "PATCH", f"territories/{north.public_id}", {"name": "X"}).status_code == 403
    assert send(api, "POST", "territories", {"name": "X"}).status_code == 403
    assert send(api, "POST", f"territories/{north.public_id}/preview", {}).status_code == 403
    assert send(api, "POST", f"territories/{north.public_id}/remove", {}).status_code == 403
    assert Territory.objects.get().name == "Norte"


def test_a_company_is_put_into_a_territory_by_hand_and_sent_back_as_it_was_read():
    api, company = program(), make_company(industry="vino")
    rules, hand = make_territory("Norte", WINE), make_territory("A mano")
    path = f"companies/{company.public_id}"

    same = send(api, "PATCH", path, {"territory": rules.public_id}).json()
    assert same["territory_by_hand"] is False
    pinned = send(api, "PATCH", path, {"territory": hand.public_id}).json()
    assert (pinned["territory_name"], pinned["territory_by_hand"]) == ("A mano", True)
    back = send(api, "PATCH", path, {"territory": None}).json()
    assert (back["territory_name"], back["territory_by_hand"]) == ("Norte", False)


def test_one_puts_records_only_into_the_territories_one_works_in():
    user = make_user("seller")
    api = Client(headers={"Authorization": f"Bearer {add_token(user)}"})
    company = make_company(owner=user)
    own, other = make_territory("Mío", members=[user]), make_territory("Otro")
    path = f"companies/{company.public_id}"
    assert send(api, "PATCH", path, {"territory": other.public_id}).status_code == 422
    assert send(api, "PATCH", path, {"territory": own.public_id}).status_code == 200


def test_lists_are_filtered_by_a_territory_and_by_what_lies_within_it():
    api = program()
    north = make_territory("Norte", WINE)
    coast = make_territory("Costa", {"field": "size", "op": "is", "value": 5}, parent=north)
    make_company(name="Alta", industry="vino")
    costal = make_company(name="Costal", industry="vino", size=5)
    make_company(name="Fuera")
    make_deal(party=costal, title="Una venta")

    def found(name: str, op: str, value: object) -> list[str]:
        asked = json.dumps({"field": "territory", "op": op, "value": value})
        items = api.get(f"/api/v1/{name}", {"filter": asked}).json()["items"]
        return [one.get("name") or one["title"] for one in items]

    assert found("companies", "is", north.public_id) == ["Alta"]
    assert found("companies", "within", [north.public_id]) == ["Alta", "Costal"]
    assert found("companies", "within", coast.public_id) == ["Costal"]
    assert found("companies", "empty", True) == ["Fuera"]
    assert found("deals", "within", [north.public_id]) == ["Una venta"]
    bad = json.dumps({"field": "owner", "op": "within", "value": north.public_id})
    assert api.get("/api/v1/companies", {"filter": bad}).status_code == 400


def test_the_list_costs_the_same_for_one_territory_as_for_many():
    api = program()
    make_territory()
    api.get("/api/v1/territories")
    cost = query_cost(api.get, "/api/v1/territories")
    for _ in range(4):
        make_territory(members=[make_user()])
    api.get("/api/v1/territories")
    assert query_cost(api.get, "/api/v1/territories") == cost
