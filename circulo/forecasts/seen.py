"""Whose figures a person sees, and may set or adjust: never those of anybody whose deals they do
not see.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

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


def reach_within(user: User, kind: str = "forecasts", act: str = "view") -> Reach:
    """Whose figures of this kind somebody may see, or change: no more than whose deals they see."""
    if not sees_figures(user):
        return Reach.NONE
    reaches = (user.reach("deals", "view"), user.reach(kind, act))
    return min(reaches, key=list(Reach).index)


def sees_figures(user: User) -> bool:
    """Whether any: a forecast tells nothing to whom amounts are hidden."""
    return "amount" not in user.hidden_fields("deals")
