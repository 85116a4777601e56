"""How leads end without becoming anything, and how they are opened again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.leads.actions import telling, writing
from circulo.leads.actions.arriving import hold, let_in
from circulo.leads.models import Lead, LeadReason
from circulo.lib.errors import Invalid, RuleBroken
from circulo.lib.text import clean
from circulo.timeline.kinds import Kind

MOST_NOTE = 2_000


def discard_lead(lead: Lead, *, reason: LeadReason | None, note: str = "", by: User) -> Lead:
    """Discard a lead; see `discard_leads`."""
    discard_leads([lead.pk], reason=reason, note=note, by=by)
    return Lead.objects.get(pk=lead.pk)


def reopen_lead(lead: Lead, *, by: User) -> Lead:
    """Open a lead again; see `reopen_leads`."""
    reopen_leads([lead.pk], by=by)
    return Lead.objects.get(pk=lead.pk)


@transaction.atomic
def discard_leads(
    keys: Sequence[int], *, reason: LeadReason | None, note: str = "", by: User
) -> int:
    """Discard leads for a reason, those that looked like spam too. How many were."""
    if reason is None:
        raise Invalid({"reason": _("Say why nothing comes of it: that is what one learns from.")})
    leads = hold(keys)
    for lead in leads:
        if lead.status in (Lead.Status.CONVERTED, Lead.Status.DISCARDED):
            raise RuleBroken(_("“%s” is over already.") % lead)
    note = clean(note, limit=MOST_NOTE, lines=True)
    columns = {"status": Lead.Status.DISCARDED, "reason_id": reason.pk, "reason_note": note}
    return _end(leads, columns, Kind.LEAD_DISCARDED, by)


@transaction.atomic
def reopen_leads(keys: Sequence[int], *, by: User) -> int:
    """Open discarded leads again. What was converted is taken back by undoing that instead.

    One that never came in, as it looked like spam, comes in now and is given to somebody.
    """
    leads = hold(keys)
    for lead in leads:
        if lead.status == Lead.Status.CONVERTED:
            raise RuleBroken(_("“%s” is a contact by now: undo its conversion.") % lead)
        if lead.status != Lead.Status.DISCARDED:
            raise RuleBroken(_("“%s” is open already.") % lead)
    columns = {"status": Lead.Status.WORKING, "reason_id": None, "reason_note": ""}
    opened = _end(leads, columns, Kind.LEAD_REOPENED, by)
    let_in([lead for lead in leads if lead.answer_due_at is None and lead.answered_at is None],
           by=by)  # fmt: skip
    return opened


def _end(leads: Sequence[Lead], columns: dict[str, Any], kind: Kind, by: User) -> int:
    keys = [lead.pk for lead in leads]
    seen = [lead.pk for lead in leads if lead.status != Lead.Status.SUSPECT]
    writing.set_columns(keys, columns)
    writing.STAYS.walk_on(keys, timezone.now())
    telling.record(kind, telling.told(seen), by=by)
    telling.publish(keys)
    return len(keys)
