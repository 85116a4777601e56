"""Values of the ledger as people read them: words of choices, names for keys, days, numbers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.lib import format as fmt
from circulo.records.models import OWN, OwnField
from circulo.records.own import links
from circulo.records.own.definitions import defined
from circulo.records.own.shown import in_words
from circulo.records.tracking import Tracked, roots, tracked

if TYPE_CHECKING:
    Field = models.Field[Any, Any]

MOST = 400
Row = Mapping[str, Any]
Value = tuple[str, str, Any, Row]  # kind, column, value, and the row that it stands in


class Wording:
    """Writes values for one person; names of records out of sight are not told."""

    def __init__(self, user: User, values: Iterable[Value]) -> None:
        self.user = user
        self.names: dict[tuple[str, int], str] = {}
        wanted: dict[str, set[int]] = {}
        own: list[tuple[OwnField, Any]] = []
        for kind, column, value, row in values:
            model, field = _linked(kind, column), _own(kind, column, row)
            if model and isinstance(value, int):
                wanted.setdefault(model, set()).add(value)
            if field:
                own.append((field, value))
        self.linked = links.names_of(user, *_apart(own))
        for model, keys in wanted.items():
            self.names |= {(model, key): name for key, name in self._names(model, keys).items()}

    def of(self, kind: str, column: str, value: Any, row: Row) -> str:
        """A value in words; nothing for nothing."""
        if value is None or value in ("", [], {}):
            return ""
        if field := _own(kind, column, row):
            return in_words(field, value, self.linked)[:MOST]
        model = _linked(kind, column)
        if model:
            return self.names.get((model, value), "") or _("a record you may not see")
        words = tracked()[kind].words.get(column)
        return (words(value) if words else _written(_field(kind, column), value))[:MOST]

    def row(self, kind: str, row: Row) -> str:
        """What a row says, in one line."""
        told = (self.of(kind, column, row.get(column), row) for column in tracked()[kind].told)
        return ", ".join(filter(None, told))

    def _names(self, model: str, keys: Collection[int]) -> dict[int, str]:
        if model == "user":
            return dict(User.objects.filter(pk__in=keys).values_list("pk", "name"))
        known = roots().get(model)
        if known is None or known.named is None:
            return {}
        return {key: name for key, (name, _url) in known.named(self.user, keys).items()}


def label_of(kind: str, column: str, row: Row | None = None) -> str:
    """What a column is called; `custom.shoe` is an own field, by its key where it is retired."""
    table = tracked()[kind]
    if column.startswith(OWN):
        own = _own(kind, column, row or {})
        return own.label if own else column.removeprefix(OWN)
    field = _field(kind, column)
    named = str(field.verbose_name) if field is not None else column
    named = _NAMES[column]() if column in _NAMES else named
    named = named[:1].upper() + named[1:]
    return named if not table.root_kind else f"{thing_of(table, row or {})} · {named}"


def _own(kind: str, column: str, row: Row) -> OwnField | None:
    """The own field that a column of a row is; None where it is none, or retired."""
    own_of = tracked()[kind].own_of
    if own_of is None or not row or not column.startswith(OWN):
        return None
    return defined(own_of(row)).fields.get(column.removeprefix(OWN))


def _apart(own: Iterable[tuple[OwnField, Any]]) -> tuple[list[OwnField], list[dict[str, Any]]]:
    """The fields, and their values as records that each have one."""
    fields = list(dict.fromkeys(field for field, _value in own))
    return fields, [{field.key: value} for field, value in own]


def thing_of(table: Tracked, row: Row) -> str:
    """What a row is called by its kind, such as a phone."""
    value = row.get(table.named_by) if table.named_by else None
    if value:
        return _written(_field(table.kind, table.named_by), value)
    return str(table.label)


_NAMES = {
    "binned_at": lambda: _("In the bin since"),
    "tax_country": lambda: _("Country of the tax id"),
    "is_primary": lambda: _("First choice"),
    "party_id": lambda: _("Belongs to"),
    "merged_into_id": lambda: _("Merged into"),
}


def _field(kind: str, column: str) -> Field | None:
    model = tracked()[kind].model
    fields: list[Any] = list(model._meta.concrete_fields)
    return next((field for field in fields if field.column == column), None)


def _linked(kind: str, column: str) -> str:
    """The kind of record that a column names; nothing where it names none."""
    field = _field(kind, column)
    if not isinstance(field, models.ForeignKey):
        return ""
    model = field.related_model
    if model is User:
        return "user"
    return next((each.kind for each in tracked().values() if each.model is model), "")


def _written(field: Field | None, value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        return ", ".join(f"{key}: {inner}" for key, inner in value.items())
    choices = dict(getattr(field, "flatchoices", ()) or ())
    if value in choices:
        return str(choices[value])
    if isinstance(field, models.DateTimeField):
        return fmt.moment(datetime.fromisoformat(str(value)))
    if isinstance(field, models.DateField):
        return fmt.day(date.fromisoformat(str(value)))
    if isinstance(field, models.DecimalField):
        return fmt.number(Decimal(str(value)))
    return str(value)
