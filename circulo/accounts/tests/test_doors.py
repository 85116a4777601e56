import pytest
from django.urls import reverse

from circulo.accounts import urls
from circulo.accounts.models import Audit
from circulo.accounts.rights import RoleName
from circulo.lib import ids
from circulo.testing.make import make_team, make_user

pytestmark = pytest.mark.django_db
OWN = ("settings", "profile", "security", "tokens")
HOUSE = ("firm", "users", "teams", "roles", "log")
KEYS = {
    "open_link": ["x"],
    "enter_demo": ["x"],
    "end_session": ["x"],
    "revoke_token": ["x"],
    "role": ["seller"],
    "open_notification": ["x"],
    "mute": ["x"],
    "unmute": ["x"],
    "remove_device": ["x"],
}
STRANGERS = {"login", "logout", "ask_for_reset", "set_password", "open_link", "enter_demo"}
HOUSE_TOO = {"user", "send_link", "invite_user", "team", "remove_team", "role"}


def every_address():
    user, team = make_user(), make_team()
    keys = KEYS | {
        "user": [user.opaque],
        "send_link": [user.opaque],
        "team": [ids.encode("team", team.pk)],
        "remove_team": [ids.encode("team", team.pk)],
    }
    for pattern in urls.urlpatterns:
        name = str(pattern.name)
        yield name, reverse(f"accounts:{name}", args=keys.get(name, []))


@pytest.mark.parametrize("role", [role for role in RoleName if role != RoleName.ADMIN])
def test_only_administrators_see_and_change_the_house(client, role):
    client.force_login(make_user(role))
    for name, url in every_address():
        if name == "log" and role == RoleName.AUDITOR:
            assert client.get(url).status_code == 200
        elif name in HOUSE or name in HOUSE_TOO:
            assert {client.get(url).status_code, client.post(url).status_code} <= {403, 405}, url
        elif name in OWN:
            assert client.get(url).status_code == 200, url
    assert Audit.objects.filter(what="denied").count() >= len(HOUSE) - 1


def test_strangers_are_sent_to_the_login(client):
    for name, url in every_address():
        if name not in STRANGERS:
            answers = [client.get(url), client.post(url)]
            for answer in answers:
                assert answer.status_code in {302, 405}, url
                assert answer.get("Location", "/login").startswith("/login"), url


def test_administrators_see_everything(client):
    client.force_login(make_user("admin"))
    for name in OWN + HOUSE:
        assert client.get(reverse(f"accounts:{name}")).status_code == 200, name


def test_no_page_changes_anything_by_being_opened(client):
    client.force_login(make_user("admin"))
    changing = {"logout", "preferences", "end_session", "end_other_sessions", "revoke_token"}
    for name, url in every_address():
        if name in changing | {"invite_user", "send_link"}:
            assert client.get(url).status_code == 405, name


def test_a_foreign_key_in_the_address_is_not_there(client):
    client.force_login(make_user("admin"))
    for url in ("/settings/users/zzzzzzzzzz", "/settings/teams/1", "/settings/users/1"):
        assert client.get(url).status_code == 404
