"""Whose figures a person sees, and may set or adjust: never those of anybody whose deals they do
not see.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from circulo.accounts import territory_tree
from circulo.accounts.rights import Reach, owned_within

if TYPE_CHECKING:
    from circulo.accounts.models import User


def people_within(user: User, kind: str = "forecasts", act: str = "view") -> Q:
    """The condition on users whose figures of this kind somebody may see, or change."""
    if not sees_figures(user):
        return Q(pk__in=())
    return owned_within(user, "deals", "view", "pk") & owned_within(user, kind, act, "pk")


def teams_within(user: User, kind: str = "forecasts", act: str = "view") -> Q:
    """The condition on teams of which somebody may see, or change, the figures of everybody."""
    reach = reach_within(user, kind, act)
    if reach == Reach.ALL:
        return Q()
    if reach.has_team and user.team is not None:
        return Q(path__startswith=user.team.path)
    return Q(pk__in=())


def territories_within(user: User, kind: str = "forecasts", act: str = "view") -> Q:
    """The condition on territories of which somebody may see the figures whole, or change them.

    By the reach over territories one sees those that one works in, and changes those that one
    manages; each with all that lie within it.
    """
    reach = reach_within(user, kind, act)
    if reach == Reach.ALL:
        return Q()
    if reach != Reach.TERRITORY:
        return Q(pk__in=())
    if act == "view":
        return Q(pk__in=user.territories_in_reach)
    managed = [one.pk for one in territory_tree.tree().rows if one.manager_id == user.pk]
    return Q(pk__in=territory_tree.below(managed))


def sees_places(user: User) -> bool:
    """Whether somebody may learn where the parties of deals lie."""
    hidden = (user.hidden_fields(kind) for kind in ("deals", "contacts", "companies"))
    return not any("territory" in names for names in hidden)


def reach_within(user: User, kind: str = "forecasts", act: str = "view") -> Reach:
    """Whose figures of this kind somebody may see, or change: no more than whose deals they see."""
    if not sees_figures(user):
        return Reach.NONE
    reaches = (user.reach("deals", "view"), user.reach(kind, act))
    return min(reaches, key=list(Reach).index)


def sees_figures(user: User) -> bool:
    """Whether any: a forecast tells nothing to whom amounts are hidden."""
    return "amount" not in user.hidden_fields("deals")


def sees_shares(user: User) -> bool:
    """Whether somebody may learn who sells a deal with its owner; else it is its owner's alone."""
    return "shares" not in user.hidden_fields("deals")
