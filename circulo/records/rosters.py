"""Rosters: how the records of a resource stand in a list, and how they are changed there.

Each app states its own in `roster.py`, found at start-up; the desk draws every list by them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import QuerySet
from django.db.models.expressions import Combinable
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules
from django.utils.safestring import SafeString

from circulo.records.resources import Field

if TYPE_CHECKING:
    from circulo.accounts.models import User

# What was read of a record, by column.
Columns = dict[str, Any]
Reader = Callable[["User"], Combinable]
# Made for a country and a language: what a cell of the column shows of a record.
Show = Callable[[str, str], Callable[[Columns], Any]]
# Headings and rows of records, as they can be brought in again.
Dumped = Callable[[QuerySet[Any], "User"], tuple[list[str], Iterator[list[Any]]]]


@dataclass(frozen=True)
class Board:
    """A board that a resource has of its own, which its list opens as: columns `by` a field.

    `shown` gives what `template` needs, for the records that a search and a criterion leave, or for
    all where that is None; `more` draws what follows in a column; `move` puts a card where a form
    says. Each gets the address or the form, and the address of this board.
    """

    by: str
    template: str
    shown: Callable[[User, QuerySet[Any] | None, QueryDict, str], dict[str, Any]]
    more: Callable[[User, QuerySet[Any], QueryDict, str], SafeString]
    move: Callable[[Any, QueryDict, User], object]


class Tint(NamedTuple):
    """A colour that a record stands out by, and what it says."""

    label: str
    tone: str


@dataclass(frozen=True)
class Preset:
    """A view of a list that the house itself offers, as `?show=name`: its criterion for a person.

    `sort` is its order where the list is not to stand in its usual one; `above` is a template that
    tells more of it, and what that needs.
    """

    name: str
    label: str | Promise
    criterion: Callable[[User], dict[str, Any]]
    sort: str = ""
    above: tuple[str, Callable[[User], dict[str, Any]]] | None = None


@dataclass(frozen=True)
class Roster:
    """How the records of one resource stand in a list.

    `key` is the kind of their identifiers. Of every record the columns of `base` are read, along
    the path of each; those of `readers` only where they are shown, and as JSON where they are among
    `loaded`. What the statement reads depends on the `rights` to these kinds of record. `leads` is
    the column that stands first, `also` are shown though the resource does not say so, `low` ones
    are left out on a small screen.

    `beside` names by column a reader whose value stands beside it, and the field that it tells of:
    it is read where that has no column of its own there and the person may see it.

    `within` gives the records that a person may act on so. `edited` columns are typed into in their
    cell; `chosen` are the choices that cards of a board are moved by, `needed` those of them that
    are never empty; `counted` what records are grouped by besides choices; `unsummed` are numbers
    that are not added up, and `money` names the column of the currency that each amount is in.
    `change` gives a field of a record the value that was typed by a person who saw this version,
    `typed` says one as its control holds it; `edit` sets columns of many. `may_edit` tells by what
    was read whether a person may edit a record, where more counts than who owns it. Records that
    are nobody have a `mark` in place of a ring, and `note` says what stands small behind the name.
    `presets` are views that the house offers, the first of which the list opens with; `former` are
    names that columns once had, by which addresses may still ask for them. `new` names the page
    that adds one, `empty` the template of a list that has none yet, `acts` that of more buttons
    above the list; `peek` is the template of a closer look beside the list, and what it needs of a
    record. `tints` gives the colours that some of these records stand out by for a person.
    """

    name: str
    key: str
    base: Mapping[str, str]
    rights: tuple[str, ...]
    within: Callable[[User, str], QuerySet[Any]]
    change: Callable[[Any, Field, Any, User, int | None], object]
    edit: Callable[[Sequence[int], dict[str, Any], User], int]
    dumped: Dumped
    in_words: Callable[[int], str]
    new: str
    readers: Mapping[str, Reader] = field(default_factory=dict)
    loaded: frozenset[str] = frozenset()
    beside: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    shows: Mapping[str, Show] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    leads: str = "name"
    also: tuple[str, ...] = ()
    low: frozenset[str] = frozenset()
    edited: frozenset[str] = frozenset()
    chosen: frozenset[str] = frozenset()
    needed: frozenset[str] = frozenset()
    counted: frozenset[str] = frozenset()
    unsummed: frozenset[str] = frozenset()
    money: Mapping[str, str] = field(default_factory=dict)
    mark: str | Callable[[Columns], str] = ""
    note: Callable[[Columns], str] | None = None
    may_edit: Callable[[User], Callable[[Columns], bool]] | None = None
    presets: tuple[Preset, ...] = ()
    former: Mapping[str, str] = field(default_factory=dict)
    new_label: str | Promise = ""
    new_mark: str = "plus"
    empty: str = ""
    acts: str = ""
    board: Board | None = None
    typed: Callable[[Any, Field], Any] | None = None
    peek: tuple[str, Callable[[Any, User], dict[str, Any]]] | None = None
    tints: Callable[[User, Sequence[int]], Mapping[int, Tint]] | None = None

    def show(self, name: str, country: str, language: str) -> Callable[[Columns], Any]:
        """What a cell of a column shows of a record."""
        made = self.shows.get(name)
        return made(country, language) if made else lambda row: row.get(name)

    def mark_of(self, row: Columns) -> str:
        """The icon of a record that is nobody."""
        return self.mark if isinstance(self.mark, str) else self.mark(row)


_rosters: dict[str, Roster] = {}


def register(*rosters: Roster) -> None:
    """Make rosters known; called by an app's `roster.py`."""
    _rosters.update({each.name: each for each in rosters})


def roster(name: str) -> Roster:
    """The roster of the resource of this name; KeyError where it has none."""
    _discover()
    return _rosters[name]


@cache
def _discover() -> None:
    autodiscover_modules("roster")
