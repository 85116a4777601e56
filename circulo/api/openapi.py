"""The OpenAPI 3.1 document, made from the operations that the apps state."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpResponse

from circulo.records.rest import schemas
from circulo.records.rest.answers import PREFIX, answer
from circulo.records.rest.operations import JSON, Call, Operation, offer, operations

ERROR = schemas.component(
    "Error",
    schemas.record(
        {
            "error": schemas.record(
                {
                    "code": schemas.text(),
                    "message": schemas.text(description="For people, in the user's language"),
                    "fields": {"type": "object", "additionalProperties": {"type": "string"}},
                },
                required=["code", "message", "fields"],
                is_open=True,
            )
        },
        required=["error"],
    ),
)
REFUSALS = {
    400: "Not JSON, or a bad parameter",
    401: "No token, or one that does not hold",
    403: "The scope of the token, or a right of its user, does not reach so far",
    404: "Not there, or not for this user",
    405: "The address does not know this method",
    409: "A rule says no, or somebody saved a newer version",
    413: "Too large",
    414: "The address is too long",
    415: "Not sent as JSON",
    422: "Values that cannot be accepted, by field",
    429: "Too many calls: see Retry-After",
    503: "The database is away: see Retry-After",
}
OF_READING = (400, 401, 403, 404, 405, 414, 429, 503)
INTRODUCTION = """Everything that people do on the screens, other programs do here, with the \
rights of the token's user: what that user may not see is 404.

Send the token as `Authorization: Bearer …`. Lists page by `cursor`; `filter` takes a criterion of \
the criteria language as JSON. Single records carry an `ETag`: send it back as `If-Match`, and a \
stale write is refused with both values. With an `Idempotency-Key`, a call that is sent twice \
counts once."""


def show_document(_call: Call) -> HttpResponse:
    """This document."""
    return answer(document())


@cache
def document() -> dict[str, Any]:
    """The whole document."""
    paths: dict[str, dict[str, Any]] = {}
    for operation in sorted(operations(), key=_place):
        paths.setdefault(f"/{operation.path}", {})[operation.method.lower()] = _of(operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Círculo", "version": "1", "description": INTRODUCTION},
        "servers": [{"url": f"{settings.BASE_URL}{PREFIX.rstrip('/')}"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": dict(schemas.components()),
        },
    }


FIRST = ("contacts", "companies", "relationships", "interactions", "attachments", "imports")
METHODS = ("GET", "POST", "PATCH", "DELETE")


def _place(operation: Operation) -> tuple[object, ...]:
    """What one looks for first stands first."""
    name = operation.path.partition("/")[0]
    place = FIRST.index(name) if name in FIRST else len(FIRST) + operation.path.count(".")
    return place, name, operation.path, METHODS.index(operation.method)


def _of(operation: Operation) -> dict[str, Any]:
    said: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.about,
        "tags": [operation.path.partition("/")[0]],
        "parameters": _parameters(operation),
        "responses": _responses(operation),
    }
    if operation.more:
        said["description"] = operation.more
    if operation.takes is not None:
        content = {operation.takes_type: {"schema": operation.takes}}
        said["requestBody"] = {"required": operation.needs_body, "content": content}
    return said


def _parameters(operation: Operation) -> list[dict[str, Any]]:
    found = [
        {"name": name, "in": "path", "required": True, "schema": schemas.text()}
        for name in re.findall(r"\{(\w+)\}", operation.path)
    ]
    found += [
        {"name": p.name, "in": "query", "schema": p.schema, "description": p.description}
        for p in operation.parameters
    ]
    if operation.is_reading:
        return found
    header = {"in": "header", "schema": schemas.text(255)}
    found.append({"name": "Idempotency-Key", **header})
    if operation.method != "POST" or "{" in operation.path:
        found.append({"name": "If-Match", **header})
    return found


def _responses(operation: Operation) -> dict[str, Any]:
    good: dict[str, Any] = {"description": "Done"}
    if operation.gives is not None:
        good["content"] = {operation.gives_type: {"schema": operation.gives}}
    if operation.status != 204:
        good["headers"] = {"ETag": {"schema": schemas.text()}}
    refusals = OF_READING if operation.is_reading else REFUSALS
    content = {JSON: {"schema": ERROR}}
    return (
        {str(operation.status): good}
        | {
            str(status): {"description": REFUSALS[status], "content": content}
            for status in refusals
        }
        | ({"304": {"description": "Not changed since"}} if operation.is_reading else {})
    )


offer(Operation("GET", "openapi.json", show_document, "This document", gives=schemas.anything()))
