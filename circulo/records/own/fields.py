"""Own fields as the criteria language, lists, imports and exports see any other field."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.utils.functional import Promise

from circulo.records.changed import kept_of
from circulo.records.formulas.tree import Holds
from circulo.records.models import OwnField
from circulo.records.own.definitions import Defined, defined
from circulo.records.own.values import LINKED
from circulo.records.resources import Field, Resource, Type, resource, resources

Kind = OwnField.Kind
TYPES = {
    Kind.TEXT: Type.TEXT, Kind.LONG_TEXT: Type.TEXT, Kind.NUMBER: Type.NUMBER,
    Kind.MONEY: Type.NUMBER, Kind.DATE: Type.DATE, Kind.MOMENT: Type.MOMENT,
    Kind.TIME: Type.TIME, Kind.CHOICE: Type.CHOICE, Kind.CHOICES: Type.LIST,
    Kind.YES_NO: Type.YES_NO, Kind.LINK: Type.LINK, Kind.FILE: Type.LINK,
}  # fmt: skip
_UNSORTED = {Kind.LONG_TEXT, Kind.CHOICES, Kind.LINK, Kind.FILE}
_READABLE = {Type.NUMBER: Holds.NUMBER, Type.TEXT: Holds.TEXT, Type.DATE: Holds.DATE,
             Type.CHOICE: Holds.TEXT}  # fmt: skip


def type_of(field: OwnField) -> Type:
    """What a field holds, as the criteria language knows it."""
    return Type(field.gives) if field.is_computed else TYPES[Kind(field.kind)]


def own_fields_of(kind: Resource) -> dict[str, Field]:
    """The own fields in use of a kind of record, by the names they go by everywhere."""
    about = defined(kind.name)
    if about.listed is None:
        about.listed = {one.name: _field(about, one, kind) for one in about.fields.values()}
    return about.listed


def _field(about: Defined, one: OwnField, kind: Resource) -> Field:
    sorts = one.is_computed or Kind(one.kind) not in _UNSORTED
    search = kind.own.search if kind.own and one.is_searchable else ""
    return Field(
        one.name,
        one.both_labels,
        type_of(one),
        choices=_choices(one),
        link="file" if one.kind == Kind.FILE else LINKED.get(one.target, ""),
        indexed_by=search,
        sort_by=f"own_{one.key}" if sorts else "",
        own=one,
        written=partial(about.written, one.key),
        reads=about.reads(one),
        kept=None if one.is_computed else kept_of(kind.model, "custom", one.key),
    )


def _choices(one: OwnField) -> Callable[[], dict[str, str | Promise]] | None:
    if one.kind not in (Kind.CHOICE, Kind.CHOICES):
        return None
    return lambda: {**one.labels()}


def kinds_with_own_fields() -> dict[str, Resource]:
    """The kinds of record that may be given own fields, by name."""
    return {name: kind for name, kind in resources().items() if kind.own}


def columns_of(name: str) -> dict[str, Holds]:
    """The columns of a record's own table that formulas can read, by the names of its fields."""
    found = {}
    for field in resource(name).fields.values():
        is_plain = field.is_column and field.column == field.name and field.related is None
        if is_plain and field.type in _READABLE:
            found[field.name] = _READABLE[field.type]
    return found


def own_labels(name: str) -> dict[str, str | Promise]:
    """What the own fields of a kind of record are called, by the names they go by."""
    return {one.name: one.both_labels for one in defined(name).fields.values()}
