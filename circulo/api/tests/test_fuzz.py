"""Whatever a program sends, the API answers as its document says, and never with 500."""

from itertools import islice
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks

from circulo.api.tests.calls import Program
from circulo.lib import ids
from circulo.parties import actions
from circulo.testing.make import (
    make_appointment,
    make_company,
    make_contact,
    make_deal,
    make_interaction,
    make_task,
    make_user,
)

EXAMPLES = 12
PARTS = 4  # of one long test, for processes that share the work
NAMES = ["not_a_server_error", "status_code_conformance", "content_type_conformance",
         "response_schema_conformance", "response_headers_conformance"]  # fmt: skip
load_all_checks()
CHECKED = [CHECKS.get_one(name) for name in NAMES]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("part", range(PARTS))
def test_every_operation_answers_as_documented(settings: Any, tmp_path: Path, part: int):
    settings.HOME = tmp_path
    admin = Program(make_user("admin"))
    known = _records(admin)
    schema = schemathesis.openapi.from_wsgi(
        "/api/v1/openapi.json", get_wsgi_application(), headers=_headers(admin)
    )

    broken = []
    found: Any
    for found in islice(schema.get_all_operations(), part, None, PARTS):
        operation = found.ok()
        for mode in GenerationMode:
            try:
                _hold(operation, mode, known.get(operation.path.split("/")[1], ""), admin)
            except BaseExceptionGroup as failures:
                broken += [f"{operation.label}: {each}" for each in failures.exceptions]

    assert not broken, "\n\n".join(broken)


def _hold(operation: Any, mode: GenerationMode, real_id: str, admin: Program) -> None:
    """Call one operation with generated words, half of the time about a record that is there."""

    @settings(max_examples=EXAMPLES, database=None, derandomize=True,
              phases=[Phase.generate], suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode), is_real=st.booleans())
    def hold(case: Any, is_real: bool) -> None:
        if is_real and "id" in (case.path_parameters or {}):
            case.path_parameters["id"] = real_id
        case.call_and_validate(checks=CHECKED, headers=_headers(admin))

    hold()


def _headers(admin: Program) -> dict[str, str]:
    return {"Authorization": f"Bearer {admin.token}"}


def _records(admin: Program) -> dict[str, str]:
    """One record of each resource that is really there."""
    company = make_company(owner=admin.user)
    person = make_contact(owner=admin.user, company=company)
    told = make_interaction(party=person, by=admin.user)
    tie = actions.relate(person, "household", make_contact(owner=admin.user), by=admin.user)
    deal = make_deal(owner=admin.user, party=company)
    return {
        "contacts": person.public_id,
        "companies": company.public_id,
        "interactions": told.public_id,
        "relationships": ids.encode("relationship", tie.pk),
        "tasks": make_task(owner=admin.user).public_id,
        "appointments": make_appointment(owner=admin.user).public_id,
        "deals": deal.public_id,
        "pipelines": deal.pipeline.public_id,
        "users": "me",
        "teams": "none",
    }
