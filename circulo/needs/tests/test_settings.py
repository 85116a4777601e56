"""Administrators decide what is asked."""

import pytest
from django.urls import reverse

from circulo.lib.errors import Invalid
from circulo.needs import actions
from circulo.needs.actions.interviews import questions_asked
from circulo.needs.models import Interview, Preference, Topic
from circulo.testing.cost import query_cost
from circulo.testing.make import make_interview, make_preference, make_topic, make_user

pytestmark = pytest.mark.django_db
TOPIC = {
    "label_es": "¿Qué queso prefiere?", "label_en": "Which cheese do you prefer?",
    "short_es": "Queso", "short_en": "Cheese", "sort": "preference", "answer": "choice",
    "choices": "Curado | Cured\nFresco | Fresh", "is_for_contacts": "on", "weight": "4",
    "half_life_days": "300", "rest_days": "30",
}  # fmt: skip


def test_a_topic_is_added_and_changed_on_screen(client):
    client.force_login(make_user("admin"))

    assert client.post(reverse("needs:topics"), TOPIC).status_code == 302
    cheese = Topic.objects.get()
    assert (cheese.key, [one["key"] for one in cheese.choices]) == ("cheese", ["cured", "fresh"])
    answered = make_preference(cheese, "curado")

    changed = TOPIC | {
        "short_es": "Quesos",
        "choices": "Curado | Aged\nFresco | Fresh\nAzul | Blue",
    }
    url = reverse("needs:topic", args=[cheese.public_id])
    assert client.post(url, changed).status_code == 302

    cheese.refresh_from_db()
    assert [one["key"] for one in cheese.choices] == ["cured", "fresh", "blue"]
    answered.refresh_from_db()
    assert answered.wording == "Quesos: Curado · Cheese: Aged"
    refused = client.post(url, TOPIC | {"choices": "Fresco | Fresh\nAzul | Blue"})
    assert refused.status_code == 422
    assert Preference.objects.get().picked == ["cured"]


def test_what_a_topic_lacks_is_said_at_its_field():
    with pytest.raises(Invalid) as refused:
        actions.add_topic({"short_en": "x", "answer": "choice", "is_for_contacts": False,
                           "is_for_companies": False, "weight": 11}, by=None)  # fmt: skip
    assert set(refused.value.fields) >= {"label_es", "sort", "choices", "weight", "is_for_contacts"}


def test_an_interview_is_put_together_on_screen(client):
    client.force_login(make_user("admin"))
    drinks, wine = make_topic("yes_no"), make_topic()
    said = {
        "name_es": "Visita", "name_en": "Visit", "order": "written", "is_for_contacts": "on",
        "topic_0": drinks.key, "topic_1": wine.key, "if_topic_1": drinks.key, "if_test_1": "is",
        "if_value_1": "Sí",
    }  # fmt: skip

    assert client.post(reverse("needs:interviews"), said).status_code == 302

    interview = Interview.objects.get()
    asked = questions_asked(interview)
    assert [(one.topic, one.if_topic, one.if_value) for one in asked] == [
        (drinks, None, ""), (wine, drinks, "yes"),
    ]  # fmt: skip
    url = reverse("needs:interview", args=[interview.public_id])
    assert 'value="Sí"' in client.get(url).text
    assert client.post(url, {"name_es": "Visita"}).status_code == 422
    client.post(reverse("needs:retire_interview", args=[interview.public_id]))
    interview.refresh_from_db()
    assert interview.retired_at and interview.version == 1


def test_what_is_retired_is_asked_no_more_and_again(client):
    client.force_login(make_user("admin"))
    topic = make_topic()
    client.post(reverse("needs:retire_topic", args=[topic.public_id]))
    assert not Topic.objects.in_use().exists()
    client.post(reverse("needs:restore_topic", args=[topic.public_id]))
    assert Topic.objects.in_use().get() == topic


def test_nobody_else_decides_what_is_asked(client):
    client.force_login(make_user("manager"))
    topic, interview = make_topic(), make_interview()
    for name, key in (("topic", topic.public_id), ("interview", interview.public_id)):
        assert client.get(reverse(f"needs:{name}s")).status_code == 403
        assert client.get(reverse(f"needs:{name}", args=[key])).status_code == 403
        assert client.post(reverse(f"needs:retire_{name}", args=[key])).status_code == 403


@pytest.mark.parametrize("name", ["needs:topics", "needs:interviews"])
def test_the_settings_cost_the_same_for_one_as_for_many(client, name):
    client.force_login(make_user("admin"))
    make_interview()
    client.get(reverse(name))
    cost_of_one = query_cost(client.get, reverse(name))
    for _ in range(4):
        make_interview()
    assert query_cost(client.get, reverse(name)) == cost_of_one
