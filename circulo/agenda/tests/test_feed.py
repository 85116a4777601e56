"""The agenda for other calendars: a secret address with the rights of its owner."""

import icalendar
import pytest

from circulo.agenda import actions
from circulo.testing.cost import query_cost
from circulo.testing.make import make_appointment, make_contact, make_task, make_team, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller():
    return make_user(team=make_team(), language="en")


def read(client, secret, **headers):
    return client.get(f"/calendar/feed/{secret}.ics", headers=headers or None)


def titles(answer):
    calendar = icalendar.Calendar.from_ical(answer.content)
    return {str(one["SUMMARY"]) for one in calendar.walk() if one.name in ("VEVENT", "VTODO")}


def test_it_shows_what_one_owns_or_takes_part_in_and_nothing_else(client, seller):
    mate = make_user(team=seller.team)
    make_task(owner=seller, title="Mine", due_on="2027-01-10", party=make_contact(owner=seller))
    make_appointment(owner=seller, title="Private", is_private=True, repeat="FREQ=WEEKLY")
    make_appointment(owner=mate, title="With me", participants=[seller.opaque])
    make_appointment(owner=mate, title="Without me")
    make_task(owner=seller, title="Without a date")

    answer = read(client, actions.make_feed(by=seller))

    assert answer.headers["Content-Type"].startswith("text/calendar")
    assert titles(answer) == {"Mine", "Private", "With me"}


def test_whoever_has_it_already_is_told_so(client, seller):
    secret = actions.make_feed(by=seller)
    make_task(owner=seller, due_on="2027-01-10")
    etag = read(client, secret).headers["ETag"]

    assert read(client, secret, **{"If-None-Match": etag}).status_code == 304
    make_task(owner=seller, due_on="2027-01-11")
    assert read(client, secret, **{"If-None-Match": etag}).status_code == 200


def test_ended_made_anew_or_of_somebody_who_left_it_opens_nothing(client, seller):
    first = actions.make_feed(by=seller)
    second = actions.make_feed(by=seller)
    assert [read(client, one).status_code for one in (first, second, "x")] == [404, 200, 404]

    seller.is_active = False
    seller.save()
    assert read(client, second).status_code == 404


def test_the_secret_is_shown_once_and_kept_as_a_digest(client, seller):
    client.force_login(seller)

    page = client.post("/settings/calendar").content.decode()
    assert "/calendar/feed/" in page
    assert "/calendar/feed/" not in client.get("/settings/calendar").content.decode()
    client.post("/settings/calendar", {"end": "1"})
    assert not hasattr(type(seller).objects.get(pk=seller.pk), "calendar_feed")


def test_it_costs_the_same_for_one_as_for_many(client, seller):
    secret = actions.make_feed(by=seller)

    def more():
        make_appointment(owner=seller, reminders=[10], participants=[make_user().opaque])

    more()
    read(client, secret)
    cost = query_cost(read, client, secret)
    for _ in range(4):
        more()
    assert query_cost(read, client, secret) == cost


def test_one_appointment_goes_along_as_a_file_for_whoever_sees_it(client, seller):
    client.force_login(seller)
    mine = make_appointment(owner=seller, title="Cata")
    theirs = make_appointment(owner=make_user(team=make_team()))

    answer = client.get(f"/appointments/{mine.public_id}.ics")
    assert titles(answer) == {"Cata"} and "attachment" in answer.headers["Content-Disposition"]
    assert client.get(f"/appointments/{theirs.public_id}.ics").status_code == 404
