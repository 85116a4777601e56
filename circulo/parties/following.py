"""Who may follow a party live, whoever may see it; and who a search for duplicates."""

from typing import TYPE_CHECKING

from circulo.accounts.rights import Reach
from circulo.lib import ids
from circulo.parties.models import Party
from circulo.web import live

if TYPE_CHECKING:
    from circulo.accounts.models import User


def may_follow(user: "User", identifier: str) -> bool:
    """Whether a person may hear of what happens with the party of this identifier."""
    key = ids.decode("party", identifier)
    return key is not None and Party.objects.visible_to(user).filter(pk=key).exists()


def may_follow_searches(user: "User", resource: str) -> bool:
    """Whether a person may hear how the search for duplicates of a kind of record goes on."""
    return user.reach(resource, "edit") != Reach.NONE


live.register("party", may_follow)
live.register("duplicates", may_follow_searches)
