"""That tasks and appointments can belong to a deal: they are its next steps."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from circulo.agenda.matters import Matter, register
from circulo.parties.models import Party
from circulo.sales import actions
from circulo.sales.actions import telling
from circulo.sales.models import Deal, DealStep

if TYPE_CHECKING:
    from circulo.accounts.models import User


def _notes(user: User, keys: Collection[int]) -> dict[int, str]:
    """To whom each is to be sold, where that is seen, and how far it is."""
    rows = list(Deal.objects.filter(pk__in=keys).values_list("pk", "party_id", "stage__name"))
    seen = Party.objects.visible_to(user).filter(pk__in=[party for _key, party, _stage in rows])
    names = dict(seen.values_list("pk", "name"))
    return {
        key: " · ".join(filter(None, (names.get(party or 0), stage))) for key, party, stage in rows
    }


register(
    Matter(
        "deal",
        _("Deal"),
        "deals",
        DealStep,
        lambda user, act: Deal.objects.visible_to(user, act),
        _notes,
        lambda pairs, by: actions.put_steps(pairs, by=by),
        telling.publish_deals,
    )
)
