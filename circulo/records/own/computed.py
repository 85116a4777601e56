"""The own fields of a record as a person may know them: with what is computed, without the rest."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from circulo.records.formulas import evaluate
from circulo.records.formulas.evaluating import Value
from circulo.records.models import OwnField
from circulo.records.own.definitions import Defined, defined
from circulo.records.own.sql import today

if TYPE_CHECKING:
    from circulo.accounts.models import User

Kind = OwnField.Kind


def known_to(user: User, resource: str, record: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a record's own fields, and its plain ones that no field is defined for.

    `record` has its columns, `custom` among them.
    """
    return teller(user, resource)(record)


def teller(user: User, resource: str) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """What tells of each of many records the same."""
    about = defined(resource)
    if not about.version:
        return itemgetter("custom")
    seen = about.visible_to(user, resource)
    unseen = about.retired | (about.fields.keys() - seen.keys())
    keys = about.computed.keys() & seen.keys()

    def tell(record: Mapping[str, Any]) -> dict[str, Any]:
        told = {key: value for key, value in record["custom"].items() if key not in unseen}
        return told | computed(about, record, keys) if keys else told

    return tell


def computed(about: Defined, record: Mapping[str, Any], keys: Any) -> dict[str, Any]:
    """What these fields compute for a record, as JSON holds it, without those that are empty."""
    if not keys:
        return {}
    values = values_of(about, record)
    found = {key: as_json(evaluate(about.nodes[key], values, today())) for key in keys}
    return {key: value for key, value in found.items() if value is not None}


def as_json(value: Value) -> Any:
    """A computed value as JSON holds it."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if isinstance(value, date) else value


def values_of(about: Defined, record: Mapping[str, Any]) -> dict[str, Value]:
    """What formulas read of a record."""
    columns = {name: _column(record[name]) for name in about.columns if name in record}
    custom = record["custom"]
    return columns | {key: of_stored(one, custom.get(key)) for key, one in about.stored.items()}


def _column(value: Any) -> Value:
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    return None if value == "" else value


def of_stored(field: OwnField, value: Any) -> Value:
    """A stored value as formulas read it; nothing where it is none that the field would store."""
    try:
        if value is None or isinstance(value, bool):
            return value if field.kind == Kind.YES_NO else None
        if field.kind == Kind.NUMBER:
            return Decimal(str(value)) if isinstance(value, int | float) else None
        if field.kind == Kind.MONEY:
            return Decimal(value["amount"]) if isinstance(value, dict) else None
        if field.kind == Kind.DATE:
            return date.fromisoformat(value) if len(value) == 10 else None
    except (ValueError, KeyError, TypeError, ArithmeticError):
        return None
    return value if isinstance(value, str) else json.dumps(value)
