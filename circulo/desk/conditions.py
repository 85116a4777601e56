"""A condition read from what somebody chose in the filter panel, and what the panel offers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from circulo.lib import format as one
from circulo.lib.clock import time_of
from circulo.lib.errors import Invalid, Text
from circulo.records.conditions import CHANGED
from circulo.records.criteria_words import DAYS, operators_in_words
from circulo.records.resources import Field, Type
from circulo.records.trees import Condition, Group

_DOUBLES = {Type.CHOICE: {"is"}, Type.LINK: {"is"}, Type.LIST: {"contains"}}
WORDS: dict[tuple[str, bool], str | Promise] = {
    ("all", False): lazy("all of these"),
    ("any", False): lazy("any of these"),
    ("any", True): lazy("none of these"),
    ("all", True): lazy("not all of these"),
}


def offered(field: Field) -> dict[str, str | Promise]:
    """The operators that the panel offers for a field: each meaning once."""
    doubles = _DOUBLES.get(field.type, set())
    if field.choices and field.type is Type.LIST:
        doubles = {"is", "contains"}
    if field.below is None:
        doubles = {*doubles, "within"}
    known = operators_in_words(field)
    return {op: text for op, text in known.items() if op not in doubles}


def read(field: Field, said: QueryDict) -> Condition:
    """The condition that was chosen; Invalid where its value cannot be read."""
    op = said.get("op", "")
    is_negated = said.get("is_not") == "1"
    is_dated = field.when or op == CHANGED
    days = _days(said.get("lately", "")) if is_dated and said.get("lately") else None
    if op == CHANGED:
        return Condition(field.name, op, None, days, is_negated)
    if op in ("empty", "filled"):
        return Condition(field.name, "empty", op == "empty", days, is_negated)
    return Condition(field.name, op, _value(field, op, said), days, is_negated)


def _value(field: Field, op: str, said: QueryDict) -> Any:
    if op in DAYS:
        return _days(said.get("days", ""))
    if op == "during":
        return said.get("period", "")
    one_value = _READERS.get(field.type, _text)
    if op == "between":
        upper = said.get("upper", "")
        return [one_value(said.get("value", "")), one_value(_end_of(field, upper))]
    if op in ("in", "within"):
        many = said.getlist("values") or _split(said.get("value", ""), field)
        return [one_value(value) for value in many]
    value = said.get("value", "")
    return one_value(_end_of(field, value) if op in ("gt", "lte") else value)


def _days(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 5:
        raise Invalid({"days": _("Write a whole number of days.")})
    return int(text)


def _split(text: str, field: Field) -> list[str]:
    sign = ";" if field.type is Type.NUMBER else ","
    return [part.strip() for part in text.split(sign) if part.strip()]


def _text(text: str) -> str:
    if not text.strip():
        raise Invalid({"value": _("Say which.")})
    return text.strip()


def _number(text: str) -> str:
    try:
        number = one.parse_number(text)
    except Invalid as invalid:
        raise Invalid({"value": invalid.fields[""]}) from invalid
    return str(number) if number is not None else _text("")


def _day(text: str) -> str:
    try:
        return text if "T" in text else date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise Invalid({"value": _("Choose a day.")}) from error


def _time(text: str) -> str:
    clock = time_of(text)
    if clock is None:
        raise Invalid({"value": _("This is not a time of day: write it as 09:30.")})
    return f"{clock:%H:%M}"


def _end_of(field: Field, text: str) -> str:
    """The last moment of a day, for "until" and "after" of what has a time."""
    return f"{_day(text)}T23:59:59.999999" if field.type is Type.MOMENT else text


_READERS: dict[Type, Callable[[str], Any]] = {
    Type.NUMBER: _number,
    Type.DATE: _day,
    Type.MOMENT: _day,
    Type.TIME: _time,
    Type.YES_NO: lambda text: text == "true",
}


def groups_offered() -> Iterable[tuple[str, Text]]:
    """The kinds of group one can begin, by the name a form sends."""
    return ((f"{'not-' if turned else ''}{word}", text) for (word, turned), text in WORDS.items())


def group_named(name: str) -> Group:
    """An empty group of the kind a form names; KeyError where there is none."""
    word, turned = name.removeprefix("not-"), name.startswith("not-")
    if (word, turned) not in WORDS:
        raise KeyError(name)
    return Group(word, (), turned)
