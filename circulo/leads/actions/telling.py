"""Who hears of what happens to leads: the timeline of their parties, their owners, open pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from circulo.accounts import prepared
from circulo.accounts.actions import Notice, notify
from circulo.accounts.models import User
from circulo.leads import notices
from circulo.leads.models import Lead
from circulo.lib import ids
from circulo.parties.models import Party
from circulo.timeline import actions as timeline
from circulo.timeline.actions import MOST_SUBJECT, Telling
from circulo.timeline.kinds import Kind
from circulo.web import live

MOST_TOLD = 50


def record(kind: Kind, leads: Sequence[Lead], *, by: User | None) -> None:
    """Tell the timelines of the parties what happened to their leads; these are read already.

    What a lead says stays with the lead: not everybody who sees a party sees its leads.
    """
    told = [
        (kind, lead.party, Telling(subject=str(lead)[:MOST_SUBJECT], about=lead))
        for lead in leads
        if lead.party is not None and lead.party.binned_at is None
    ]
    if told:
        timeline.record_all(told, by=by)


def record_arrival(lead: Lead, party: Party) -> None:
    """Tell the timeline of a party that is known only now when this lead came in."""
    told = Telling(subject=str(lead)[:MOST_SUBJECT], about=lead, occurred_at=lead.arrived_at)
    timeline.record_all([(Kind.LEAD_CAME, party, told)], by=None)


def tell_owners(leads: Sequence[Lead], *, by: User | None) -> None:
    """Tell people of leads that are theirs now."""
    told = [
        Notice(notices.CAME, lead.owner_id, {"title": str(lead)}, lead, lead.get_absolute_url())
        for lead in leads
        if lead.owner_id is not None and (by is None or lead.owner_id != by.pk)
    ]
    if told:
        notify(told, by=by)


def publish(keys: Sequence[int]) -> None:
    """Have open pages of leads ask anew."""
    live.publish(*(f"lead:{ids.encode('lead', key)}" for key in keys[:MOST_TOLD]))


def told(keys: Sequence[int]) -> list[Lead]:
    """The leads with their parties, as the timeline is told of them, in the order of the keys."""
    found = prepared.once("leads told", _told).run({prepared.KEYS: list(keys)})
    rows = {lead.pk: lead for lead in (prepared.made(Lead, row, "party") for row in found)}
    return [rows[key] for key in keys if key in rows]


def _told() -> QuerySet[Any, Any]:
    rows = Lead.objects.filter(pk__in=prepared.among_keys())
    return rows.values_list(*prepared.columns_of(Lead, "party"))
