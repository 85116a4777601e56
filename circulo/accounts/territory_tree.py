"""The tree of territories as this process knows it, read again when somebody changes it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from circulo.accounts import news
from circulo.accounts.models import Territory
from circulo.lib.errors import Text


@dataclass
class Tree:
    """Every territory, each followed by those within it; of one version of the definitions."""

    version: str
    rows: list[Territory] = field(default_factory=list)

    @cached_property
    def by_key(self) -> dict[int, Territory]:
        return {one.pk: one for one in self.rows}

    def below(self, keys: Collection[int]) -> list[int]:
        """The keys of these territories and of all that lie within them."""
        paths = tuple(self.by_key[key].path for key in keys if key in self.by_key)
        return [one.pk for one in self.rows if one.path.startswith(paths)] if paths else []

    def whole_name(self, one: Territory) -> str:
        """What a territory is called with those it lies in: `España › Norte`."""
        keys = map(int, filter(None, one.path.split("/")))
        return " › ".join(self.by_key[key].name for key in keys if key in self.by_key)


_known = Tree("")


def tree() -> Tree:
    """The tree in force. Where nobody ever defined anything, there is none to be asked for."""
    global _known
    version, known = news.version(), _known
    if version != known.version:
        known = Tree(version, in_order(Territory.objects.all()) if version else [])
        _known = known
    return known


def in_order(rows: Iterable[Territory]) -> list[Territory]:
    """Territories as a person reads the tree: each followed by those within it."""
    children: dict[int | None, list[Territory]] = {}
    for one in sorted(rows, key=lambda one: (one.position, one.pk)):
        children.setdefault(one.parent_id, []).append(one)

    def below(parent: int | None) -> Iterator[Territory]:
        for one in children.get(parent, ()):
            yield one
            yield from below(one.pk)

    return list(below(None))


def offered() -> dict[str, Text]:
    """The territories that one can choose from, by identifier."""
    known = tree()
    return {one.public_id: known.whole_name(one) for one in known.rows}


def below(keys: Collection[int]) -> list[int]:
    """The keys of these territories and of all that lie within them."""
    return tree().below(keys)
