"""Saved views: opening, saving, sharing and forgetting them; moving a card of a board."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from circulo.desk import actions
from circulo.desk.selectors.saved import view_for
from circulo.desk.shapes import boards_by
from circulo.desk.wanted import Wanted, widths_in_words
from circulo.lib import ids
from circulo.lib.errors import Invalid, RuleBroken
from circulo.records import criteria
from circulo.records.actions import saved_views
from circulo.records.arranging import Arranged, arranged_for
from circulo.records.models import SavedView
from circulo.records.resources import Field, resource
from circulo.records.rosters import roster
from circulo.records.undo_links import undo_url
from circulo.web import Request, page, swap, toast


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
    try:
        arranged = arranged_for(known, request.user)
    except criteria.BadCriteria:
        context = {"view": known, "name": name, "label": resource(name).label}
        return page(request, "desk/closed_view.html", status=403, **context)
    address = reverse(f"desk:{name}") + address_of(known, arranged)
    if request.htmx or not _is_cut(known, arranged):
        return HttpResponseRedirect(address)
    toast(request, _("Left out of this view: columns, an order or a shape that your role or "
                     "this list does not have."))  # fmt: skip
    return swap(request, "", otherwise=address)


def _is_cut(view: SavedView, arranged: Arranged) -> bool:
    """Whether somebody opens less of a view than whoever kept it: what is not told."""
    kept = (tuple(view.columns), view.sort, view.by)
    return kept != (arranged.columns, arranged.sort, arranged.by)


def address_of(view: SavedView, arranged: Arranged) -> str:
    """The list that a view means for whoever opens it."""
    return Wanted(
        arranged.search,
        criteria.written(arranged.criterion),
        arranged.sort,
        arranged.columns,
        view=view.public_id,
        shape=arranged.shape if arranged.shape != SavedView.Shape.TABLE else "",
        by=arranged.by,
        density=arranged.density,
        widths=widths_in_words(arranged.widths),
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
            saved_views.change_view(known, said, by=request.user)
            toast(request, _("The view “%s” was saved.") % known.name, undo=undo_url())
            return _to(request, _address(name, wanted))
        made = saved_views.save_view(name, request.POST.get("name", ""), said, by=request.user)
    except Invalid as invalid:
        toast(request, str(next(iter(invalid.fields.values()))), tone="bad")
        return _to(request, _address(name, wanted))
    toast(request, _("The view “%s” was saved.") % made.name, undo=undo_url())
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
    saved_views.delete_view(known, by=request.user)
    told = _("The view “%s” was deleted. The records are all still here.") % known.name
    toast(request, told, undo=undo_url())
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
    about, by = roster(name), request.POST.get("by", "")
    fields = resource(name).fields_for(request.user)
    field = next((one for one in boards_by(name, fields) if one.name == by), None)
    if about.board and by == about.board.by:
        field = fields.get(by)
    rows = about.within(request.user, "edit")
    record = rows.filter(pk=ids.decode(about.key, id) or 0).first()
    if field is None or record is None:
        raise Http404
    try:
        if about.board and by == about.board.by:
            about.board.move(record, request.POST, request.user)
        else:
            about.change(record, field, request.POST.get("value", ""), request.user, None)
    except Invalid as invalid:
        toast(request, str(next(iter(invalid.fields.values()))), tone="bad")
    except RuleBroken as broken:
        toast(request, str(broken.message), tone="bad")
    else:
        _tell_of_the_move(request, field)
    return _to(request, _address(name, Wanted.of(request.POST)))


def _tell_of_the_move(request: Request, field: Field) -> None:
    """Say where a card is now, with the way back; of another place in its column nothing."""
    if undo := undo_url():
        named = field.own.labels() if field.own else field.choices() if field.choices else {}
        place = named.get(request.POST.get("value", ""), "")
        toast(request, _("Now in “%s”.") % place if place else _("Saved."), undo=undo)


def _said(request: Request, name: str, wanted: Wanted) -> dict[str, Any]:
    """The settings of a view, as the list that it is saved from was addressed."""
    fields = resource(name).fields_for(request.user)
    columns = {name for name, field in fields.items() if field.is_column}
    said: dict[str, Any] = {
        "criterion": _criterion(wanted.filter),
        "search": wanted.q,
        "sort": wanted.sort,
        "columns": [column for column in wanted.columns if column in columns],
        "widths": {one: width for one, width in wanted.every_width.items() if one in columns},
        "density": wanted.density if wanted.density in request.user.Density else "",
        "shape": wanted.shape if wanted.shape in SavedView.Shape else SavedView.Shape.TABLE.value,
        "by": wanted.by if all(one in fields for one in wanted.by.split(",")) else "",
    }
    if "sharing" in request.POST:
        said["sharing"] = request.POST["sharing"]
        if request.user.is_admin:
            said["for_roles"] = request.POST.getlist("for_roles")
    return said


def _criterion(text: str) -> Any:
    try:
        return criteria.parse(text) if text else None
    except criteria.BadCriteria as bad:
        raise BadRequest(str(bad)) from bad


def _refuse_who_sees_none(request: Request, name: str) -> None:
    if not request.user.may(resource(name).kind, "view"):
        raise PermissionDenied


def _address(name: str, wanted: Wanted) -> str:
    return reverse(f"desk:{name}") + wanted.address()


def _to(request: Request, where: str) -> HttpResponse:
    return swap(request, "web/_notice.html", otherwise=where, text="")
