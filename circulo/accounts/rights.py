"""Who may do what: reaches by role and kind of record.

Each app states the kinds it owns in its `rights.py`, with what every role may do by default; what
an administrator changed for a role is kept on the `Role` and laid over it. A reach answers "whose
records?", an act answers "what with them?".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules

from circulo.lib.lookups import has_any_key

if TYPE_CHECKING:
    from circulo.accounts.models import User


class Reach(StrEnum):
    """Whose records an act may touch: each reach holds what the one before it holds.

    `TERRITORY` adds to what the team owns the parties of the territories that a person works in,
    and the deals of these parties; of what lies in no territory, such as tasks, it reaches the
    team's. A record without an owner is reached by `TERRITORY` and `ALL` alone.
    """

    NONE = "none"
    OWN = "own"
    TEAM = "team"
    TERRITORY = "territory"
    ALL = "all"

    @property
    def has_team(self) -> bool:
        """Whether it holds what the people of one's team own, and not everything."""
        return self in (Reach.TEAM, Reach.TERRITORY)


class RoleName(StrEnum):
    """The roles that every installation has."""

    ADMIN = "admin"
    MANAGER = "manager"
    SELLER = "seller"
    AGENT = "agent"
    MARKETER = "marketer"
    ANALYST = "analyst"
    AUDITOR = "auditor"
    TREASURER = "treasurer"


@dataclass(frozen=True)
class Right:
    """What one role may do with one kind of record."""

    view: Reach = Reach.NONE
    edit: Reach = Reach.NONE
    delete: Reach = Reach.NONE
    create: bool = False
    export: bool = False

    def changed_by(self, override: dict[str, Any]) -> Right:
        """This right with an administrator's changes laid over it."""
        changes: dict[str, Any] = {
            act: Reach(override[act]) for act in ("view", "edit", "delete") if act in override
        }
        changes |= {act: bool(override[act]) for act in ("create", "export") if act in override}
        return replace(self, **changes)


REACHES = ("view", "edit", "delete")
FLAGS = ("create", "export")
NOTHING = Right()
EVERYTHING = Right(Reach.ALL, Reach.ALL, Reach.ALL, create=True, export=True)


@dataclass(frozen=True)
class Kind:
    """A kind of record that rights are given for, and the fields a role may be denied.

    `own` gives those of them that the house was given by an administrator.
    """

    name: str
    label: str | Promise
    defaults: dict[RoleName, Right]
    always: Mapping[str, str | Promise] = field(default_factory=dict)
    own: Callable[[], Mapping[str, str | Promise]] = dict

    @property
    def hideable(self) -> Mapping[str, str | Promise]:
        """The fields that a role may be denied, by name."""
        return {**self.always, **self.own()}


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make a kind known; called by an app's `rights.py`."""
    _kinds[kind.name] = kind


def kinds() -> dict[str, Kind]:
    """Every kind of record that rights are given for, by name."""
    _discover()
    return _kinds


@cache
def _discover() -> None:
    autodiscover_modules("rights")


def default_right(role: str, kind: str) -> Right:
    """What a role may do with a kind where no administrator changed it."""
    if role == RoleName.ADMIN:
        return EVERYTHING
    known = kinds().get(kind)
    return known.defaults.get(RoleName(role), NOTHING) if known else NOTHING


def owned_within(user: User, kind: str, act: str, owner: str = "owner", territory: str = "") -> Q:
    """The condition that a record's owner lies within the user's reach for this act, or that its
    territory does, where `territory` leads to one.

    The people of a team and the territories of a person are named one by one: over a join the
    planner cannot tell how many records they own, and chooses to sort them all instead of walking
    an index.
    """
    reach = user.reach(kind, act)
    if reach == Reach.ALL:
        return Q()
    if reach == Reach.NONE:
        return Q(pk__in=())
    owned = _owned(user, reach, owner)
    if reach != Reach.TERRITORY or not territory:
        return owned
    places = user.territories_in_reach
    return owned if places == [] else owned | Q(**{f"{territory}__in": places})


def _owned(user: User, reach: Reach, owner: str) -> Q:
    mine = Q(**{owner: user.pk})
    if reach == Reach.OWN or user.team is None:
        return mine
    people = user.people_in_reach
    if people is None:
        return mine | Q(**{f"{owner}__team__path__startswith": user.team.path})
    return Q(has_any_key(people, owner))
