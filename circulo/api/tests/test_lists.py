"""Every list, however its rows are looked for."""

import json
from unittest import mock

import pytest

from circulo.accounts.rights import RoleName
from circulo.api.tests.calls import Program
from circulo.records import paging, rows
from circulo.records.resources import resources
from circulo.records.rest.operations import operations
from circulo.testing.make import make_user

pytestmark = pytest.mark.django_db
LISTS = sorted(
    operation.path
    for operation in operations()
    if operation.method == "GET" and "filter" in operation.names and "/" not in operation.path
)


@pytest.mark.parametrize("path", LISTS)
def test_a_list_of_which_most_is_found_is_walked_through(path, monkeypatch):
    """Where a filter leaves most of a long list, the next rows stand in place of the table."""
    monkeypatch.setattr(paging, "few", lambda *_rows: paging.Gathered())
    monkeypatch.setattr(rows, "_templates", {})
    walked = mock.Mock(side_effect=paging._soon)
    monkeypatch.setattr(paging, "_soon", walked)
    program = Program(make_user(RoleName.ADMIN))
    field = next(name for name, one in resources()[path].fields.items() if one.sort_by)
    halves = [{"field": field, "op": "empty", "value": value} for value in (True, False)]

    answer = program.get(path, filter=json.dumps({"any": halves}))

    assert answer.status_code == 200, answer.content
    walked.assert_called_once()
