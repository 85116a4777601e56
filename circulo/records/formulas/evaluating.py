"""What a formula gives for one record: what `sql.py` says in SQL, said in Python.

Nothing is None. What is asked of nothing is nothing; a comparison with nothing does not hold;
`concat` leaves it out. A division ends after ten decimals, and a division by zero is nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import MAX_EMAX, MIN_EMIN, ROUND_HALF_UP, Decimal, localcontext
from typing import Any

from circulo.records.formulas.tree import Binary, Call, Name, Node, Number, Text, Truth, Unary

DECIMALS, LARGEST = 10, Decimal(10) ** 18
FIRST_YEAR, LAST_YEAR, FARTHEST = 1000, 9999, 4_000_000
_DIGITS = 12_000
Value = Decimal | str | date | bool | None


def evaluate(node: Node, values: Mapping[str, Value], today: date) -> Value:
    """The value of a checked formula over the values of its fields."""
    with localcontext() as context:
        context.prec, context.Emax, context.Emin = _DIGITS, MAX_EMAX, MIN_EMIN
        value = _Evaluation(values, today).of(node)
        return _settled(value) if isinstance(value, Decimal) else value


def _settled(number: Decimal) -> Decimal | None:
    return _rounded(number, DECIMALS) if abs(number) < LARGEST else None


def _rounded(number: Decimal, decimals: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


class _Evaluation:
    """One record and one day."""

    def __init__(self, values: Mapping[str, Value], today: date) -> None:
        self.values, self.today = values, today

    def of(self, node: Node) -> Any:
        if isinstance(node, Number | Truth):
            return node.value
        if isinstance(node, Text):
            return node.value or None
        if isinstance(node, Name):
            return self.values.get(node.name)
        if isinstance(node, Call):
            return self.call(node)
        if isinstance(node, Unary):
            inner = self.of(node.inner)
            return not inner if node.sign == "not" else None if inner is None else -inner
        return self.binary(node)

    def binary(self, node: Binary) -> Any:
        left, right = self.of(node.left), self.of(node.right)
        if node.sign in ("and", "or"):
            return bool(left and right) if node.sign == "and" else bool(left or right)
        if node.sign in _COMPARISONS:
            both = left is not None and right is not None
            return both and _COMPARISONS[node.sign](left, right)
        if left is None or right is None:
            return None
        return _calculated(node.sign, left, right)

    def call(self, node: Call) -> Any:
        if node.name == "today":
            return self.today
        given = [self.of(argument) for argument in node.arguments]
        return _FUNCTIONS[node.name](*given)


_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: bool(a == b), "!=": lambda a, b: bool(a != b),
    "<": lambda a, b: bool(a < b), "<=": lambda a, b: bool(a <= b),
    ">": lambda a, b: bool(a > b), ">=": lambda a, b: bool(a >= b),
}  # fmt: skip


def _calculated(sign: str, left: Any, right: Any) -> Any:
    if isinstance(left, date):
        if isinstance(right, date):
            return Decimal((left - right).days)
        return _moved(left, right if sign == "+" else -right)
    if sign == "/":
        return (left.scaleb(DECIMALS) // right).scaleb(-DECIMALS) if right else None
    return left + right if sign == "+" else left - right if sign == "-" else left * right


def _moved(day: date, days: Decimal) -> date | None:
    """A date so many whole days later, where the calendar of the house goes so far."""
    if abs(days) > FARTHEST:
        return None
    try:
        moved = day + timedelta(days=int(days))
    except OverflowError:
        return None
    return moved if FIRST_YEAR <= moved.year <= LAST_YEAR else None


def _concat(*given: Any) -> str | None:
    return "".join(map(_worded, given)) or None


def _worded(value: Any) -> str:
    """A number in a text stands without the zeros at its end."""
    if not isinstance(value, Decimal):
        return str(value) if value is not None else ""
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def _years(since: date | None, until: date | None) -> Decimal | None:
    if since is None or until is None:
        return None
    is_before = (until.month, until.day) < (since.month, since.day)
    return Decimal(until.year - since.year - is_before)


def _round(number: Decimal | None, decimals: Decimal) -> Decimal | None:
    return None if number is None else _rounded(number, int(decimals))


def _extreme(choose: Callable[[list[Any]], Any]) -> Callable[..., Any]:
    def of(*given: Any) -> Any:
        there = [value for value in given if value is not None]
        return choose(there) if there else None

    return of


def _part(name: str) -> Callable[[date | None], Decimal | None]:
    return lambda day: None if day is None else Decimal(getattr(day, name))


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "if": lambda holds, this, that: this if holds else that,
    "first": lambda *given: next((value for value in given if value is not None), None),
    "empty": lambda value: value is None,
    "min": _extreme(min),
    "max": _extreme(max),
    "round": _round,
    "abs": lambda number: None if number is None else abs(number),
    "concat": _concat,
    "length": lambda text: Decimal(len(text or "")),
    "left": lambda text, count: None if text is None else text[: int(count)],
    "contains": lambda text, part: text is not None and part is not None and part in text,
    "year": _part("year"),
    "month": _part("month"),
    "day": _part("day"),
    "years": _years,
}
