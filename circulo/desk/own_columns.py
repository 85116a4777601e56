"""Own fields as columns of a list: how they are shown, and edited in their cell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from circulo.accounts.models import User
from circulo.records.models import OwnField
from circulo.records.own import links
from circulo.records.own.computed import computed
from circulo.records.own.definitions import defined
from circulo.records.own.shown import column_kind, in_cell
from circulo.records.resources import Field, resource
from circulo.records.rosters import Columns
from circulo.web.components.tables import Column


def own_column(field: Field, *, is_shown: bool) -> Column:
    """An own field as a column of the table."""
    one = field.own
    assert one is not None
    return Column(
        field.name,
        field.label,
        column_kind(one),
        sort=bool(field.sort_by),
        edit=is_edited_in_place(one),
        shown=is_shown,
    )


def is_edited_in_place(one: OwnField) -> bool:
    """Whether its cell can be typed into: files are added on the page of the record."""
    return not one.is_computed and one.kind != OwnField.Kind.FILE


def names_for(user: User, name: str, shown: Iterable[str], rows: Sequence[Columns]) -> links.Names:
    """The names of what the shown own fields of some rows link to."""
    fields = resource(name).fields_for(user)
    linking = [one for n in shown if (one := fields[n].own) is not None]
    return links.names_of(user, linking, [row["custom"] for row in rows]) if linking else {}


def own_reader(name: str, one: OwnField, names: links.Names) -> Callable[[Columns], Any]:
    """What reads the value of an own field out of a row of a list."""
    about, key = defined(name), one.key

    def read(row: Columns) -> Any:
        value = row["custom"].get(key)
        if one.is_computed:
            value = computed(about, row, (key,)).get(key)
        return in_cell(one, value, names)

    return read
