"""Finding the lead that an address names, within what the person may do with it."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse

from circulo.leads.models import Lead
from circulo.leads.selectors.leads import may_do, seen_lead
from circulo.lib.errors import Invalid, RuleBroken
from circulo.records.undo_links import undo_url
from circulo.web import Request, swap, toast


def find(request: Request, identifier: str, act: str = "view") -> Lead:
    """The lead; 404 where it is not seen, 403 where it may not be changed."""
    lead = seen_lead(request.user, identifier)
    if lead is None:
        raise Http404
    if act != "view" and not may_do(request.user, lead, act):
        raise PermissionDenied
    return lead


def did(request: Request, lead: Lead, act: Callable[[], object], said: str) -> HttpResponse:
    """Do it and say so, with the way back; or say what a rule had against it."""
    try:
        act()
        toast(request, said, undo=undo_url())
    except RuleBroken as refusal:
        toast(request, refusal.message, tone="bad")
    except Invalid as invalid:
        toast(request, str(next(iter(invalid.fields.values()))), tone="bad")
    return back(request, lead)


def back(request: Request, lead: Lead) -> HttpResponse:
    """To the page of the lead or, where it is out of sight by now, to the list."""
    seen = seen_lead(request.user, lead.public_id) is not None
    to = lead.get_absolute_url() if seen else "desk:leads"
    return swap(request, "records/_gone.html", otherwise=to)
