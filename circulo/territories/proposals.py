"""What the tree would be: a change of it, worked out on rows in memory.

A preview and the act itself go through the same functions, so that what was shown is what is done.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from circulo.accounts.models import Territory
from circulo.accounts.models.territories import MOST_LEVELS
from circulo.accounts.territory_tree import in_order
from circulo.lib.errors import Invalid, RuleBroken

NEW = 2**62  # the key of a territory that is not there yet
COLUMNS = (
    "name", "parent_id", "position", "rule", "people_rule", "claims_people", "is_active",
    "manager_id",
)  # fmt: skip
_PLACES = frozenset({"parent_id", "rule", "people_rule", "claims_people", "is_active"})


@dataclass
class Proposal:
    """A tree that is not in force yet, and where the pins of a territory that goes lead."""

    rows: list[Territory]
    pins: dict[int, int | None] = field(default_factory=dict)

    @property
    def names(self) -> dict[int, str]:
        """What its territories are called, by key."""
        return {one.pk: one.name for one in self.rows}

    def one(self, key: int) -> Territory:
        """The territory with this key; RuleBroken where it went meanwhile."""
        found = next((one for one in self.rows if one.pk == key), None)
        if found is None:
            raise RuleBroken(_("This territory is not there any more: look at the tree again."))
        return found


def proposal(rows: Iterable[Territory]) -> Proposal:
    """The tree as it is, to be changed without touching what it was read from."""
    return Proposal([copy(one) for one in in_order(rows)])


def as_it_is() -> Proposal:
    """The tree in force."""
    return proposal(Territory.objects.all())


def moves_parties(values: dict[str, Any]) -> bool:
    """Whether a change of these values may move anybody."""
    return bool(_PLACES & set(values))


def add(tree: Proposal, values: dict[str, Any], *, key: int = NEW) -> Territory:
    """Put a new territory after its siblings."""
    new = Territory(pk=key, **_columns(values))
    new.position = _after(tree, new.parent_id)
    tree.rows.append(new)
    _refuse_a_bad_tree(tree)
    return new


def change(tree: Proposal, key: int, values: dict[str, Any]) -> Territory:
    """Give a territory other values; below another parent it stands last."""
    one = tree.one(key)
    if "parent_id" in values and values["parent_id"] != one.parent_id:
        one.position = _after(tree, values["parent_id"])
    for name, value in _columns(values).items():
        setattr(one, name, value)
    _refuse_a_bad_tree(tree)
    return one


def put(tree: Proposal, key: int, place: int) -> None:
    """Put a territory at a place among its siblings, counted from nought."""
    one = tree.one(key)
    siblings = [each for each in in_order(tree.rows) if each.parent_id == one.parent_id]
    siblings.remove(one)
    siblings.insert(max(0, min(place, len(siblings))), one)
    for position, each in enumerate(siblings):
        each.position = position


def remove(tree: Proposal, key: int, *, to: int | None) -> Territory:
    """Take a territory out: those within it stand in its place, and who was put into it by hand
    goes to another territory, or where the rules say."""
    one = tree.one(key)
    if to == key:
        raise Invalid({"to": _("Choose another territory.")})
    if to is not None:
        tree.one(to)
    siblings = [each for each in in_order(tree.rows) if each.parent_id == one.parent_id]
    within = [each for each in in_order(tree.rows) if each.parent_id == key]
    place = siblings.index(one)
    siblings[place : place + 1] = within
    for position, each in enumerate(siblings):
        each.parent_id, each.position = one.parent_id, position
    tree.rows.remove(one)
    tree.pins = {key: to}
    return one


def paths(tree: Proposal) -> dict[int, str]:
    """The path of every territory, from the top down to it."""
    found: dict[int | None, str] = {None: ""}
    for one in in_order(tree.rows):
        found[one.pk] = f"{found[one.parent_id]}{one.pk}/"
    return {key: path for key, path in found.items() if key is not None}


def _columns(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name in COLUMNS}


def _after(tree: Proposal, parent: int | None) -> int:
    return 1 + max((one.position for one in tree.rows if one.parent_id == parent), default=-1)


def _refuse_a_bad_tree(tree: Proposal) -> None:
    """Invalid where a territory lies within itself, too deep, or is called like another."""
    known = paths(tree)
    if len(known) < len(tree.rows):
        raise Invalid({"parent": _("A territory cannot lie within itself: choose another.")})
    if any(path.count("/") > MOST_LEVELS for path in known.values()):
        raise Invalid({"parent": _("Territories lie at most %d levels deep.") % MOST_LEVELS})
    names = [one.name.casefold() for one in tree.rows]
    if len(set(names)) < len(names):
        raise Invalid({"name": _("There is already a territory with this name.")})
