"""A booking page: the hours that somebody offers, and the form that takes one. Without a login."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from circulo.accounts.middleware import speak_as
from circulo.agenda.actions import book
from circulo.agenda.models import BookingPage
from circulo.agenda.selectors.booking import free_slots, open_page
from circulo.agenda.words import spelt_out
from circulo.lib.errors import RuleBroken
from circulo.portal.booking_limits import may_be_mailed, may_book
from circulo.portal.forms import BookingForm
from circulo.portal.hours import by_day, moment_of
from circulo.portal.seals import path_of
from circulo.portal.views.papers import booking_page as page


@require_http_methods(["GET", "POST"])
def booking(request: HttpRequest, token: str) -> HttpResponse:
    """The hours that somebody offers, and the form that takes one."""
    found = open_page(token)
    if found is None:
        raise Http404
    speak_as(found.user)
    if request.method == "POST":
        return _book(request, found)
    chosen = moment_of(request.GET.get("start", ""))
    slots = free_slots(found)
    if chosen is not None and chosen in slots:
        form = BookingForm(initial={"start": chosen.isoformat()})
        return page(request, found, form=form, when=_when(found, chosen))
    taken = _("This hour has just been taken. Choose another one.") if chosen else ""
    return page(request, found, days=by_day(slots), refusal=taken)


def _book(request: HttpRequest, found: BookingPage) -> HttpResponse:
    form = BookingForm(request.POST)
    chosen = moment_of(request.POST.get("start", ""))
    if not form.is_valid() or chosen is None:
        return page(request, found, status=422, form=form, when=chosen and _when(found, chosen))
    chosen = chosen.astimezone(UTC)
    if not may_book():
        words = _("Too many bookings come from your network. Try again in an hour.")
        return page(request, found, status=429, form=form, when=_when(found, chosen), refusal=words)
    said = {name: form.cleaned_data[name] for name in ("name", "email", "note")}
    try:
        entry = book(found, start=chosen, is_mailed=may_be_mailed(said["email"]), **said)
    except RuleBroken as refusal:
        days = by_day(free_slots(found))
        return page(request, found, status=409, form=form if days else None,
                    days=days, refusal=refusal.message)  # fmt: skip
    return redirect(path_of(found, entry))


def _when(found: BookingPage, chosen: datetime) -> str:
    return spelt_out(chosen, chosen + timedelta(minutes=found.minutes))
