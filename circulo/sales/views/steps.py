"""What is planned for a deal on its page: a line, or an act that its stage suggests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from circulo.agenda import plans
from circulo.agenda.forms import LineForm
from circulo.lib.errors import Invalid, RuleBroken
from circulo.records.actions.once import make_once
from circulo.records.undo_links import undo_url
from circulo.sales import actions
from circulo.sales.models import Deal
from circulo.sales.selectors import page as parts
from circulo.sales.selectors.acts import act_called, suggested_for
from circulo.sales.selectors.today import standing_still
from circulo.sales.views.finding import find
from circulo.web import Request, swap, toast


@require_POST
@login_required
def plan(request: Request, identifier: str) -> HttpResponse:
    """Plan the next step of a deal in one line."""
    deal = _to_plan_for(request, identifier)
    form = LineForm(request.POST)
    refused = str(next(iter(form.errors.values()))[0]) if not form.is_valid() else ""
    if refused:
        toast(request, refused, tone="bad")
    else:
        refused = _did(request, lambda: _of_line(request, deal, form))
    return _steps(request, deal, refused, request.POST.get("title", "") if refused else "")


@require_POST
@login_required
def plan_act(request: Request, identifier: str, key: str) -> HttpResponse:
    """Plan an act that the stage of a deal suggests, from its page or from Today."""
    deal = _to_plan_for(request, identifier)
    act = act_called(key)
    if act is None:
        raise Http404
    refused = _did(request, lambda: actions.plan_act(deal, act, by=request.user).title)
    if "today" in request.POST:
        still = standing_still(request.user)
        partial = "sales/_today.html" if still else "records/_gone.html"
        return swap(request, partial, otherwise="desk:today", it=still, again=True)
    return _steps(request, deal, refused)


def _to_plan_for(request: Request, identifier: str) -> Deal:
    deal = find(request, identifier, "edit")
    if not request.user.may("tasks", "create"):
        raise PermissionDenied
    return deal


def _of_line(request: Request, deal: Deal, form: LineForm) -> str:
    """Plan what a line says, once however often it is sent; its title."""
    party = parts.party_of(request.user, deal)
    planned = plans.read(form.said(party), is_appointment=False, by=request.user)
    make_once(
        request.POST.get("once", ""),
        lambda: actions.plan_step(deal, planned, by=request.user).pk,
        by=request.user,
    )
    return str(planned.columns["title"])


def _did(request: Request, plan: Callable[[], str]) -> str:
    """Plan something and say so; or say, and give, why it was refused."""
    try:
        title = plan()
    except (Invalid, RuleBroken) as refusal:
        said = refusal.message if isinstance(refusal, RuleBroken) else (
            next(iter(refusal.fields.values())))  # fmt: skip
        toast(request, str(said), tone="bad")
        return str(said)
    toast(request, _("Planned: %s.") % title, undo=undo_url())
    return ""


def _steps(request: Request, deal: Deal, refused: str, title: str = "") -> HttpResponse:
    """The steps of the deal after that; where something was typed and refused, with its title."""
    context: dict[str, Any] = {}
    if request.htmx:
        context = {
            "party": parts.party_link(parts.party_of(request.user, deal)),
            "steps": parts.steps_of(request.user, deal),
            "acts": suggested_for(request.user, deal),
        }
    return swap(
        request, "sales/_steps.html", otherwise=deal.get_absolute_url(), deal=deal, may_plan=True,
        again=True, title=title, status=422 if refused and request.htmx else 200, **context,
    )  # fmt: skip
