"""The address of an act, opened in a browser: no blank page, and a way to the record."""

import pytest

from circulo.testing.make import make_deal, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def test_the_address_of_an_act_says_what_it_is_and_leads_one_level_up(client):
    seller = make_user(language="en")
    client.force_login(seller)
    record = make_deal(owner=seller).get_absolute_url()

    for act in ("lines", "people"):
        answer = client.get(f"{record}/{act}")
        page = answer.content.decode()
        assert (answer.status_code, answer["Allow"]) == (405, "POST")
        assert "This address only takes what a form sends." in page
        assert f'href="{record}"' in page

    assert 'href="/forecast"' in client.get("/forecast/adjust").content.decode()
