"""How a list can be arranged: what somebody says of a view is read here, and told to its reader.

One reader serves the screen and the API, and one function says what a view means for whoever opens
it: without the columns, sorts and shapes by fields that their role does not see.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.accounts.rights import RoleName
from circulo.lib.errors import Invalid, Text
from circulo.lib.text import clean
from circulo.records import criteria, paging
from circulo.records.models import SavedView
from circulo.records.resources import Field, Resource, resource

MOST_COLUMNS, MOST_LETTERS = 60, 200
NARROWEST, WIDEST = 60, 800
SAID = ("name", "search", "criterion", "columns", "widths", "density", "sort", "shape", "by",
        "sharing", "for_roles")  # fmt: skip


@dataclass(frozen=True)
class Arranged:
    """A list as a view has it, for one reader."""

    search: str
    criterion: Any
    columns: tuple[str, ...]
    widths: dict[str, int]
    density: str
    sort: str
    shape: str
    by: str


def arranged_for(view: SavedView, user: User) -> Arranged:
    """What a view means for this person; BadCriteria where it asks for what they may not see.

    A criterion is never dropped: neither its condition nor a list without it would be what the
    view says.
    """
    kind = resource(view.resource)
    criteria.compile_for(kind, view.criterion or {"all": []}, user)
    return _within(view, kind.fields_for(user), view.criterion, view.search)


def told_of(view: SavedView, user: User) -> Arranged | None:
    """What this person may be told of how a view is set up; None where they may not open it."""
    try:
        return arranged_for(view, user)
    except criteria.BadCriteria:
        return None


def _within(view: SavedView, fields: dict[str, Field], criterion: Any, search: str) -> Arranged:
    by = view.by if all(one in fields for one in view.by.split(",")) else ""
    sorts = (one for one in view.sort.split(",") if _sorts(fields.get(one.removeprefix("-"))))
    return Arranged(
        search,
        criterion,
        tuple(name for name in view.columns if name in fields),
        {name: width for name, width in view.widths.items() if name in fields},
        view.density,
        ",".join(sorts),
        view.shape if by else SavedView.Shape.TABLE.value,
        by,
    )


def _sorts(field: Field | None) -> bool:
    return field is not None and bool(field.sort_by)


def read_view(kind: Resource, said: Mapping[str, Any], *, by: User) -> dict[str, Any]:
    """The settings of a view as they are stored; Invalid by name where they cannot be.

    Whoever says them may name only the fields they see, and only administrators say which roles
    begin with a view.
    """
    refused: dict[str, Text] = {}
    read: dict[str, Any] = {}
    for name, value in said.items():
        try:
            read[name] = _READERS[name](value, kind, by)
        except Invalid as invalid:
            refused[name] = next(iter(invalid.fields.values()))
    if refused:
        raise Invalid(refused)
    return read


def _name(value: Any, _kind: Resource, _by: User) -> str:
    text = clean(_word(value), limit=60)
    if not text:
        raise Invalid({"": _("Give the view a name.")})
    return text


def _search(value: Any, _kind: Resource, _by: User) -> str:
    return clean(_word(value), limit=MOST_LETTERS)


def _criterion(value: Any, kind: Resource, by: User) -> Any:
    if value is None:
        return None
    try:
        criteria.compile_for(kind, value, by)
    except criteria.BadCriteria as bad:
        raise Invalid({"": str(bad)}) from bad
    return value


def _sort(value: Any, kind: Resource, by: User) -> str:
    try:
        return paging.sort_of(kind, _word(value), by).text if value else ""
    except paging.BadSort as bad:
        raise Invalid({"": str(bad)}) from bad


def _columns(value: Any, kind: Resource, by: User) -> list[str]:
    fields = kind.fields_for(by)
    if not isinstance(value, list) or len(value) > MOST_COLUMNS:
        raise Invalid({"": _("This must be a list of at most %d columns.") % MOST_COLUMNS})
    if any(not isinstance(name, str) or not _is_column(fields.get(name)) for name in value):
        raise Invalid({"": _("There is no such column here.")})
    return list(dict.fromkeys(value))


def _widths(value: Any, kind: Resource, by: User) -> dict[str, int]:
    fields = kind.fields_for(by)
    if not isinstance(value, dict) or any(not _is_column(fields.get(name)) for name in value):
        raise Invalid({"": _("There is no such column here.")})
    if not all(is_width(width) for width in value.values()):
        limits = {"least": NARROWEST, "most": WIDEST}
        raise Invalid({"": _("A column is between %(least)d and %(most)d pixels wide.") % limits})
    return value


def is_width(value: Any) -> bool:
    """Whether a column can be so wide."""
    return type(value) is int and NARROWEST <= value <= WIDEST


def _is_column(field: Field | None) -> bool:
    return field is not None and field.is_column


def _by(value: Any, kind: Resource, by: User) -> str:
    """The field that a shape goes by; groups may go by two, with a comma between them."""
    named = _word(value).split(",") if value else []
    if len(named) > 2 or any(name not in kind.fields_for(by) for name in named):
        raise Invalid({"": _("There is no such field here.")})
    return value or ""


def _roles(value: Any, _kind: Resource, by: User) -> list[str]:
    if not isinstance(value, list) or any(role not in [*RoleName] for role in value):
        raise Invalid({"": _("Choose roles of the list.")})
    if value and not by.is_admin:
        raise Invalid({"": _("Only administrators say what a role begins with.")})
    return list(dict.fromkeys(value))


def _one_of(*values: str) -> Callable[[Any, Resource, User], str]:
    def read(value: Any, _kind: Resource, _by: User) -> str:
        if not isinstance(value, str) or value not in values:
            raise Invalid({"": _("Choose one of the list.")})
        return value

    return read


def _word(value: Any) -> str:
    if not isinstance(value, str):
        raise Invalid({"": _("This must be text.")})
    return value


_READERS: dict[str, Callable[[Any, Resource, User], Any]] = {
    "name": _name,
    "search": _search,
    "criterion": _criterion,
    "columns": _columns,
    "widths": _widths,
    "density": _one_of("", *User.Density.values),
    "sort": _sort,
    "shape": _one_of(*SavedView.Shape.values),
    "by": _by,
    "sharing": _one_of(*SavedView.Sharing.values),
    "for_roles": _roles,
}
