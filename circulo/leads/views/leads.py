"""The page of a lead, the forms that add and change one, and its changes."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from circulo.accounts.models import User
from circulo.leads import actions, drafts
from circulo.leads.forms import AnswerForm, LeadForm, initial_of
from circulo.leads.models import Lead
from circulo.leads.roster import TONES
from circulo.leads.selectors import page as parts
from circulo.leads.selectors.leads import known_party, may_do, may_take, seen_lead
from circulo.leads.views.finding import find
from circulo.leads.words import doubts_in_words, route_in_words
from circulo.lib import ids, phones
from circulo.lib.errors import Invalid
from circulo.parties.doubts import phone_doubt
from circulo.records.actions.once import make_once
from circulo.records.history import history_of
from circulo.records.own.shown import own_told
from circulo.records.undo_links import undo_url
from circulo.records.views.putting_back import put_line_back
from circulo.timeline.models import Interaction
from circulo.web import Request, page, swap, toast
from circulo.web.meeting import save_together


@require_GET
@login_required
def show(request: Request, identifier: str) -> HttpResponse:
    """A lead, whole."""
    return page(request, "leads/lead.html", **_context(request, find(request, identifier)))


@require_http_methods(["GET", "POST"])
@login_required
def new(request: Request) -> HttpResponse:
    """Add a lead, by hand or from what somebody wrote to us."""
    if not request.user.may("leads", "create"):
        raise PermissionDenied
    said = request.POST.get("interaction") or request.GET.get("interaction", "")
    told = parts.incoming(request.user, said)
    form = LeadForm(
        request.user, request.POST or None, request.FILES or None,
        initial=_beginning(told, request.user),
    )  # fmt: skip
    if request.method == "GET":
        return _form(request, form, told=told)
    if not form.is_valid():
        return _form(request, form, told=told, status=422)
    try:
        key = _added(request, form, told)
    except Invalid as invalid:
        form.refuse(invalid)
        return _form(request, form, told=told, status=422)
    lead = seen_lead(request.user, ids.encode("lead", key))
    toast(request, _("Added: %s.") % lead if lead else _("Added."), undo=undo_url())
    to = lead.get_absolute_url() if lead else "desk:leads"
    return swap(request, "web/_notice.html", otherwise=to, text=_("Saved."))


@require_http_methods(["GET", "POST"])
@login_required
def edit(request: Request, identifier: str) -> HttpResponse:
    """Change a lead."""
    lead = find(request, identifier, "edit")
    begin = initial_of(lead, request.user)
    form = LeadForm(
        request.user, request.POST or None, request.FILES or None, lead=lead, initial=begin
    )
    if request.method == "GET":
        return _form(request, form)

    def save() -> None:
        draft = drafts.read(form.said(), by=request.user, lead=lead)
        actions.change_lead(lead, draft, by=request.user, version=lead.version)

    unsaved = save_together(
        request, form, save, of=lead, again=lambda: edit(request, identifier),
        show=lambda status: _form(request, form, status=status),
    )  # fmt: skip
    if unsaved is not None:
        return unsaved
    toast(request, _("Saved."), undo=undo_url())
    seen = seen_lead(request.user, identifier)
    to = lead.get_absolute_url() if seen else "desk:leads"
    return swap(request, "web/_notice.html", otherwise=to, text=_("Saved."))


@require_GET
@login_required
def changes(request: Request, identifier: str) -> HttpResponse:
    """Who changed what of this lead, when, from what to what and through what."""
    lead = find(request, identifier)
    history = history_of(request.user, "lead", lead.pk, request.GET.get("before", ""))
    return page(request, "leads/changes.html", lead=lead, history=history,
                may_edit=may_do(request.user, lead, "edit"))  # fmt: skip


@require_POST
@login_required
def put_back(request: Request, identifier: str, line: str) -> HttpResponse:
    """Give a field the value that it had before a change."""
    lead = find(request, identifier, "edit")
    return put_line_back(request, "lead", lead.pk, line, back=f"{lead.get_absolute_url()}/changes")


def _context(request: Request, lead: Lead) -> dict[str, Any]:
    user = request.user
    hidden = user.hidden_fields("leads")
    entries = parts.entries_of(lead)
    return {
        "lead": lead,
        "hidden": hidden,
        "tone": TONES[lead.status],
        "known": parts.known_of(user, lead),
        "deal": parts.deal_of(user, lead),
        "why": route_in_words(lead.route),
        "phone": phones.shown(lead.phone, user.region[-2:]) if lead.phone else "",
        "phone_doubt": phone_doubt(lead.phone),
        "dial": lead.phone if lead.phone.startswith("+") else "",
        "way": parts.way_of(lead),
        "told": parts.told_of(user, lead),
        "entries": entries,
        "doubts": [text for entry in entries for text in doubts_in_words(entry.doubts)],
        "own": own_told(user, "leads", lead),
        "files": parts.files_of(lead),
        "answer_form": AnswerForm(auto_id="answer_%s"),
        "may_edit": may_do(user, lead, "edit"),
        "may_delete": may_do(user, lead, "delete"),
        "may_take": may_take(user, lead),
        "may_plan": user.may("tasks", "create"),
    }


def _beginning(told: Interaction | None, user: User) -> dict[str, Any]:
    """What a form begins with: what is known of whoever wrote to us, and their words."""
    if told is None:
        return {}
    party = told.party
    names = ("given_name", "first_surname", "second_surname", "job_title", "language")
    found: dict[str, Any] = {name: getattr(party, name) for name in names}
    if party.is_organisation:
        found["company"] = party.name
    elif employer := known_party(party.company_id, user):
        found["company"] = employer.name
    return found | {"message": told.body or told.subject}


def _added(request: Request, form: LeadForm, told: Interaction | None) -> int:
    """The lead of a form, once however often it is sent."""
    draft = drafts.read(form.said(), by=request.user)

    def make() -> int:
        if told is not None:
            lead = actions.lead_from_interaction(told, draft, by=request.user)
        else:
            lead = actions.add_lead(draft, by=request.user)
        form.keep_sent(lead.pk)
        return lead.pk

    return make_once(request.POST.get("once", ""), make, by=request.user)


def _form(
    request: Request, form: LeadForm, *, told: Interaction | None = None, status: int = 200
) -> HttpResponse:
    return page(request, "leads/form.html", status=status, form=form, lead=form.lead,
                interaction=told)  # fmt: skip
