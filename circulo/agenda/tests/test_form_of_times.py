"""What the forms say of days and times that cannot be."""

import pytest
from django.urls import reverse

from circulo.agenda.models import Entry
from circulo.agenda.times import lasts
from circulo.testing.make import make_appointment, make_user

pytestmark = pytest.mark.django_db
SAID = {"title": "Cata", "kind": "meeting", "day": "2027-03-01", "time": "10:00",
        "end_time": "11:00", "priority": "normal"}  # fmt: skip


@pytest.fixture
def seller(client):
    seller = make_user("admin", language="en", time_zone="Europe/Madrid")
    client.force_login(seller)
    return seller


def planned(client, seller, **said):
    return client.post("/appointments/new", {**SAID, "owner": seller.opaque, **said})


def test_what_ends_before_it_begins_is_no_night_of_23_hours(client, seller):
    refused = planned(client, seller, end_time="09:00")

    assert refused.status_code == 422
    assert "give the last day if it goes on past midnight" in refused.content.decode()
    assert planned(client, seller, time="22:00", end_time="02:00").status_code == 302
    assert planned(client, seller, end_time="09:00", end_day="2027-03-02").status_code == 302
    lengths = [lasts(one) for one in Entry.objects.order_by("pk")]
    assert [one.total_seconds() / 3600 for one in lengths] == [4, 23]


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ({"repeat": "FREQ=DAILY", "until": "2027-02-01"}, "The last day is before the first."),
        (
            {"day": "2027-03-28", "time": "02:30", "end_time": "05:00"},
            "On that day the clock jumps from 2:00 to 3:00: there is no 2:30.",
        ),
        ({"day": "9999-12-31"}, "Choose a day between the years 1900 and 2199."),
    ],
)
def test_a_time_that_cannot_be_is_refused_with_its_reason(client, seller, said, text):
    refused = planned(client, seller, **said)

    assert refused.status_code == 422
    assert text in refused.content.decode()


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "nonsense", ""])
def test_who_is_free_is_told_of_any_day(client, seller, day):
    assert client.get("/appointments/free", {"day": day}).status_code == 200


@pytest.mark.parametrize("name", ["tasks", "appointments"])
def test_a_search_takes_what_no_database_does(client, seller, name):
    assert client.get(f"/{name}", {"q": "a\0b"}).status_code == 200


def test_what_is_done_to_one_of_a_series_is_taken_back(client, seller):
    entry = make_appointment(owner=seller, starts_at="2027-05-03T08:00:00Z", repeat="FREQ=WEEKLY")
    one = {"instance": "2027-05-10T10:00:00"}

    for name, said in (("move", {"day": "2027-05-11", "time": "12:00"}), ("cancel_one", {})):
        path = reverse(f"agenda:{name}", args=[entry.public_id])
        answer = client.post(path, {**one, **said}, follow=True)
        entry.refresh_from_db()
        assert entry.less_dates == [one["instance"]]

        client.post(answer.context["shell"].toasts[0]["undo"])

        entry.refresh_from_db()
        assert entry.less_dates == []
        assert not entry.instances.exists()
