"""What somebody says of a conversion, read within their rights: who it is, which deal begins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.leads.actions.contacts import says_a_person
from circulo.leads.actions.converting import Conversion
from circulo.leads.models import Lead
from circulo.leads.selectors.leads import known_party
from circulo.lib import ids
from circulo.lib.errors import Invalid, Text
from circulo.parties.models import Party, PartyKind
from circulo.records.rest import reading
from circulo.sales import drafts as deals

NAMES = ("contact", "adds_contact", "company", "adds_company", "deal")
MOST_TITLE = 200


def read_conversion(said: Mapping[str, Any], lead: Lead, *, by: User) -> Conversion:
    """What a lead is to become. Nothing said of the contact or the company: whom it is known as,
    where this person sees them, else a new one."""
    known = reading.known(said, NAMES)
    with reading.collecting() as take:
        into = Conversion(
            contact=take("contact", _party, known.get("contact"), PartyKind.PERSON, by),
            adds_contact=take("adds_contact", reading.flag, known.get("adds_contact", True)),
            company=take("company", _party, known.get("company"), PartyKind.ORGANISATION, by),
            adds_company=take("adds_company", reading.flag, known.get("adds_company", True)),
        )
    if into.contact is None and into.adds_contact:
        into.contact = known_party(lead.party_id, by)
    if into.company is None and into.adds_company:
        into.company = known_party(lead.company_party_id, by) or _employer(into.contact, lead, by)
    into.deal = _deal(known.get("deal"), lead, by)
    _refuse_what_is_not_allowed(into, lead, by)
    return into


def deal_title(lead: Lead) -> str:
    """What the deal of a lead is called until somebody says better."""
    return str(lead.company or lead)[:MOST_TITLE]


def _employer(contact: Party | None, lead: Lead, by: User) -> Party | None:
    """The company of a known contact, where the lead names none of its own."""
    return known_party(contact.company_id, by) if contact and not lead.company else None


def _party(value: Any, kind: PartyKind, by: User) -> Party | None:
    if value is None or value == "":
        return None
    key = ids.decode("party", reading.word(value)) or 0
    found = Party.objects.visible_to(by).filter(kind=kind, pk=key).first()
    if found is None:
        raise Invalid({"": _("There is no such record.")})
    return found


def _deal(said: Any, lead: Lead, by: User) -> deals.Draft | None:
    if said is None:
        return None
    if not isinstance(said, dict):
        raise Invalid({"deal": _("This must be an object.")})
    if not by.may("deals", "create"):
        raise Invalid({"deal": _("Your role may not begin deals.")})
    try:
        return deals.read({"title": deal_title(lead)} | said, by=by)
    except Invalid as invalid:
        named = {f"deal.{name}".rstrip("."): why for name, why in invalid.fields.items()}
        raise Invalid(named) from invalid


def _refuse_what_is_not_allowed(into: Conversion, lead: Lead, by: User) -> None:
    refused: dict[str, Text] = {}
    is_new = into.contact is None and into.adds_contact and says_a_person(lead)
    if is_new and not by.may("contacts", "create"):
        refused["contact"] = _("Your role may not add contacts: choose one that is there.")
    is_new = into.company is None and into.adds_company and bool(lead.company)
    if is_new and not by.may("companies", "create"):
        refused["company"] = _("Your role may not add companies: choose one that is there.")
    if refused:
        raise Invalid(refused)
