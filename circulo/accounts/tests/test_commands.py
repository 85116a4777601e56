import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from circulo.accounts import actions
from circulo.accounts.models import ApiToken, User
from circulo.testing.make import make_team, make_user

pytestmark = pytest.mark.django_db


def told(*words):
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def test_a_user_is_added_with_a_link_to_choose_a_password(client):
    team = make_team("Norte")
    said = json.loads(
        told("user", "add", "Ana@Example.com", "--role", "seller", "--team", "Norte", "--json")
    )
    user = User.objects.get(email="ana@example.com")
    assert (user.role_id, user.team) == ("seller", team)
    assert not user.has_usable_password()
    path = said["set_password_url"].removeprefix("http://127.0.0.1:8000")
    assert client.get(path).status_code == 302


@pytest.mark.parametrize(
    "words",
    [
        ["not-an-address", "--role", "seller"],
        ["ana@example.com", "--role", "boss"],
        ["ana@example.com", "--role", "seller", "--team", "Nowhere"],
        ["taken@example.com", "--role", "seller"],
    ],
)
def test_a_user_that_cannot_be_is_refused(words):
    actions.add_user("taken@example.com", role="agent")
    with pytest.raises(CommandError):
        told("user", "add", *words)
    assert User.objects.count() == 1


def test_a_token_is_made_with_its_scope():
    user = make_user()
    token = json.loads(told("token", user.email, "--scope", "read", "--json"))["token"]
    kept = ApiToken.objects.get(hash=actions.hash_of(token))
    assert (kept.user, kept.may_write) == (user, False)
    told("token", user.email)
    assert ApiToken.objects.filter(may_write=True).count() == 1
    for bad in ("", "all", "read;write"):
        with pytest.raises(CommandError):
            told("token", user.email, "--scope", bad)
    with pytest.raises(CommandError):
        told("token", "nobody@example.com")


def test_the_first_run_makes_an_administrator_without_a_password():
    said = told("first_run")
    administrator = User.objects.get()
    assert administrator.is_admin and not administrator.has_usable_password()
    assert "http://127.0.0.1:8000/password/" in said
    told("first_run")
    assert User.objects.count() == 1
    administrator.last_login = timezone.now()
    administrator.save()
    assert "/password/" not in told("first_run")


def test_the_first_run_shows_the_way_into_the_demo():
    make_user("manager", is_demo=True)
    assert "http://127.0.0.1:8000/demo/" in told("first_run")
