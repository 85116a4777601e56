"""The first answer to a lead, and what is told of those that wait too long."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from circulo.accounts.actions import Notice, notify
from circulo.accounts.models import User
from circulo.leads import notices
from circulo.leads.actions import telling, writing
from circulo.leads.actions.arriving import hold
from circulo.leads.actions.contacts import make_contact
from circulo.leads.models import Lead
from circulo.lib.errors import RuleBroken
from circulo.parties.actions.writing import json_of, run
from circulo.parties.models import Party
from circulo.timeline import actions as timeline
from circulo.timeline.actions import Telling
from circulo.timeline.kinds import Kind

RECENT = timedelta(days=1)
ANSWERS = (Kind.CALL, Kind.EMAIL, Kind.VISIT, Kind.MEETING, Kind.CHAT, Kind.SOCIAL, Kind.LETTER)


@transaction.atomic
def answer_lead(lead: Lead, *, how: Kind, note: str = "", by: User) -> Lead:
    """Say that somebody answered: it stands on the timeline of the contact, who is made if new.

    Where one may not add contacts, only the lead knows of it.
    """
    (locked,) = hold([lead.pk])
    if not locked.is_open:
        raise RuleBroken(_("“%s” is over: open it again first.") % locked)
    party = Party.objects.filter(pk=locked.party_id).first() if locked.party_id else None
    if party is None and by.may("contacts", "create"):
        party = make_contact(locked, by=by)
        if party is not None:
            writing.set_columns([locked.pk], {"party_id": party.pk})
            telling.record_arrival(locked, party)
    if party is not None:
        said = Telling(subject=str(locked)[:300], body=note, direction="out", about=locked)
        timeline.record(how, party=party, by=by, telling=said)
    note_answers({locked.pk: timezone.now()})
    return Lead.objects.get(pk=locked.pk)


@transaction.atomic
def answer_leads_of(parties: Mapping[int, datetime]) -> None:
    """Somebody spoke with these parties at these moments: their leads that waited are answered."""
    waiting = Lead.objects.kept().unanswered().filter(party__in=list(parties))
    rows = waiting.values_list("pk", "party_id", "arrived_at")
    found = {key: parties[party] for key, party, came in rows if party and parties[party] >= came}
    if found:
        note_answers(found)


def note_answers(moments: Mapping[int, datetime]) -> None:
    """Keep when open leads were first answered; whoever answers one works on it."""
    rows = [{"id": key, "at": at} for key, at in moments.items()]
    begun = run(
        """
        UPDATE leads_lead p SET answered_at = d.at, status = 'working', version = p.version + 1,
            updated_at = now()
        FROM (SELECT d.id, d.at, o.status FROM json_to_recordset(%s) AS d(id bigint, at timestamptz)
              JOIN leads_lead o ON o.id = d.id
              WHERE o.answered_at IS NULL AND o.status IN ('new', 'working')
              ORDER BY o.id FOR UPDATE OF o) d
        WHERE p.id = d.id RETURNING p.id, d.status
        """,
        [json_of(rows)],
    )
    writing.STAYS.walk_on([key for key, was in begun if was == Lead.Status.NEW], timezone.now())
    telling.publish([key for key, _was in begun])


@transaction.atomic
def remind_of_leads(now: datetime | None = None) -> int:
    """Tell owners of leads that should have been answered by now, once; how many were told."""
    now = now or timezone.now()
    late = Lead.objects.kept().filter(
        answer_key__lt=now, answer_key__gt=now - RECENT, owner__isnull=False
    )
    told = [
        Notice(
            notices.OVERDUE,
            lead.owner_id,
            {"title": str(lead)},
            lead,
            lead.get_absolute_url(),
            f"lead overdue {lead.pk} {lead.answer_due_at:%Y%m%d%H%M}",
        )
        for lead in late
        if lead.owner_id is not None
    ]
    return notify(told, by=None) if told else 0
