"""A colleague who is named where something is noted is told, if they may see it."""

from typing import Any

import pytest
from django.utils import translation

from circulo.accounts.models import Notification
from circulo.agenda import actions as agenda
from circulo.agenda import plans
from circulo.testing.cost import query_cost
from circulo.testing.make import make_contact, make_interaction, make_task, make_team, make_user
from circulo.timeline.models import Interaction

pytestmark = pytest.mark.django_db


@pytest.fixture
def eva():
    return make_user(name="Eva Ríos", language="en", team=make_team("Norte"))


@pytest.fixture
def nerea(eva):
    return make_user(name="Nerea Gil", language="en", team=eva.team)


@pytest.fixture
def stranger():
    return make_user(name="Pablo Rey", team=make_team("Sur"))


@pytest.fixture
def contact(eva):
    return make_contact(owner=eva, given_name="Begoña", first_surname="Núñez")


def log(client, contact, text, **more):
    where = f"/timeline/{contact.public_id}/log"
    return client.post(where, {"kind": "note", "text": text, **more}, follow=True)


def told():
    with translation.override("en"):
        return [(one.to, one.text) for one in Notification.objects.order_by("pk")]


def test_who_is_named_is_told_and_led_to_the_place(client, eva, nerea, contact):
    client.force_login(eva)

    page = log(client, contact, "@nerea call <i>her</i>").content.decode()

    assert '<b class="mention">@nerea</b> call &lt;i&gt;her&lt;/i&gt;' in page
    assert told() == [(nerea, "Eva Ríos mentioned you: Begoña Núñez")]
    client.force_login(nerea)
    where = f"/notifications/{Notification.objects.get().public_id}/open"
    place = client.post(where, follow=True).content.decode()
    assert '<b class="mention">@nerea</b>' in place and "&lt;i&gt;her" in place
    assert Notification.objects.get().read_at


def test_whoever_may_not_see_it_is_told_nothing_and_the_writer_is(client, eva, stranger, contact):
    client.force_login(eva)

    page = log(client, contact, "Ask @Pablo Rey").content.decode()

    assert told() == []
    assert "Pablo Rey may not see this record and was not told." in page
    (kept,) = Interaction.objects.get().data["mentions"]
    assert (kept["written"], kept["told"]) == ("@Pablo Rey", False)


def test_a_private_note_tells_nobody(client, eva, nerea, contact):
    client.force_login(eva)

    page = log(client, contact, "@Nerea Gil", is_private="on").content.decode()

    assert told() == [] and "This is only for you: Nerea Gil was not told." in page


def test_nobody_is_told_of_naming_themselves_and_an_unclear_name_is_asked_for(client, eva, contact):
    client.force_login(eva)
    make_user(name="Ana López"), make_user(name="Ana Ruiz")

    page = log(client, contact, "@eva @ana").content.decode()

    assert told() == [] and "“@ana” could be several people" in page


def test_what_a_program_says_of_mentions_is_not_believed(eva, nerea, contact):
    said = {"mentions": [{"written": "x", "id": nerea.opaque, "name": "y", "told": True}], "a": 1}

    row = make_interaction(party=contact, by=eva, body="Hello", data=said)

    assert row.data == {"a": 1} and told() == []


def test_odd_data_that_was_loaded_break_no_page(client, eva, contact):
    row = make_interaction(party=contact, by=eva, body="@x")
    many: list[Any] = [[], {"mentions": 1}, {"mentions": [1, {"written": 2}, None]}]
    for odd in many:
        Interaction.objects.filter(pk=row.pk).update(data=odd)
        client.force_login(eva)
        for url in (contact.get_absolute_url(), row.get_absolute_url()):
            assert client.get(url).status_code == 200


def test_a_long_text_is_folded_with_its_names(client, eva, nerea, contact):
    make_interaction(party=contact, by=eva, body=f"@Nerea Gil {'palabra ' * 80}@Nerea Gil")
    client.force_login(eva)

    page = client.get(contact.get_absolute_url()).content.decode()

    assert page.count('<b class="mention">@Nerea Gil</b>') == 2


def test_reading_a_history_with_mentions_asks_nothing_more(client, eva, nerea, contact):
    client.force_login(eva)
    make_interaction(party=contact, by=eva, body="Nothing")
    url = f"/timeline/{contact.public_id}"
    client.get(url)
    cost = query_cost(client.get, url)
    make_interaction(party=contact, by=eva, body="@Nerea Gil")
    assert query_cost(client.get, url) == cost


def test_the_notes_of_a_task_name_people_too_and_tell_each_once(eva, nerea, stranger, client):
    client.force_login(eva)
    task = make_task(owner=eva, title="Call", notes="With @Nerea Gil and @Pablo Rey")

    assert told() == [(nerea, "Eva Ríos mentioned you: Call")]
    plan = plans.read(
        {"notes": "With @Nerea Gil, please"}, is_appointment=False, by=eva, entry=task
    )
    agenda.change_entry(task, plan, by=eva)
    assert len(told()) == 1
    page = client.get(task.get_absolute_url()).content.decode()
    assert '<b class="mention">@Nerea Gil</b>' in page


def test_the_writer_of_a_task_learns_who_does_not_see_it(eva, stranger, client):
    client.force_login(eva)
    said = {"title": "Call", "kind": "todo", "notes": "@Pablo Rey", "owner": eva.opaque,
            "priority": "normal"}  # fmt: skip

    page = client.post("/tasks/new", said, follow=True).content.decode()

    assert "Pablo Rey may not see this record and was not told." in page and told() == []


def test_a_mention_of_what_one_may_not_see_any_more_says_nothing_of_it(client, eva, nerea, contact):
    make_interaction(party=contact, by=eva, body="@Nerea Gil secreto")
    contact.owner = make_user(team=make_team("Sur"))
    contact.save(update_fields=["owner"])
    client.force_login(nerea)

    page = client.get("/notifications").content.decode()

    assert "Of something that you may not see any more" in page and "Begoña" not in page
    assert client.get(Notification.objects.get().url).status_code == 404
