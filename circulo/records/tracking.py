"""What the ledger keeps: each app says in its `tracked.py` which tables hold its business.

That one declaration is all a table needs. `keep_track` gives every declared table its triggers,
made for the columns that it has now; it runs after every migration.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import Model, QuerySet
from django.utils.module_loading import autodiscover_modules

from circulo.lib.errors import Text

if TYPE_CHECKING:
    from circulo.accounts.models import User
    from circulo.records.models import ChangeSet

# What a person may edit, or delete, as a queryset of the roots; None where that is everything.
Within = Callable[["User", str], QuerySet[Any] | None]
# Told which roots were put back, and what of them: `table.column`, or the table for a whole row.
Settle = Callable[[Sequence[int], Collection[str]], object]
# Told what was put back, and where to ask what others did since, by root and in the same words.
Part = Callable[[Collection[str], Callable[[], dict[int, set[str]]]], object]

# Names and pages of those records that a person may see, by key.
Named = Callable[["User", Collection[int]], dict[int, tuple[str, str]]]
# What is hidden from a person of some records, by key: asked by kind, column and row.
Hidden = Callable[[str, str, dict[str, Any]], bool]
Hides = Callable[["User", Collection[int]], dict[int, Hidden]]
# Which records an undo may touch at all, asked by the kind of row and whether it takes that away.
Undone = Callable[[str, bool], QuerySet[Any] | None]
# Why a change set that this person wants undone is not, as a whole; nothing where it may be.
Refuses = Callable[["ChangeSet", "User | None"], Text]
# Told the key, the columns to set, and all that the change which is taken back had taken.
Change = Callable[[int, dict[str, Any], dict[str, Any], "User"], object]


@dataclass(frozen=True)
class Tracked:
    """A table whose every change is kept.

    `root` is the column with the key of the record that a row belongs to, `root_kind` that record's
    kind, or the column that names it where it is written in braces. `derived` columns follow from
    others: they are neither kept nor put back. `bumped` counts versions and `touched` is the moment
    of the last one: both only ever grow.

    A history calls a row by the choice in its column `named_by`, else by `label`; it tells what was
    added and deleted by its `told` columns, and nothing of its `silent` ones. What is told better
    elsewhere, as a timeline does, is not `is_in_history`. A change of its `placed_by` is told as
    a move among its like. `words` write the values of columns that their fields cannot put into
    words. `own_of` says by a row of which list the own fields are that stand in
    its column `custom`.
    """

    model: type[Model]
    kind: str
    label: Text
    root: str = "id"
    root_kind: str = ""
    named_by: str = ""
    told: tuple[str, ...] = ()
    silent: frozenset[str] = frozenset()
    derived: frozenset[str] = frozenset()
    together: tuple[tuple[str, ...], ...] = ()
    bumped: str = ""
    touched: str = ""
    is_in_history: bool = True
    placed_by: str = ""
    words: Mapping[str, Callable[[Any], str]] = field(default_factory=dict, compare=False)
    own_of: Callable[[Mapping[str, Any]], str] | None = None

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    def with_column(self, name: str) -> tuple[str, ...]:
        """What goes together with a column, itself among it; itself alone where nothing does."""
        return next((group for group in self.together if name in group), (name,))

    def root_of(self, row: str) -> str:
        """The root of a row, as SQL."""
        return f"{row}.{self.root}"

    def root_kind_of(self, row: str) -> str:
        """The kind of the root of a row, as SQL."""
        named = self.root_kind or self.kind
        return f"{row}.{named[1:-1]}" if named.startswith("{") else f"'{named}'"


@dataclass(frozen=True)
class Root:
    """A kind of record that others belong to: who may change one, and what follows from a change.

    `whose` is the column that says whose it is: who gave a record away may take that back. `change`
    sets columns of one by the rules of its app. What is not among the `undone` is final: no undo
    changes it, whoever asks, but for its `loose` columns: whose it is and whom it hangs on; and for
    an act on it that may be taken back: the change of a column, of the records that `acts` names
    beside that. `refuses` says why a change set is not undone at all; `calls_off` takes back what
    it set going outside of the house, or refuses where that has happened. What `bears_on_others`,
    such as a rule, is settled too when an undo takes it away. `part` makes what was put back agree
    with what others did since; it comes before `settle`. `says` are sentences
    for the states that an undo brings back, by column and value, each with room for the name.
    """

    kind: str
    within: Within
    settle: Settle | None = None
    part: Part | None = None
    whose: str = ""
    named: Named | None = None
    hides: Hides | None = None
    change: Change | None = None
    undone: Undone | None = None
    loose: frozenset[str] = frozenset()
    acts: tuple[str, Callable[[], QuerySet[Any]]] | None = None
    refuses: Refuses | None = None
    calls_off: Callable[[int], object] | None = None
    bears_on_others: bool = False
    says: Mapping[str, Mapping[str, Text]] = field(default_factory=dict, compare=False)


_tracked: dict[str, Tracked] = {}
_roots: dict[str, Root] = {}


def track(*tables: Tracked) -> None:
    """Make tables known; called by an app's `tracked.py`."""
    _tracked.update({table.kind: table for table in tables})


def root(*roots: Root) -> None:
    """Make kinds of root known; called by an app's `tracked.py`."""
    _roots.update({each.kind: each for each in roots})


def tracked() -> dict[str, Tracked]:
    """Every table that the ledger keeps, by kind."""
    _discover()
    return _tracked


def roots() -> dict[str, Root]:
    """Every kind of record that others belong to."""
    _discover()
    return _roots


@cache
def _discover() -> None:
    autodiscover_modules("tracked")


@transaction.atomic
def keep_track() -> list[str]:
    """Give every declared table its triggers where they are not as they must be; which got them."""
    from circulo.records import triggers

    changed = triggers.outdated(tracked().values())
    with connection.cursor() as cursor:
        for each in changed:
            cursor.execute(triggers.statements(each))
    return [each.kind for each in changed]
