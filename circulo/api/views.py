"""The documentation of the API, for people who are logged in."""

import re
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from circulo.api.openapi import document
from circulo.records.rest.answers import answer

TONES = {"get": "line", "post": "accent", "patch": "spark", "delete": "bad"}


@require_GET
@login_required
def openapi(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document."""
    return answer(document())


@require_GET
@login_required
def docs(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document as a page to read."""
    said = document()
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, methods in said["paths"].items():
        for method, operation in methods.items():
            groups.setdefault(operation["tags"][0], []).append(
                {"method": method.upper(), "tone": TONES[method], "path": path, **operation}
                | _shapes(operation)
            )
    shapes = said["components"]["schemas"]
    return render(request, "api/docs.html", {"info": said["info"], "groups": groups,
                                             "server": said["servers"][0]["url"],
                                             "shapes": _tables(shapes)})  # fmt: skip


def _shapes(operation: dict[str, Any]) -> dict[str, Any]:
    taken = _schema(operation.get("requestBody", {}))
    given = next((_schema(r) for s, r in operation["responses"].items() if s < "300"), {})
    names = [p["name"] for p in operation["parameters"] if p["in"] == "query"]
    return {
        "names": " ".join(names),
        "takes": _name(taken),
        "gives": _name(given.get("properties", {}).get("items", given)),
    }


def _schema(part: dict[str, Any]) -> dict[str, Any]:
    content: dict[str, Any] = next(iter(part.get("content", {}).values()), {})
    schema: dict[str, Any] = content.get("schema", {})
    return schema


def _name(schema: dict[str, Any]) -> str:
    """The component that a schema is, or is a list of."""
    found = re.search(r"#/components/schemas/(\w+)", str(schema))
    return found[1] if found else ""


def _tables(shapes: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Each shape as rows of name, type and notes."""
    return {
        name: [
            {
                "name": field,
                "type": _type(schema),
                "is_required": field in shape.get("required", ()),
                "link": _name(schema),
                "notes": _notes(schema),
            }
            for field, schema in shape.get("properties", {}).items()
        ]
        for name, shape in shapes.items()
        if shape.get("properties")
    }


def _type(schema: dict[str, Any]) -> str:
    kind = schema.get("type", "")
    if isinstance(kind, list):
        return " | ".join(kind)
    return f"[{_name(schema) or schema['items'].get('type', '')}]" if kind == "array" else str(kind)


def _notes(schema: dict[str, Any]) -> str:
    notes = [schema.get("description", ""), schema.get("format", "")]
    notes.append(", ".join(str(value) for value in schema.get("enum", []) if value))
    if "maxLength" in schema:
        notes.append(f"≤ {schema['maxLength']}")
    return " · ".join(filter(None, notes))
