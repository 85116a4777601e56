"""A criterion as a person sees and changes it: groups of conditions, each taken away by a click.

The tree says what the JSON of the criteria language says, and writes it back in its shortest form.
A place in the tree is the path of positions from the top: "" is the whole, "2.0" the first
member of the third.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Self

Json = dict[str, Any]


@dataclass(frozen=True)
class Condition:
    """One field compared with one value."""

    field: str
    op: str
    value: Any = None
    days: int | None = None
    is_negated: bool = False

    def written(self) -> Json:
        node: Json = {"field": self.field, "op": self.op}
        if self.value is not None:
            node["value"] = self.value
        if self.days is not None:
            node["within_days"] = self.days
        return {"not": node} if self.is_negated else node


@dataclass(frozen=True)
class Group:
    """Conditions of which all, or any, must hold; or must not."""

    word: str = "all"
    members: tuple[Condition | Group, ...] = ()
    is_negated: bool = False

    def written(self) -> Json:
        node: Json = {self.word: [member.written() for member in self.members]}
        return {"not": node} if self.is_negated else node

    def at(self, place: str) -> Condition | Group:
        """The member at a place; IndexError where there is none."""
        node: Condition | Group = self
        for step in steps(place):
            node = node.members[step] if isinstance(node, Group) else ()[step]
        return node

    def put(self, place: str, new: Condition | Group | None) -> Group:
        """This tree with another member at a place, or with none there."""
        path = steps(place)
        return self._put(path, new) if path else (new if isinstance(new, Group) else Group())

    def _put(self, path: list[int], new: Condition | Group | None) -> Group:
        first, *rest = path
        members = list(self.members)
        inner = members[first]
        if rest and isinstance(inner, Group):
            new = inner._put(rest, new)
            new = new if new.members else None
        members[first : first + 1] = [] if new is None else [new]
        return replace(self, members=tuple(members))

    def added(self, place: str, new: Condition | Group) -> Group:
        """This tree with one more member in the group at a place."""
        group = self.at(place)
        if not isinstance(group, Group):
            raise IndexError(place)
        return self.put(place, replace(group, members=(*group.members, new)))

    def turned(self, place: str) -> Group:
        """This tree with the member at a place meaning its opposite."""
        node = self.at(place)
        return self.put(place, replace(node, is_negated=not node.is_negated))

    def conditions(self) -> Iterator[Condition]:
        """Every condition, however deep."""
        for member in self.members:
            if isinstance(member, Group):
                yield from member.conditions()
            else:
                yield member

    def groups(self, place: str = "") -> Iterator[tuple[str, Group]]:
        """Every group inside this one, with its place."""
        for position, member in enumerate(self.members):
            if isinstance(member, Group):
                here = f"{place}.{position}" if place else str(position)
                yield here, member
                yield from member.groups(here)

    @classmethod
    def of(cls, criterion: Any) -> Self:
        """The tree of a criterion that the criteria language has accepted."""
        node = _read(criterion) if criterion else cls()
        if isinstance(node, cls) and not node.is_negated and node.word == "all":
            return node
        return cls("all", (node,))


def steps(place: str) -> list[int]:
    """The positions that a place is made of; IndexError where it is none."""
    parts = place.split(".") if place else []
    if len(parts) > 8 or not all(part.isdecimal() and len(part) < 4 for part in parts):
        raise IndexError(place)
    return [int(part) for part in parts]


def text_of(tree: Group) -> str:
    """The tree as the address of a list carries it: the shortest criterion that says the same."""
    if not tree.members:
        return ""
    one = tree.members[0] if len(tree.members) == 1 and not tree.is_negated else tree
    return json.dumps(one.written(), ensure_ascii=False, separators=(",", ":"))


def _read(node: Json, is_negated: bool = False) -> Condition | Group:
    if "not" in node:
        return _read(node["not"], not is_negated)
    if "field" in node:
        return Condition(
            node["field"], node["op"], node.get("value"), node.get("within_days"), is_negated
        )
    ((word, members),) = node.items()
    return Group(word, tuple(_read(member) for member in members), is_negated)
