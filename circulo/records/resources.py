"""Resources: the kinds of record that can be listed, filtered, exported and read by the API.

Each app states its own in `fields.py`, found at start-up. A resource knows its fields by the names
that the criteria language, the API, imports and exports use, and starts every read at `visible_to`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db.models import Model, QuerySet
from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules

from circulo.accounts.rights import Reach
from circulo.records.changed import Kept, with_history

if TYPE_CHECKING:
    from circulo.accounts.models import User
    from circulo.records.models import OwnField
    from circulo.records.own.sql import Written


class Type(Enum):
    """What a field holds, which decides the operators it knows and how it is shown."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    MOMENT = "moment"
    TIME = "time"
    YES_NO = "yes_no"
    CHOICE = "choice"
    LIST = "list"
    LINK = "link"


@dataclass(frozen=True)
class Field:
    """One field of a resource.

    `path` leads from the record to the column. Where it leads through rows of another table
    (`related`, giving those that a person sees, with `back` equal to `outer` of the record), a
    condition asks whether any one of these rows fulfils it; `when` names their date for "within 90
    days". `indexed_by` names a stored plain-text column whose trigram index narrows a text
    condition first; `leads` one that begins with this field, folded for sorting. `normal` gives the
    form in which a value is stored, where there is one, and `part` that of a part of a value, of
    which the index holds no leading plus. `hidden_by` names what hides it too.
    `sort_by` is the column that a list is sorted by, which must never be NULL; without it the field
    does not sort. `then_by` is what an index orders equal values of it by. A field of one's own is
    `written` in SQL instead of a path, and is hidden with whatever it `reads`. `of_kind` names
    another kind of record that it tells of: only who sees all of that kind may use it. `below`
    gives, of a link into a tree, the keys of some records with all that lie within them. A text
    that `is_code` stands in an order, as post codes do, so that one can ask from where to where.
    `kept` is what the ledger of changes keeps of it: found out where the field is registered.
    """

    name: str
    label: str | Promise
    type: Type = Type.TEXT
    path: str = ""
    choices: Callable[[], dict[str, str | Promise]] | None = None
    link: str = ""
    related: Callable[[User], QuerySet[Any]] | None = None
    back: str = ""
    outer: str = "pk"
    when: str = ""
    indexed_by: str = ""
    leads: str = ""
    normal: Callable[[str], str] | None = None
    part: Callable[[str], str] | None = None
    hidden_by: str = ""
    sort_by: str = ""
    then_by: str = ""
    is_column: bool = True
    of: str | Promise = ""
    own: OwnField | None = None
    below: Callable[[Collection[int]], list[int]] | None = None
    written: Callable[[], Written] | None = None
    reads: frozenset[str] = frozenset()
    of_kind: str = ""
    is_code: bool = False
    kept: Kept | None = None

    @property
    def column(self) -> str:
        return self.path or self.name

    @property
    def is_searched(self) -> bool:
        """Whether it is a field of one's own that search looks into."""
        return self.own is not None and self.own.is_searchable

    def is_hidden(self, name: str, hidden: frozenset[str]) -> bool:
        """Whether one of these names hides it."""
        return name in hidden or self.hidden_by in hidden or bool(self.reads & hidden)


@dataclass(frozen=True)
class Own:
    """That a kind of record may be given own fields, in the jsonb column `custom` of its table.

    `scope` says in SQL which rows of the table are of this kind, and `kept` which of those lists
    show. `search` names the stored text that search looks into, where there is one, and
    `refresh_search` writes it anew for the records with these keys.
    """

    scope: str = "true"
    kept: str = "true"
    search: str = ""
    refresh_search: Callable[[Sequence[int]], None] | None = None


@dataclass(frozen=True)
class Joined:
    """That a criterion may ask for fields of the one record that `outer` leads to.

    They go by `prefix.field`, and are found only where the person sees that record too.
    """

    prefix: str
    resource: str
    outer: str


@dataclass(frozen=True)
class Resource:
    """A kind of record as lists, the API, exports and the criteria language see it.

    `search` narrows rows to those that hold words; `searched` names the fields beyond the name that
    it looks into. `seeking` does so instead where what is found depends on what else a person sees.
    `own` lets administrators give it fields.
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
    own: Own | None = None
    joined: tuple[Joined, ...] = ()
    seeking: Callable[[QuerySet[Any], str, User], QuerySet[Any]] | None = None

    def find(self, rows: QuerySet[Any], words: str, user: User) -> QuerySet[Any]:
        """The rows that hold these words, without telling what this person's role may not see."""
        if self.seeking is not None:
            return self.seeking(rows, words, user)
        if self.search is None:
            return rows
        rows = self.search(rows, words)
        if self.hides_from(user):
            for word in words.split()[:6]:
                rows = rows.filter(name__unaccent__icontains=word)
        return rows

    @property
    def is_searched(self) -> bool:
        """Whether its records can be looked for by words."""
        return self.search is not None or self.seeking is not None

    def hides_from(self, user: User) -> bool:
        """Whether a search would tell this person something that their role may not see."""
        searched = self.searched
        if self.own:
            searched |= {name for name, one in self.every_field().items() if one.is_searched}
        return bool(searched & user.hidden_fields(self.kind))

    def every_field(self) -> dict[str, Field]:
        """The fields that the house gave it, and those that an administrator did."""
        return self.fields | own_fields(self) if self.own else self.fields

    def joined_fields(self, user: User) -> dict[str, Field]:
        """The fields of the records that this one leads to, as far as this person sees them."""
        found: dict[str, Field] = {}
        for join in self.joined:
            other = resource(join.resource)
            for one in other.fields_for(user).values():
                if one.related is None and one.link != "party":
                    joined = join_field(one, join, other)
                    found[joined.name] = joined
        return found

    def fields_for(self, user: User) -> dict[str, Field]:
        """The fields that this person's role may see, and sort by where they sort."""
        hidden, fields = user.hidden_fields(self.kind), self.every_field()
        told = {f.of_kind for f in fields.values() if f.of_kind}
        unseen = {kind for kind in told if user.reach(kind) != Reach.ALL}
        if not hidden and not unseen:
            return fields
        return {
            n: f
            for n, f in fields.items()
            if not f.is_hidden(n, hidden) and f.of_kind not in unseen
        }

    def criteria_for(self, user: User) -> dict[str, Field]:
        """The fields that this person may filter by: those of what it leads to as well."""
        return self.fields_for(user) | self.joined_fields(user)


def join_field(one: Field, join: Joined, other: Resource) -> Field:
    """A field of another record as a field of the one that leads to it."""
    return replace(
        one,
        name=f"{join.prefix}.{one.name}",
        path=one.column,
        related=other.visible,
        back="pk",
        outer=join.outer,
        indexed_by="",
        leads="",
        sort_by="",
        is_column=False,
        of=other.label,
    )


def own_fields(resource: Resource) -> dict[str, Field]:
    """The fields that an administrator gave to a kind of record, in their order."""
    from circulo.records.own.fields import own_fields_of  # which are made of what stands here

    return own_fields_of(resource)


_resources: dict[str, Resource] = {}
_added: list[tuple[str, dict[str, Field]]] = []


def register(resource: Resource) -> None:
    """Make a resource known; called by an app's `fields.py`."""
    _resources[resource.name] = resource


def extend(name: str, fields: dict[str, Field]) -> None:
    """Give a kind of record of a lower app fields to filter by, such as what happened with it."""
    _added.append((name, fields))


def resources() -> dict[str, Resource]:
    """Every resource by name."""
    _discover()
    return _resources


@cache
def _discover() -> None:
    """Once, and not only where none is known yet: some may have been imported for themselves."""
    autodiscover_modules("fields")
    for name, fields in _added:
        _resources[name].fields.update(fields)
    for each in _resources.values():
        each.fields.update(with_history(each.fields, each.model))


def resource(name: str) -> Resource:
    """The resource of this name; KeyError where there is none."""
    return resources()[name]


def named(fields: list[Field]) -> dict[str, Field]:
    """Fields keyed by their name, in order."""
    return {f.name: f for f in fields}
