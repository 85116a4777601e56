"""The pages that people outside of the house reach: without a login, without JavaScript."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from circulo.accounts.actions import within
from circulo.accounts.actions.attempts import key
from circulo.accounts.middleware import speak_as
from circulo.agenda.actions import book
from circulo.agenda.models import BookingPage
from circulo.agenda.selectors.booking import free_slots, open_page
from circulo.lib import origin
from circulo.lib.errors import RuleBroken
from circulo.portal.forms import BookingForm
from circulo.portal.views.papers import paper_of
from circulo.web import page as whole_page

MOST_AN_HOUR, HOUR, YEARS = 20, timedelta(hours=1), (1900, 2200)


@require_http_methods(["GET", "POST"])
def booking(request: HttpRequest, token: str) -> HttpResponse:
    """The hours that somebody offers, and the form that takes one."""
    found = open_page(token)
    if found is None:
        raise Http404
    speak_as(found.user)
    if request.method == "POST":
        return _book(request, found)
    chosen = _moment(request.GET.get("start", ""))
    slots = free_slots(found)
    if chosen in slots:
        form = BookingForm(initial={"start": chosen.isoformat() if chosen else ""})
        return _page(request, found, form=form, chosen=chosen)
    taken = _("This hour has just been taken. Choose another one.") if chosen else ""
    return _page(request, found, days=_days(slots), refusal=taken)


def _book(request: HttpRequest, found: BookingPage) -> HttpResponse:
    form = BookingForm(request.POST)
    chosen = _moment(request.POST.get("start", ""))
    if not form.is_valid() or chosen is None:
        return _page(request, found, status=422, form=form, chosen=chosen)
    if not within(
        key("booking", origin.network_of(origin.address())), limit=MOST_AN_HOUR, window=HOUR
    ):
        words = _("Too many bookings come from your network. Try again in an hour.")
        return _page(request, found, status=429, days=_days(free_slots(found)), refusal=words)
    said = {name: form.cleaned_data[name] for name in ("name", "email", "note")}
    try:
        entry = book(found, start=chosen, **said)
    except RuleBroken as refusal:
        days = _days(free_slots(found))
        return _page(request, found, status=409, days=days, refusal=refusal.message)
    return _page(request, found, entry=entry)


def _page(
    request: HttpRequest, found: BookingPage, *, status: int = 200, **context: Any
) -> HttpResponse:
    house = paper_of("booking", found.token, otherwise=found.user.name)
    return whole_page(
        request, "portal/booking.html", status=status, booking=found, **house, **context
    )


def _days(slots: list[datetime]) -> list[tuple[Any, list[tuple[datetime, str]]]]:
    """The hours by day; each with itself as an address holds it."""
    local = [(timezone.localtime(slot), slot) for slot in slots]
    return [
        (day, [(slot, slot.isoformat()) for _local, slot in of_day])
        for day, of_day in groupby(local, key=lambda pair: pair[0].date())
    ]


def _moment(text: str) -> datetime | None:
    try:
        found = parse_datetime(text.replace(" ", "+")[:40])
    except ValueError:
        return None
    is_moment = found and timezone.is_aware(found) and YEARS[0] < found.year < YEARS[1]
    return found if is_moment else None
