"""The shapes of what the API takes and gives, as JSON Schema: for documentation and for tests.

What comes in is checked by the readers that forms and imports use too, never by these.
"""

from collections.abc import Iterable, Mapping
from typing import Any

Schema = dict[str, Any]
_components: dict[str, Schema] = {}


def component(name: str, schema: Schema) -> Schema:
    """Give a shape a name of its own in the document; returns the reference to it."""
    _components[name] = schema
    return {"$ref": f"#/components/schemas/{name}"}


def components() -> Mapping[str, Schema]:
    """Every named shape."""
    return _components


def shape_of(schema: Schema) -> Schema:
    """A shape itself, where it is spoken of by its name."""
    return _components[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema


def text(most: int | None = None, *, lines: bool = False, **more: Any) -> Schema:
    """A text of at most so many characters."""
    limits = {} if most is None else {"maxLength": most}
    return {"type": "string", **limits, **more}


def identifier(of: str, **more: Any) -> Schema:
    """The opaque id of a record."""
    return {"type": "string", "description": f"Id of a {of}", **more}


def moment(**more: Any) -> Schema:
    """A moment with its zone."""
    return {"type": "string", "format": "date-time", **more}


def day(**more: Any) -> Schema:
    """A day."""
    return {"type": "string", "format": "date", **more}


def flag(**more: Any) -> Schema:
    """Yes or no."""
    return {"type": "boolean", **more}


def whole(least: int | None = None, most: int | None = None, **more: Any) -> Schema:
    """A whole number."""
    limits = {"minimum": least, "maximum": most}
    return {"type": "integer", **{k: v for k, v in limits.items() if v is not None}, **more}


def choice(values: Iterable[str], **more: Any) -> Schema:
    """One of these words."""
    return {"type": "string", "enum": list(values), **more}


def nullable(schema: Schema) -> Schema:
    """This, or nothing."""
    if "$ref" in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    found = {**schema, "type": [schema["type"], "null"]}
    return {**found, "enum": [*schema["enum"], None]} if "enum" in schema else found


def list_of(schema: Schema, most: int | None = None) -> Schema:
    """A list."""
    return {"type": "array", "items": schema, **({} if most is None else {"maxItems": most})}


def record(
    properties: Mapping[str, Schema], *, required: Iterable[str] = (), is_open: bool = False
) -> Schema:
    """An object with these members; with others too only where it `is_open`."""
    shape: Schema = {"type": "object", "properties": dict(properties)}
    if required := list(required):
        shape["required"] = required
    return shape if is_open else shape | {"additionalProperties": False}


def anything() -> Schema:
    """An object that the house does not look into."""
    return {"type": "object"}


def page_of(schema: Schema) -> Schema:
    """One page of a list."""
    return record(
        {
            "items": list_of(schema),
            "next": nullable(text(description="Cursor of the next page")),
            "count": nullable(whole(0, description="How many there are in all pages")),
            "count_is_exact": flag(description="Large counts are estimates"),
        },
        required=["items", "next", "count"],
    )


MONEY = component(
    "Money",
    record(
        {"amount": text(40), "currency": text(3, pattern="^[A-Z]{3}$")},
        required=["amount", "currency"],
    ),
)
