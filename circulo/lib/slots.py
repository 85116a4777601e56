"""Statements that are compiled once: slots stand in a queryset for the values of each run.

The ORM takes longer to write a statement than PostgreSQL to answer it. A queryset is made with
slots where values will go; Django compiles it as it would any other, and wherever a slot comes out
among its parameters, in whatever form, the value of a run is put in that form.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time
from enum import Enum
from itertools import count
from typing import Any

import psycopg.sql
from django.db.models import Value
from psycopg.types.json import Jsonb

MOST_SLOTS = 10_000
ONE, MANY = 7_340_012_345_678_910_000, 7_340_012_345_678_990_000
_TOKEN = re.compile("stand-in-for-slot-([0-9]+)-end")

Fill = Callable[[Sequence[Any]], Any]
Form = Callable[[Any], Any]


class Unkept(Exception):
    """A statement that cannot be kept: it is compiled for each run."""


@dataclass(frozen=True, eq=False)
class Slot:
    """What stands for the value of this number: for a text, a number, a moment, or several keys.

    To Django it is a value that was prepared already; as an integer and as a text it is one that
    is recognised among the parameters.
    """

    number: int

    def resolve_expression(self, *_arguments: Any, **_options: Any) -> Slot:
        return self

    def __iter__(self) -> Iterator[Members]:
        yield Members(self)

    def __int__(self) -> int:
        return ONE + self.number

    def __str__(self) -> str:
        return f"stand-in-for-slot-{self.number}-end"


@dataclass(frozen=True)
class Members:
    """The members of a list that a slot stands for, in `IN (…)`."""

    slot: Slot

    def __int__(self) -> int:
        return MANY + self.slot.number


@dataclass(frozen=True)
class Keys:
    """Keys that a slot stands for, written as one array."""

    slot: Slot


class Given(Value):
    """A slot as an expression, where a lookup compares with one."""

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        return "%s", (self.value,)


@dataclass(frozen=True)
class Template:
    """A compiled statement: how each of its parameters follows from the values of a run.

    `sql` has its placeholders as Django writes them, `numbered` as the server does.
    """

    sql: str
    numbered: str
    fills: tuple[Fill, ...]
    slots: frozenset[int]

    def filled(self, values: Sequence[Any]) -> list[Any]:
        return [fill(values) for fill in self.fills]


def template(sql: str, parameters: Sequence[Any]) -> Template:
    """What was compiled with slots as a template; Unkept where a moment is written into it.

    What never changes becomes part of the statement: the server plans with it.
    """
    parts = re.split("(%s|%%)", sql)
    fills: list[Fill] = []
    slots: set[int] = set()
    rest = iter(parameters)
    for n in range(1, len(parts), 2):
        if parts[n] != "%s":
            continue
        parameter = next(rest)
        found = _found(parameter.value if isinstance(parameter, Enum) else parameter)
        if isinstance(found, str):
            parts[n] = found
            continue
        if isinstance(found, _Held):
            slots.add(found.number)
            if found.is_members:
                parts[n - 1], parts[n + 1] = _any_of(parts[n - 1], parts[n + 1])
        fills.append(found)
    text = "".join(parts)
    return Template(text, numbered(text), tuple(fills), frozenset(slots))


def numbered(sql: str) -> str:
    """A statement with the server's own placeholders."""
    numbers = count(1)
    return re.sub("%[s%]", lambda m: f"${next(numbers)}" if m[0] == "%s" else "%", sql)


def array(keys: Sequence[int]) -> str:
    """Keys as PostgreSQL writes an array: as one text, which the driver need not go through."""
    return f"{{{','.join(map(str, keys))}}}"


@dataclass(frozen=True)
class _Held:
    """The value of a slot in the form that a parameter has."""

    number: int
    form: Form | None = None
    is_members: bool = False

    def __call__(self, values: Sequence[Any]) -> Any:
        value = values[self.number]
        return value if self.form is None else self.form(value)


@dataclass(frozen=True)
class _Constant:
    """What only the driver can write."""

    value: Any

    def __call__(self, _values: Sequence[Any]) -> Any:
        return self.value


def _found(parameter: Any) -> _Held | _Constant | str:
    """What a parameter is: the value of a slot, a constant, or text of the statement itself."""
    if isinstance(parameter, Slot):
        return _Held(parameter.number)
    if isinstance(parameter, Members | Keys):
        is_members = isinstance(parameter, Members)
        return _Held(parameter.slot.number, None if is_members else array, is_members)
    if isinstance(parameter, Jsonb) and isinstance(parameter.obj, Slot):
        return _Held(parameter.obj.number, Jsonb)
    if isinstance(parameter, str) and (token := _TOKEN.search(parameter)):
        before, after = parameter[: token.start()], parameter[token.end() :]
        return _Held(int(token[1]), _pattern(before, after))
    if isinstance(parameter, int) and parameter >= ONE:  # psycopg has integers of its own
        is_members = parameter >= MANY
        return _Held(parameter - (MANY if is_members else ONE), None, is_members)
    if isinstance(parameter, date | time):
        raise Unkept("What depends on the clock is compiled for each run.")
    if type(parameter) in (str, int, bool):
        return psycopg.sql.Literal(parameter).as_string().replace("%", "%%")
    return _Constant(parameter)


def _any_of(before: str, after: str) -> tuple[str, str]:
    """`IN (…)` around the members of a list, which may be any number, as a comparison with one."""
    if not before.endswith(" IN (") or not after.startswith(")"):
        raise Unkept("A list stands where a statement has no place for any number of values.")
    return f"{before.removesuffix(' IN (')} = ANY(", after


def _pattern(before: str, after: str) -> Form | None:
    """A text as it is, or within a pattern, where its own signs mean themselves."""
    if before.strip("%") or after.strip("%"):
        raise Unkept("A text was made of what is not known before.")
    if not before and not after:
        return None
    return lambda value: f"{before}{_as_it_stands(str(value))}{after}"


def _as_it_stands(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
