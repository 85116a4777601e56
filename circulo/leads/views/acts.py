"""What is done with a lead on its page: taken, answered, converted, discarded, opened again."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST

from circulo.agenda import actions as agenda
from circulo.agenda import plans
from circulo.agenda.forms import LineForm
from circulo.leads import actions, drafts
from circulo.leads.conversions import deal_title, read_conversion
from circulo.leads.forms import AnswerForm, ConvertForm, DiscardForm
from circulo.leads.models import Lead
from circulo.leads.selectors.leads import known_party, may_take, reasons_in_use, seen_lead
from circulo.leads.selectors.page import Known, known_of
from circulo.leads.views.finding import back, did, find
from circulo.lib.errors import Invalid, RuleBroken, Text
from circulo.records.undo_links import undo_url
from circulo.timeline.kinds import Kind
from circulo.web import Request, page, swap, toast


@require_http_methods(["GET", "POST"])
@login_required
def convert(request: Request, identifier: str) -> HttpResponse:
    """Say what a lead is to become, and make it that."""
    lead = find(request, identifier, "edit")
    known, user = known_of(request.user, lead), request.user
    contacts, companies = _contacts(lead, known), _companies(lead, known)
    initial = {"title": deal_title(lead)}
    form = ConvertForm(user, contacts, companies, request.POST or None, initial=initial)
    if request.method == "GET":
        return page(request, "leads/convert.html", form=form, lead=lead)
    status = 422
    if form.is_valid():
        try:
            return _converted(request, lead, form)
        except Invalid as invalid:
            form.tell(Invalid({n.removeprefix("deal."): w for n, w in invalid.fields.items()}))
        except RuleBroken as refusal:
            form.tell(refusal)
            status = 409
    return page(request, "leads/convert.html", status=status, form=form, lead=lead)


@require_http_methods(["GET", "POST"])
@login_required
def discard(request: Request, identifier: str) -> HttpResponse:
    """Ask why nothing comes of a lead, and discard it."""
    lead = find(request, identifier, "edit")
    form = DiscardForm(reasons_in_use(), request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return _discarded(request, lead, form)
            except (Invalid, RuleBroken) as refusal:
                form.tell(refusal)
                status = 409 if isinstance(refusal, RuleBroken) else 422
    return page(request, "leads/discard.html", status=status, form=form, lead=lead)


@require_POST
@login_required
def reopen(request: Request, identifier: str) -> HttpResponse:
    """Open a discarded lead again."""
    lead = find(request, identifier, "edit")
    said = _("Open again: %s.") % lead
    return did(request, lead, lambda: actions.reopen_lead(lead, by=request.user), said)


@require_POST
@login_required
def accept(request: Request, identifier: str) -> HttpResponse:
    """Take for real what looked like spam."""
    lead = find(request, identifier, "edit")
    said = _("No spam: %s came in.") % lead
    return did(request, lead, lambda: actions.accept_leads([lead.pk], by=request.user), said)


@require_POST
@login_required
def take(request: Request, identifier: str) -> HttpResponse:
    """Take a lead out of the queue of one's team."""
    lead = find(request, identifier)
    if lead.owner_id is None and not may_take(request.user, lead):
        raise PermissionDenied
    said = _("It is yours: %s.") % lead
    return did(request, lead, lambda: actions.take_lead(lead, by=request.user), said)


@require_POST
@login_required
def answer(request: Request, identifier: str) -> HttpResponse:
    """Say how somebody answered."""
    lead = find(request, identifier, "edit")
    form = AnswerForm(request.POST)
    if not form.is_valid():
        toast(request, str(next(iter(form.errors.values()))[0]), tone="bad")
        return back(request, lead)
    how, note = Kind(form.cleaned_data["how"]), form.cleaned_data["note"]
    said = _("Answered: %s.") % lead
    return did(
        request, lead, lambda: actions.answer_lead(lead, how=how, note=note, by=request.user), said
    )


@require_POST
@login_required
def plan(request: Request, identifier: str) -> HttpResponse:
    """Plan what is to be done next for a lead, in one line."""
    lead = find(request, identifier, "edit")
    if not request.user.may("tasks", "create"):
        raise PermissionDenied
    form = LineForm(request.POST)
    if not form.is_valid():
        toast(request, str(next(iter(form.errors.values()))[0]), tone="bad")
        return back(request, lead)
    party = known_party(lead.party_id, request.user)

    def write() -> None:
        said = form.said(party)
        if party is None:
            said["title"] = f"{said['title']}: {lead}"[:300]
        planned = plans.read(said, is_appointment=False, by=request.user)
        agenda.add_entry(planned, by=request.user)

    return did(request, lead, write, _("Planned: %s.") % form.cleaned_data["title"])


@require_POST
@login_required
def recognise(request: Request, identifier: str) -> HttpResponse:
    """Say that a lead is a contact or a company that is there already."""
    lead = find(request, identifier, "edit")
    names = ("party", "company_party")
    said = {name: request.POST[name] for name in names if request.POST.get(name)}

    def write() -> None:
        draft = drafts.read(said, by=request.user, lead=lead)
        actions.change_lead(lead, draft, by=request.user)

    return did(request, lead, write, _("Saved."))


@require_POST
@login_required
def bin_lead(request: Request, identifier: str) -> HttpResponse:
    """Move a lead to the bin."""
    lead = find(request, identifier, "delete")
    actions.bin_leads([lead.pk], by=request.user)
    toast(request, _("In the bin: %s.") % lead, undo=undo_url())
    return swap(request, "records/_gone.html", otherwise=reverse("desk:leads"))


@require_POST
@login_required
def restore_lead(request: Request, identifier: str) -> HttpResponse:
    """Take a lead out of the bin."""
    lead = seen_lead(request.user, identifier, "restore")
    if lead is None:
        raise Http404
    said = _("Restored: %s.") % lead
    return did(request, lead, lambda: actions.restore_leads([lead.pk], by=request.user), said)


def _converted(request: Request, lead: Lead, form: ConvertForm) -> HttpResponse:
    into = read_conversion(form.said(), lead, by=request.user)
    done = actions.convert_lead(lead, into, by=request.user)
    toast(request, _("Converted: %s.") % lead, undo=undo_url())
    if done.deal is not None and request.user.may("deals", "view"):
        return swap(request, "records/_gone.html", otherwise=done.deal.get_absolute_url())
    return back(request, lead)


def _discarded(request: Request, lead: Lead, form: DiscardForm) -> HttpResponse:
    note = form.cleaned_data["note"]
    actions.discard_lead(lead, reason=form.chosen, note=note, by=request.user)
    toast(request, _("Discarded: %s.") % lead, undo=undo_url())
    return back(request, lead)


def _contacts(lead: Lead, known: Known) -> list[tuple[str, Text]]:
    """Who the contact can be: whom it is known as, a new one, others it may be, or nobody."""
    new: list[tuple[str, Text]] = [("new", _("New: %s") % lead)]
    there = [known.contact] if known.contact else known.contacts
    found: list[tuple[str, Text]] = [(one.public_id, str(one)) for one in there]
    first = found if known.contact else [*new, *found]
    return [*first, ("none", _("No contact"))]


def _companies(lead: Lead, known: Known) -> list[tuple[str, Text]]:
    if not lead.company and known.company is None:
        return []
    new: list[tuple[str, Text]] = [("new", pgettext("company", "New: %s") % lead.company)]
    there = [known.company] if known.company else known.companies
    found: list[tuple[str, Text]] = [(one.public_id, str(one)) for one in there]
    first = found if known.company else [*new, *found]
    return [*first, ("none", _("No company"))]
