"""Opening one's booking page, and closing it."""

from __future__ import annotations

import secrets
from typing import Any

from django.db import transaction

from circulo.accounts.models import User
from circulo.agenda.models import BookingHours, BookingPage
from circulo.agenda.week import USUAL, Span, Week, checked


@transaction.atomic
def open_booking(user: User, said: dict[str, Any], week: Week | None = None) -> BookingPage:
    """Open one's booking page, or change what it offers; its address stays.

    Without a `week` a new page offers the usual one, and a known page the hours that it has.
    """
    page, is_new = BookingPage.objects.update_or_create(
        user=user,
        defaults=said | {"is_open": True},
        create_defaults=said | {"is_open": True, "token": secrets.token_urlsafe(12)},
    )
    if week is not None or is_new:
        _put_hours(page, checked(USUAL if week is None else week))
    return page


def close_booking(user: User) -> bool:
    """Offer no hours any more; whether any were offered. What was booked holds."""
    return bool(BookingPage.objects.filter(user=user, is_open=True).update(is_open=False))


def _put_hours(page: BookingPage, week: dict[int, list[Span]]) -> None:
    page.hours.all().delete()
    BookingHours.objects.bulk_create(
        BookingHours(
            page=page, weekday=day, begins=first.begins, ends=first.ends,
            begins_again=again[0].begins if again else None,
            ends_again=again[0].ends if again else None,
        )
        for day, (first, *again) in week.items()
    )  # fmt: skip
