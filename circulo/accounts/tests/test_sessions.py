from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from circulo.accounts.models import Session
from circulo.accounts.sessions import digest
from circulo.testing.make import make_user

pytestmark = pytest.mark.django_db
URL = "/settings/security"


def test_a_person_sees_their_own_browsers_and_ends_one():
    user = make_user()
    here, there = Client(), Client()
    here.force_login(user)
    there.force_login(user)
    other = Session.objects.exclude(pk__in=_own(here)).get()

    assert here.get(URL).content.decode().count("<li>") >= 2
    here.post(reverse("accounts:end_session", args=[other.pk]))

    assert here.get(URL).status_code == 200
    assert there.get(URL).status_code == 302


def test_nobody_ends_the_session_of_somebody_else(client):
    victim = Client()
    victim.force_login(make_user())
    kept = Session.objects.get()
    client.force_login(make_user("admin"))
    assert client.post(reverse("accounts:end_session", args=[kept.pk])).status_code == 404
    assert victim.get(URL).status_code == 200


def test_all_others_end_at_once():
    user = make_user()
    here, there = Client(), Client()
    here.force_login(user)
    there.force_login(user)
    here.post(reverse("accounts:end_other_sessions"))
    assert here.get(URL).status_code == 200
    assert there.get(URL).status_code == 302


def test_a_browser_is_called_by_its_name():
    agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"
    assert Session(agent=agent).browser == "Chrome, Linux"
    assert Session(agent="Mozilla/5.0 (Windows NT 10.0; rv:140.0) Firefox/140.0").browser == (
        "Firefox, Windows"
    )
    assert Session(agent="curl").browser


def test_a_used_session_lives_on_and_is_written_now_and_then_only(client):
    client.force_login(make_user())
    before = Session.objects.get()
    client.get(URL)
    assert Session.objects.get().last_seen_at == before.last_seen_at
    Session.objects.update(last_seen_at=timezone.now() - timedelta(hours=1))
    client.get(URL)
    assert Session.objects.get().last_seen_at > before.last_seen_at
    assert Session.objects.get().expire_date > before.expire_date


def _own(client):
    return [digest(client.session.session_key)]
