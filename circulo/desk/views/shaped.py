"""What the page of a list needs for its saved views, and for the shape that it is shown in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from circulo.accounts.forms import roles
from circulo.accounts.models import User
from circulo.desk import grouping, mapped, shapes
from circulo.desk.board_totals import heads_of
from circulo.desk.listing import Listing, is_own_board
from circulo.desk.presets import tabs_of
from circulo.desk.shapes import rows_of_list
from circulo.lib import format as one
from circulo.records.models import SavedView
from circulo.records.resources import Field
from circulo.records.rosters import roster
from circulo.web import Request

Shape = SavedView.Shape
KEPT = ("pipeline",)  # which of several boards it is
MARKS = {Shape.TABLE: "table", Shape.BOARD: "square-kanban", Shape.CALENDAR: "calendar-days",
         Shape.MAP: "map", Shape.GROUPS: "layout-list"}  # fmt: skip


def saved_context(user: User, found: Listing, views: Sequence[SavedView]) -> dict[str, Any]:
    """The views as tabs, the one that is open, and what can be done with it."""
    name, wanted = found.resource.name, found.wanted
    current = next((view for view in views if view.public_id == wanted.view), None)
    presets = tabs_of(user, found)
    is_whole = current is None and not found.is_narrowed
    tabs = [*presets, {"label": _("All"), "url": reverse(f"desk:{name}") + "?view=none",
             "current": is_whole}]  # fmt: skip
    tabs += [
        {
            "label": view.name,
            "url": reverse(f"desk:view_{name}", args=[view.public_id]),
            "current": view == current,
        }
        for view in views
    ]
    may_change = current is not None and (
        current.owner_id == user.pk or (user.is_admin and current.sharing != "own")
    )
    return {
        "tabs": tabs if views or presets else [],
        "open": current,
        "may_change": may_change,
        "sharing": SavedView.Sharing.choices,
        "roles": roles() if user.is_admin else [],
    }


def shape_context(request: Request, found: Listing) -> dict[str, Any]:
    """The shapes that the list can take, and what the one it has shows."""
    fields = found.resource.fields_for(request.user)
    offered = {
        Shape.BOARD: shapes.boards_by(found.resource.name, fields),
        Shape.CALENDAR: shapes.calendars_by(fields),
        Shape.MAP: mapped.maps_by(fields),
        Shape.GROUPS: grouping.groups_by(found.resource.name, fields),
    }
    name, wanted = found.resource.name, found.wanted
    if board := roster(name).board:
        offered[Shape.BOARD] = [fields[board.by], *offered[Shape.BOARD]]
    shape = Shape(wanted.shape) if wanted.shape in Shape.values else Shape.TABLE
    named, _comma, second = wanted.by.partition(",")
    by = next((f for f in offered.get(shape, ()) if f.name == named), None)
    if shape is not Shape.TABLE and by is None:
        by = next(iter(offered[shape]), None)
    if by and is_own_board(name, wanted):
        return _own_board(request, found, offered, by)
    context: dict[str, Any] = {
        "name": shape.value if by else Shape.TABLE.value,
        "by": by,
        "choices": offered.get(shape, []),
        "then": _second(offered, shape, by, second),
        "links": _links(found, offered, shape if by else Shape.TABLE),
    }
    return context | (_shown(request, found, shape, by, context["then"]) if by else {})


def _second(
    offered: dict[Shape, list[Field]], shape: Shape, by: Field | None, named: str
) -> Field | None:
    """By what groups are divided further, where that is asked for."""
    if shape is not Shape.GROUPS or by is None or named == by.name:
        return None
    return next((field for field in offered[Shape.GROUPS] if field.name == named), None)


def _own_board(
    request: Request, found: Listing, offered: dict[Shape, list[Field]], by: Field
) -> dict[str, Any]:
    """The board that a resource has of its own."""
    board = roster(found.resource.name).board
    assert board is not None
    user, asked = request.user, request.GET
    rows = rows_of_list(user, found) if found.is_narrowed else None
    here = own_board_address(found, asked)
    return {
        "name": Shape.BOARD.value,
        "links": _links(found, offered, Shape.BOARD),
        "by": by if len(offered[Shape.BOARD]) > 1 else None,
        "choices": offered[Shape.BOARD],
        "template": board.template,
        **board.shown(user, rows, asked, here),
    }


def own_board_address(found: Listing, asked: QueryDict) -> str:
    """The address of a board of its own as it is looked at."""
    kept = {name: asked[name] for name in KEPT if name in asked}
    return found.wanted.address(shape="board", by="") + ("&" + urlencode(kept) if kept else "")


def _links(found: Listing, offered: dict[Shape, list[Field]], now: Shape) -> list[dict[str, Any]]:
    """The switch between shapes; a shape that nothing can be shown by is left out."""
    links = []
    for shape in Shape:
        fields = offered.get(shape)
        if fields is None or fields:
            is_default = fields is None and roster(found.resource.name).board is None
            changes = {"shape": "" if is_default else shape.value,
                       "by": fields[0].name if fields else ""}  # fmt: skip
            links.append({"label": shape.label, "mark": MARKS[shape], "current": shape is now,
                          "url": found.wanted.address(**changes)})  # fmt: skip
    return links


def _shown(
    request: Request, found: Listing, shape: Shape, by: Field, then: Field | None
) -> dict[str, Any]:
    found = replace(found, wanted=replace(found.wanted, by=by.name, shape=shape.value))
    user = request.user
    if shape is Shape.BOARD:
        board = shapes.board_of(user, found, by)
        heads = heads_of(user, found, by, [column.value for column in board])
        return {"board": [(column, heads[column.value]) for column in board],
                "values": [(column.value, column.label) for column in board],
                "may_move": user.may(found.resource.kind, "edit")}  # fmt: skip
    if shape is Shape.CALENDAR:
        return _month(request, found, by)
    if shape is Shape.MAP:
        return {"map": mapped.map_of(user, found, by)}
    return {"groups": grouping.groups_of(user, found, by, then)}


def _month(request: Request, found: Listing, by: Field) -> dict[str, Any]:
    first = shapes.month_of(request.GET.get("month", ""))
    weeks, has_more = shapes.calendar_of(request.user, found, by, first)
    before, after = first - timedelta(days=1), first + timedelta(days=31)
    return {
        "weeks": weeks,
        "has_more": has_more,
        "month": one.month(first),
        "weekdays": [one.weekday(day.day) for day in weeks[0]],
        "before": _at_month(found, before),
        "after": _at_month(found, after),
        "now": _at_month(found, timezone.localdate()),
    }


def _at_month(found: Listing, day: date) -> str:
    return f"{found.wanted.address()}&month={day:%Y-%m}"
