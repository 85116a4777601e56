import pytest

from circulo.api.tests.calls import Program
from circulo.testing.make import make_user

pytestmark = pytest.mark.django_db


def test_the_documentation_is_for_who_is_logged_in(client):
    for page in ("docs", "openapi.json"):
        assert client.get(f"/api/v1/{page}").status_code == 302

    client.force_login(make_user())
    page = client.get("/api/v1/docs").content.decode()

    assert "/contacts/{id}/overview" in page
    assert client.get("/api/v1/openapi.json").json()["openapi"] == "3.1.0"


def test_a_token_reads_the_document_in_which_every_operation_has_a_name():
    document = Program(make_user()).get("openapi.json").json()

    named = [one["operationId"] for path in document["paths"].values() for one in path.values()]
    assert len(named) == len(set(named))
    for resource in ("contacts", "companies", "relationships", "interactions", "users", "teams"):
        assert f"/{resource}" in document["paths"]
