"""Reads over leads for pages and the API, each within what a person may see."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from circulo.accounts import prepared
from circulo.accounts.models import User
from circulo.accounts.rights import Reach
from circulo.leads.models import Lead, LeadDesk, LeadReason
from circulo.lib import ids
from circulo.lib.errors import Text
from circulo.parties.models import Party
from circulo.parties.selectors import party_seen

_RELATED = ("owner", "team", "reason", "created_by")


def seen_lead(user: User, identifier: str, act: str = "view") -> Lead | None:
    """The lead of this identifier, where the person may do this with it."""
    key = ids.decode("lead", identifier) or 0
    if act != "view":
        return Lead.objects.visible_to(user, act).select_related(*_RELATED).filter(pk=key).first()
    asked = prepared.statement("a lead", user, ("leads",), _of_one_key)
    return next((prepared.made(Lead, row, *_RELATED) for row in asked.rows(user, key)), None)


def _of_one_key(user: User) -> QuerySet[Any, Any]:
    rows = Lead.objects.visible_to(user).filter(pk=prepared.KEY)
    return rows.values_list(*prepared.columns_of(Lead, *_RELATED))


def may_do(user: User, lead: Lead, act: str) -> bool:
    """Whether a person may edit or delete a lead that they see; as `visible_to` says."""
    reach = user.reach("leads", act)
    place = lead.party.territory_id if reach == Reach.TERRITORY and lead.party else None
    if user.lies_in_reach(reach, lead.owner_id, place):
        return True
    queue, own = lead.team if lead.owner_id is None else None, user.team
    return bool(reach.has_team and queue and own and queue.path.startswith(own.path))


def may_take(user: User, lead: Lead) -> bool:
    """Whether a person may take a lead out of the queue of their team."""
    is_waiting = lead.owner_id is None and lead.is_open and lead.team_id is not None
    is_theirs = user.team is not None and lead.team_id == user.team.pk
    return is_waiting and is_theirs and user.may("leads", "edit")


def known_party(key: int | None, by: User) -> Party | None:
    """Whom a lead is known as, where this person sees them."""
    return party_seen(by, key)


def reasons_in_use() -> list[LeadReason]:
    """The reasons for discarding that forms offer."""
    return list(LeadReason.objects.filter(is_active=True).order_by("position", "pk"))


def reasons_in_order() -> list[LeadReason]:
    """Every reason for discarding."""
    return list(LeadReason.objects.order_by("position", "pk"))


def reasons_offered() -> dict[str, Text]:
    """The reasons by identifier."""
    return {one.public_id: one.label for one in reasons_in_use()}


def reason_called(identifier: str) -> LeadReason | None:
    """The reason of this identifier."""
    return LeadReason.objects.filter(pk=ids.decode("lead_reason", identifier) or 0).first()


def lead_desk() -> LeadDesk:
    """How the house receives leads."""
    return LeadDesk.objects.select_related("owner", "team").filter(pk=1).first() or LeadDesk(pk=1)


def may_follow(user: User, identifier: str) -> bool:
    """Whether a person may hear that this lead changed."""
    key = ids.decode("lead", identifier)
    if user.reach("leads") == Reach.ALL:
        return key is not None
    return Lead.objects.visible_to(user).filter(pk=key or 0).exists()
