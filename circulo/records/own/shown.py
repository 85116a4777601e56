"""The values of own fields as people read them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from html import escape
from typing import TYPE_CHECKING, Any

from django.db.models import Model
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from circulo.lib import format as fmt
from circulo.records.models import OwnField
from circulo.records.own.computed import known_to
from circulo.records.own.definitions import defined
from circulo.records.own.fields import type_of
from circulo.records.own.links import Names, names_of, url_of
from circulo.records.resources import Type

if TYPE_CHECKING:
    from circulo.accounts.models import User

Kind = OwnField.Kind
COLUMN_KINDS = {
    Kind.NUMBER: "number", Kind.MONEY: "money", Kind.DATE: "day", Kind.MOMENT: "moment",
    Kind.CHOICE: "chips", Kind.CHOICES: "chips",
}  # fmt: skip
_OF_COMPUTED = {Type.NUMBER: "number", Type.DATE: "day"}


def column_kind(field: OwnField) -> str:
    """How a table shows a field."""
    if field.is_computed:
        return _OF_COMPUTED.get(type_of(field), "text")
    return COLUMN_KINDS.get(Kind(field.kind), "text")


def in_words(field: OwnField, value: Any, names: Names) -> str:
    """A value in a line of text, as the region writes it; what does not fit the field as it is."""
    if value is None:
        return ""
    say = _WORDS.get(Kind(field.kind)) or _plain
    try:
        return say(field, value, names)
    except (ValueError, TypeError, KeyError, InvalidOperation):
        return str(value)


def own_told(user: User, resource: str, record: Model) -> list[tuple[str, str]]:
    """The own fields of a record that a person sees and that say something, in words."""
    seen = defined(resource).visible_to(user, resource)
    if not seen:
        return []
    columns = {one.attname: getattr(record, one.attname) for one in record._meta.concrete_fields}
    custom = known_to(user, resource, columns)
    names = names_of(user, seen.values(), [custom])
    told = ((one.label, in_words(one, custom.get(key), names)) for key, one in seen.items())
    return [(label, words) for label, words in told if words]


def in_cell(field: OwnField, value: Any, names: Names) -> Any:
    """A value as a cell of a table takes it, by the kind of its column."""
    if value is None:
        return ""
    say = _CELLS.get(Kind(field.kind)) or in_words
    try:
        return say(field, value, names)
    except (ValueError, TypeError, KeyError, InvalidOperation):
        return SafeString(escape(str(value)))


def _plain(field: OwnField, value: Any, names: Names) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int | float):
        return fmt.number(Decimal(str(value)))
    if field.is_computed and type_of(field) is Type.DATE:
        return fmt.day(date.fromisoformat(value))
    return str(value)


def _money(field: OwnField, value: Any, names: Names) -> str:
    return fmt.money(Decimal(value["amount"]), value["currency"])


def _day(field: OwnField, value: Any, names: Names) -> str:
    return fmt.day(date.fromisoformat(value), "long")


def _moment(field: OwnField, value: Any, names: Names) -> str:
    return fmt.moment(datetime.fromisoformat(value))


def _time(field: OwnField, value: Any, names: Names) -> str:
    return fmt.clock(time.fromisoformat(value))


def _choices(field: OwnField, value: Any, names: Names) -> str:
    labels = field.labels()
    values = value if isinstance(value, list) else [value]
    return ", ".join(labels.get(one, str(one)) for one in values)


def _link(field: OwnField, value: Any, names: Names) -> str:
    return names.get((field.target or "file", value)) or _("somebody you cannot see")


_WORDS: dict[OwnField.Kind, Callable[[OwnField, Any, Names], str]] = {
    Kind.MONEY: _money, Kind.DATE: _day, Kind.MOMENT: _moment, Kind.TIME: _time,
    Kind.CHOICE: _choices,    Kind.CHOICES: _choices, Kind.LINK: _link, Kind.FILE: _link,
}  # fmt: skip


def _link_cell(field: OwnField, value: Any, names: Names) -> Any:
    name = names.get((field.target or "file", value))
    if name is None:
        return ""
    url = url_of(field, value)
    text = escape(name)
    return SafeString(f'<a class="link" href="{url}" tabindex="-1">{text}</a>') if url else name


def _chips(field: OwnField, value: Any, names: Names) -> list[str]:
    labels: Mapping[str, str] = field.labels()
    values = value if isinstance(value, list) else [value]
    return [labels.get(one, str(one)) for one in values]


def _computed(field: OwnField, value: Any, names: Names) -> Any:
    kind = type_of(field)
    if kind is Type.NUMBER:
        return Decimal(str(value))
    return date.fromisoformat(value) if kind is Type.DATE else _plain(field, value, names)


_CELLS: dict[OwnField.Kind, Callable[[OwnField, Any, Names], Any]] = {
    Kind.NUMBER: lambda field, value, names: Decimal(str(value)),
    Kind.MONEY: lambda field, value, names: (Decimal(value["amount"]), value["currency"]),
    Kind.DATE: lambda field, value, names: date.fromisoformat(value),
    Kind.MOMENT: lambda field, value, names: datetime.fromisoformat(value),
    Kind.CHOICE: _chips, Kind.CHOICES: _chips, Kind.LINK: _link_cell, Kind.FILE: _link_cell,
    Kind.COMPUTED: _computed,
}  # fmt: skip
