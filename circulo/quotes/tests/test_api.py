"""Quotes over the API: written, approved, sent, answered, and seen by right."""

import json

import pytest

from circulo.accounts.actions import add_token
from circulo.accounts.models import Role
from circulo.quotes.models import Quote
from circulo.testing.cost import query_cost
from circulo.testing.make import (
    make_approval_rule,
    make_company,
    make_deal,
    make_product,
    make_quote,
    make_team,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


class Caller:
    """Calls the API for somebody."""

    def __init__(self, client, user):
        self.client, self.user = client, user
        self.headers = {"Authorization": f"Bearer {add_token(user)}"}

    def __call__(self, method, path, said=None, **headers):
        return self.client.generic(
            method, f"/api/v1/{path}", "" if said is None else json.dumps(said),
            content_type="application/json", headers=self.headers | headers,
        )  # fmt: skip


@pytest.fixture
def call(client):
    return Caller(client, make_user(team=make_team()))


def test_a_quote_is_begun_of_a_deal_changed_sent_and_accepted(call):
    wine = make_product(price=100, name="Tinto")
    deal = make_deal(owner=call.user, lines=[{"product": "Tinto"}])

    made = call("POST", f"deals/{deal.public_id}/quote")
    assert made.status_code == 201
    quote = made.json()
    assert quote["total"] == {"amount": "121.00", "currency": "EUR"}
    where = f"quotes/{quote['id']}"
    assert made.headers["Location"].endswith(where)
    said = {"lines": [{"product": wine.public_id, "quantity": 3}], "terms": "Net"}
    changed = call("PATCH", where, said)
    assert changed.status_code == 200 and changed.json()["net"]["amount"] == "300.00"
    assert call("PATCH", where, {"title": "x"}, **{"If-Match": '"1"'}).status_code == 409

    sent = call("POST", f"{where}/send").json()
    assert sent["quote"]["status"] == "sent" and "/q/" in sent["url"]
    assert call("PATCH", where, {"title": "x"}).status_code == 409
    assert call("GET", f"{where}/pdf").content.startswith(b"%PDF")
    assert call("POST", f"{where}/accept", {}).status_code == 422
    told = {"name": "Ana", "note": "By phone"}
    done = call("POST", f"{where}/accept", told).json()
    assert done["status"] == "accepted" and done["answers"][0]["name"] == "Ana"
    deal.refresh_from_db()
    assert (deal.outcome, str(deal.amount)) == ("won", "300.0000")
    assert call("POST", f"{where}/refuse", told).status_code == 409
    assert call("GET", f"{where}/history").json()["items"]


def test_a_quote_waits_is_sent_back_approved_and_revised(call, client):
    lead = Caller(client, make_user("manager", team=call.user.team))
    make_approval_rule()
    lines = [{"product": make_product(price=10).public_id, "discount": 30}]
    party = make_company(owner=call.user).public_id
    quote = call("POST", "quotes", {"title": "x", "party": party, "lines": lines}).json()
    where = f"quotes/{quote['id']}"
    refused = call("POST", f"{where}/send")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "unapproved")
    assert call("POST", f"{where}/submit").json()["status"] == "waiting"
    assert call("POST", f"{where}/approve", {}).status_code == 409
    assert lead("POST", f"{where}/reject", {"comment": ""}).status_code == 422
    assert lead("POST", f"{where}/reject", {"comment": "Less"}).json()["status"] == "draft"
    call("POST", f"{where}/submit")
    assert lead("POST", f"{where}/approve", {"comment": "Fine"}).json()["status"] == "approved"
    assert call("POST", f"{where}/send").status_code == 200
    assert call("POST", f"{where}/link").status_code == 200
    assert call("DELETE", f"{where}/link").status_code == 200
    newer = call("POST", f"{where}/revise")
    assert (newer.status_code, newer.json()["revision"]) == (201, 2)
    assert call("POST", f"quotes/{newer.json()['id']}/withdraw").json()["status"] == "withdrawn"


def test_a_quote_is_listed_filtered_and_sorted_at_the_same_cost_for_many(call):
    make_quote(owner=call.user)
    path = "/api/v1/quotes"
    query = {"filter": '{"field": "total", "op": "gte", "value": 100}', "sort": "-total"}
    call.client.get(path, query, headers=call.headers)
    one = query_cost(call.client.get, path, query, headers=call.headers)
    for _n in range(3):
        make_quote(owner=call.user, party=make_company(owner=call.user))
    assert query_cost(call.client.get, path, query, headers=call.headers) == one
    found = call.client.get(path, query, headers=call.headers).json()
    assert found["count"] == 4 == len(found["items"])
    number = found["items"][0]["number"]
    named = call.client.get(path, {"q": number}, headers=call.headers).json()
    assert [one["number"] for one in named["items"]] == [number]


def test_a_colleague_of_another_team_finds_no_quote_and_changes_none(call, client):
    theirs = make_quote(owner=make_user(team=make_team()))
    for method, path in (("GET", ""), ("PATCH", ""), ("POST", "/send"), ("GET", "/pdf")):
        body: dict[str, str] | None = {} if method == "PATCH" else None
        assert call(method, f"quotes/{theirs.public_id}{path}", body).status_code == 404
    mate = make_quote(owner=make_user(team=call.user.team))
    assert call("GET", f"quotes/{mate.public_id}").status_code == 200
    assert call("PATCH", f"quotes/{mate.public_id}", {"title": "x"}).status_code == 403
    assert call("POST", f"quotes/{mate.public_id}/send").status_code == 403


def test_margin_is_told_nowhere_to_who_does_not_see_it(call, client):
    product = make_product(price=100, cost=60)
    quote = make_quote(owner=call.user, lines=[{"product": product.public_id}])
    asked = {"filter": '{"field": "margin", "op": "gt", "value": 1}'}
    path = "/api/v1/quotes"
    assert "margin" not in call("GET", f"quotes/{quote.public_id}").json()
    assert call.client.get(path, asked, headers=call.headers).status_code == 400
    history = call("GET", f"quotes/{quote.public_id}/history").content.decode()
    assert "margin" not in history and '"60' not in history

    boss = Caller(client, make_user("admin"))
    told = boss("GET", f"quotes/{quote.public_id}").json()
    assert (told["margin"]["amount"], told["margin_rate"]) == ("40.00", "40")
    assert boss.client.get(path, asked, headers=boss.headers).json()["count"] == 1
    Role.objects.filter(pk="analyst").update(hidden={"quotes": ["margin"]})
    analyst = Caller(client, make_user("analyst"))
    assert "cost" not in analyst("GET", f"quotes/{quote.public_id}").json()
    assert analyst.client.get(path, asked, headers=analyst.headers).status_code == 400


def test_what_one_does_not_see_is_not_named_in_a_quote(call):
    stranger = make_company(owner=make_user(team=make_team()), name="Secreta")
    quote = make_quote(owner=call.user, party=stranger)
    told = call("GET", f"quotes/{quote.public_id}").json()
    assert (told["party"], told["party_name"]) == (None, None)
    refused = call("PATCH", f"quotes/{quote.public_id}", {"contact": stranger.public_id})
    assert refused.status_code == 422
    assert Quote.objects.get().contact is None


@pytest.mark.parametrize("said", [[], {}, ["es"], 1, "xx"])
def test_a_language_that_is_none_is_refused_by_its_name(call, said):
    answer = call("POST", "quotes", {"title": "x", "language": said})

    assert answer.status_code == 422 and "language" in answer.json()["error"]["fields"]
