"""A condition on an own field: the same language, over the expressions that indexes hold."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.lookups import Unaccent
from django.db.models import Expression, Lookup, Q, TextField, Value
from django.db.models.functions import Coalesce, Upper
from django.db.models.lookups import Exact, IContains, IExact, In, IsNull, IStartsWith

from circulo.records.conditions import Condition
from circulo.records.own.sql import Own, folded
from circulo.records.resources import Type

if TYPE_CHECKING:
    from circulo.records.own.sql import Written


class OwnCondition(Condition):
    """Compares what sorts the field, so that an empty value (the least of all) is never meant."""

    @property
    def written(self) -> Written:
        assert self.field.written
        return self.field.written()

    @property
    def sorted(self) -> Own:
        return self.written.in_order()

    def emptiness(self) -> Q:
        if self.field.type is Type.TEXT:
            empty = Q(IsNull(self.written.raw(), True))
        else:
            empty = Q(Exact(self.sorted, self.least))
        return empty if self.yes() else ~empty

    @property
    def least(self) -> Any:
        """The value that stands for none."""
        kinds = {"number": Decimal(-(10**18)), "date": date(1, 1, 1), "list": []}
        return kinds.get(self.written.kind, "")

    def test(self, column: str, lookup: str, value: Any) -> Q:
        if self.is_list:
            return self.of_a_list(lookup, value)
        if lookup.startswith("unaccent__"):
            bare = Unaccent(Coalesce(self.written.raw(), Value(""), output_field=TextField()))
            return Q({"icontains": IContains, "istartswith": IStartsWith}[lookup[10:]](bare, value))
        values = [*map(self.stored, value)] if lookup == "in" else self.stored(value)
        found = Q(_lookup(self.sorted, lookup, values))
        if lookup in ("lt", "lte"):
            return Q(_lookup(self.sorted, "gt", self.least)) & found
        return found

    def of_a_list(self, lookup: str, values: list[str]) -> Q:
        """Any of these (`overlap`), or every one."""
        ones = [Q(_lookup(self.written.raw(), "contains", [value])) for value in values]
        return Q(*ones, _connector=Q.OR) if lookup == "overlap" else Q(*ones)

    def stored(self, value: Any) -> Any:
        """A value as the field's expression holds it."""
        if isinstance(value, bool):
            return "true" if value else "false"
        if self.written.kind != "text":
            return value
        if isinstance(value, datetime):
            return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        if isinstance(value, date):
            return value.isoformat()
        return folded(value) if self.field.type is Type.TEXT else value

    def equality(self, column: str, value: str) -> Q:
        exact = Q(IExact(self.written.raw(), value))
        return Q(Exact(self.sorted, folded(value))) & exact

    def same_as_one(self, column: str, values: list[str]) -> Q:
        folds = Q(_lookup(self.sorted, "in", [*map(folded, values)]))
        return folds & Q(In(Upper(self.written.raw()), [Upper(Value(one)) for one in values]))

    def link(self, value: Any) -> Any:
        """A link is stored as the identifier that names it."""
        return value if super().link(value) is not None else None


def _lookup(expression: Expression, name: str, value: Any) -> Lookup[bool]:
    found = expression.output_field.get_lookup(name)
    assert found is not None
    return found(expression, value)
