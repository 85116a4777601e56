"""The firm's colour and logo on the pages that customers see, for whoever has the key of one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from circulo.accounts.selectors import firm
from circulo.agenda.models import BookingPage
from circulo.agenda.selectors.booking import kept_page
from circulo.documents.paper import letterhead
from circulo.lib import format as fmt
from circulo.portal.colours import accents
from circulo.quotes.selectors.on_line import opened
from circulo.quotes.selectors.paper import paper
from circulo.web import page

SHOWN = ("image/png", "image/jpeg")
OPENS: dict[str, Callable[[str], object]] = {"quote": opened, "booking": kept_page}


def paper_of(kind: str, token: str, *, otherwise: str) -> dict[str, str]:
    """What a page shows of the firm: its name, or another one where it has none, colour, logo."""
    logo_url = reverse(f"portal:{kind}_logo", args=[token]) if _has_logo() else ""
    return {
        "firm": firm().name or otherwise,
        "colour_url": reverse(f"portal:{kind}_colour", args=[token]),
        "logo_url": logo_url,
    }


def booking_page(
    request: HttpRequest,
    found: BookingPage,
    template: str = "portal/booking.html",
    *,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """A page about the hours of somebody, told by their clock, in the name of the firm."""
    city = fmt.city_of(found.user.time_zone)
    house = paper_of("booking", found.token, otherwise=found.user.name)
    return page(request, template, status=status, booking=found, city=city, **house, **context)


@never_cache
@require_safe
def colour(request: HttpRequest, token: str, kind: str) -> HttpResponse:
    """The colour of the paper of quotes as a style sheet."""
    _refuse_unopened(kind, token)
    return HttpResponse(accents(paper().colour), content_type="text/css; charset=utf-8")


@never_cache
@require_safe
def logo(request: HttpRequest, token: str, kind: str) -> HttpResponse:
    """The logo of the letterhead."""
    _refuse_unopened(kind, token)
    if not _has_logo():
        raise Http404
    head = letterhead()
    return HttpResponse(bytes(head.logo or b""), content_type=head.logo_type)


def _has_logo() -> bool:
    """Whether there is a logo that every browser shows."""
    head = letterhead()
    return bool(head.logo) and head.logo_type in SHOWN


def _refuse_unopened(kind: str, token: str) -> None:
    if OPENS[kind](token) is None:
        raise Http404
