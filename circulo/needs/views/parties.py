"""What a party needs, on its page: noted in one line, withdrawn, put first, and all of it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import reswap, retarget

from circulo.lib.errors import Invalid, RuleBroken
from circulo.needs import actions
from circulo.needs.answers import Said, told
from circulo.needs.forms import NoteForm
from circulo.needs.models import Preference
from circulo.needs.selectors import parties as selectors
from circulo.parties.models import Party
from circulo.parties.overview import overview
from circulo.parties.selectors import may_do
from circulo.parties.views.finding import find
from circulo.web import Request, page, swap, toast


@require_GET
@login_required
def needs(request: Request, identifier: str) -> HttpResponse:
    """All that is known of a party's needs, and what was known before."""
    party = _party(request, identifier)
    known, before = selectors.needs_of(request.user, party)
    context: dict[str, Any] = {"party": party, "known": known, "before": before}
    if request.user.may("preferences", "create"):
        context["form"] = _form(party)
    return page(
        request, "needs/needs.html", **context, may_edit=may_do(request.user, party, "edit")
    )


@require_http_methods(["GET", "POST"])
@login_required
def note(request: Request, identifier: str) -> HttpResponse:
    """Note what somebody likes, dislikes, needs or prefers, in one line."""
    party = _party(request, identifier)
    if not request.user.may("preferences", "create"):
        raise PermissionDenied
    if request.method == "GET":
        form = _form(party)
        template = "needs/_note.html" if request.htmx else "needs/note.html"
        return page(request, template, party=party, form=form)
    form = _form(party, request.POST)
    if not (form.is_valid() and _noted(request, form)):
        answer = swap(request, "needs/_note.html", otherwise="needs/note.html", status=422,
                      party=party, form=form)  # fmt: skip
        return reswap(retarget(answer, "#note-need"), "innerHTML")
    toast(request, _("Noted."))
    if not request.htmx:
        return swap(request, "", otherwise=party.get_absolute_url())
    seen = overview(request.user, identifier)
    return swap(
        request, "needs/_panel.html", otherwise=party.get_absolute_url(), party=party,
        panels=seen.panels, may_note=True, may_edit=may_do(request.user, party, "edit"),
    )  # fmt: skip


@require_POST
@login_required
def withdraw(request: Request, identifier: str) -> HttpResponse:
    """Say that something does not hold any more; the toast takes it back."""
    preference = _preference(request, identifier, "delete")
    try:
        actions.withdraw_preference(preference, by=request.user)
        undo = reverse("needs:restore", args=[preference.public_id])
        toast(request, _("Withdrawn: %s.") % told(preference.topic, Said.of(preference)), undo=undo)
    except RuleBroken as broken:
        toast(request, str(broken.message), tone="bad")
    return _back(request, preference)


@require_POST
@login_required
def restore(request: Request, identifier: str) -> HttpResponse:
    """Take back that something was withdrawn."""
    preference = _preference(request, identifier, "delete")
    try:
        actions.restore_preference(preference, by=request.user)
        toast(request, _("It holds again."))
    except RuleBroken as broken:
        toast(request, str(broken.message), tone="bad")
    return _back(request, preference)


@require_POST
@login_required
def rank_first(request: Request, identifier: str) -> HttpResponse:
    """Put something before all else of its kind."""
    preference = _preference(request, identifier, "edit")
    actions.rank_first(preference, by=request.user)
    return _back(request, preference)


def _party(request: Request, identifier: str) -> Party:
    if not request.user.may("preferences", "view"):
        raise Http404
    return find(request, identifier)


def _preference(request: Request, identifier: str, act: str) -> Preference:
    found = selectors.preference_of(request.user, identifier, act)
    if found is None:
        raise Http404
    return found


def _form(party: Party, said: Any = None) -> NoteForm:
    return NoteForm(party, selectors.topics_about(party), said)


def _noted(request: Request, form: NoteForm) -> bool:
    try:
        actions.note_preference(form.statement(), by=request.user)
    except (Invalid, RuleBroken) as refused:
        form.tell_at_text(refused)
        return False
    return True


def _back(request: Request, preference: Preference) -> HttpResponse:
    """Where the act was done: the page of all needs, or the page of the party."""
    whole = reverse("needs:needs", args=[preference.party.public_id])
    there = request.headers.get("Referer", "").partition("?")[0].endswith(whole)
    return swap(request, "", otherwise=whole if there else preference.party.get_absolute_url())
