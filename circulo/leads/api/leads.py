"""Leads over the API."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.leads import actions, drafts, schemas, shown
from circulo.leads.actions.closing import MOST_NOTE
from circulo.leads.conversions import read_conversion
from circulo.leads.models import Lead, LeadReason
from circulo.leads.selectors.leads import may_do, reason_called, seen_lead
from circulo.lib import ids
from circulo.lib.errors import Invalid, Stale
from circulo.parties.api.history import CURSOR, page_of_history
from circulo.records.rest import lists, reading
from circulo.records.rest.answers import answer, etag_of, nothing, one
from circulo.records.rest.changes import LINE
from circulo.records.rest.operations import Call, Operation, offer
from circulo.records.rest.refusals import Refused, forbidden, not_found
from circulo.records.rest.schemas import page_of
from circulo.records.rest.versions import refuse_older


def list_leads(call: Call) -> HttpResponse:
    """One page of the leads that this person sees."""
    _refuse_who_sees_none(call.user)
    return lists.page(call, "leads", shown.leads_shown, by_key=True)


def show_lead(call: Call) -> HttpResponse:
    """One lead with its version."""
    lead = _seen(call)
    return one(call.request, _told(call.user, lead.pk), etag_of(lead.version))


def add_lead(call: Call) -> HttpResponse:
    """Add a lead: known people are recognised, the rules score it and say whose it is."""
    if not call.user.right("leads").create:
        raise forbidden(_("You may not add records of this kind."))
    lead = actions.add_lead(drafts.read(call.said, by=call.user), by=call.user)
    said = _told(call.user, lead.pk)
    return answer(said, status=201, etag=etag_of(lead.version), location=f"leads/{lead.public_id}")


def change_lead(call: Call) -> HttpResponse:
    """Change what the body names; with If-Match only where nobody saved a newer version."""
    lead = _seen(call, act="edit")
    refuse_older(call, lead.version, lambda: _told(call.user, lead.pk))
    draft = drafts.read(call.said, by=call.user, lead=lead)
    version = lead.version if call.versions else None
    try:
        actions.change_lead(lead, draft, by=call.user, version=version)
    except Stale:
        lead.refresh_from_db()
        refuse_older(call, lead.version, lambda: _told(call.user, lead.pk))
        raise
    return _answered(call.user, lead)


def bin_lead(call: Call) -> HttpResponse:
    """Move a lead to the bin."""
    lead = _seen(call, act="delete")
    refuse_older(call, lead.version, lambda: _told(call.user, lead.pk))
    actions.bin_leads([lead.pk], by=call.user)
    return nothing()


def restore_lead(call: Call) -> HttpResponse:
    """Take a lead out of the bin."""
    lead = seen_lead(call.user, call.ids[0], "restore")
    if lead is None:
        raise _unknown()
    actions.restore_leads([lead.pk], by=call.user)
    return _answered(call.user, lead)


def convert_lead(call: Call) -> HttpResponse:
    """Make a lead a contact, a company and, where one is said, a deal."""
    lead = _ready(call)
    said = call.said if call.body is not None else {}
    actions.convert_lead(lead, read_conversion(said, lead, by=call.user), by=call.user)
    return _answered(call.user, lead)


def discard_lead(call: Call) -> HttpResponse:
    """Discard a lead, for a reason."""
    lead = _ready(call)
    said = reading.known(call.said, ("reason", "note"))
    with reading.collecting() as take:
        reason = take("reason", _reason, said.get("reason"))
        note = take("note", reading.prose, said.get("note"), MOST_NOTE)
    actions.discard_lead(lead, reason=reason, note=note, by=call.user)
    return _answered(call.user, lead)


def reopen_lead(call: Call) -> HttpResponse:
    """Open a discarded lead again."""
    lead = _ready(call)
    actions.reopen_lead(lead, by=call.user)
    return _answered(call.user, lead)


def accept_lead(call: Call) -> HttpResponse:
    """Say that what looked like spam is none: it comes in now."""
    lead = _ready(call)
    actions.accept_leads([lead.pk], by=call.user)
    return _answered(call.user, lead)


def show_history(call: Call) -> HttpResponse:
    """Every field of a lead: who changed it, when, from what, to what and through what."""
    return page_of_history(call, "lead", _seen(call).pk)


def list_reasons(call: Call) -> HttpResponse:
    """One page of the reasons why leads are discarded."""
    _refuse_who_sees_none(call.user)
    return lists.page(call, "lead_reasons", lambda _user, rows: [_said(row) for row in rows])


def _said(reason: LeadReason) -> dict[str, Any]:
    names = ("label", "position", "is_active")
    return {"id": reason.public_id, **{name: getattr(reason, name) for name in names}}


def _reason(value: Any) -> LeadReason | None:
    found = reason_called(reading.word(value)) if value is not None else None
    if value is not None and found is None:
        raise Invalid({"": _("There is no such reason.")})
    return found


def _seen(call: Call, act: str = "view") -> Lead:
    """404 where it is not seen, 403 where it may not be touched."""
    lead = seen_lead(call.user, call.ids[0])
    if lead is None:
        raise _unknown()
    if act != "view" and not may_do(call.user, lead, act):
        raise forbidden(_("You may see this record, but not change it."))
    return lead


def _ready(call: Call) -> Lead:
    """A lead that may be changed, in the version that the call knows."""
    lead = _seen(call, act="edit")
    refuse_older(call, lead.version, lambda: _told(call.user, lead.pk))
    return lead


def _told(user: User, key: int) -> dict[str, Any]:
    """The lead as it stands; whoever gave it out of their own sight learns its id alone."""
    found = shown.leads_shown(user, [key])
    return found[0] if found else {"id": ids.encode("lead", key)}


def _answered(user: User, lead: Lead) -> HttpResponse:
    said = _told(user, lead.pk)
    return answer(said, etag=etag_of(said.get("version", lead.version + 1)))


def _refuse_who_sees_none(user: User) -> None:
    if not user.may("leads", "view"):
        raise forbidden(_("Your role does not allow this."))


def _unknown() -> Refused:
    return not_found(_("There is no such record."))


offer(
    Operation("GET", "leads", list_leads, "List leads", gives=page_of(schemas.LEAD),
              parameters=(lists.WORDS, lists.VIEW, *lists.PAGES)),
    Operation("POST", "leads", add_lead, "Add a lead", takes=schemas.LEAD_IN, gives=schemas.LEAD,
              status=201,
              more="Matched with known people, scored, and given to somebody by the rules."),
    Operation("GET", "leads/reasons", list_reasons, "List the reasons for discarding leads",
              gives=page_of(schemas.REASON), parameters=lists.PAGES),
    Operation("GET", "leads/{id}", show_lead, "Get a lead", gives=schemas.LEAD),
    Operation("PATCH", "leads/{id}", change_lead, "Change a lead", takes=schemas.LEAD_CHANGE,
              gives=schemas.LEAD),
    Operation("DELETE", "leads/{id}", bin_lead, "Move a lead to the bin", status=204),
    Operation("POST", "leads/{id}/restore", restore_lead, "Take a lead out of the bin",
              gives=schemas.LEAD),
    Operation("POST", "leads/{id}/convert", convert_lead, "Convert a lead", takes=schemas.CONVERT,
              gives=schemas.LEAD,
              more="Without a deal said, none begins. A lead is converted once: then 409."),
    Operation("POST", "leads/{id}/discard", discard_lead, "Discard a lead, for a reason",
              takes=schemas.DISCARD, gives=schemas.LEAD),
    Operation("POST", "leads/{id}/reopen", reopen_lead, "Open a discarded lead again",
              gives=schemas.LEAD),
    Operation("POST", "leads/{id}/accept", accept_lead, "Take a suspect for a real lead",
              gives=schemas.LEAD),
    Operation("GET", "leads/{id}/history", show_history, "The changes of a lead, newest first",
              gives=page_of(LINE), parameters=(CURSOR,)),
)  # fmt: skip
