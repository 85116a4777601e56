"""The changes of a contact or a company, field by field, and a value put back."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from circulo.lib.errors import Invalid, RuleBroken
from circulo.parties.selectors import may_do
from circulo.parties.views.finding import find
from circulo.records.actions.putting_back import may_be_put_back, put_value_back
from circulo.records.history import history_of, line_called
from circulo.records.undo_links import undo_url
from circulo.web import Request, page, swap, toast


@require_GET
@login_required
def changes(request: Request, identifier: str, kind: str) -> HttpResponse:
    """Who changed what of this party, when, from what to what and through what."""
    party = find(request, identifier, kind=kind)
    history = history_of(request.user, "party", party.pk, request.GET.get("before", ""))
    return page(
        request,
        "parties/changes.html",
        party=party,
        history=history,
        may_edit=may_do(request.user, party, "edit"),
    )


@require_POST
@login_required
def put_back(request: Request, identifier: str, line: str) -> HttpResponse:
    """Give a field the value that it had before a change, or a deleted row its place again."""
    party = find(request, identifier, "edit")
    column = request.POST.get("column", "")
    change = line_called(request.user, "party", party.pk, line, column)
    if change is None or not may_be_put_back(change, column):
        raise Http404
    try:
        put_value_back(change, column, by=request.user)
        toast(request, _("Put back."), undo=undo_url())
    except RuleBroken as broken:
        toast(request, str(broken.message), tone="bad")
    except Invalid as invalid:
        toast(request, str(next(iter(invalid.fields.values()))), tone="bad")
    return swap(request, "parties/_done.html", otherwise=f"{party.get_absolute_url()}/changes")
