"""What is done with a deal on its page: moved, won, lost, opened again, binned."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from circulo.lib.errors import Invalid, RuleBroken
from circulo.parties.selectors import named_parties
from circulo.records.undo_links import undo_url
from circulo.sales import actions, drafts
from circulo.sales.drafts import Draft
from circulo.sales.forms import EndForm, PersonForm, RivalForm, ShareForm
from circulo.sales.models import Deal
from circulo.sales.selectors import page as parts
from circulo.sales.selectors.deals import reasons_for, seen_deal, stage_called
from circulo.sales.selectors.rivals import rivals_offered
from circulo.sales.views.finding import find
from circulo.web import Request, page, swap, toast


@require_POST
@login_required
def move(request: Request, identifier: str) -> HttpResponse:
    """Have a deal enter another stage."""
    deal = find(request, identifier, "edit")
    stage = stage_called(request.POST.get("stage", ""))
    if stage is None:
        raise Http404
    said = _("Now in “%s”.") % stage.name
    return _did(request, deal, lambda: actions.move_deal(deal, to=stage, by=request.user), said)


@require_http_methods(["GET", "POST"])
@login_required
def win(request: Request, identifier: str) -> HttpResponse:
    """Close a deal as won, and say why."""
    return _end(request, find(request, identifier, "edit"), Deal.Outcome.WON)


@require_http_methods(["GET", "POST"])
@login_required
def lose(request: Request, identifier: str) -> HttpResponse:
    """Close a deal as lost, and say why."""
    return _end(request, find(request, identifier, "edit"), Deal.Outcome.LOST)


@require_POST
@login_required
def reopen(request: Request, identifier: str) -> HttpResponse:
    """Open a deal again."""
    deal = find(request, identifier, "edit")
    said = _("Open again: %s.") % deal.title
    return _did(request, deal, lambda: actions.reopen_deal(deal, by=request.user), said)


@require_POST
@login_required
def bin_deal(request: Request, identifier: str) -> HttpResponse:
    """Move a deal to the bin."""
    deal = find(request, identifier, "delete")
    actions.bin_deals([deal.pk], by=request.user)
    toast(request, _("In the bin: %s.") % deal.title, undo=undo_url())
    return swap(request, "records/_gone.html", otherwise=reverse("desk:today"))


@require_POST
@login_required
def restore_deal(request: Request, identifier: str) -> HttpResponse:
    """Take a deal out of the bin."""
    deal = seen_deal(request.user, identifier, "restore")
    if deal is None:
        raise Http404
    said = _("Restored: %s.") % deal.title
    return _did(request, deal, lambda: actions.restore_deals([deal.pk], by=request.user), said)


@require_POST
@login_required
def people(request: Request, identifier: str) -> HttpResponse:
    """Name somebody who has a part in a deal, or let somebody go."""
    deal = find(request, identifier, "edit")
    there = {one.party.public_id: one.part for one in parts.people_of(request.user, deal)}
    gone = request.POST.get("gone", "")
    if gone:
        there.pop(gone, None)
        return _say(request, deal, _people_said(there))
    form = PersonForm(request.POST)
    found = named_parties(request.user, form.data.get("who", "")) if form.is_valid() else []
    if len(found) != 1:
        several = _("Several go by this name: write the address of the page of the one.")
        toast(request, several if found else _("Nobody you can see goes by this name."), tone="bad")
        return _back(request, deal)
    there[found[0].public_id] = form.cleaned_data["part"]
    return _say(request, deal, _people_said(there))


@require_POST
@login_required
def rivals(request: Request, identifier: str) -> HttpResponse:
    """Name a competitor at a deal, or take one away."""
    deal = find(request, identifier, "edit")
    _refuse_hidden(request, "rivals")
    there = [{"name": one.name, "strength": drafts.LEVELS[one.strength], "note": one.note}
             for one in deal.rivals.order_by("pk")]  # fmt: skip
    gone = request.POST.get("gone", "")
    if gone:
        left = [one for one in there if one["name"] != gone]
        return _say(request, deal, {"rivals": left})
    form = RivalForm(request.POST)
    if not form.is_valid():
        return _refused(request, deal, form)
    said = dict(form.cleaned_data)
    kept = [one for one in there if one["name"] != said["name"]]
    return _say(request, deal, {"rivals": [*kept, said]})


@require_POST
@login_required
def shares(request: Request, identifier: str) -> HttpResponse:
    """Give a colleague a part of a deal, or take it away."""
    deal = find(request, identifier, "edit")
    _refuse_hidden(request, "shares")
    rows = deal.shares.select_related("user").order_by("pk")
    there = {one.user.opaque: one.percent for one in rows}
    gone = request.POST.get("gone", "")
    if gone:
        there.pop(gone, None)
    else:
        form = ShareForm(request.POST)
        if not form.is_valid():
            return _refused(request, deal, form)
        there[form.cleaned_data["user"]] = form.cleaned_data["percent"]
    said = [{"user": user, "percent": percent} for user, percent in there.items()]
    return _say(request, deal, {"shares": said})


def _people_said(there: dict[str, str]) -> dict[str, Any]:
    return {"people": [{"party": party, "part": part} for party, part in there.items()]}


def _end(request: Request, deal: Deal, outcome: str) -> HttpResponse:
    """Ask why a deal ended, and close it."""
    rivals = rivals_offered(request.user, deal)
    form = EndForm(outcome, reasons_for(outcome), rivals, request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return _closed(request, deal, outcome, form)
            except (Invalid, RuleBroken) as refusal:
                form.tell(refusal)
                status = 409 if isinstance(refusal, RuleBroken) else 422
    return page(request, "sales/end.html", status=status, form=form, deal=deal, outcome=outcome)


def _closed(request: Request, deal: Deal, outcome: str, form: EndForm) -> HttpResponse:
    why = {"reason": form.chosen, "note": form.cleaned_data["note"]}
    if outcome == Deal.Outcome.WON:
        actions.win_deal(deal, by=request.user, **why)
    else:
        lost_to = form.cleaned_data.get("lost_to", "")
        actions.lose_deal(deal, by=request.user, lost_to=lost_to, **why)
    said = _("Won: %s.") if outcome == Deal.Outcome.WON else _("Lost: %s.")
    toast(request, said % deal.title, undo=undo_url())
    return _back(request, deal)


def _say(request: Request, deal: Deal, said: dict[str, Any]) -> HttpResponse:
    try:
        draft = drafts.read(said, by=request.user, deal=deal)
    except Invalid as invalid:
        toast(request, str(next(iter(invalid.fields.values()))), tone="bad")
        return _back(request, deal)
    return _put(request, deal, draft)


def _put(request: Request, deal: Deal, draft: Draft) -> HttpResponse:
    return _did(request, deal, lambda: actions.change_deal(deal, draft, by=request.user),
                _("Saved."))  # fmt: skip


def _did(request: Request, deal: Deal, act: Callable[[], object], said: str) -> HttpResponse:
    """Do it and say so, with the way back; or say what a rule had against it."""
    try:
        act()
        toast(request, said, undo=undo_url())
    except RuleBroken as refusal:
        toast(request, refusal.message, tone="bad")
    except Invalid as invalid:
        toast(request, str(next(iter(invalid.fields.values()))), tone="bad")
    return _back(request, deal)


def _refused(request: Request, deal: Deal, form: Any) -> HttpResponse:
    toast(request, str(next(iter(form.errors.values()))[0]), tone="bad")
    return _back(request, deal)


def _refuse_hidden(request: Request, name: str) -> None:
    if name in request.user.hidden_fields("deals"):
        raise Http404


def _back(request: Request, deal: Deal) -> HttpResponse:
    return swap(request, "records/_gone.html", otherwise=deal.get_absolute_url())
