"""What can be brought in: each app says it in its `loads.py`, found at start-up.

A type of load knows its fields with the headings that other programs give them, and opens an
`Importer`, which reads one record at a time and writes a batch of them with one set of statements.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules

from circulo.lib.errors import Text

if TYPE_CHECKING:
    from circulo.accounts.models import User
    from circulo.records.turns import Turn

# What one row of a table says: for each field the cells mapped to it, each with its label.
Said = Mapping[str, Sequence[tuple[str, str]]]


class Outcome(StrEnum):
    """What became of a row that was taken."""

    CREATED = "created"
    UPDATED = "updated"
    SKIPPED = "skipped"


# By row number the keys of visible records that may be what a new row speaks of.
Alike = Callable[["Task", Sequence[tuple[int, Any]]], dict[int, list[int]]]
# Headings and rows of what a person may see and a criterion selects.
Dumped = Callable[["User", dict[str, Any]], tuple[list[str], Iterator[list[Any]]]]


class OnDuplicate(StrEnum):
    """What to do with a row whose record is there already."""

    CREATE = "create"
    UPDATE = "update"
    SKIP = "skip"


class RefusedRow(Exception):
    """A row cannot be taken; the text says why."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason)
        self.reason = str(reason)


@dataclass(frozen=True)
class LoadField:
    """A field that a column can be mapped to; as `phones:cell` says which phone.

    `part_of` names the field whose hiding from a role hides this one too. `fits` says whether some
    values of a column can be of this field, where its name alone does not tell.
    """

    name: str
    label: str | Promise
    headings: tuple[str, ...] = ()
    labelled: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    part_of: str = ""
    fits: Callable[[Sequence[str]], bool] | None = None


@dataclass(frozen=True)
class Task:
    """How a load is to be done: for whom, by which key, and how its values are written.

    With `leaves_alike` rows that would be new are refused where somebody here may be the same.
    """

    by: User | None = None
    key: str = ""
    on_duplicate: OnDuplicate = OnDuplicate.UPDATE
    country: str = "ES"
    decimal: str = "."
    date_order: str = "DMY"
    makes_missing: bool = True
    leaves_alike: bool = False
    is_rehearsal: bool = False


class Importer(Protocol):
    """Brings in the records of one type for one task."""

    def read(self, record: Any) -> Any:
        """A record (`Said`, a `Card` or the bytes of a mail) as `apply` takes it, or RefusedRow.

        Runs in a thread of its own and asks the database nothing.
        """

    def apply(self, rows: Sequence[tuple[int, Any]], turn: Turn) -> dict[int, Outcome | str]:
        """Write a batch inside a transaction: by row number its outcome, or why it was refused.

        Another thread may be writing the batch before: `turn.planning()` holds while this one finds
        out what is there, `turn.come()` waits until all that came before is there to be seen. Where
        the database refuses the batch it is rolled back and given again, in smaller parts.
        """

    def settle(self, turn: Turn, *, kept: bool) -> None:
        """What was written in this turn so far was kept, or rolled back."""


@runtime_checkable
class Repeating(Protocol):
    """An importer that tells in a check which rows speak of what an earlier row speaks of."""

    repeats: dict[int, int]


@dataclass(frozen=True)
class Dump:
    """How records are handed out as a table, and what its columns hold besides text.

    A number, a whole one, a share of one, a day, a moment or yes_no: formats that know types tell
    it (`lib/readers/writers.py`).
    """

    made: Dumped
    holds: Mapping[str, str]


@dataclass(frozen=True)
class LoadType:
    """A type of record that can be brought in and handed out."""

    name: str
    label: str | Promise
    kind: str
    always: tuple[LoadField, ...]
    keys: tuple[str, ...]
    opened: Callable[[Task], Importer]
    sources: frozenset[str] = frozenset({"table"})
    mended: Callable[[dict[str, str]], dict[str, str]] = lambda mapping: mapping
    dumped: Dumped | None = None
    own: Callable[[], tuple[LoadField, ...]] = tuple
    alike: Alike = lambda _task, _rows: {}
    holds: Mapping[str, str] = field(default_factory=dict)

    @property
    def fields(self) -> tuple[LoadField, ...]:
        """Every field that a column can be mapped to, those that an administrator made too."""
        return self.always + self.own()

    @property
    def labels(self) -> dict[str, str | Promise]:
        """How people call the fields."""
        return {f.name: f.label for f in self.fields}

    def fields_for(self, user: User | None) -> tuple[LoadField, ...]:
        """The fields that this person's role may fill."""
        hidden = user.hidden_fields(self.kind) if user else frozenset()
        return tuple(f for f in self.fields if not {f.name, f.part_of} & hidden)


_types: dict[str, LoadType] = {}
_dumps: dict[str, Dump] = {}


def register(load_type: LoadType) -> None:
    """Make a type of load known; called by an app's `loads.py`."""
    _types[load_type.name] = load_type
    if load_type.dumped is not None:
        register_dump(load_type.name, Dump(load_type.dumped, load_type.holds))


def register_dump(name: str, dump: Dump) -> None:
    """Make known how records are handed out that cannot be brought in; called by a `loads.py`."""
    _dumps[name] = dump


def load_types() -> dict[str, LoadType]:
    """Every type of load by name."""
    _discover()
    return _types


def dumps() -> dict[str, Dump]:
    """Every type that is handed out, by name."""
    _discover()
    return _dumps


@cache
def _discover() -> None:
    """Once, and not only where none is known yet: some may have been imported for themselves."""
    autodiscover_modules("loads")
