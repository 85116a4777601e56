"""Converting a lead: in one act it becomes a contact, a company and a deal, and nothing is typed
again.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.leads.actions import telling, writing
from circulo.leads.actions.arriving import hold
from circulo.leads.actions.contacts import make_company, make_contact
from circulo.leads.models import Lead
from circulo.lib.errors import Invalid, RuleBroken, Text
from circulo.parties import actions as parties
from circulo.parties.drafts import Draft as PartyDraft
from circulo.parties.models import Party
from circulo.sales import actions as sales
from circulo.sales.drafts import Draft as DealDraft
from circulo.sales.models import Deal
from circulo.timeline.kinds import Kind


@dataclass
class Conversion:
    """What a lead is to become: known parties or new ones, and a deal where there is one."""

    contact: Party | None = None
    adds_contact: bool = True
    company: Party | None = None
    adds_company: bool = True
    deal: DealDraft | None = None


@transaction.atomic
def convert_lead(lead: Lead, into: Conversion, *, by: User) -> Lead:
    """Make a lead what it is to become, and keep with it what that is; the timeline is told.

    Of two who press at once the second is told that it is done.
    """
    (locked,) = hold([lead.pk])
    if not locked.is_open:
        raise RuleBroken(_refusal(locked))
    company = into.company
    if company is None and into.adds_company and locked.company:
        company = make_company(locked, by=by)
    contact = into.contact
    if contact is None and into.adds_contact:
        contact = make_contact(locked, by=by, company=company)
    elif contact is not None and company is not None:
        _employ(contact, company, by)
    if contact is None and company is None:
        raise Invalid({"contact": _("Say who it is: a contact, a company or both.")})
    if locked.party_id is None and (party := contact or company):
        telling.record_arrival(locked, party)
    deal = _begin_deal(into.deal, locked, contact, company, by) if into.deal else None
    now = timezone.now()
    writing.set_columns(
        [locked.pk],
        {
            "status": Lead.Status.CONVERTED,
            "converted_at": now,
            "party_id": contact.pk if contact else None,
            "company_party_id": company.pk if company else None,
            "deal_id": deal.pk if deal else None,
        },
    )
    writing.STAYS.walk_on([locked.pk], now)
    told = telling.told([locked.pk])
    telling.record(Kind.LEAD_CONVERTED, told, by=by)
    telling.publish([locked.pk])
    return told[0]


def _refusal(lead: Lead) -> Text:
    if lead.status == Lead.Status.CONVERTED:
        return _("“%s” has been converted already.") % str(lead)
    return _("“%s” is over: open it again first.") % str(lead)


def _employ(contact: Party, company: Party, by: User) -> None:
    """A known contact without a company works at this one, where one may say so."""
    may_edit = Party.objects.visible_to(by, "edit").filter(pk=contact.pk, company=None)
    if may_edit.exists():
        draft = PartyDraft(contact.kind, {"company_id": company.pk})
        parties.change_party(contact, draft, by=by)


def _begin_deal(
    draft: DealDraft, lead: Lead, contact: Party | None, company: Party | None, by: User
) -> Deal:
    """The deal of a lead, with its source, its campaign and its words; its owner has it."""
    party = company or contact
    assert party is not None
    hidden = by.hidden_fields("leads")
    told = {"source": lead.source, "campaign": lead.campaign, "notes": lead.message}
    seen = {"source": "source", "campaign": "campaign", "notes": "message"}
    for name, value in told.items():
        if seen[name] not in hidden:
            draft.columns.setdefault(name, value)
    draft.columns["party_id"] = party.pk
    if lead.owner is not None and by.may_give("deals", lead.owner):
        draft.columns.setdefault("owner_id", lead.owner.pk)
    if company is not None and contact is not None and draft.people is None:
        draft.people = [(contact.pk, "influences")]
    return sales.add_deal(draft, by=by)
