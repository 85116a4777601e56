"""What a text of the merge language consists of. Two trees are equal wherever they were written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from circulo.lib.merge.faults import Place

NAME = r"[a-z][a-z0-9_]*"
RESERVED = frozenset({"if", "not", "else", "end", "for", "in"})
_SOMEWHERE = Place()


@dataclass(frozen=True, slots=True)
class Path:
    """The name of a value: `contact.company.name`."""

    names: tuple[str, ...]
    place: Place = field(default=_SOMEWHERE, compare=False)

    def __str__(self) -> str:
        return ".".join(self.names)


@dataclass(frozen=True, slots=True)
class Filter:
    """What is done to a value: a filter by name, or with an empty name a text to fall back on."""

    name: str
    argument: str | int | None = None
    place: Place = field(default=_SOMEWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Text:
    """Text that stands as it is."""

    text: str


@dataclass(frozen=True, slots=True)
class Show:
    """A value, or a text in quotes, with its filters."""

    value: Path | str
    filters: tuple[Filter, ...] = ()


@dataclass(frozen=True, slots=True)
class If:
    """One text where a value is there (or, `negated`, is not), another where not."""

    path: Path
    negated: bool
    then: Tree
    otherwise: Tree = ()


@dataclass(frozen=True, slots=True)
class For:
    """A text for each row of a value, which goes by a name within it."""

    name: str
    path: Path
    body: Tree


Node: TypeAlias = Text | Show | If | For
Tree: TypeAlias = tuple[Node, ...]
