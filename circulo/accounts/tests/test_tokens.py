import re

import pytest
from django.urls import reverse

from circulo.accounts import actions
from circulo.accounts.models import ApiToken
from circulo.lib import ids
from circulo.testing.make import make_user

pytestmark = pytest.mark.django_db
PASSWORD = "caballo grapa ñandú"
URL = "/settings/tokens"
SAID = {"name": "Tienda", "may_write": "0", "password": PASSWORD}


def test_a_token_is_shown_once_and_kept_as_a_digest(client):
    user = make_user(password=PASSWORD)
    client.force_login(user)

    page = client.post(URL, SAID).content.decode()

    token = re.search(r"circulo_[\w-]{43}", page)
    assert token is not None
    kept = ApiToken.objects.get()
    assert (kept.user, kept.name, kept.may_write) == (user, "Tienda", False)
    assert kept.hash == actions.hash_of(token[0])
    assert token[0] not in client.get(URL).content.decode()


def test_without_the_password_there_is_no_token(client):
    client.force_login(make_user(password=PASSWORD))
    assert client.post(URL, SAID | {"password": "wrong"}).status_code == 422
    assert client.post(URL, SAID | {"password": ""}).status_code == 422
    assert client.post(URL, SAID | {"may_write": "all"}).status_code == 422
    assert not ApiToken.objects.exists()


def test_a_token_is_revoked_by_its_owner_only(client):
    user = make_user()
    actions.add_token(user, name="x")
    token = ApiToken.objects.get()
    url = reverse("accounts:revoke_token", args=[ids.encode("token", token.pk)])
    client.force_login(make_user("admin"))
    assert client.post(url).status_code == 404
    client.force_login(user)
    assert client.post(url).status_code == 302
    token.refresh_from_db()
    assert token.revoked_at is not None
