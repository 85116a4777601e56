"""Own fields in SQL: what a list filters and sorts by, written so that an index can hold it.

Every field that sorts has one expression that is never NULL: an empty value is the least of its
kind. It is what comparisons use too, so that one index on it and the key serves both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import (
    BooleanField,
    DateField,
    DecimalField,
    Expression,
    F,
    JSONField,
    TextField,
)
from django.db.models import Field as Column
from django.utils import timezone

from circulo.lib.names import sort_key
from circulo.records import formulas
from circulo.records.formulas.sql import Sql, sql_of
from circulo.records.formulas.tree import Holds, depends_on_today, names_in
from circulo.records.models import OwnField

Kind = OwnField.Kind
SORTED_LETTERS = 200
MARK = "\x02{}\x03"
NOTHING = "-1000000000000000000"
_COLUMNS: dict[str, Column[Any, Any]] = {
    "number": DecimalField(max_digits=60, decimal_places=20),
    "text": TextField(db_collation="C"),
    "date": DateField(),
    "yes_no": BooleanField(),
    "list": JSONField(),
}


class Own(Expression):
    """An expression over columns of a record, written as SQL with a mark for each column."""

    def __init__(self, template: str, columns: tuple[str, ...], kind: str, path: str = "") -> None:
        super().__init__(output_field=_COLUMNS[kind])
        self.template, self.columns, self.kind, self.path = template, columns, kind, path
        self.sources: list[Any] = [F(path + column) for column in columns]

    def get_source_expressions(self) -> list[Any]:
        return self.sources

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        self.sources = list(exprs)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        parameters: list[Any] = []
        text = self.template.replace("%", "%%")
        for column, source in zip(self.columns, self.sources, strict=True):
            sql, more = compiler.compile(source)
            text = text.replace(MARK.format(column), sql)
            parameters += list(more)
        return text, parameters


@dataclass(frozen=True)
class Written:
    """A field in SQL: its value (NULL where empty), what sorts it, and the least that it can be."""

    value: str
    sorted: str
    least: str
    kind: str
    columns: tuple[str, ...]
    changes_daily: bool = False

    def raw(self, path: str = "") -> Own:
        """Its value as an expression of the ORM."""
        return Own(self.value, self.columns, self.kind, path)

    def in_order(self, path: str = "") -> Own:
        """What it is sorted and compared by."""
        kind = "text" if self.kind == "yes_no" else self.kind
        return Own(self.sorted, self.columns, kind, path)

    def plain(self) -> str:
        """What it is sorted by, over the bare columns of its table."""
        return _bare(self.sorted, self.columns)

    def plain_value(self) -> str:
        """Its value over the bare columns of its table."""
        return _bare(self.value, self.columns)


def _bare(template: str, columns: Sequence[str]) -> str:
    for column in columns:
        template = template.replace(MARK.format(column), f'"{column}"')
    return template


CUSTOM = MARK.format("custom")
_EMPTY_TEXT = "''::text"


def written(
    field: OwnField, others: Mapping[str, OwnField], columns: Mapping[str, Holds]
) -> Written:
    """A field as SQL; a computed one reads `others` and the columns of the record's own table."""
    if field.kind == Kind.COMPUTED:
        return _computed(field, others, columns)
    at = f"({CUSTOM} -> '{field.key}')"
    text = f"({CUSTOM} ->> '{field.key}')"
    if field.kind in (Kind.NUMBER, Kind.MONEY):
        function = "circulo_own_number" if field.kind == Kind.NUMBER else "circulo_own_amount"
        return _of("number", f"{function}({at})")
    if field.kind == Kind.CHOICES:
        listed = f"COALESCE({at}, '[]'::jsonb)"
        return Written(listed, listed, "'[]'::jsonb", "list", ("custom",))
    if field.kind in (Kind.TEXT, Kind.LONG_TEXT):
        folded = f"left(circulo_sort_key({text}), {SORTED_LETTERS})"
        return Written(text, _never_null("text", folded), _EMPTY_TEXT, "text", ("custom",))
    if field.kind == Kind.YES_NO:
        truth = f"(CASE {at} WHEN 'true' THEN true WHEN 'false' THEN false END)"
        return Written(truth, _never_null("text", text), _EMPTY_TEXT, "yes_no", ("custom",))
    return _of("text", text)


def _of(
    kind: str, value: str, columns: tuple[str, ...] = ("custom",), daily: bool = False
) -> Written:
    least = {"number": NOTHING, "text": _EMPTY_TEXT, "date": "make_date(1, 1, 1)"}[kind]
    return Written(value, _never_null(kind, value), least, kind, columns, daily)


def _never_null(kind: str, value: str) -> str:
    if kind == "number":
        return f"COALESCE({value}, {NOTHING}::numeric)"
    if kind == "date":
        return f"COALESCE({value}, make_date(1, 1, 1))"
    return f"(COALESCE({value}, '') COLLATE \"C\")"


def _computed(
    field: OwnField, others: Mapping[str, OwnField], columns: Mapping[str, Holds]
) -> Written:
    node = formulas.parse(field.formula)
    holds = dict(columns) | {key: held_by(other) for key, other in others.items() if held_by(other)}
    sql = {name: column_sql(name, kind) for name, kind in columns.items()}
    sql |= {key: value_sql(other) for key, other in others.items()}
    names = names_in(node)
    read = sorted({"custom" if name in others else name for name in names})
    text = sql_of(node, Sql(sql, {n: h for n, h in holds.items() if h}, timezone.localdate()))
    daily = depends_on_today(node)
    gives = formulas.check(node, {n: h for n, h in holds.items() if h})
    if gives is Holds.YES_NO:
        words = f"(CASE {text} WHEN true THEN 'true' WHEN false THEN 'false' END)"
        never = _never_null("text", words)
        return Written(text, never, _EMPTY_TEXT, "yes_no", tuple(read), daily)
    if gives is Holds.TEXT:
        folded = f"left(circulo_sort_key({text}), {SORTED_LETTERS})"
        never = _never_null("text", folded)
        return Written(text, never, _EMPTY_TEXT, "text", tuple(read), daily)
    return _of(gives.value, text, tuple(read), daily)


def held_by(field: OwnField) -> Holds | None:
    """What a formula finds in a field; None where it cannot read it."""
    return _HOLDS.get(Kind(field.kind))


_HOLDS = {
    Kind.TEXT: Holds.TEXT, Kind.LONG_TEXT: Holds.TEXT, Kind.NUMBER: Holds.NUMBER,
    Kind.MONEY: Holds.NUMBER, Kind.DATE: Holds.DATE, Kind.CHOICE: Holds.TEXT,
    Kind.YES_NO: Holds.YES_NO,
}  # fmt: skip


def value_sql(field: OwnField) -> str:
    """The value of a stored field inside a formula."""
    text = f"({CUSTOM} ->> '{field.key}')"
    if field.kind == Kind.DATE:
        return f"circulo_day{text}"
    return written(field, {}, {}).value if held_by(field) else text


def column_sql(name: str, holds: Holds) -> str:
    """A column of the record's table inside a formula; an empty text is nothing."""
    mark = MARK.format(name)
    if holds is Holds.TEXT:
        return f"NULLIF({mark}::text, '')"
    return f"{mark}::numeric" if holds is Holds.NUMBER else mark


def folded(text: str) -> str:
    """A text as `sorted` folds it."""
    return sort_key(text)[:SORTED_LETTERS]


def today() -> date:
    """The day that formulas ask for."""
    return timezone.localdate()


def amount_in(field: OwnField) -> Own:
    """The amount of money in the currency of its field; NULL where it is in another."""
    at = f"({CUSTOM} -> '{field.key}')"
    is_it = f"{at} ->> 'currency' = '{field.currency}'"
    sql = f"(CASE WHEN {is_it} THEN circulo_own_amount({at}) END)"
    return Own(sql, ("custom",), "number")
