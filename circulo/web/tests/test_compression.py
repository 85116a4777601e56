import gzip

import pytest

from circulo.testing.make import make_contact, make_user

pytestmark = pytest.mark.django_db
ASKED = {"Accept-Encoding": "gzip, br"}


def test_a_page_goes_out_compressed_where_the_browser_takes_that(client):
    client.force_login(make_user("admin"))
    make_contact(given_name="Ana", first_surname="Núñez")

    plain, packed = client.get("/contacts"), client.get("/contacts", headers=ASKED)

    assert "Content-Encoding" not in plain.headers and "Núñez" in plain.content.decode()
    assert packed.headers["Content-Encoding"] == "gzip"
    assert int(packed.headers["Content-Length"]) == len(packed.content) < len(plain.content) / 4
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert "Núñez" in gzip.decompress(packed.content).decode()


def test_what_is_no_page_goes_out_as_it_is(client):
    client.force_login(make_user("admin"))

    answer = client.get("/api/v1/openapi.json", headers=ASKED)

    assert "Content-Encoding" not in answer.headers
