"""The 360 view: everything the house knows of a person or an organisation, on one page."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from circulo.accounts.models import User
from circulo.parties.models import Party, PartyKind
from circulo.parties.overview import Overview, overview, panels
from circulo.parties.selectors import may_do, survivor_of
from circulo.parties.sheet import sheet_of
from circulo.timeline.kinds import GROUP_LABELS, Group
from circulo.timeline.selectors import History, history, next_step, page_of
from circulo.web import Request, page


@require_GET
@login_required
def contact(request: Request, identifier: str) -> HttpResponse:
    """A person's page."""
    return _party(request, identifier, PartyKind.PERSON)


@require_GET
@login_required
def company(request: Request, identifier: str) -> HttpResponse:
    """An organisation's page."""
    return _party(request, identifier, PartyKind.ORGANISATION)


def _party(request: Request, identifier: str, kind: PartyKind) -> HttpResponse:
    try:
        seen = overview(request.user, identifier, kind)
    except Party.DoesNotExist as missing:
        survivor = survivor_of(request.user, identifier, kind)
        if survivor is None:
            raise Http404 from missing
        return redirect(survivor)
    return page(request, "desk/party.html", **_context(request, seen))


def _context(request: Request, seen: Overview) -> dict[str, Any]:
    user: User = request.user
    rows = seen.panels.get("interactions", [])
    group = request.GET.get("group", "")
    group = group if group in list(Group) else ""
    return {
        "party": seen.party,
        "panels": seen.panels | {"inverse_relationships": _not_told_twice(seen.panels)},
        "places": _places(seen),
        "sheet": sheet_of(seen, user),
        "next": next_step(rows),
        "group": group,
        "groups": GROUP_LABELS,
        "history": _history(user, seen, rows, group),
        "follows": any(one["id"] == user.opaque for one in seen.panels["followers"]),
        "may_log": user.may("interactions", "create"),
        "may_note": user.may("preferences", "create"),
        "may_edit": may_do(user, seen.party, "edit"),
        "may_delete": may_do(user, seen.party, "delete"),
        "hides_notes": "notes" in user.hidden_fields(seen.party.resource),
    }


def _not_told_twice(known: dict[str, Any]) -> list[dict[str, Any]]:
    """Who is related to this party, without those whom the panel of its people shows."""
    people = {person["id"] for person in known.get("people", ())}
    return [
        row
        for row in known.get("inverse_relationships", ())
        if row["until"] or row["kind"] != "works_at" or row["other"] not in people
    ]


def _history(user: User, seen: Overview, rows: list[dict[str, Any]], group: str) -> History:
    return history(user, seen.party, group=group) if group else page_of(rows)


def _places(seen: Overview) -> dict[str, list[str]]:
    """The partials of each column; every one finds its own part in `panels`."""
    places: dict[str, list[str]] = {"left": [], "main": [], "right": []}
    for panel in panels():
        if panel.template and panel.name in seen.panels:
            places[panel.place].append(panel.template)
    return places
