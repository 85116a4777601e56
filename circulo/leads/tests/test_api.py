"""Leads and forms over the API."""

import json

import pytest
from django.test import Client

from circulo.accounts.actions import add_token
from circulo.accounts.models import Role
from circulo.leads.models import Lead, LeadReason, WebForm
from circulo.testing.cost import query_cost
from circulo.testing.make import (
    make_contact,
    make_deal,
    make_lead,
    make_route_rule,
    make_team,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def api(user):
    return Client(headers={"Authorization": f"Bearer {add_token(user)}", "Accept-Language": "en"})


def send(client, path, said, method="post", **headers):
    call = getattr(client, method)
    return call(f"/api/v1/{path}", said, content_type="application/json", headers=headers)


def test_a_lead_is_added_recognised_scored_and_given_out():
    seller = make_user()
    make_route_rule(seller, label="Everything")
    known = make_contact(emails=["ana@duero.example"], owner=seller)

    answer = send(api(make_user("admin")), "leads", {
        "name": "Ana Ruiz", "company": "Duero", "email": "ANA@duero.example", "source": "Web",
        "message": "Hello",
    })  # fmt: skip

    said = answer.json()
    assert answer.status_code == 201 and said["status"] == "new"
    assert (said["party"], said["owner"]) == (known.public_id, seller.opaque)
    assert said["score"] == 35 and len(said["score_reasons"]) == 2
    assert "Everything" in said["route"] and said["answer_due_at"]


def test_adding_a_lead_costs_a_known_number_of_statements():
    make_route_rule(make_user(), make_user())
    client = api(make_user("admin"))
    said = {"name": "Ana Ruiz", "email": "x@duero.example", "company": "Duero"}
    send(client, "leads", said)
    assert query_cost(send, client, "leads", said | {"email": "y@duero.example"}) <= 30


def test_a_list_costs_the_same_for_one_lead_as_for_many():
    admin = make_user("admin")
    client = api(admin)
    make_lead()
    client.get("/api/v1/leads")
    one = query_cost(client.get, "/api/v1/leads")
    for _n in range(5):
        make_lead(party=make_contact().public_id, owner=admin)
    assert query_cost(client.get, "/api/v1/leads") == one


def test_what_is_wrong_is_said_by_field_and_nothing_is_made():
    client = api(make_user("admin"))
    for said, name in (
        ({}, "given_name"), ({"email": "no"}, "email"), ({"name": 7}, "name"),
        ({"given_name": "A", "status": "new"}, "status"),
        ({"given_name": "A", "score": 5}, "score"), ({"given_name": "A", "party": "zz"}, "party"),
        ({"given_name": "A", "owner": ["x"]}, "owner"),
    ):  # fmt: skip
        answer = send(client, "leads", said)
        assert answer.status_code == 422 and name in answer.json()["error"]["fields"], said
    assert not Lead.objects.exists()


def test_a_colleagues_lead_is_not_there():
    lead = make_lead(owner=make_user(team=make_team()))
    client = api(make_user(team=make_team()))
    paths = ["", "/history", "/convert", "/discard", "/reopen", "/accept", "/restore"]
    for path in paths:
        for method in ("get", "post"):
            answer = send(client, f"leads/{lead.public_id}{path}", {}, method)
            assert answer.status_code in (404, 405), path
    assert client.get("/api/v1/leads").json()["items"] == []


def test_a_lead_is_converted_by_one_call_and_only_once():
    owner = make_user()
    lead = make_lead(owner=owner, company="Duero SL", first_surname="Ruiz")
    client, path = api(owner), f"leads/{lead.public_id}/convert"

    first = send(client, path, {"deal": {"amount": {"amount": "900.00", "currency": "EUR"}}})
    again = send(client, path, {})

    said = first.json()
    assert first.status_code == 200 and said["status"] == "converted"
    deal = client.get(f"/api/v1/deals/{said['deal']}").json()
    assert deal["amount"] == {"amount": "900.00", "currency": "EUR"}
    assert deal["party"] == said["company_party"] and deal["title"] == "Duero SL"
    assert again.status_code == 409


def test_a_lead_is_discarded_with_a_reason_of_the_house():
    owner = make_user()
    lead = make_lead(owner=owner)
    client, path = api(owner), f"leads/{lead.public_id}"
    reason = client.get("/api/v1/leads/reasons").json()["items"][0]

    assert send(client, f"{path}/discard", {}).status_code == 422
    said = send(client, f"{path}/discard", {"reason": reason["id"], "note": "No"}).json()
    assert (said["status"], said["reason_label"]) == ("discarded", reason["label"])
    assert send(client, f"{path}/reopen", {}).json()["status"] == "working"


def test_what_a_role_hides_is_absent_and_cannot_be_asked_for():
    Role.objects.filter(pk="seller").update(
        hidden={"leads": ["email", "score", "reason", "message"]}
    )
    owner = make_user()
    lead = make_lead(owner=owner, given_name="", email="secreto@duero.example", message="secreto")
    client = api(owner)

    text = client.get(f"/api/v1/leads/{lead.public_id}").content.decode()
    assert "secreto" not in text and '"score"' not in text
    assert client.get("/api/v1/leads", {"q": "secreto"}).json()["items"] == []
    for asked in ({"sort": "score"}, {"filter": '{"field":"email","op":"is","value":"x"}'},
                  {"filter": '{"field":"has_message","op":"is","value":true}'}):  # fmt: skip
        assert client.get("/api/v1/leads", asked).status_code == 400
    page = Client()
    page.force_login(owner)
    for path in (f"/leads/{lead.public_id}", "/leads", f"/leads/{lead.public_id}/changes", "/",
                 f"/leads/{lead.public_id}/edit", f"/leads/{lead.public_id}/peek"):  # fmt: skip
        assert "secreto" not in page.get(path).content.decode(), path


def test_a_newer_version_is_told_and_a_lead_given_away_is_out_of_sight():
    mine, theirs = make_team(), make_team()
    chief, other = make_user("manager", team=mine), make_user(team=theirs)
    lead = make_lead(owner=make_user(team=mine))
    client = api(chief)
    stale = send(client, f"leads/{lead.public_id}", {"company": "X"}, "patch", **{"If-Match": "0"})
    refused = send(client, f"leads/{lead.public_id}", {"owner": other.opaque}, "patch")
    assert (stale.status_code, refused.status_code) == (409, 422)


def test_forms_are_made_by_those_who_decide_them():
    client, others = api(make_user("marketer")), api(make_user("seller"))
    said = {"name": "Web", "title": "Write to us", "fields": [{"name": "email"}],
            "consents": [{"purpose": "contact", "text": "I agree.", "is_required": True}],
            }  # fmt: skip

    made = send(client, "forms", said).json()
    changed = send(client, f"forms/{made['id']}", {
        "consents": [{"purpose": "contact", "text": "I do agree."}]
    }, "patch").json()  # fmt: skip

    assert made["url"].endswith(WebForm.objects.get().get_absolute_url())
    assert [one["version"] for one in (made["consents"] + changed["consents"])] == [1, 2]
    assert send(others, "forms", said).status_code == 403
    assert others.get(f"/api/v1/forms/{made['id']}").status_code == 404


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ({"fields": [{"name": "company"}]}, "fields"), ({"fields": "email"}, "fields"),
        ({"fields": [{"name": ["x"]}]}, "fields"), ({"sites": ["http://x.example"]}, "sites"),
        ({"sites": ["https://x.example; script-src *"]}, "sites"),
        ({"thanks_url": "https://evil.example/"}, "thanks_url"),
        ({"thanks_url": "https://a.example@evil.example/", "sites": ["https://a.example"]},
         "thanks_url"),
        ({"thanks_url": "javascript:alert(1)"}, "thanks_url"),
        ({"consents": [{"purpose": "contact", "text": ""}]}, "consents"),
        ({"language": "fr"}, "language"), ({"name": ""}, "name"), ({"token": "x"}, "token"),
    ],
)  # fmt: skip
def test_a_form_that_is_no_good_is_refused(said, name):
    usual = {"name": "Web", "title": "Hello", "fields": [{"name": "email"}]}
    answer = send(api(make_user("admin")), "forms", usual | said)
    assert answer.status_code == 422 and name in answer.json()["error"]["fields"]
    assert not WebForm.objects.exists()


def test_the_deal_of_a_lead_is_named_only_to_who_sees_it():
    deal = make_deal(owner=make_user(team=make_team()))
    owner = make_user(team=make_team())
    lead = make_lead(owner=owner)
    Lead.objects.filter(pk=lead.pk).update(deal=deal)
    assert api(owner).get(f"/api/v1/leads/{lead.public_id}").json()["deal"] is None
    assert LeadReason.objects.exists()


def test_nobody_learns_by_guessing_whom_a_lead_was_recognised_as():
    seller, other = make_user(team=make_team()), make_user(team=make_team())
    linked, stranger = make_contact(owner=other), make_contact(owner=other)
    lead = make_lead(owner=seller)
    Lead.objects.filter(pk=lead.pk).update(party=linked)
    client, path = api(seller), f"leads/{lead.public_id}"

    answers = [send(client, path, {"party": one.public_id}, "patch") for one in (linked, stranger)]

    assert [one.status_code for one in answers] == [422, 422]
    assert answers[0].json()["error"] == answers[1].json()["error"]
    assert send(client, path, {"party": None}, "patch").status_code == 200
    lead.refresh_from_db()
    assert lead.party_id == linked.pk


def test_that_a_lead_is_a_customer_of_another_team_is_told_to_none_but_them():
    make_contact(emails=["ana@duero.example"], owner=make_user(team=make_team()))
    seller = make_user(team=make_team())
    client = api(seller)
    said = {"name": "Ana Ruiz", "email": "ana@duero.example"}
    told = send(client, "leads", said).json()
    stranger = send(client, "leads", said | {"email": "nobody@duero.example"}).json()

    assert (told["party"], told["score"]) == (None, stranger["score"])
    asked = {"filter": json.dumps({"field": "is_known", "op": "is", "value": True})}
    assert client.get("/api/v1/leads", asked).json()["items"] == []
    seen = api(make_user("admin")).get("/api/v1/leads", asked).json()["items"]
    assert [one["email"] for one in seen] == ["ana@duero.example"]


def test_a_channel_that_is_none_is_refused():
    answer = send(api(make_user("admin")), "leads", {"email": "a@b.example", "channel": []})
    assert answer.status_code == 422


def test_what_is_no_code_is_told_as_that_and_not_by_its_length():
    admin = api(make_user("admin", language="en"))
    lead = make_lead()

    answer = send(admin, "leads", {"name": "Ana", "country": "Spain", "language": "español"})
    fields = answer.json()["error"]["fields"]
    long = send(admin, f"leads/{lead.public_id}/discard", {"note": "x" * 30_000})

    assert answer.status_code == 422 and set(fields) == {"country", "language"}
    assert "such as ES" in fields["country"] and "such as es" in fields["language"]
    assert set(long.json()["error"]["fields"]) == {"note"}
