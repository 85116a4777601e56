"""Who may follow a party live: whoever may see it."""

from typing import TYPE_CHECKING

from circulo.lib import ids
from circulo.parties.models import Party
from circulo.web import live

if TYPE_CHECKING:
    from circulo.accounts.models import User


def may_follow(user: "User", identifier: str) -> bool:
    """Whether a person may hear of what happens with the party of this identifier."""
    key = ids.decode("party", identifier)
    return key is not None and Party.objects.visible_to(user).filter(pk=key).exists()


live.register("party", may_follow)
