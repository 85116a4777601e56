"""Finding the entry that an address names, within what the person may do with it."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404

from circulo.agenda.models import Entry
from circulo.agenda.selectors.entries import may_do, seen_entry
from circulo.web import Request


def find(request: Request, identifier: str, name: str = "", act: str = "view") -> Entry:
    """The entry; 404 where it is not seen, 403 where it may not be changed."""
    entry = seen_entry(request.user, identifier)
    if entry is None or name not in ("", entry.resource):
        raise Http404
    if act != "view" and not may_do(request.user, entry, act):
        raise PermissionDenied
    return entry
