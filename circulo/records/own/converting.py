"""Values of one kind as a field of another kind would hold them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from circulo.records.models import OwnField
from circulo.records.own import values

Kind = OwnField.Kind


def converted(one: OwnField, value: Any) -> Any:
    """A value of another kind as this field would hold it; Invalid where it cannot."""
    return values.read(one, _nearer(one, value))


def _nearer(one: OwnField, value: Any) -> Any:
    """A value of another kind as one would write it for this one."""
    if isinstance(value, Mapping) and "amount" in value and one.kind != Kind.MONEY:
        value = value["amount"] if one.kind == Kind.NUMBER else " ".join(map(str, value.values()))
    if isinstance(value, list) and one.kind != Kind.CHOICES:
        value = value[0] if len(value) == 1 and one.kind == Kind.CHOICE else ", ".join(value)
    if one.kind in (Kind.TEXT, Kind.LONG_TEXT) and not isinstance(value, str):
        return {True: "true", False: "false"}.get(value, str(value)) if (
            isinstance(value, bool)) else str(value)  # fmt: skip
    if one.kind == Kind.DATE and isinstance(value, str):
        return value[:10]
    if one.kind == Kind.TIME and isinstance(value, str):
        return _time_of(value)
    if one.kind == Kind.CHOICE and isinstance(value, str):
        return _choice_called(one, value)
    if one.kind == Kind.CHOICES and isinstance(value, str):
        return [_choice_called(one, part) for part in value.split(",") if part.strip()]
    return value


def _time_of(value: str) -> Any:
    """The time of day of a moment, or what was said."""
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return value
    return timezone.localtime(moment).time() if moment.tzinfo else value


def _choice_called(one: OwnField, value: str) -> str:
    """The key of the choice that goes by this label in either language, or what was said."""
    wanted = value.strip().casefold()
    for choice in one.choices:
        if wanted in (choice["es"].casefold(), choice.get("en", "").casefold(), choice["key"]):
            return str(choice["key"])
    return value
