"""A booking page: it offers what is free, and gives an hour to one person only."""

import re
import threading
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from circulo.accounts.models import Notification
from circulo.agenda import actions
from circulo.agenda.models import BookingPage, Entry
from circulo.agenda.selectors.booking import free_slots, week_of
from circulo.lib.errors import RuleBroken
from circulo.parties.models import Party
from circulo.records.actions.own_fields import add_field
from circulo.testing.make import make_appointment, make_contact, make_user

pytestmark = pytest.mark.django_db
OFFER = {"title": "Tasting", "minutes": 30, "days_ahead": 10, "notice_hours": 1}
WHO = {"name": "Begoña Núñez", "email": "b@duero.example", "consent": "on", "note": "A question"}


@pytest.fixture
def offered():
    user = make_user(time_zone="Europe/Madrid", language="en")
    return actions.open_booking(user, OFFER)


def path(offered):
    return f"/b/{offered.token}"


def take(client, offered, start, **said):
    return client.post(path(offered), {"start": start.isoformat(), **WHO, **said}, follow=True)


def test_it_offers_working_hours_in_which_its_owner_is_free(client, offered):
    first, second = free_slots(offered)[:2]
    make_appointment(owner=offered.user, starts_at=first, ends_at=first + timedelta(minutes=10),
                     is_private=True, title="Doctor")  # fmt: skip

    slots = free_slots(offered)
    page = client.get(path(offered)).content.decode()

    assert first not in slots and second in slots
    local = [timezone.localtime(slot, timezone.get_default_timezone()) for slot in slots]
    assert all(9 <= one.hour < 18 and one.weekday() < 5 for one in local)
    assert "Doctor" not in page and quote(second.isoformat()) in page


def test_an_hour_is_taken_without_a_login_and_stands_in_the_calendar(client, offered):
    start = free_slots(offered)[3]
    assert "Your name" in client.get(path(offered), {"start": start.isoformat()}).content.decode()

    answer = take(client, offered, start)

    entry = Entry.objects.get()
    assert answer.status_code == 200 and "It is booked" in answer.content.decode()
    assert (entry.owner, entry.starts_at, entry.notes) == (offered.user, start, "A question")
    party = Party.objects.get()
    assert (entry.party, str(party), party.owner) == (party, "Begoña Núñez", offered.user)
    assert "Begoña" in Notification.objects.get(to=offered.user).text


def test_whoever_is_known_by_the_address_is_no_new_contact(client, offered):
    known = make_contact(emails=["b@duero.example"])

    take(client, offered, free_slots(offered)[0])

    assert Entry.objects.get().party == known and Party.objects.count() == 1


def test_an_hour_that_is_taken_is_refused_and_others_are_offered(client, offered):
    start = free_slots(offered)[0]
    take(client, offered, start)

    answer = take(client, offered, start, email="other@x.example")

    assert answer.status_code == 409 and "just been taken" in answer.content.decode()
    assert Entry.objects.count() == Party.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_who_press_at_once_one_gets_the_hour():
    offered = actions.open_booking(make_user(), OFFER)
    start, barrier, told = free_slots(offered)[0], threading.Barrier(5), []

    def press(number):
        barrier.wait()
        try:
            actions.book(offered, start=start, name="Ana", email=f"{number}@x.example")
            told.append("booked")
        except RuleBroken:
            told.append("refused")
        connection.close()

    threads = [threading.Thread(target=press, args=[number]) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(told) == ["booked", *["refused"] * 4] and Entry.objects.count() == 1


@pytest.mark.parametrize("said", [
    {"consent": ""}, {"email": "no"}, {"name": ""}, {"start": "never"}, {"name": "a\0b"},
    {"email": "ana@localhost"}, {"email": "ana@[127.0.0.1]"}, {"email": f"{'a' * 65}@x.example"},
    {"start": "0001-01-01T00:00:00+10:00"}, {"start": "9999-12-31T23:59:59+00:00", "name": ""},
])  # fmt: skip
def test_what_is_not_right_is_said_and_books_nothing(client, offered, said):
    start = free_slots(offered)[0]
    answer = client.post(path(offered), {"start": start.isoformat(), **WHO, **said})

    assert answer.status_code == 422 and not Entry.objects.exists()


def test_own_fields_that_contacts_must_have_stop_no_booking(client, offered):
    add_field("contacts", "text", {"label_es": "Zona", "is_required": True}, by=None)

    answer = take(client, offered, free_slots(offered)[0])

    assert answer.status_code == 200 and Entry.objects.get().party == Party.objects.get()


def test_addresses_of_one_network_count_together(client, offered):
    start = free_slots(offered)[0]
    codes = [
        client.post(path(offered), {"start": start.isoformat(), **WHO},
                    REMOTE_ADDR=f"2001:db8::{n:x}").status_code
        for n in range(1, 23)
    ]  # fmt: skip
    assert codes[-1] == 429


def test_a_network_that_books_without_an_end_is_slowed_down(client, offered):
    answers = [take(client, offered, start).status_code for start in free_slots(offered)[:22]]

    assert answers.count(200) == 20 and answers[-1] == 429


def test_a_page_that_is_closed_or_of_somebody_who_left_is_not_there(client, offered):
    assert client.get(path(offered)).status_code == 200
    actions.close_booking(offered.user)
    assert client.get(path(offered)).status_code == 404
    actions.open_booking(offered.user, OFFER)
    offered.user.is_active = False
    offered.user.save()
    assert client.get(path(offered)).status_code == 404


def test_its_owner_opens_and_closes_it_in_the_settings(client):
    user = make_user(language="en")
    client.force_login(user)
    first = {"day0_1_from": "10:00", "day0_1_until": "12:30"}
    said = OFFER | first | {"pause": 10, "day0_2_from": "16:15", "day0_2_until": "00:00"}

    client.post("/settings/booking", said)
    page = client.get("/settings/booking").content.decode()
    assert f"/b/{user.booking_page.token}" in page
    assert week_of(user.booking_page) == {0: [(600, 750), (975, 1440)]}
    assert (user.booking_page.pause, user.booking_page.most_a_day) == (10, None)
    assert (
        'name="day0_2_until" value="00:00"' in page and 'name="day0_1_until" value="12:30"' in page
    )
    assert Client().get(f"/b/{user.booking_page.token}").status_code == 200
    client.post("/settings/booking", {"close": "1"})
    assert Client().get(f"/b/{user.booking_page.token}").status_code == 404


@pytest.mark.parametrize(("said", "field", "why"), [
    ({"day0_1_until": "09:00"}, "day0_1_until", "It cannot end before it begins."),
    ({"day0_1_until": ""}, "day0_1_until", "Say from when and until when, or neither."),
    ({"day0_2_until": "19:00"}, "day0_2_from", "Say from when and until when, or neither."),
    ({"day0_2_from": "11:00", "day0_2_until": "19:00"}, "day0_2_from", "These hours overlap"),
    ({"day3_2_from": "11:00", "day3_2_until": "10:00"}, "day3_2_until", "It cannot end before"),
    ({"day0_1_from": "ten"}, "day0_1_from", "Write the time as 9:30."),
    ({"day0_1_from": "10:75"}, "day0_1_from", "Write the time as 9:30."),
    ({"day0_1_from": "", "day0_1_until": ""}, "day0_1_from", "Offer hours on one day at least."),
    ({"pause": "121"}, "pause", "120"),
    ({"most_a_day": "0"}, "most_a_day", "1"),
])  # fmt: skip
def test_hours_that_are_none_are_refused_where_they_stand(client, said, field, why):
    user = make_user(language="en")
    client.force_login(user)
    fit = {**OFFER, "pause": 0, "day0_1_from": "10:00", "day0_1_until": "12:00"}

    answer = client.post("/settings/booking", fit | said)

    assert answer.status_code == 422 and not BookingPage.objects.exists()
    page = answer.content.decode()
    told = re.findall(r'id="id_(\w+)_wrong">.*?<span>(.*?)</span>', page)
    assert [name for name, _text in told] == [field] and why in told[0][1]


def test_a_time_is_read_as_somebody_types_it_where_the_browser_knows_no_clock(client):
    user = make_user(language="en")
    client.force_login(user)
    said = {**OFFER, "pause": 0, "day6_2_from": "9.30", "day6_2_until": "24:00"}

    assert client.post("/settings/booking", said).status_code == 302
    assert week_of(user.booking_page) == {6: [(570, 1440)]}


def test_what_was_typed_is_kept_where_another_was_quicker(client, offered):
    first, second = free_slots(offered)[:2]
    take(client, offered, first)

    answer = take(client, offered, first, name="Carlos Ruiz", note="For six of us")

    page = answer.content.decode()
    assert 'value="Carlos Ruiz"' in page and "For six of us" in page
    assert f'<option value="{second.isoformat()}">' in page
    assert first.isoformat() not in page


def test_whoever_booked_is_told_the_day_and_takes_the_hour_into_their_calendar(client, offered):
    start = free_slots(offered)[0]
    page = take(client, offered, start).content.decode()

    entry = Entry.objects.get()
    said = f"{timezone.localtime(start):%A}, "
    assert f"It is booked: {said}" in page and "09:00–09:30. It is the hour of Madrid." in page
    assert f"Tasting, {said}" in Notification.objects.get(to=offered.user).text

    address = re.findall(r'href="(/b/[^"]+/ics)"', page)[0]
    file = client.get(address)
    assert file["Content-Type"].startswith("text/calendar")
    text = file.content.decode()
    assert "SUMMARY:Tasting" in text and f"UID:{entry.uid}" in text
    assert "A question" not in text and "Begoña" not in text


def test_whoever_booked_gives_the_hour_back_once(client, offered):
    start = free_slots(offered)[0]
    page = take(client, offered, start).content.decode()
    address = re.findall(r'action="(/b/[^"]+/booked/[^"]+)"', page)[0]

    answer = client.post(address, follow=True)

    assert "This appointment was cancelled" in answer.content.decode()
    assert Entry.objects.get().state == "dropped" and start in free_slots(offered)
    told = Notification.objects.filter(to=offered.user).latest("pk")
    assert told.kind == "agenda.given_back" and "Begoña Núñez no viene: Tasting" in told.text
    assert client.post(address).status_code == 409
    assert client.get(f"{address}x").status_code == 404


def test_an_appointment_opens_on_the_page_where_it_was_booked_alone(client, offered):
    taken = take(client, offered, free_slots(offered)[0])
    [(address, status)] = taken.redirect_chain
    assert status == 302 and client.get(address).status_code == 200

    other = actions.open_booking(make_user(role="admin"), OFFER)
    sealed = address.rsplit("/", 1)[1]
    assert client.get(f"{path(other)}/booked/{sealed}").status_code == 404
