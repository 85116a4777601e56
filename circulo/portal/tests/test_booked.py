"""The page of an hour that was booked: moved, given back, with mails or without, within limits."""

from datetime import timedelta

import pytest
from django.utils import timezone

from circulo.accounts.actions import within
from circulo.accounts.models import Notification
from circulo.agenda import actions
from circulo.agenda.actions.booking import may_rebook
from circulo.agenda.models import Entry
from circulo.agenda.selectors.booking import free_slots
from circulo.channels.email.models import Mail
from circulo.portal import booking_limits
from circulo.portal.tests.booked import ADDRESS, post, take, taken

pytestmark = pytest.mark.django_db


def test_whoever_booked_moves_it_and_the_owner_is_told(client, box, offered):
    entry, path = taken(client, offered)
    old, new = free_slots(offered, moving=entry)[0], free_slots(offered, moving=entry)[2]
    page = client.get(path).content.decode()
    assert f'href="{path}/move"' in page
    assert entry.starts_at.isoformat() not in client.get(f"{path}/move").content.decode()
    asked = client.get(f"{path}/move", {"start": new.isoformat()}).content.decode()
    assert f'name="start" value="{new.isoformat()}"' in asked
    entry.refresh_from_db()
    assert entry.starts_at not in (old, new)  # asking moves nothing

    answer = client.post(f"{path}/move", {"start": new.isoformat()}, follow=True)

    before, entry = entry.starts_at, Entry.objects.get()
    assert answer.status_code == 200 and entry.starts_at == new
    assert before in free_slots(offered) and new not in free_slots(offered)
    told = Notification.objects.filter(to=offered.user).latest("pk")
    assert told.kind == "agenda.rebooked" and "Begoña Núñez" in told.text
    moved = post(box)[-1]
    assert moved.stands == ("REQUEST", entry.uid, 1) and moved.event.decoded("DTSTART") == new


def test_an_hour_that_is_taken_cannot_be_moved_to(client, box, offered):
    entry, path = taken(client, offered)
    other = free_slots(offered)[0]
    take(client, offered, other, email="other@x.example")

    answer = client.post(f"{path}/move", {"start": other.isoformat()})

    assert answer.status_code == 409 and "just been taken" in answer.content.decode()
    entry.refresh_from_db()
    assert entry.starts_at != other


def test_only_what_is_still_to_come_moves_and_only_on_a_page_that_is_open(client, offered):
    entry, path = taken(client, offered)
    new = free_slots(offered)[3].isoformat()
    actions.close_booking(offered.user)

    assert client.post(f"{path}/move", {"start": new}).status_code == 409
    page = client.get(path).content.decode()
    assert "It is booked" in page and "/move" not in page and "I cannot come" in page
    assert client.get(f"/b/{offered.token}").status_code == 404
    assert client.post(path, follow=True).status_code == 200
    entry.refresh_from_db()
    assert entry.state == "dropped" and not may_rebook(offered, entry)
    assert client.get(f"{path}x/move").status_code == 404


def test_what_the_owner_made_a_whole_day_is_shown_and_moved_by_the_owner_alone(client, offered):
    entry, path = taken(client, offered)
    day = timezone.localtime(entry.starts_at).date() + timedelta(days=2)
    actions.move_entry(entry, by=offered.user, start=day)

    page = client.get(path).content.decode()
    assert f"It is booked: {day:%A}, {day.day}" in page and "/move" not in page
    assert client.post(path, follow=True).status_code == 200


def test_without_a_mail_server_all_works_and_the_page_gives_the_appointment(
    client, settings, offered
):
    settings.EMAIL_HOST = ""
    _entry, path = taken(client, offered)

    page = client.get(path).content.decode()
    assert "keep its address" in page and ADDRESS not in page and f'href="{path}/ics"' in page
    assert client.get(f"{path}/ics").status_code == 200
    client.post(path)
    assert not Mail.objects.exists()


def test_with_one_the_page_says_where_the_mail_went(client, box, offered):
    _entry, path = taken(client, offered)
    assert f"We write to {ADDRESS}" in client.get(path).content.decode()


def test_an_address_that_strangers_type_again_and_again_is_not_written_to_any_more(
    client, box, offered, monkeypatch
):
    monkeypatch.setattr(booking_limits, "MOST_MAILS", 2)
    for start in free_slots(offered)[:3]:
        path = take(client, offered, start).redirect_chain[-1][0]

    assert len(post(box)) == 2 and Entry.objects.count() == 3
    assert ADDRESS not in client.get(path).content.decode()
    new = free_slots(offered)[0].isoformat()
    assert client.post(f"{path}/move", {"start": new}).status_code == 429
    client.post(path)
    assert post(box) == []


def test_moving_counts_among_what_comes_from_a_network(client, box, offered, monkeypatch):
    monkeypatch.setattr(booking_limits, "MOST_AN_HOUR", 2)
    entry, path = taken(client, offered)
    first, second = free_slots(offered, moving=entry)[:2]

    assert client.post(f"{path}/move", {"start": first.isoformat()}).status_code == 302
    assert client.post(f"{path}/move", {"start": second.isoformat()}).status_code == 429
    assert within("another", limit=1, window=timedelta(hours=1))
