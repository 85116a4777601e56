"""Putting values into a tree, for one reader and one place where the text goes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from circulo.lib.format import Locale
from circulo.lib.merge.faults import MergeFault, Place
from circulo.lib.merge.filters import FILTERS, shown
from circulo.lib.merge.syntax import For, If, Path, Show, Text, Tree

Escape = Callable[[str], str]
World = Mapping[str, Any]
LONGEST = 500_000
_ABSENT: tuple[Any, ...] = (None, "", [], (), {}, False)


@dataclass(frozen=True)
class Filled:
    """A merged text, and the fields that had no value and no text to fall back on."""

    text: str
    missing: list[str] = field(default_factory=list)


def fill(tree: Tree, world: World, locale: Locale, escape: Escape) -> Filled:
    """The text of a tree that was checked, with the values of a world, each escaped."""
    filler = _Filler(locale, escape)
    parts, length = list[str](), 0
    for part in filler.parts(tree, world):
        length += len(part)
        if length > LONGEST:
            raise MergeFault(Place(), _("The merged text is too long."),
                             _("Take rows or fields out of it."))  # fmt: skip
        parts.append(part)
    return Filled("".join(parts), list(dict.fromkeys(filler.missing)))


class _Filler:
    """Fills one text, and remembers what was missing."""

    def __init__(self, locale: Locale, escape: Escape) -> None:
        self.locale, self.escape = locale, escape
        self.missing: list[str] = []

    def parts(self, tree: Tree, world: World) -> Iterator[str]:
        for node in tree:
            match node:
                case Text(text):
                    yield text
                case Show():
                    yield self._show(node, world)
                case If(path, negated, then, otherwise):
                    is_there = _value(path, world) not in _ABSENT
                    yield from self.parts(then if is_there != negated else otherwise, world)
                case For(name, path, body):
                    for row in _rows(_value(path, world)):
                        yield from self.parts(body, {**world, name: row})

    def _show(self, node: Show, world: World) -> str:
        value: Any = node.value
        if isinstance(value, Path):
            value = _value(value, world)
        for one in node.filters:
            if not one.name:
                value = one.argument if value in _ABSENT else value
            elif value not in _ABSENT:
                value = FILTERS[one.name].apply(value, one.argument, self.locale)
        text = shown(value, self.locale)
        if not text and not any(not one.name for one in node.filters):
            self.missing.append(str(node.value))
        return self.escape(text)


def _value(path: Path, world: World) -> Any:
    here: Any = world
    for name in path.names:
        here = here.get(name) if isinstance(here, Mapping) else None
    return here


def _rows(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else []
