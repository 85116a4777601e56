"""The contact and the company that a lead becomes, from what it says: nothing is typed again."""

from __future__ import annotations

from typing import Any

from circulo.accounts.models import User
from circulo.leads.drafts import NAMES
from circulo.leads.models import Lead
from circulo.lib import phones
from circulo.lib.errors import Invalid
from circulo.parties import actions as parties
from circulo.parties.drafts import Draft, read
from circulo.parties.models import Party, PartyKind


def says_a_person(lead: Lead) -> bool:
    """Whether a lead says enough to be a contact."""
    return any(getattr(lead, name) for name in (*NAMES, "email", "phone"))


def make_contact(lead: Lead, *, by: User, company: Party | None = None) -> Party | None:
    """The new contact of a lead; None where it names only a company."""
    if not says_a_person(lead):
        return None
    said = {name: getattr(lead, name) for name in NAMES}
    said |= _shared(lead) | {"job_title": lead.job_title, "language": lead.language}
    draft = _read(_told(said, by), _reached(lead, by), PartyKind.PERSON)
    if company is not None:
        draft.columns["company_id"] = company.pk
    return _added(draft, lead, by)


def make_company(lead: Lead, *, by: User) -> Party:
    """The new company of a lead."""
    draft = _read(_told({"name": lead.company} | _shared(lead), by), {}, PartyKind.ORGANISATION)
    return _added(draft, lead, by)


def _added(draft: Draft, lead: Lead, by: User) -> Party:
    """The owner of a lead has its contact too, where one may give it to them."""
    kind = "contacts" if draft.kind == PartyKind.PERSON else "companies"
    owner = lead.owner
    draft.columns["owner_id"] = owner.pk if owner and by.may_give(kind, owner) else by.pk
    return parties.add_party(draft, by=by)


def _shared(lead: Lead) -> dict[str, Any]:
    said: dict[str, Any] = {"source": lead.source, "lifecycle": Party.Lifecycle.PROSPECT}
    names = ("postal_code", "city", "region", "country")
    place = {name: getattr(lead, name) for name in names}
    if lead.postal_code or lead.city or lead.region:
        said["addresses"] = [place]
    return said


def _reached(lead: Lead, by: User) -> dict[str, Any]:
    """The ways to reach them, but for a phone that is none."""
    hidden = by.hidden_fields("leads")
    email = [lead.email] if lead.email and "email" not in hidden else []
    known = lead.phone and "phone" not in hidden and phones.parse(lead.phone)
    return {"emails": email, "phones": [lead.phone] if known else []}


def _told(said: dict[str, Any], by: User) -> dict[str, Any]:
    """What this person's role sees of the lead, and may say of a contact."""
    hidden = by.hidden_fields("leads")
    return {name: value for name, value in said.items() if value and name not in hidden}


def _read(said: dict[str, Any], reached: dict[str, Any], kind: PartyKind) -> Draft:
    """Without the language or the place where those are not as contacts write them, and without
    the own fields that contacts must have: a lead has none of them to give.
    """
    try:
        return read(said | reached, kind, demands=False)
    except Invalid as invalid:
        odd = {name for name in ("language", "addresses") if _names(invalid, name)}
        if not odd:
            raise
        return read({n: v for n, v in said.items() if n not in odd} | reached, kind, demands=False)


def _names(invalid: Invalid, field: str) -> bool:
    return any(name.startswith(field) for name in invalid.fields)
