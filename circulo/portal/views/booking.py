"""The pages that people outside of the house reach: without a login, without JavaScript."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from circulo.accounts.actions import within
from circulo.accounts.actions.attempts import key
from circulo.accounts.middleware import speak_as
from circulo.agenda.actions import book, give_back
from circulo.agenda.ical import invitation_text
from circulo.agenda.models import BookingPage, Entry
from circulo.agenda.selectors.booking import free_slots, open_page
from circulo.agenda.words import spelt_out
from circulo.lib import format as fmt
from circulo.lib import origin
from circulo.lib.errors import RuleBroken
from circulo.portal.forms import BookingForm
from circulo.portal.views.papers import paper_of
from circulo.web import page as whole_page

MOST_AN_HOUR, HOUR, YEARS = 20, timedelta(hours=1), (1900, 2200)
SEAL, YEAR = "booking", timedelta(days=366)


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


@require_http_methods(["GET", "POST"])
def booked(request: HttpRequest, token: str, sealed: str) -> HttpResponse:
    """The appointment of whoever booked it, who may say there that they do not come."""
    found, entry = _booked(token, sealed)
    if request.method == "GET":
        return _page(request, found, entry=entry, sealed=sealed)
    try:
        give_back(found, entry)
    except RuleBroken as refusal:
        answer = {"entry": entry, "sealed": sealed, "refusal": refusal.message}
        return _page(request, found, status=409, **answer)
    return redirect("portal:booked", token, sealed)


@require_safe
def calendar(request: HttpRequest, token: str, sealed: str) -> HttpResponse:
    """The appointment as a file for the calendar of whoever booked it."""
    found, entry = _booked(token, sealed)
    text = invitation_text(entry, f"{found.title} · {found.user.name}")
    file = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    file["Content-Disposition"] = f'attachment; filename="{entry.public_id}.ics"'
    return file


def _booked(token: str, sealed: str) -> tuple[BookingPage, Entry]:
    """The page and the appointment that was booked on it, by the seal its booker was given."""
    found = open_page(token)
    if found is None:
        raise Http404
    speak_as(found.user)
    try:
        key = signing.loads(sealed, salt=_salt(found), max_age=YEAR)
    except signing.BadSignature:
        raise Http404 from None
    return found, get_object_or_404(Entry.objects.visible_to(found.user), pk=key)


def _book(request: HttpRequest, found: BookingPage) -> HttpResponse:
    form = BookingForm(request.POST)
    chosen = _moment(request.POST.get("start", ""))
    if not form.is_valid() or chosen is None:
        return _page(request, found, status=422, form=form, chosen=chosen)
    chosen = chosen.astimezone(UTC)
    if not within(
        key("booking", origin.network_of(origin.address())), limit=MOST_AN_HOUR, window=HOUR
    ):
        words = _("Too many bookings come from your network. Try again in an hour.")
        return _page(request, found, status=429, form=form, chosen=chosen, refusal=words)
    said = {name: form.cleaned_data[name] for name in ("name", "email", "note")}
    try:
        entry = book(found, start=chosen, **said)
    except RuleBroken as refusal:
        days = _days(free_slots(found))
        return _page(request, found, status=409, form=form if days else None,
                     days=days, refusal=refusal.message)  # fmt: skip
    return redirect(path_of(found, entry))


def path_of(found: BookingPage, entry: Entry) -> str:
    """Where whoever booked this hour finds it again: nobody else knows the address."""
    return reverse("portal:booked", args=[found.token, signing.dumps(entry.pk, salt=_salt(found))])


def _salt(found: BookingPage) -> str:
    """What a seal is made with: it opens an appointment on the page where it was booked alone."""
    return f"{SEAL}:{found.token}"


def _page(
    request: HttpRequest, found: BookingPage, *, status: int = 200, **context: Any
) -> HttpResponse:
    entry, chosen = context.get("entry"), context.get("chosen")
    if entry is not None:
        context["when"] = spelt_out(entry.starts_at, entry.ends_at)
    elif chosen is not None:
        context["when"] = spelt_out(chosen, chosen + timedelta(minutes=found.minutes))
    city = fmt.city_of(found.user.time_zone)
    house = paper_of("booking", found.token, otherwise=found.user.name)
    return whole_page(
        request, "portal/booking.html", status=status, booking=found, city=city, **house, **context
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
