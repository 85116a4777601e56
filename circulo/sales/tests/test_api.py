"""Deals and pipelines over the API."""

import json

import pytest

from circulo.accounts.models import Role
from circulo.api.tests.calls import Program
from circulo.sales import actions
from circulo.sales.models import Deal, DealPerson
from circulo.testing.cost import query_cost
from circulo.testing.make import (
    make_company,
    make_contact,
    make_deal,
    make_pipeline,
    make_reason,
    make_task,
    make_team,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def test_a_deal_is_added_read_changed_moved_won_and_reopened():
    seller = make_user()
    program, firm, ana = Program(seller), make_company(owner=seller), make_contact(owner=seller)
    pipeline = make_pipeline()
    _first, second, _third = pipeline.stages.in_order()

    made = program.post("deals", {
        "title": "Vino de la casa", "party": firm.public_id, "pipeline": pipeline.public_id,
        "amount": {"amount": "1200.50", "currency": "EUR"}, "expected_on": "2026-12-31",
        "people": [{"party": ana.public_id, "part": "decides"}], "tags": ["feria"],
        "rivals": [{"name": "Bodegas Sur"}], "custom": {"color": "tinto"},
    })  # fmt: skip
    assert made.status_code == 201, made.json()
    said = made.json()
    assert said["amount"] == {"amount": "1200.50", "currency": "EUR"}
    assert (said["party_name"], said["owner"], said["probability"]) == (
        firm.name,
        seller.opaque,
        20,
    )
    assert said["weighted"] == {"amount": "240.10", "currency": "EUR"}
    assert said["people"] == [{"party": ana.public_id, "name": ana.name, "part": "decides"}]
    assert said["rivals"][0]["strength"] == "equal"

    path = f"deals/{said['id']}"
    assert program.get(path).json() == said
    assert program.get(f"{path}/people").json()["items"][0]["part"] == "decides"
    assert program.patch(path, {"title": "Otro"}).json()["title"] == "Otro"
    moved = program.post(f"{path}/move", {"stage": second.public_id}).json()
    assert (moved["stage"], moved["stage_name"]) == (second.public_id, second.name)
    won = program.post(f"{path}/win", {"note": "Rápido"}).json()
    assert (won["outcome"], won["probability"], won["reason_note"]) == ("won", 100, "Rápido")
    assert program.post(f"{path}/win", {}).status_code == 409
    assert program.post(f"{path}/reopen").json()["closed_at"] is None
    assert program.post(f"{path}/lose", {}).json()["error"]["fields"].keys() == {"reason"}


def test_a_deal_is_lost_for_a_reason_and_its_history_told_until_it_is_binned():
    deal, reason = make_deal(), make_reason("lost", "El precio aquí")
    program, path = Program(deal.owner), f"deals/{deal.public_id}"
    program.patch(path, {"title": "Otro"})
    lost = program.post(f"{path}/lose", {"reason": reason.public_id}).json()
    assert (lost["outcome"], lost["reason_label"]) == ("lost", "El precio aquí")
    lines = {line["field"]: line for line in program.get(f"{path}/history").json()["items"]}
    assert (lines["title"]["from"], lines["title"]["to"]) == (deal.title, "Otro")
    assert lines["reason_id"]["to"] == "El precio aquí"
    assert program.delete(path).status_code == 204
    assert program.get(path).status_code == 404
    assert program.post(f"{path}/restore").json()["id"] == deal.public_id


def test_a_stale_write_is_refused_with_both_values():
    deal = make_deal()
    program = Program(deal.owner)
    path = f"deals/{deal.public_id}"
    tag = program.get(path).headers["ETag"]
    assert program.patch(path, {"title": "Uno"}, If_Match=tag).status_code == 200
    late = program.patch(path, {"title": "Dos"}, If_Match=tag)
    assert late.status_code == 409
    error = late.json()["error"]
    assert (error["code"], error["current"], error["yours"]) == (
        "stale", {"title": "Uno"}, {"title": "Dos"},
    )  # fmt: skip


def test_a_deal_that_is_not_ready_is_told_what_it_lacks():
    pipeline = make_pipeline({"name": "One"}, {"name": "Two", "required": ["amount"]})
    deal = make_deal(pipeline=pipeline)
    second = pipeline.stages.in_order()[1]
    refused = Program(deal.owner).post(f"deals/{deal.public_id}/move", {"stage": second.public_id})
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "unready")


def found(program, criterion=None, **asked):
    parameters = asked | ({"filter": json.dumps(criterion)} if criterion else {})
    answer = program.get("deals", **parameters)
    assert answer.status_code == 200, answer.json()
    return [one["title"] for one in answer.json()["items"]]


def test_a_list_is_filtered_by_what_follows_from_a_deal():
    seller = make_user()
    program, firm = Program(seller), make_company(owner=seller, name="Hotel Ñandú", tags=["vip"])
    pipeline = make_pipeline({"name": "One", "probability": 10, "stale_after": 3},
                             {"name": "Two", "probability": 80})  # fmt: skip
    first, second = pipeline.stages.in_order()
    a = make_deal(owner=seller, title="a", amount=100, pipeline=pipeline, party=firm)
    b = make_deal(owner=seller, title="b", amount=100, stage=second)
    c = make_deal(owner=seller, title="c", pipeline=pipeline, reference="X-77")
    actions.win_deal(c, by=seller)
    actions.put_steps([(make_task(owner=seller), b.pk)], by=seller)
    Deal.objects.filter(pk=a.pk).update(stage_since="2026-01-01T00:00Z")
    sort = {"sort": "title"}
    assert found(program, {"field": "probability", "op": "gte", "value": 80}, **sort) == ["b", "c"]
    assert found(program, {"field": "weighted", "op": "lt", "value": 50}) == ["a"]
    assert found(program, {"field": "is_stale", "op": "is", "value": True}) == ["a"]
    assert found(program, {"field": "days_in_stage", "op": "gt", "value": 30}) == ["a"]
    assert found(program, {"field": "has_next_step", "op": "is", "value": True}) == ["b"]
    assert found(program, {"field": "stage", "op": "is", "value": first.public_id}, **sort) == [
        "a", "c",
    ]  # fmt: skip
    assert found(program, {"field": "party.tags", "op": "is", "value": "vip"}) == ["a"]
    assert found(program, {"field": "amount", "op": "empty"}) == ["c"]
    assert found(program, q="nandu") == ["a"]
    assert found(program, q="x-77") == ["c"]
    assert found(program, sort="-amount,title") == ["a", "b", "c"]


def test_the_list_costs_the_same_for_one_deal_as_for_many():
    seller = make_user()
    program, firm = Program(seller), make_company(owner=seller)
    make_deal(owner=seller, party=firm)
    program.get("deals")
    one = query_cost(program.get, "deals")
    for _n in range(5):
        make_deal(owner=seller, party=firm, rivals=[{"name": "x"}])
    assert query_cost(program.get, "deals") == one


def test_the_name_of_a_party_that_one_does_not_see_is_neither_told_nor_found():
    seller, other = make_user(team=make_team()), make_user(team=make_team())
    hidden = make_company(owner=other, name="Secreta")
    deal = make_deal(owner=seller, party=hidden, title="visto")
    program = Program(seller)
    said = program.get(f"deals/{deal.public_id}").json()
    assert (said["party"], said["party_name"]) == (None, None)
    assert found(program, q="secreta") == []
    assert found(program, {"field": "party.name", "op": "contains", "value": "secreta"}) == []


def test_what_a_role_does_not_see_is_neither_told_nor_asked_nor_written():
    deal = make_deal(amount=100)
    Role.objects.filter(pk="seller").update(hidden={"deals": ["amount"]})
    program = Program(deal.owner)
    said = program.get(f"deals/{deal.public_id}").json()
    assert not {"amount", "weighted"} & set(said)
    refused = program.get("deals", filter='{"field":"weighted","op":"gt","value":1}')
    assert refused.status_code == 400
    assert program.patch(f"deals/{deal.public_id}", {"amount": 5}).status_code == 422


def test_an_administrator_adds_and_changes_pipelines():
    admin, seller = Program(make_user("admin")), Program(make_user())
    said = {"name": "Exportación", "stages": [{"name": "Uno", "probability": 5}, {"name": "Dos"}]}
    assert seller.post("pipelines", said).status_code == 403
    made = admin.post("pipelines", said)
    assert made.status_code == 201, made.json()
    path = f"pipelines/{made.json()['id']}"
    uno, dos = made.json()["stages"]
    changed = admin.patch(path, {"stages": [
        {"id": dos["id"], "name": "Dos", "required": ["amount"], "stale_after": 5},
        {"id": uno["id"], "name": "Uno"}, {"name": "Tres"},
    ]}).json()  # fmt: skip
    assert [stage["name"] for stage in changed["stages"]] == ["Dos", "Uno", "Tres"]
    assert seller.get(path).json() == changed
    assert len(seller.get("pipelines").json()["items"]) == 2
    wrong = admin.patch(path, {"stages": [{"name": "x", "entry": {"field": "nada", "op": "is"}}]})
    assert wrong.status_code == 422
    assert seller.get("reasons").json()["count"] > 5


def test_pipelines_are_listed_at_the_same_cost_whatever_their_number():
    program = Program(make_user())
    program.get("pipelines")
    one = query_cost(program.get, "pipelines")
    for _n in range(4):
        make_pipeline()
    assert query_cost(program.get, "pipelines") == one
    stages = program.get("pipelines").json()["items"][-1]["stages"]
    assert [stage["name"] for stage in stages] == ["Contact", "Proposal", "Agreement"]


@pytest.mark.parametrize(
    "said",
    [{"name": ""}, {"name": " "}, {"name": None}, {"stages": [{"name": ""}]}, {"stages": [{}]},
     {"stages": None}, {"stages": [None]}, {"stages": [{"name": "x", "id": "nothing"}]},
     {"stages": [{"name": "x", "probability": None}]}, {"stages": [{"name": "x", "entry": []}]},
     {"stages": [{"name": "x", "required": [["amount"]]}]}, {"is_active": None},
     {"stages": [{"name": "x"}, {"name": "x"}]}, {"stages": [{"name": "x", "required": [1]}]}],
)  # fmt: skip
def test_a_pipeline_is_refused_with_the_reason_and_stays_as_it_was(said):
    program, pipeline = Program(make_user("admin")), make_pipeline()
    path = f"pipelines/{pipeline.public_id}"
    before = program.get(path).json()

    changed = program.patch(path, said)
    assert changed.status_code == 422, changed.json()
    assert program.get(path).json() == before
    made = program.post("pipelines", {"name": "Nueva", "stages": [{"name": "Uno"}]} | said)
    assert made.status_code == 422, made.json()


def test_people_come_back_as_they_were_told_and_nobody_is_lost():
    seller, other = make_user(team=make_team()), make_user(team=make_team())
    seen, hidden = make_contact(owner=seller), make_contact(owner=other)
    deal = make_deal(owner=seller)
    for party in (seen, hidden):
        DealPerson.objects.create(deal=deal, party=party)
    program, path = Program(seller), f"deals/{deal.public_id}"
    said = program.get(path).json()
    assert [one["party"] for one in said["people"]] == [seen.public_id]

    assert program.patch(path, {"people": said["people"]}).status_code == 200

    assert set(deal.people.values_list("party", flat=True)) == {seen.pk, hidden.pk}


def test_nobody_learns_by_guessing_with_whom_a_deal_is():
    seller, other = make_user(team=make_team()), make_user(team=make_team())
    linked, stranger = make_contact(owner=other), make_contact(owner=other)
    deal = make_deal(owner=seller, party=linked)
    program, path = Program(seller), f"deals/{deal.public_id}"

    answers = [program.patch(path, {"party": one.public_id}) for one in (linked, stranger)]

    assert [one.status_code for one in answers] == [422, 422]
    assert answers[0].json()["error"] == answers[1].json()["error"]
    assert program.patch(path, {"party": None}).status_code == 200
    deal.refresh_from_db()
    assert deal.party_id == linked.pk


@pytest.mark.parametrize("act", ["win", "lose"])
def test_a_note_that_is_too_long_is_refused_by_its_name(act):
    program = Program(make_user())
    deal = make_deal(owner=program.user)

    answer = program.post(f"deals/{deal.public_id}/{act}", {"note": "x" * 30_000})

    assert (answer.status_code, set(answer.json()["error"]["fields"])) == (422, {"note"})
