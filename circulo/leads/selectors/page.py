"""What the page of a lead shows, each part within what a person may see."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from circulo.accounts.models import User
from circulo.leads.models import FormEntry, Lead, LeadStay
from circulo.leads.selectors.leads import known_party
from circulo.lib import ids
from circulo.parties.models import Party
from circulo.parties.selectors import possible_duplicates
from circulo.records.models import Attachment
from circulo.records.selectors import attachments_of
from circulo.sales.models import Deal
from circulo.timeline.models import Interaction
from circulo.timeline.selectors import Row, rows_about

LATEST = 50


@dataclass(frozen=True)
class Known:
    """Whom a lead is known as, and who else it may be; as far as this person sees them."""

    contact: Party | None
    company: Party | None
    contacts: list[Party]
    companies: list[Party]


def known_of(user: User, lead: Lead) -> Known:
    """Whom a lead is known as, and, where it is not, who it may be."""
    contact = known_party(lead.party_id, user)
    company = known_party(lead.company_party_id, user)
    hidden = user.hidden_fields("leads")
    points = [getattr(lead, name) for name in ("email", "phone") if name not in hidden]
    reached = [point for point in points if point]
    alike: list[Party] = []
    if contact is None and lead.is_open:
        alike += possible_duplicates(user, name=str(lead.name), points=reached)
    if company is None and lead.is_open and lead.company:
        alike += possible_duplicates(user, name=lead.company)
    found = {one.pk: one for one in alike}.values()
    return Known(
        contact,
        company,
        [one for one in found if one.is_person] if contact is None else [],
        [one for one in found if one.is_organisation] if company is None else [],
    )


def deal_of(user: User, lead: Lead) -> Deal | None:
    """The deal that a lead became, where this person sees it."""
    return Deal.objects.visible_to(user).filter(pk=lead.deal_id or 0).first()


def told_of(user: User, lead: Lead) -> list[Row]:
    """What happened with a lead and, while it is open, with its contact since it came."""
    about = Q(about_kind="lead", about_id=lead.pk)
    if lead.party_id:
        about |= Q(party=lead.party_id, occurred_at__gte=lead.arrived_at)
    return rows_about(Interaction.objects.visible_to(user).filter(about), most=LATEST)


def way_of(lead: Lead) -> list[LeadStay]:
    """The statuses that a lead had, the first first."""
    return list(LeadStay.objects.filter(lead=lead).order_by("entered_at", "pk"))


def entries_of(lead: Lead) -> list[FormEntry]:
    """What was sent by forms and agreed to, where that made this lead."""
    return list(FormEntry.objects.filter(lead=lead).select_related("form").order_by("pk"))


def files_of(lead: Lead) -> list[Attachment]:
    """The files of a lead."""
    return list(attachments_of("lead", lead.pk))


def incoming(user: User, identifier: str) -> Interaction | None:
    """What somebody wrote or said to us, where this person sees it."""
    rows = Interaction.objects.visible_to(user).select_related("party")
    return rows.filter(pk=ids.decode("interaction", identifier) or 0).first()
