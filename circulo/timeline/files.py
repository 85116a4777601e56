"""Files belong to interactions: seen with them; only who recorded one may delete its files."""

from typing import TYPE_CHECKING

from circulo.records.parents import Parent, register
from circulo.timeline.models import Interaction, InteractionQuerySet

if TYPE_CHECKING:
    from circulo.accounts.models import User


def _reachable(user: "User", act: str) -> InteractionQuerySet:
    rows = Interaction.objects.visible_to(user)
    return rows if act == "view" else rows.filter(by=user)


register(
    Parent(
        "interaction",
        _reachable,
        lambda told: f"{told.party.get_absolute_url()}#i-{told.public_id}",
    )
)
