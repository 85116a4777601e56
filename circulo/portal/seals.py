"""The address under which whoever booked an hour finds it again: nobody else knows it."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse

from circulo.agenda.models import BookingPage, Entry

SEAL, YEAR = "booking", timedelta(days=366)


def path_of(page: BookingPage, entry: Entry) -> str:
    """The page of an appointment, within this installation."""
    return reverse("portal:booked", args=[page.token, signing.dumps(entry.pk, salt=_salt(page))])


def link_of(page: BookingPage, entry: Entry) -> str:
    """The page of an appointment, as a mail names it."""
    return f"{settings.BASE_URL}{path_of(page, entry)}"


def opened(page: BookingPage, sealed: str) -> Entry | None:
    """The appointment that an address opens: on the page where it was booked alone."""
    try:
        key = signing.loads(sealed, salt=_salt(page), max_age=YEAR)
    except signing.BadSignature:
        return None
    return Entry.objects.visible_to(page.user).select_related("owner").filter(pk=key).first()


def _salt(page: BookingPage) -> str:
    return f"{SEAL}:{page.token}"
