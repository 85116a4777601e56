"""The page of a deal, the forms that add and change one, and its changes."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from circulo.catalog.forms.lines import LinesForm
from circulo.lib import ids
from circulo.lib.errors import Invalid, RuleBroken
from circulo.parties.models import Party
from circulo.records.actions.once import make_once
from circulo.records.history import history_of
from circulo.records.own.shown import own_told
from circulo.records.undo_links import undo_url
from circulo.records.views.putting_back import put_line_back
from circulo.sales import actions, drafts
from circulo.sales.forms import DealForm, PersonForm, RivalForm, ShareForm, initial_of
from circulo.sales.models import Deal
from circulo.sales.parts import parts_of
from circulo.sales.selectors import lines
from circulo.sales.selectors import page as parts
from circulo.sales.selectors.acts import suggested_for
from circulo.sales.selectors.deals import may_do, stage_called
from circulo.sales.views.finding import find
from circulo.web import Request, page, swap, toast
from circulo.web.meeting import save_together


@require_GET
@login_required
def show(request: Request, identifier: str) -> HttpResponse:
    """A deal, whole."""
    deal = find(request, identifier)
    return page(request, "sales/deal.html", **context_of(request, deal))


@require_http_methods(["GET", "POST"])
@login_required
def new(request: Request) -> HttpResponse:
    """Add a deal."""
    if not request.user.may("deals", "create"):
        raise PermissionDenied
    form = DealForm(
        request.user, request.POST or None, request.FILES or None, initial=_beginning(request)
    )
    if request.method == "GET":
        return _form(request, form)
    if not form.is_valid():
        return _form(request, form, status=422)
    try:
        deal = _added(request, form)
    except Invalid as invalid:
        form.refuse(invalid)
        return _form(request, form, status=422)
    except RuleBroken as refusal:
        form.add_error(None, str(refusal.message))
        return _form(request, form, status=409)
    toast(request, _("Added: %s.") % deal.title, undo=undo_url())
    return swap(request, "web/_notice.html", otherwise=deal.get_absolute_url(), text=deal.title)


@require_http_methods(["GET", "POST"])
@login_required
def edit(request: Request, identifier: str) -> HttpResponse:
    """Change a deal."""
    deal = find(request, identifier, "edit")
    party = parts.party_link(parts.party_of(request.user, deal))
    begin = initial_of(deal, request.user, party)
    form = DealForm(
        request.user, request.POST or None, request.FILES or None, deal=deal, initial=begin
    )
    if request.method == "GET":
        return _form(request, form)

    def save() -> None:
        draft = drafts.read(form.said(), by=request.user, deal=deal)
        actions.change_deal(deal, draft, by=request.user, version=deal.version)

    unsaved = save_together(
        request, form, save, of=deal, again=lambda: edit(request, identifier),
        show=lambda status: _form(request, form, status=status),
    )  # fmt: skip
    if unsaved is not None:
        return unsaved
    toast(request, _("Saved."), undo=undo_url())
    return swap(request, "web/_notice.html", otherwise=deal.get_absolute_url(), text=_("Saved."))


@require_GET
@login_required
def changes(request: Request, identifier: str) -> HttpResponse:
    """Who changed what of this deal, when, from what to what and through what."""
    deal = find(request, identifier)
    history = history_of(request.user, "deal", deal.pk, request.GET.get("before", ""))
    return page(request, "sales/changes.html", deal=deal, history=history,
                may_edit=may_do(request.user, deal, "edit"))  # fmt: skip


@require_POST
@login_required
def put_back(request: Request, identifier: str, line: str) -> HttpResponse:
    """Give a field the value that it had before a change, or a deleted row its place again."""
    deal = find(request, identifier, "edit")
    return put_line_back(request, "deal", deal.pk, line, back=f"{deal.get_absolute_url()}/changes")


def context_of(request: Request, deal: Deal, lines_form: LinesForm | None = None) -> dict[str, Any]:
    """What the page of a deal needs; with the lines as they were typed where those are refused."""
    user = request.user
    goods = lines.goods_of(user, deal)
    steps = parts.steps_of(user, deal)
    hidden = user.hidden_fields("deals")
    return {
        "deal": deal,
        "party": parts.party_link(parts.party_of(user, deal)),
        "path": parts.path_of(deal),
        "steps": steps,
        "acts": suggested_for(user, deal),
        "people": parts.people_of(user, deal),
        "goods": goods,
        "known": lines.known_of(user, goods),
        "lines_form": lines_form or (LinesForm(goods.kept, goods.names) if goods else None),
        "focus_lines": request.GET.get("lines", ""),
        "rivals": parts.rivals_of(user, deal),
        "shares": parts.shares_of(user, deal),
        "handed": parts_of(user, deal),
        "told": parts.told_of(user, deal),
        "way": parts.way_of(deal) if deal.party_id is None else [],
        "files": parts.files_of(deal),
        "own": own_told(user, "deals", deal),
        "is_late": bool(deal.is_open and deal.expected_on
                        and deal.expected_on < timezone.localdate()),
        "hidden": hidden,
        "person_form": PersonForm(auto_id="person_%s"),
        "rival_form": RivalForm(auto_id="rival_%s"),
        "share_form": ShareForm(auto_id="share_%s"),
        "may_edit": may_do(user, deal, "edit"),
        "may_delete": may_do(user, deal, "delete"),
        "may_plan": may_do(user, deal, "edit") and user.may("tasks", "create"),
    }  # fmt: skip


def _beginning(request: Request) -> dict[str, Any]:
    """What the address says of the new deal: with whom, and in which stage."""
    key = ids.decode("party", request.GET.get("party", ""))
    rows = Party.objects.visible_to(request.user)
    party = get_object_or_404(rows, pk=key) if key else None
    stage = stage_called(request.GET.get("stage", "")) or drafts.first_stage(None)
    return {
        "owner": request.user.opaque,
        "other": party.name if party else "",
        "currency": drafts.usual_currency(),
        "stage": stage.public_id if stage else "",
    }


def _added(request: Request, form: DealForm) -> Deal:
    """The deal of a form, once however often it is sent."""
    draft = drafts.read(form.said(), by=request.user)

    def make() -> int:
        deal = actions.add_deal(draft, by=request.user)
        form.keep_sent(deal.pk)
        return deal.pk

    key = make_once(request.POST.get("once", ""), make, by=request.user)
    return get_object_or_404(Deal.objects.visible_to(request.user), pk=key)


def _form(request: Request, form: DealForm, *, status: int = 200) -> HttpResponse:
    deal = form.deal
    party = parts.party_link(parts.party_of(request.user, deal)) if deal else None
    named = form.data.get("other_id") or (party or {}).get("id") or request.GET.get("party", "")
    return page(request, "sales/form.html", status=status, form=form, deal=deal, other_id=named)
