"""Finding the deal that an address names, within what the person may do with it."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404

from circulo.sales.models import Deal
from circulo.sales.selectors.deals import may_do, seen_deal
from circulo.web import Request


def find(request: Request, identifier: str, act: str = "view") -> Deal:
    """The deal; 404 where it is not seen, 403 where it may not be changed."""
    deal = seen_deal(request.user, identifier)
    if deal is None:
        raise Http404
    if act != "view" and not may_do(request.user, deal, act):
        raise PermissionDenied
    return deal
