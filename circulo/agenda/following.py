"""Who may follow an agenda live: its owner, and whoever sees the entries of its owner."""

from typing import TYPE_CHECKING

from circulo.accounts.rights import Reach
from circulo.lib import ids
from circulo.web import live

if TYPE_CHECKING:
    from circulo.accounts.models import User


def may_follow(user: "User", identifier: str) -> bool:
    """Whether a person may hear that something changed in the agenda of this colleague."""
    key = ids.decode("user", identifier)
    reach = user.reach("tasks")
    if key == user.pk or reach == Reach.ALL:
        return key is not None
    return reach.has_team and key in (user.people_in_reach or ())


live.register("agenda", may_follow)
