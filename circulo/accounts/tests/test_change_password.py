import pytest
from django.test import Client
from django.utils import timezone

from circulo.accounts.models import Attempt, Audit
from circulo.testing.make import make_user

pytestmark = pytest.mark.django_db
OLD, NEW = "caballo grapa ñandú", "  otra frase larga 🐎  "
URL = "/settings/security"


def change(client, old=OLD, new=NEW):
    return client.post(URL, {"old": old, "new": new, "again": new})


def test_a_new_password_ends_all_other_sessions_but_this_one():
    user = make_user(password=OLD)
    here, there = Client(), Client()
    here.force_login(user)
    there.force_login(user)

    assert change(here).status_code == 302

    assert here.get(URL).status_code == 200
    assert there.get(URL).status_code == 302
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert Audit.objects.filter(what="password_changed", by=user).exists()


def test_the_present_password_is_asked_for_and_cannot_be_guessed(client):
    user = make_user(password=OLD)
    client.force_login(user)
    assert change(client, old="wrong").status_code == 422
    Attempt.objects.update(count=50, last_at=timezone.now())
    assert change(client).status_code == 422
    user.refresh_from_db()
    assert user.check_password(OLD)


def test_a_bad_password_is_refused(client):
    user = make_user(password=OLD)
    client.force_login(user)
    assert change(client, new="short").status_code == 422
    answer = client.post(URL, {"old": OLD, "new": NEW, "again": "not the same"})
    assert answer.status_code == 422
