"""Relating parties to each other, from their page."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from circulo.lib import ids
from circulo.lib.errors import Invalid, RuleBroken
from circulo.parties import actions
from circulo.parties.forms import RelationshipForm
from circulo.parties.models import Party
from circulo.parties.selectors import relationships_for
from circulo.parties.views.finding import find
from circulo.records.undo_links import undo_url
from circulo.web import Request, page, swap, toast


@require_http_methods(["GET", "POST"])
@login_required
def relate(request: Request, identifier: str) -> HttpResponse:
    """Say what a party is to another."""
    party = find(request, identifier, "edit")
    form = RelationshipForm(request.user, request.POST or None)
    context: dict[str, Any] = {"party": party, "form": form}
    if request.method == "GET":
        template = "parties/_relate.html" if request.htmx else "parties/relate.html"
        return page(request, template, **context)
    if form.is_valid() and _related(request, party, form):
        toast(request, _("Related: %s.") % form.named.name, undo=undo_url())
        response = swap(request, "parties/_done.html", otherwise=party.get_absolute_url())
        if request.htmx:
            response["HX-Redirect"] = party.get_absolute_url()
        return response
    return swap(request, "parties/_relate.html", otherwise="parties/relate.html", status=422,
                **context)  # fmt: skip


@require_POST
@login_required
def end_relationship(request: Request, identifier: str) -> HttpResponse:
    """End a relationship today; it stays in the history."""
    relationship = get_object_or_404(
        relationships_for(request.user), pk=ids.decode("relationship", identifier) or 0
    )
    try:
        actions.end_relationship(relationship, by=request.user)
        toast(request, _("Ended today."), undo=undo_url())
    except (RuleBroken, Invalid) as refused:
        toast(request, _refusal_of(refused), tone="bad")
    return swap(request, "parties/_done.html", otherwise=relationship.party.get_absolute_url())


def _related(request: Request, party: Party, form: RelationshipForm) -> bool:
    values: dict[str, Any] = form.cleaned_data
    try:
        actions.relate(party, values["kind"], form.named, by=request.user,
                       role=values["role"], since=values["since"])  # fmt: skip
    except RuleBroken as broken:
        form.add_error(None, str(broken.message))
    except Invalid as invalid:
        for name, text in invalid.fields.items():
            form.add_error(name if name in form.fields else None, str(text))
    return not form.errors


def _refusal_of(refused: RuleBroken | Invalid) -> str:
    if isinstance(refused, RuleBroken):
        return str(refused.message)
    return str(next(iter(refused.fields.values())))
