"""Files belong to leads: seen with them, and changed by whoever may change the lead."""

from typing import TYPE_CHECKING

from circulo.leads.models import Lead, LeadQuerySet
from circulo.records.parents import Parent, register

if TYPE_CHECKING:
    from circulo.accounts.models import User


def _reachable(user: "User", act: str) -> LeadQuerySet:
    return Lead.objects.visible_to(user, act)


register(Parent("lead", _reachable, lambda lead: lead.get_absolute_url(), has_versions=True))
