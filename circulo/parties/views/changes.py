"""The changes of a contact or a company, field by field, and a value put back."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_POST

from circulo.parties.selectors import may_do
from circulo.parties.views.finding import find
from circulo.records.history import history_of
from circulo.records.views.putting_back import put_line_back
from circulo.web import Request, page


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
    back = f"{party.get_absolute_url()}/changes"
    return put_line_back(request, "party", party.pk, line, back=back)
