import pytest
from django.test import Client
from django.urls import reverse

from circulo.accounts.models import Audit, Session
from circulo.testing.make import make_user

pytestmark = pytest.mark.django_db


def test_after_logging_out_the_old_cookie_opens_nothing(client):
    client.force_login(make_user())
    old = client.cookies["circulo"].value

    answer = client.post(reverse("accounts:logout"))

    assert answer["Location"] == "/login"
    assert answer["Clear-Site-Data"] == '"cache"'
    again = Client()
    again.cookies["circulo"] = old
    assert again.get(reverse("accounts:profile")).status_code == 302
    assert not Session.objects.exists()
    assert Audit.objects.filter(what="logged_out").exists()


def test_opening_the_address_logs_nobody_out(client):
    client.force_login(make_user())
    assert client.get(reverse("accounts:logout")).status_code == 405
    assert client.get(reverse("accounts:profile")).status_code == 200


def test_a_stranger_may_log_out_too(client):
    assert client.post(reverse("accounts:logout")).status_code == 302
