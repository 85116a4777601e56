"""Files belong to deals: seen with them, and changed by whoever may change the deal."""

from typing import TYPE_CHECKING

from circulo.records.parents import Parent, register
from circulo.sales.models import Deal, DealQuerySet

if TYPE_CHECKING:
    from circulo.accounts.models import User


def _reachable(user: "User", act: str) -> DealQuerySet:
    return Deal.objects.visible_to(user, act)


register(Parent("deal", _reachable, lambda deal: deal.get_absolute_url(), has_versions=True))
