"""Whether somebody may do something with what is sold: with all of it, or with nothing.

Nobody owns a product, a price or a tax, so that a reach over one's own or a team's holds none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from circulo.accounts.rights import Reach

if TYPE_CHECKING:
    from circulo.accounts.models import User


def reaches(user: User, act: str = "view") -> bool:
    """Whether this person may view (or edit, or delete) what is sold."""
    return user.reach("products", act) == Reach.ALL


def adds(user: User) -> bool:
    """Whether this person may add to what is sold: whoever adds must see it then."""
    return reaches(user) and user.right("products").create
