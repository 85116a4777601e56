"""The changes of a task or an appointment, field by field, and a value put back."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_POST

from circulo.agenda.selectors.entries import may_do
from circulo.agenda.views.finding import find
from circulo.records.history import history_of
from circulo.records.views.putting_back import put_line_back
from circulo.web import Request, page


@require_GET
@login_required
def changes(request: Request, identifier: str, name: str) -> HttpResponse:
    """Who changed what of this entry, when, from what to what and through what."""
    entry = find(request, identifier, name)
    history = history_of(request.user, "entry", entry.pk, request.GET.get("before", ""))
    return page(request, "agenda/changes.html", entry=entry, history=history,
                may_edit=may_do(request.user, entry, "edit"))  # fmt: skip


@require_POST
@login_required
def put_back(request: Request, identifier: str, line: str) -> HttpResponse:
    """Give a field the value that it had before a change, or a deleted row its place again."""
    entry = find(request, identifier, act="edit")
    back = f"{entry.get_absolute_url()}/changes"
    return put_line_back(request, "entry", entry.pk, line, back=back)
