"""A checked formula as one SQL expression that never fails: what `evaluating.py` says in Python.

Everything in it is immutable, so that an index can hold it, as long as it does not ask for today,
which is put in as the day it is when the statement is written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from circulo.records.formulas.checking import check
from circulo.records.formulas.evaluating import DECIMALS
from circulo.records.formulas.tree import (
    Binary,
    Call,
    Holds,
    Name,
    Node,
    Number,
    Text,
    Truth,
    Unary,
)

_SCALE = 10**DECIMALS


@dataclass(frozen=True)
class Sql:
    """The fields of a formula as SQL (NULL where empty), what each holds, and the day of today."""

    fields: Mapping[str, str]
    holds: Mapping[str, Holds]
    today: date


def sql_of(node: Node, about: Sql) -> str:
    """The SQL of a formula, its numbers within bounds."""
    text = _Compilation(about).of(node)
    if check(node, about.holds) is not Holds.NUMBER:
        return text
    return f"circulo_bounded({text})"


def quoted(text: str) -> str:
    """A text as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'::text"


class _Compilation:
    """Writes each part as an expression in brackets."""

    def __init__(self, about: Sql) -> None:
        self.about = about

    def of(self, node: Node) -> str:
        if isinstance(node, Number):
            return f"{node.value:f}::numeric"
        if isinstance(node, Text):
            return quoted(node.value) if node.value else "NULL::text"
        if isinstance(node, Truth):
            return "true" if node.value else "false"
        if isinstance(node, Name):
            return self.about.fields[node.name]
        if isinstance(node, Call):
            return self.call(node)
        if isinstance(node, Unary):
            return self.unary(node)
        return self.binary(node)

    def holds(self, node: Node) -> Holds:
        return check(node, self.about.holds)

    def sure(self, node: Node) -> str:
        """A yes or no that is never unknown."""
        return f"COALESCE({self.of(node)}, false)"

    def unary(self, node: Unary) -> str:
        if node.sign == "not":
            return f"(NOT {self.sure(node.inner)})"
        return f"(- {self.of(node.inner)})"

    def binary(self, node: Binary) -> str:
        if node.sign in ("and", "or"):
            return f"({self.sure(node.left)} {node.sign.upper()} {self.sure(node.right)})"
        left, right = self.of(node.left), self.of(node.right)
        if node.sign in ("=", "!=", "<", "<=", ">", ">="):
            return f"COALESCE({left} {node.sign.replace('!=', '<>')} {right}, false)"
        if self.holds(node.left) is Holds.DATE:
            return self.from_a_date(node, left, right)
        if node.sign == "/":
            return f"(div({left} * {_SCALE}, NULLIF({right}, 0)) * {1 / _SCALE:.{DECIMALS}f})"
        return f"({left} {node.sign} {right})"

    def from_a_date(self, node: Binary, left: str, right: str) -> str:
        if self.holds(node.right) is Holds.DATE:
            return f"({left} - {right})::numeric"
        return f"circulo_day_moved({left}, {'- ' if node.sign == '-' else ''}{right})"

    def call(self, node: Call) -> str:
        if node.name == "today":
            return f"DATE '{self.about.today.isoformat()}'"
        if node.name == "if":
            holds, this, that = node.arguments
            return f"(CASE WHEN {self.sure(holds)} THEN {self.of(this)} ELSE {self.of(that)} END)"
        if node.name == "concat":
            parts = (f"COALESCE({self.worded(part)}, '')" for part in node.arguments)
            return f"NULLIF({' || '.join(parts)}, '')"
        return _FUNCTIONS[node.name](*map(self.of, node.arguments))

    def worded(self, node: Node) -> str:
        if self.holds(node) is Holds.NUMBER:
            return f"trim_scale({self.of(node)})::text"
        return self.of(node)


def _part(name: str) -> Callable[[str], str]:
    return lambda day: f"extract({name} FROM {day})"


_FUNCTIONS: dict[str, Callable[..., str]] = {
    "first": lambda *given: f"COALESCE({', '.join(given)})",
    "empty": lambda value: f"({value} IS NULL)",
    "min": lambda *given: f"LEAST({', '.join(given)})",
    "max": lambda *given: f"GREATEST({', '.join(given)})",
    "round": lambda number, decimals: f"round({number}, {decimals}::integer)",
    "abs": lambda number: f"abs({number})",
    "length": lambda text: f"COALESCE(length({text}), 0)::numeric",
    "left": lambda text, count: f"left({text}, {count}::integer)",
    "contains": lambda text, part: f"COALESCE(strpos({text}, {part}) > 0, false)",
    "year": _part("year"),
    "month": _part("month"),
    "day": _part("day"),
    "years": lambda since, until: f"circulo_years({since}, {until})",
}
