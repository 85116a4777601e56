"""Who may follow what one person is told: nobody but that person."""

from typing import TYPE_CHECKING

from circulo.lib import ids
from circulo.web import live

if TYPE_CHECKING:
    from circulo.accounts.models import User


def may_follow(user: "User", identifier: str) -> bool:
    """Whether the identifier is that of the person who asks."""
    return ids.decode("user", identifier) == user.pk


live.register("user", may_follow)
