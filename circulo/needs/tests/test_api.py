"""Needs over the API."""

import pytest

from circulo.api.tests.calls import Program
from circulo.needs.api import preferences
from circulo.needs.models import Preference, Topic
from circulo.testing.cost import query_cost
from circulo.testing.make import (
    make_contact,
    make_interview,
    make_preference,
    make_team,
    make_topic,
    make_user,
)

pytestmark = pytest.mark.django_db


def test_a_preference_is_noted_read_weighed_and_withdrawn():
    seller = make_user()
    program, ana, wine = Program(seller), make_contact(owner=seller), make_topic()

    made = program.post("preferences", {"party": ana.public_id, "topic": wine.key, "value": "red",
                                        "strength": 2, "source": "observed"})  # fmt: skip
    assert made.status_code == 201, made.json()
    said = made.json()
    assert (said["value"], said["certainty"], said["by"]) == ("red", 1.0, seller.opaque)

    path = f"preferences/{said['id']}"
    assert program.patch(path, {"rank": 1}).json()["rank"] == 1
    assert program.patch(path, {"value": "white"}).status_code == 422
    assert program.post(f"{path}/withdraw").json()["ended_at"]
    assert program.post(f"{path}/withdraw").status_code == 409
    assert program.post(f"{path}/restore").json()["ended_at"] is None
    assert program.get(f"contacts/{ana.public_id}/overview").json()["needs"]["known"]


def test_free_words_need_a_kind():
    seller = make_user()
    program, ana = Program(seller), make_contact(owner=seller)
    said = {"party": ana.public_id, "text": "Sin gluten"}
    assert program.post("preferences", said).json()["error"]["fields"].keys() == {"kind"}
    assert program.post("preferences", said | {"kind": "need"}).status_code == 201
    wrong = program.post("preferences", {"party": ana.public_id, "topic": "nowhere"})
    assert wrong.json()["error"]["fields"].keys() == {"topic"}


def test_what_is_known_of_a_colleague_s_contact_is_not_there():
    other = make_user(team=make_team())
    noted = make_preference(party=make_contact(owner=other), by=other)
    program = Program(make_user(team=make_team()))
    assert program.get("preferences").json()["items"] == []
    assert program.get(f"preferences/{noted.public_id}").status_code == 404
    assert program.post(f"preferences/{noted.public_id}/withdraw").status_code == 404
    said = {"party": noted.party.public_id, "text": "x", "kind": "like"}
    assert program.post("preferences", said).status_code == 422
    assert Preference.objects.count() == 1


def test_administrators_add_topics_and_interviews_and_others_read_them():
    admin, seller = Program(make_user("admin")), Program(make_user())
    topic = {"label_es": "¿Bebe vino?", "label_en": "Do you drink wine?", "short_es": "Bebe vino",
             "short_en": "Drinks wine", "kind": "fact", "answer": "yes_no"}  # fmt: skip
    assert seller.post("topics", topic).status_code == 403
    made = admin.post("topics", topic).json()
    assert made["key"] == "drinks-wine"
    wine = make_topic()
    interview = {"name_es": "Visita", "name_en": "Visit", "questions": [
        {"topic": made["key"]},
        {"topic": wine.key, "if_topic": made["key"], "if_test": "is", "if_value": "yes"},
    ]}  # fmt: skip
    added = admin.post("interviews", interview)
    assert added.status_code == 201, added.json()
    path = f"interviews/{added.json()['id']}"
    assert len(seller.get(path).json()["questions"]) == 2
    changed = admin.patch(path, {"questions": [{"topic": wine.key}]}).json()
    assert (changed["version"], len(changed["questions"])) == (2, 1)
    assert admin.post(f"{path}/retire").json()["retired_at"]
    assert admin.patch(f"topics/{made['id']}", {"weight": 9}).json()["weight"] == 9
    assert admin.patch(f"topics/{made['id']}", {"weight": 99}).status_code == 422
    assert Topic.objects.get(key="drinks-wine").weight == 9


def test_a_program_holds_an_interview():
    seller = make_user()
    program, ana = Program(seller), make_contact(owner=seller)
    drinks, wine = make_topic("yes_no"), make_topic()
    interview = make_interview(drinks, wine)

    begun = program.post(f"interviews/{interview.public_id}/begin", {"party": ana.public_id})
    assert begun.status_code == 201, begun.json()
    path = f"sittings/{begun.json()['id']}"
    assert begun.json()["next"]["key"] == drinks.key
    early = program.post(f"{path}/answer", {"topic": wine.key, "value": "red"})
    assert early.json()["error"]["fields"].keys() == {"topic"}
    assert (
        program.post(f"{path}/answer", {"topic": drinks.key, "value": True}).json()["number"] == 2
    )
    wrong = program.post(f"{path}/answer", {"topic": wine.key, "value": "blue"})
    assert wrong.json()["error"]["fields"].keys() == {"value"}
    assert program.post(f"{path}/skip", {"topic": wine.key}).json()["next"] is None
    assert program.post(f"{path}/end").json()["ended_at"]
    assert program.get(path).json()["next"] is None


@pytest.mark.parametrize("name", ["preferences", "topics", "interviews"])
def test_the_lists_cost_the_same_for_one_as_for_many(name):
    program = Program(make_user("admin"))

    def more():
        make_preference(make_topic(), "red")
        make_interview()

    more()
    program.get(name)
    cost_of_one = query_cost(program.get, name)
    for _ in range(5):
        more()
    assert query_cost(program.get, name) == cost_of_one


def test_the_version_of_a_preference_is_what_is_kept_and_does_not_fade_with_it(monkeypatch):
    program = Program(make_user("admin"))
    path = f"preferences/{make_preference(by=program.user).public_id}"
    before = program.get(path)

    monkeypatch.setattr(preferences, "certainty", lambda *_: 0.3)
    after = program.get(path)

    assert (before.json()["certainty"], after.json()["certainty"]) == (1.0, 0.3)
    assert after.headers["ETag"] == before.headers["ETag"]
    weighed = program.patch(path, {"rank": 1}, If_Match=before.headers["ETag"])
    assert weighed.status_code == 200 and weighed.headers["ETag"] != before.headers["ETag"]
