"""Conditions in two parts: their shape, which a statement is kept by, and the values in them."""

from __future__ import annotations

import copy
from collections.abc import Callable, Hashable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import (
    DecimalField,
    Exists,
    Expression,
    F,
    Field,
    Func,
    Lookup,
    Model,
    Q,
    QuerySet,
    Value,
)
from django.db.models.sql import Query

from circulo.lib.slots import Given, Members, Slot, Unkept
from circulo.records.own.sql import Own

_KINDS = (str, int, Decimal, date, datetime)
Prepare = Callable[[Any], Any]


class AnyRow:
    """That any of some related rows fulfils a condition; it is put together only where the
    statement around it is.
    """

    conditional = True

    def __init__(self, name: str, rows: Callable[[], QuerySet[Any]], inner: Q) -> None:
        self.name, self.rows, self.inner = name, rows, inner

    def resolve_expression(self, *arguments: Any, **options: Any) -> Any:
        rows = self.rows()
        found = Exists(rows.filter(self.inner) if self.inner else rows)
        return found.resolve_expression(*arguments, **options)


def shape_of(condition: Q, values: list[Any]) -> Hashable:
    """The shape of a condition; its values, in their order, are added to `values`."""
    parts = (_shape(child, values) for child in condition.children)
    return (condition.connector, condition.negated, *parts)


def slotted(condition: Q, query: Query, slots: Iterator[Slot], prepares: dict[int, Prepare]) -> Q:
    """The same condition with slots for its values; `prepares` learns how each is prepared."""
    made = Q()
    made.connector, made.negated = condition.connector, condition.negated
    made.children = [_slotted(child, query, slots, prepares) for child in condition.children]
    return made


def _shape(child: Any, values: list[Any]) -> Hashable:
    if isinstance(child, Q):
        return shape_of(child, values)
    if isinstance(child, tuple):
        return child[0], _kind(child[1], values)
    if isinstance(child, AnyRow):
        return child.name, shape_of(child.inner, values)
    if isinstance(child, Lookup):
        return type(child), written_as(child.lhs), _kind(child.rhs, values)
    raise Unkept


def _kind(value: Any, values: list[Any]) -> Hashable:
    """What kind of value it is; what may not differ between runs is told itself."""
    if _stays(value):
        return repr(value)
    if isinstance(value, list):
        (kind, *others) = {*map(type, value)}
        if others or kind not in _KINDS:
            raise Unkept
        values.append(value)
        return list, kind
    if type(value) in _KINDS:
        values.append(value)
        return str(type(value))
    if _is_fraction(value):
        values.append(value.value)
        return "fraction"
    raise Unkept


def _stays(value: Any) -> bool:
    return value is None or isinstance(value, bool) or value in ([], ())


def _is_fraction(value: Any) -> bool:
    return type(value) is Value and type(value.value) is Decimal


def column_at(model: type[Model], path: str) -> Field[Any, Any]:
    """The column that a path leads to."""
    found: Any = None
    for step in path.split("__"):
        about = model._meta if found is None else found.related_model._meta
        found = about.pk if step == "pk" else about.get_field(step)
    column: Field[Any, Any] = _of(found)
    return column


def written_as(expression: Any) -> Hashable:
    """An expression of which two that say the same are equal."""
    if isinstance(expression, F):
        name: str = expression.name  # type: ignore[attr-defined]  # which the stubs leave out
        return name
    if isinstance(expression, Own):
        return expression.template, expression.path, expression.kind
    if type(expression) is Value:
        return repr(expression.value)
    if isinstance(expression, Func):
        return type(expression), *map(written_as, expression.get_source_expressions())
    raise Unkept


def _slotted(child: Any, query: Query, slots: Iterator[Slot], prepares: dict[int, Prepare]) -> Any:
    if isinstance(child, Q):
        return slotted(child, query, slots, prepares)
    if isinstance(child, AnyRow):
        rows = child.rows()
        return AnyRow(child.name, child.rows, slotted(child.inner, rows.query, slots, prepares))
    if isinstance(child, tuple):
        path, value = child
        if _stays(value):
            return child
        slot, column = next(slots), _column(query, path)
        if not _is_fraction(value):
            prepares[slot.number] = _prepare_of(column, path, value)
        return path, _stand_in(slot, column, value)
    found = copy.copy(child)
    if not _stays(child.rhs):
        found.rhs = _stand_in(next(slots), getattr(found.lhs, "output_field", None), child.rhs)
    return found


def _stand_in(slot: Slot, column: Any, value: Any) -> Any:
    """What stands for a value that a column is compared with: to a number nothing but an expression
    may stand for one.
    """
    if not isinstance(column, DecimalField) and not _is_fraction(value):
        return slot
    if isinstance(value, list):
        return [Given(Members(slot), output_field=DecimalField())]
    return Given(slot, output_field=DecimalField())


def _prepare_of(column: Any, path: str, value: Any) -> Prepare:
    """How a column prepares a value before it is compared with one."""
    if not isinstance(value, list):
        prepare: Prepare = column.get_prep_value
        return prepare
    if not path.endswith("__in"):
        return list
    return lambda values: [column.get_prep_value(one) for one in values]


def _column(query: Query, path: str) -> Any:
    """The column that a condition compares."""
    _lookups, parts, expression = query.solve_lookup_type(path)
    if not expression:
        return _of(query.names_to_path(parts, query.get_meta())[2][-1])
    if not isinstance(expression, Expression):
        raise Unkept
    return expression.output_field


def _of(column: Any) -> Any:
    """What a generated column, or one that leads to another, holds."""
    target = getattr(column, "target_field", column)
    return getattr(target, "output_field", target)
