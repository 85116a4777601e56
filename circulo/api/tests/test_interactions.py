import pytest

from circulo.api.tests.calls import Program
from circulo.testing.cost import query_cost
from circulo.testing.make import (
    make_contact,
    make_deal,
    make_interaction,
    make_team,
    make_user,
)
from circulo.timeline.models import Interaction

pytestmark = pytest.mark.django_db


def test_what_happened_is_recorded_in_the_name_of_the_user():
    agent = Program(make_user("agent"))
    person = make_contact(owner=agent.user)

    made = agent.post("interactions", {
        "kind": "call", "party": person.public_id, "direction": "in", "subject": "Pedido",
        "occurred_at": "2026-02-14T09:30:00+01:00", "data": {"minutes": 5},
    })  # fmt: skip

    assert made.status_code == 201, made.content
    said = made.json()
    assert (said["channel"], said["by_name"]) == ("phone", agent.user.name)
    assert said["occurred_at"] == "2026-02-14T08:30:00+00:00"
    assert agent.get(f"interactions/{said['id']}").json() == said
    assert agent.patch(f"interactions/{said['id']}", {"subject": "x"}).status_code == 405


def test_private_ones_are_their_authors_alone():
    team = make_team()
    ana, luis = Program(make_user(team=team)), Program(make_user(team=team))
    person = make_contact(owner=ana.user)
    note = make_interaction(party=person, by=ana.user, is_private=True)

    assert ana.get("interactions").json()["count"] == 1
    assert luis.get("interactions").json()["items"] == []
    assert luis.get(f"interactions/{note.public_id}").status_code == 404


def test_with_whom_one_does_not_see_nothing_is_recorded():
    seller = Program(make_user(team=make_team()))
    hidden = make_contact(owner=make_user(team=make_team()))

    refused = seller.post("interactions", {"kind": "note", "party": hidden.public_id})

    assert (refused.status_code, set(refused.json()["error"]["fields"])) == (422, {"party"})
    assert not Interaction.objects.exists()


WRONG = [
    {"kind": "dance"}, {"subject": "x" * 301}, {"occurred_at": "yesterday"},
    {"occurred_at": "9999-12-31T23:59:59-14:00"}, {"occurred_at": "0001-01-01T00:00:00+14:00"},
    {"data": {"a": "\0"}}, {"data": {"a": {"b": {"c": {"d": {"e": {"f": {"g": {"h": [1]}}}}}}}}},
    {"data": []}, {"is_private": 1}, {"by": "x"}, {"channel": "\0"}, {"direction": 7},
]  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_what_cannot_be_is_refused_by_field(wrong):
    agent = Program(make_user("agent"))
    person = make_contact(owner=agent.user)

    refused = agent.post("interactions", {"kind": "call", "party": person.public_id} | wrong)

    assert (refused.status_code, set(refused.json()["error"]["fields"])) == (422, set(wrong))


def test_the_list_costs_the_same_for_one_as_for_many():
    seller = Program(make_user())
    make_interaction(party=make_contact(owner=seller.user), by=seller.user)
    seller.get("interactions")
    cost_of_one = query_cost(seller.get, "interactions")
    for _ in range(5):
        make_interaction(party=make_contact(owner=seller.user), by=seller.user)

    assert query_cost(seller.get, "interactions") == cost_of_one


def test_an_interaction_is_about_a_record_that_its_author_sees():
    seller = Program(make_user(team=make_team()))
    person = make_contact(owner=seller.user)
    mine = make_deal(owner=seller.user, party=person)
    theirs = make_deal(owner=make_user(team=make_team()))
    said = {"kind": "note", "party": person.public_id, "by": seller.user.opaque}

    about = {"kind": "deal", "id": mine.public_id}
    made = seller.post("interactions", said | {"about": about})

    assert made.status_code == 201, made.content
    assert made.json()["about"] == about
    assert Interaction.objects.get(subject="").about_id == mine.pk
    elsewhere: list[object] = [
        {"kind": "deal", "id": theirs.public_id}, {"kind": "quote", "id": mine.public_id},
        {"kind": [], "id": {}}, {"kind": "deal"}, {"kind": "deal", "id": "x"}, "x", [],
    ]  # fmt: skip
    for wrong in elsewhere:
        refused = seller.post("interactions", said | {"about": wrong})
        assert (refused.status_code, set(refused.json()["error"]["fields"])) == (422, {"about"})


def test_nobody_records_in_the_name_of_another():
    seller = Program(make_user())
    said = {"kind": "note", "party": make_contact(owner=seller.user).public_id}

    others: list[object] = [make_user().opaque, [], {}]
    for other in others:
        refused = seller.post("interactions", said | {"by": other})
        assert (refused.status_code, set(refused.json()["error"]["fields"])) == (422, {"by"})
    assert not Interaction.objects.exists()


def test_with_whom_it_was_must_be_said():
    refused = Program(make_user()).post("interactions", {"kind": "call"})
    assert refused.status_code == 422
    assert refused.json()["error"]["fields"]["party"] == "Este dato hace falta."
