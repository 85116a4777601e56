"""The bell: what one is told, once, in one's own words, and only what one wants to hear."""

import re

import pytest

from circulo.accounts import actions, selectors
from circulo.accounts.actions import Notice
from circulo.accounts.models import Notification
from circulo.testing.cost import query_cost
from circulo.testing.make import make_user

pytestmark = pytest.mark.django_db
KIND = "agenda.assigned"


def tell(*people, by=None, **more):
    words = {"who": "Eva", "title": "<b>Cata</b>"}
    return actions.notify([Notice(KIND, one.pk, words, **more) for one in people], by=by)


def test_everybody_reads_it_in_their_own_language_and_nothing_of_it_is_markup(client):
    for language, text in (("en", "Eva gave you"), ("es", "Eva le ha pasado")):
        user = make_user(language=language)
        tell(user)
        client.force_login(user)
        page = client.get("/notifications").content.decode()
        assert text in page and "&lt;b&gt;Cata" in page and "<b>Cata" not in page


def test_nobody_is_told_of_their_own_acts():
    user = make_user()

    assert tell(user, by=user) == 0


def test_the_same_thing_is_told_once():
    user = make_user()

    assert [tell(user, source_key="k") for _ in range(2)] == [1, 0]


def test_the_bell_counts_what_is_new_and_opening_one_reads_it(client):
    user = make_user(language="en")
    client.force_login(user)
    tell(user, url="/contacts")
    tell(user)
    assert '<b class="count">2</b>' in client.get("/").content.decode()

    one = Notification.objects.order_by("pk")[0]
    answer = client.post(f"/notifications/{one.public_id}/open")

    assert (answer.status_code, answer.url) == (302, "/contacts")
    assert '<b class="count">1</b>' in client.get("/notifications/bell").content.decode()
    client.post("/notifications/read")
    assert '<b class="count"></b>' in client.get("/").content.decode()


def test_another_persons_notification_is_not_there(client):
    other = make_user()
    tell(other)
    client.force_login(make_user())

    told = Notification.objects.get()
    assert client.post(f"/notifications/{told.public_id}/open").status_code == 404
    assert Notification.objects.unread().count() == 1


def test_who_wants_to_hear_nothing_of_a_kind_hears_nothing(client):
    user = make_user()
    client.force_login(user)
    client.post("/settings/notifications", {})

    assert tell(user) == 0

    client.post("/settings/notifications", {f"mailed-{KIND}": "on"})
    assert tell(user) == 1
    assert selectors.unread(user) == 0  # it comes by mail, and is not counted here


def test_a_link_never_leads_out_of_the_house(client):
    user = make_user()
    client.force_login(user)
    tell(user, url="https://evil.example/")

    told = Notification.objects.get()
    assert client.post(f"/notifications/{told.public_id}/open").url == "/"


def test_the_list_costs_the_same_for_one_as_for_many(client):
    user, other = make_user(), make_user()
    client.force_login(user)
    tell(user, by=other)
    client.get("/notifications")
    cost = query_cost(client.get, "/notifications")
    for _ in range(5):
        tell(user, by=make_user())
    assert query_cost(client.get, "/notifications") == cost


def test_choices_stand_together_by_what_they_are_about(client):
    client.force_login(make_user(language="en"))
    page = client.get("/settings/notifications").content.decode()

    themes = re.findall(r'scope="rowgroup"[^>]*><strong>([^<]+)<', page)
    assert themes == [
        "Tasks and appointments", "Contacts and companies", "Leads", "Deals", "Quotes",
        "What you began",
    ]  # fmt: skip
    quotes = page.split("<strong>Quotes<")[1].split("</tbody>")[0]
    assert "Quotes to approve" in quotes and "Imports" not in quotes
