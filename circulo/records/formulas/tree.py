"""What a formula is made of, and what its parts hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from circulo.lib.errors import Text as Words


class Holds(StrEnum):
    """What a part of a formula gives."""

    NUMBER = "number"
    TEXT = "text"
    DATE = "date"
    YES_NO = "yes_no"


class BadFormula(ValueError):
    """A formula that cannot be understood: at which letter, and why."""

    def __init__(self, why: Words, at: int = 0) -> None:
        super().__init__(str(why))
        self.why = why
        self.at = at


@dataclass(frozen=True)
class Number:
    """A number that stands in the formula."""

    value: Decimal


@dataclass(frozen=True)
class Text:
    """A text that stands in the formula."""

    value: str


@dataclass(frozen=True)
class Truth:
    """`yes` or `no`."""

    value: bool


@dataclass(frozen=True)
class Name:
    """A field of the record."""

    name: str


@dataclass(frozen=True)
class Call:
    """A function with its arguments."""

    name: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True)
class Binary:
    """Two parts with a sign or a word between them."""

    sign: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Unary:
    """A part with `-` or `not` before it."""

    sign: str
    inner: Node


Node = Number | Text | Truth | Name | Call | Binary | Unary


def walk(node: Node) -> Iterator[Node]:
    """The part and all within it."""
    yield node
    inner: tuple[Node, ...] = ()
    if isinstance(node, Call):
        inner = node.arguments
    elif isinstance(node, Binary):
        inner = (node.left, node.right)
    elif isinstance(node, Unary):
        inner = (node.inner,)
    for part in inner:
        yield from walk(part)


def names_in(node: Node) -> set[str]:
    """The fields that a formula reads."""
    return {part.name for part in walk(node) if isinstance(part, Name)}


def depends_on_today(node: Node) -> bool:
    """Whether its value changes with the day, so that no index can hold it."""
    return any(isinstance(part, Call) and part.name == "today" for part in walk(node))
