"""Where a person learns what to type into Thunderbird or a phone."""

import pytest

from circulo.testing.make import make_user

pytestmark = pytest.mark.django_db


def test_the_settings_say_the_address_the_name_and_where_tokens_are_made(client, settings):
    user = make_user(language="en")
    client.force_login(user)

    page = client.get("/settings/calendar").content.decode()

    assert f'data-copy="{settings.BASE_URL}/dav/"' in page
    assert user.email.partition("@")[0] in page and "/settings/tokens" in page
    assert "DAVx⁵" in page and "CardDAV" in page
