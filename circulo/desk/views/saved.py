"""Saved views: opening, saving, sharing and forgetting them; moving a card of a board."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from circulo.accounts.rights import RoleName
from circulo.desk import actions
from circulo.desk.listing import Wanted
from circulo.desk.models import SavedView
from circulo.desk.selectors.saved import view_for
from circulo.desk.shapes import boards_by
from circulo.lib import ids
from circulo.lib.errors import Invalid, RuleBroken
from circulo.parties.actions import change_party
from circulo.parties.drafts import read
from circulo.parties.models import Party, PartyKind
from circulo.records import criteria, paging
from circulo.records.resources import resource
from circulo.web import Request, page, swap, toast

KINDS = {"contacts": PartyKind.PERSON, "companies": PartyKind.ORGANISATION}


@require_GET
@login_required
def open_view(request: Request, name: str, view: str) -> HttpResponse:
    """Open a list as a view has it, within one's own rights.

    A view whose criterion asks for a field that this person may not see is not opened: neither
    its condition nor a list without it would be what it says.
    """
    _refuse_who_sees_none(request, name)
    known = view_for(request.user, name, view)
    if known is None:
        raise Http404
    kind = resource(name)
    try:
        criteria.compile_for(kind, known.criterion or {"all": []}, request.user)
    except criteria.BadCriteria:
        context = {"view": known, "name": name, "label": kind.label}
        return page(request, "desk/closed_view.html", status=403, **context)
    return HttpResponseRedirect(reverse(f"desk:{name}") + address_of(request, name, known))


def address_of(request: Request, name: str, view: SavedView) -> str:
    """The list that a view means for whoever opens it, without what they may not see."""
    fields = resource(name).fields_for(request.user)
    columns = tuple(column for column in view.columns if column in fields)
    sorts = [one for one in view.sort.split(",") if one.removeprefix("-") in fields]
    by = view.by if view.by in fields else ""
    return Wanted(
        view.search,
        criteria.written(view.criterion),
        ",".join(sorts),
        columns,
        view=view.public_id,
        shape=view.shape if by and view.shape != SavedView.Shape.TABLE else "",
        by=by,
    ).address()


@require_POST
@login_required
def save_view(request: Request, name: str) -> HttpResponse:
    """Keep the list as it is set up now: as a new view, or as the one that is open."""
    _refuse_who_sees_none(request, name)
    wanted = Wanted.of(request.POST)
    said = _said(request, name, wanted)
    known = view_for(request.user, name, wanted.view, "change") if wanted.view else None
    try:
        if "update" in request.POST:
            if known is None:
                raise Http404
            actions.change_view(known, said, by=request.user)
            toast(request, _("The view “%s” was saved.") % known.name)
            return _to(request, _address(name, wanted))
        made = actions.save_view(name, request.POST.get("name", ""), said, by=request.user)
    except Invalid as invalid:
        toast(request, str(next(iter(invalid.fields.values()))), tone="bad")
        return _to(request, _address(name, wanted))
    toast(request, _("The view “%s” was saved.") % made.name)
    if request.POST.get("mine"):
        actions.open_with(request.user, name, made)
    return _to(request, reverse(f"desk:view_{name}", args=[made.public_id]))


@require_POST
@login_required
def delete_view(request: Request, name: str, view: str) -> HttpResponse:
    """Forget a view."""
    known = view_for(request.user, name, view, "change")
    if known is None:
        raise Http404
    actions.delete_view(known, by=request.user)
    toast(request, _("The view “%s” was deleted. The records are all still here.") % known.name)
    return _to(request, reverse(f"desk:{name}") + "?view=none")


@require_POST
@login_required
def begin_with(request: Request, name: str) -> HttpResponse:
    """Let the list open with a view from now on, or as it is."""
    _refuse_who_sees_none(request, name)
    wanted = Wanted.of(request.POST)
    known = view_for(request.user, name, wanted.view)
    actions.open_with(request.user, name, known)
    toast(request, _("The list opens like this from now on."))
    return _to(request, _address(name, wanted))


@require_POST
@login_required
def move_card(request: Request, name: str, id: str) -> HttpResponse:
    """Move a card to another column of its board: set its choice through the usual act."""
    by = request.POST.get("by", "")
    fields = resource(name).fields_for(request.user)
    field = next((one for one in boards_by(fields) if one.name == by), None)
    rows = Party.objects.visible_to(request.user, "edit").filter(kind=KINDS[name])
    party = rows.filter(pk=ids.decode("party", id) or 0).first()
    if field is None or party is None:
        raise Http404
    value = request.POST.get("value", "")
    said: dict[str, Any] = {field.own.key: value or None} if field.own else {}
    try:
        draft = read({"custom": said} if said else {by: value}, party.kind, partial=True)
        change_party(party, draft, by=request.user)
    except Invalid as invalid:
        toast(request, str(next(iter(invalid.fields.values()))), tone="bad")
    except RuleBroken as broken:
        toast(request, str(broken.message), tone="bad")
    return _to(request, _address(name, Wanted.of(request.POST)))


def _said(request: Request, name: str, wanted: Wanted) -> dict[str, Any]:
    """The settings of a view, as the list that it is saved from was addressed."""
    kind = resource(name)
    try:
        criterion = criteria.parse(wanted.filter) if wanted.filter else None
        criteria.compile_for(kind, criterion or {"all": []}, request.user)
        sort = wanted.sort and paging.sort_of(kind, wanted.sort, request.user).text
    except (criteria.BadCriteria, paging.BadSort) as bad:
        raise BadRequest(str(bad)) from bad
    fields = kind.fields_for(request.user)
    shape = wanted.shape if wanted.shape in SavedView.Shape.values else SavedView.Shape.TABLE
    said: dict[str, Any] = {
        "criterion": criterion,
        "search": wanted.q,
        "sort": sort,
        "columns": [column for column in wanted.columns if column in fields],
        "shape": shape,
        "by": wanted.by if wanted.by in fields else "",
    }
    if "sharing" in request.POST:
        said["sharing"] = request.POST["sharing"]
        if request.user.is_admin:
            known = set(RoleName)
            said["for_roles"] = [r for r in request.POST.getlist("for_roles") if r in known]
    return said


def _refuse_who_sees_none(request: Request, name: str) -> None:
    if not request.user.may(name, "view"):
        raise PermissionDenied


def _address(name: str, wanted: Wanted) -> str:
    return reverse(f"desk:{name}") + wanted.address()


def _to(request: Request, where: str) -> HttpResponse:
    return swap(request, "", otherwise=where)
