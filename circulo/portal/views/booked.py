"""The appointment of whoever booked it: into their calendar, to another hour, given back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from circulo.accounts.middleware import speak_as
from circulo.agenda.actions import give_back, rebook
from circulo.agenda.actions.booking import is_ahead, may_rebook
from circulo.agenda.ical import invitation_text
from circulo.agenda.models import BookingPage, Entry
from circulo.agenda.selectors.booking import booking_of, free_slots, kept_page
from circulo.agenda.words import spelt_out, when_spelt_out
from circulo.lib.errors import RuleBroken
from circulo.portal.booking_limits import may_be_mailed, may_book
from circulo.portal.hours import by_day, moment_of
from circulo.portal.seals import opened
from circulo.portal.views.papers import booking_page as page


@require_http_methods(["GET", "POST"])
def booked(request: HttpRequest, token: str, sealed: str) -> HttpResponse:
    """The appointment of whoever booked it, who may say there that they do not come."""
    found, entry = _opened(token, sealed)
    if request.method == "GET":
        return _page(request, found, entry, sealed)
    try:
        give_back(found, entry)
    except RuleBroken as refusal:
        return _page(request, found, entry, sealed, status=409, refusal=refusal.message)
    return redirect("portal:booked", token, sealed)


@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, token: str, sealed: str) -> HttpResponse:
    """The hours to which an appointment can go; one that is chosen is asked for once more."""
    found, entry = _opened(token, sealed)
    if not may_rebook(found, entry):
        words = _("This appointment can no longer be moved here.")
        return _page(request, found, entry, sealed, status=409, refusal=words)
    said = request.POST if request.method == "POST" else request.GET
    chosen = moment_of(said.get("start", ""))
    if request.method == "POST" and chosen is not None:
        return _move(request, found, entry, sealed, chosen)
    if chosen is not None and chosen in free_slots(found, moving=entry):
        then = _then(entry, chosen)
        return _page(request, found, entry, sealed, chosen=chosen.isoformat(), then=then)
    taken = _("This hour has just been taken. Choose another one.") if chosen else ""
    return _choose(request, found, entry, sealed, refusal=taken)


@require_safe
def calendar(request: HttpRequest, token: str, sealed: str) -> HttpResponse:
    """The appointment as a file for the calendar of whoever booked it."""
    found, entry = _opened(token, sealed)
    text = invitation_text(entry, f"{found.title} · {found.user.name}")
    file = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    file["Content-Disposition"] = f'attachment; filename="{entry.public_id}.ics"'
    return file


def _move(
    request: HttpRequest, found: BookingPage, entry: Entry, sealed: str, chosen: datetime
) -> HttpResponse:
    booking = booking_of(entry)
    if not (may_book() and (booking is None or may_be_mailed(booking.email))):
        words = _("Too much was booked and moved. Try again later.")
        return _choose(request, found, entry, sealed, status=429, refusal=words)
    try:
        rebook(found, entry, start=chosen)
    except RuleBroken as broken:
        return _choose(request, found, entry, sealed, status=409, refusal=broken.message)
    return redirect("portal:booked", found.token, sealed)


def _choose(
    request: HttpRequest, found: BookingPage, entry: Entry, sealed: str, **context: Any
) -> HttpResponse:
    """The hours to choose from."""
    days = by_day(free_slots(found, moving=entry))
    return _page(request, found, entry, sealed, is_moving=True, days=days, **context)


def _opened(token: str, sealed: str) -> tuple[BookingPage, Entry]:
    """The page and the appointment that was booked on it, by the seal its booker was given."""
    found = kept_page(token)
    entry = opened(found, sealed) if found else None
    if found is None or entry is None:
        raise Http404
    speak_as(found.user)
    return found, entry


def _page(
    request: HttpRequest,
    found: BookingPage,
    entry: Entry,
    sealed: str,
    *,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    booking = booking_of(entry)
    is_mailed = bool(settings.EMAIL_HOST and booking and booking.is_mailed)
    return page(
        request, found, "portal/booked.html", status=status, entry=entry, sealed=sealed,
        when=when_spelt_out(entry), is_whole_day=entry.is_whole_day,
        may_change=is_ahead(entry), may_move=may_rebook(found, entry),
        mailed_to=booking.email if booking and is_mailed else "", **context,
    )  # fmt: skip


def _then(entry: Entry, start: datetime) -> str:
    """When an appointment would be that began at another moment."""
    assert entry.starts_at and entry.ends_at, "an hour has its times"
    return spelt_out(start, start + (entry.ends_at - entry.starts_at))
