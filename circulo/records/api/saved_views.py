"""Saved views over the API: everybody reads those they may open, and changes their own."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.accounts.rights import RoleName
from circulo.lib import ids
from circulo.lib.errors import Invalid
from circulo.records.actions import saved_views as actions
from circulo.records.arranging import MOST_COLUMNS, NARROWEST, SAID, WIDEST, told_of
from circulo.records.models import SavedView
from circulo.records.rest import lists, reading
from circulo.records.rest.answers import answer, etag_of, nothing, one, version_of
from circulo.records.rest.operations import Call, Operation, offer
from circulo.records.rest.refusals import forbidden, not_found
from circulo.records.rest.schemas import (
    anything,
    choice,
    component,
    flag,
    identifier,
    list_of,
    moment,
    nullable,
    page_of,
    record,
    text,
    whole,
)
from circulo.records.rest.versions import refuse_older
from circulo.records.saved_views import lists_of

_SENT = {
    "name": text(60),
    "search": text(200),
    "criterion": nullable(anything()),
    "columns": list_of(text(60), MOST_COLUMNS),
    "widths": {
        "type": "object",
        "additionalProperties": whole(NARROWEST, WIDEST),
        "description": "Widths of columns in pixels",
    },
    "density": choice(["", *User.Density.values]),
    "sort": text(200, description="Fields in order, at most three: city,-created_at"),
    "shape": choice(SavedView.Shape.values),
    "by": text(60, description="The field that a board, calendar, map or groups go by"),
    "sharing": choice(SavedView.Sharing.values),
    "for_roles": list_of(choice([role.value for role in RoleName])),
}
_RESOURCE = {"resource": choice(SavedView.RESOURCES)}
VIEW = component(
    "View",
    record(
        {
            "id": identifier("view"),
            **_RESOURCE,
            **_SENT,
            "owner": identifier("user"),
            "owner_name": text(),
            "is_closed": flag(
                description="It filters by something that the user's role does not see"
            ),
            "created_at": moment(),
        },
        required=["id", "name", "resource", "sharing", "is_closed"],
    ),
)
VIEW_IN = component("ViewToSend", record(_RESOURCE | _SENT, required=["resource", "name"]))
VIEW_CHANGE = component("ViewChange", record(_SENT))


def list_views(call: Call) -> HttpResponse:
    """One page of the views that this person may open."""
    return lists.page(call, "views", _shape)


def show_view(call: Call) -> HttpResponse:
    """One view, without what this person may not see of how it is set up."""
    said = _shown(_found(call), call.user)
    return one(call.request, said, etag_of(version_of(said)))


def add_view(call: Call) -> HttpResponse:
    """Keep how a list is set up, under a name."""
    said = reading.known(call.said, ("resource", *SAID))
    name, label = said.pop("resource", None), said.pop("name", None)
    if name not in (known := lists_of(call.user)):
        raise Invalid({"resource": _("Choose one of: %s.") % ", ".join(known)})
    made = actions.save_view(name, label, said, by=call.user)
    return _told(made, call.user, status=201)


def change_view(call: Call) -> HttpResponse:
    """Change what the body names of a view; with If-Match only where it stands as it was read."""
    view = _found(call, "edit")
    _refuse_older(call, view)
    said = reading.known(call.said, SAID)
    return _told(actions.change_view(view, said, by=call.user), call.user)


def delete_view(call: Call) -> HttpResponse:
    """Forget a view; the records that it showed stay."""
    view = _found(call, "edit")
    _refuse_older(call, view)
    actions.delete_view(view, by=call.user)
    return nothing()


def _found(call: Call, act: str = "view") -> SavedView:
    key = ids.decode("view", call.ids[0]) or 0
    view = SavedView.objects.visible_to(call.user).select_related("owner").filter(pk=key).first()
    if view is None:
        raise not_found(_("There is no such record."))
    if act != "view" and not SavedView.objects.visible_to(call.user, act).filter(pk=key).exists():
        raise forbidden(_("You may see this record, but not change it."))
    return view


def _refuse_older(call: Call, view: SavedView) -> None:
    now = _shown(view, call.user)
    refuse_older(call, version_of(now), lambda: now, SAID)


def _told(view: SavedView, user: User, *, status: int = 200) -> HttpResponse:
    view.refresh_from_db(fields=["criterion", "widths"])  # whose keys the database puts in order
    said = _shown(view, user)
    where = f"views/{said['id']}" if status == 201 else ""
    return answer(said, status=status, etag=etag_of(version_of(said)), location=where)


def _shape(user: User, rows: list[SavedView]) -> list[dict[str, Any]]:
    return [_shown(row, user) for row in rows]


def _shown(view: SavedView, user: User) -> dict[str, Any]:
    said: dict[str, Any] = {
        "id": view.public_id,
        "resource": view.resource,
        "name": view.name,
        "sharing": view.sharing,
        "for_roles": view.for_roles,
        "owner": ids.encode("user", view.owner_id),
        "owner_name": view.owner.name,
        "created_at": view.created_at,
    }
    told = told_of(view, user)
    if told is None:
        return said | {"is_closed": True}
    return said | {"is_closed": False, **vars(told)}


offer(
    Operation("GET", "views", list_views, "List saved views", gives=page_of(VIEW),
              parameters=lists.PAGES),
    Operation("POST", "views", add_view, "Save a view", takes=VIEW_IN, gives=VIEW, status=201,
              more="GET contacts?view=ID lists what it shows, within the rights of whoever asks."),
    Operation("GET", "views/{id}", show_view, "Get a saved view", gives=VIEW),
    Operation("PATCH", "views/{id}", change_view, "Change a saved view", takes=VIEW_CHANGE,
              gives=VIEW),
    Operation("DELETE", "views/{id}", delete_view, "Delete a saved view", status=204),
)  # fmt: skip
