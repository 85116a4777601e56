"""Resources: the kinds of record that can be listed, filtered, exported and read by the API.

Each app states its own in `fields.py`, found at start-up. A resource knows its fields by the names
that the criteria language, the API, imports and exports use, and starts every read at `visible_to`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db.models import Model, QuerySet
from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules

from circulo.accounts.rights import Reach

if TYPE_CHECKING:
    from circulo.accounts.models import User


class Type(Enum):
    """What a field holds, which decides the operators it knows and how it is shown."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    MOMENT = "moment"
    YES_NO = "yes_no"
    CHOICE = "choice"
    LIST = "list"
    LINK = "link"


@dataclass(frozen=True)
class Field:
    """One field of a resource.

    `path` leads from the record to the column. Where it leads through rows of another table
    (`related`, a function giving their queryset with a foreign key `back` to the record), a
    condition asks whether any one of these rows fulfils it; `when` names their date for "within 90
    days". `indexed_by` names a stored plain-text column whose trigram index narrows a text
    condition first; `leads` one that begins with this field, folded for sorting. `normal` gives the
    form in which a value is stored, where there is one. `hidden_by` names what hides it too.
    `sort_by` is the column that a list is sorted by, which must never be NULL; without it the field
    does not sort. `then_by` is what an index orders equal values of it by. `of_kind` names another
    kind of record that it tells of: only who sees all of that kind may use it.
    """

    name: str
    label: str | Promise
    type: Type = Type.TEXT
    path: str = ""
    choices: Callable[[], dict[str, str | Promise]] | None = None
    link: str = ""
    related: Callable[[], QuerySet[Any]] | None = None
    back: str = ""
    when: str = ""
    indexed_by: str = ""
    leads: str = ""
    normal: Callable[[str], str] | None = None
    hidden_by: str = ""
    sort_by: str = ""
    then_by: str = ""
    is_column: bool = True
    of_kind: str = ""

    @property
    def column(self) -> str:
        return self.path or self.name


@dataclass(frozen=True)
class Resource:
    """A kind of record as lists, the API, exports and the criteria language see it.

    `search` narrows rows to those that hold words; `searched` names the fields beyond the name that
    it looks into.
    """

    name: str
    kind: str
    label: str | Promise
    visible: Callable[[User], QuerySet[Any]]
    fields: dict[str, Field]
    default_sort: str
    columns: tuple[str, ...] = ()
    search: Callable[[QuerySet[Any], str], QuerySet[Any]] | None = None
    model: type[Model] | None = field(default=None)
    searched: frozenset[str] = frozenset()

    def find(self, rows: QuerySet[Any], words: str, user: User) -> QuerySet[Any]:
        """The rows that hold these words, without telling what this person's role may not see."""
        if self.search is None:
            return rows
        rows = self.search(rows, words)
        if self.hides_from(user):
            for word in words.split()[:6]:
                rows = rows.filter(name__unaccent__icontains=word)
        return rows

    def hides_from(self, user: User) -> bool:
        """Whether a search would tell this person something that their role may not see."""
        return bool(self.searched & user.hidden_fields(self.kind))

    def fields_for(self, user: User) -> dict[str, Field]:
        """The fields that this person's role may see, filter and sort by."""
        hidden = user.hidden_fields(self.kind)
        told = {f.of_kind for f in self.fields.values() if f.of_kind}
        unseen = {kind for kind in told if user.reach(kind) != Reach.ALL}
        if not hidden and not unseen:
            return self.fields
        return {
            name: field
            for name, field in self.fields.items()
            if name not in hidden and field.hidden_by not in hidden and field.of_kind not in unseen
        }


_resources: dict[str, Resource] = {}


def register(resource: Resource) -> None:
    """Make a resource known; called by an app's `fields.py`."""
    _resources[resource.name] = resource


def extend(name: str, fields: list[Field]) -> None:
    """Give a resource the fields that a higher app knows of it; called by its `fields.py`."""
    _resources[name].fields.update(named(fields))


def resources() -> dict[str, Resource]:
    """Every resource by name."""
    _discover()
    return _resources


@cache
def _discover() -> None:
    """Once, and not only where none is known yet: some may have been imported for themselves."""
    autodiscover_modules("fields")


def resource(name: str) -> Resource:
    """The resource of this name; KeyError where there is none."""
    return resources()[name]


def named(fields: list[Field]) -> dict[str, Field]:
    """Fields keyed by their name, in order."""
    return {f.name: f for f in fields}
