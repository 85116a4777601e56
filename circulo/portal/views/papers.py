"""The firm's colour and logo on the pages that customers see, for whoever has the key of one."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from circulo.documents.paper import letterhead
from circulo.portal.colours import accents
from circulo.quotes.selectors.on_line import opened
from circulo.quotes.selectors.paper import paper

SHOWN = ("image/png", "image/jpeg")


def has_logo() -> bool:
    """Whether there is a logo that every browser shows."""
    head = letterhead()
    return bool(head.logo) and head.logo_type in SHOWN


@never_cache
@require_safe
def colour(request: HttpRequest, token: str) -> HttpResponse:
    """The colour of the paper of quotes as a style sheet."""
    _refuse_unopened(token)
    return HttpResponse(accents(paper().colour), content_type="text/css; charset=utf-8")


@never_cache
@require_safe
def logo(request: HttpRequest, token: str) -> HttpResponse:
    """The logo of the letterhead."""
    _refuse_unopened(token)
    if not has_logo():
        raise Http404
    head = letterhead()
    return HttpResponse(bytes(head.logo or b""), content_type=head.logo_type)


def _refuse_unopened(token: str) -> None:
    if opened(token) is None:
        raise Http404
