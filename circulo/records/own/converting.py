"""Values of one kind as a field of another kind would hold them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from circulo.records.models import OwnField
from circulo.records.own import values

Kind = OwnField.Kind
_TEXTS = (Kind.TEXT, Kind.LONG_TEXT)
# As people write them in their cells, in either language.
_YES_NO = dict.fromkeys(("sí", "si", "s", "yes", "y", "verdadero", "x"), True) | dict.fromkeys(
    ("no", "n", "falso"), False
)


def converted(one: OwnField, value: Any) -> Any:
    """A value of another kind as this field would hold it; Invalid where it cannot."""
    return values.read(one, _nearer(one, value))


def _nearer(one: OwnField, value: Any) -> Any:
    """A value of another kind as one would write it for this one."""
    value = _single(one, value)
    if one.kind == Kind.YES_NO and isinstance(value, str):
        return _YES_NO.get(value.strip().casefold(), value)
    if one.kind in _TEXTS and not isinstance(value, str):
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


def _single(one: OwnField, value: Any) -> Any:
    """What has parts, an amount or several choices, as one for a field that has none."""
    if isinstance(value, Mapping) and "amount" in value and one.kind != Kind.MONEY:
        return value["amount"] if one.kind == Kind.NUMBER else " ".join(map(str, value.values()))
    if one.kind in _TEXTS and one.choices:
        value = _labels(one, value)
    if isinstance(value, list) and one.kind != Kind.CHOICES:
        return value[0] if len(value) == 1 and one.kind == Kind.CHOICE else ", ".join(value)
    return value


def _labels(one: OwnField, value: Any) -> Any:
    """What was chosen as people read it, where the field offered choices until now."""
    labels = {choice["key"]: choice["es"] for choice in one.choices}
    if isinstance(value, list):
        return [labels.get(each, each) for each in value]
    return labels.get(value, value) if isinstance(value, str) else value


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
