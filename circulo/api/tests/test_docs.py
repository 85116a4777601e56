import pytest

from circulo.api.tests.calls import Program
from circulo.testing.make import make_user

pytestmark = pytest.mark.django_db


def test_a_token_reads_the_document_in_which_every_operation_has_a_name():
    document = Program(make_user()).get("openapi.json").json()

    named = [one["operationId"] for path in document["paths"].values() for one in path.values()]
    assert len(named) == len(set(named))
    for resource in ("contacts", "companies", "relationships", "interactions", "users", "teams"):
        assert f"/{resource}" in document["paths"]
