"""Booking pages: opened by a person, and booked by whoever has the address."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from circulo.accounts.actions import Notice, notify
from circulo.accounts.models import User
from circulo.agenda import notices
from circulo.agenda.actions.acts import drop_entries
from circulo.agenda.actions.entries import add_entry
from circulo.agenda.kinds import Kind
from circulo.agenda.models import BookingPage, Entry
from circulo.agenda.plans import Plan
from circulo.agenda.selectors.booking import free_slots
from circulo.agenda.words import spelt_out
from circulo.lib.errors import Invalid, RuleBroken
from circulo.parties.actions import add_party
from circulo.parties.drafts import read
from circulo.parties.models import Party, PartyKind, Point

_LOCK = 7_302_000_000_000
SOURCE = "booking"


@transaction.atomic
def open_booking(user: User, said: dict[str, Any]) -> BookingPage:
    """Open one's booking page, or change what it offers; its address stays."""
    page, _is_new = BookingPage.objects.update_or_create(
        user=user,
        defaults=said | {"is_open": True},
        create_defaults=said | {"is_open": True, "token": secrets.token_urlsafe(12)},
    )
    return page


def close_booking(user: User) -> bool:
    """Offer no hours any more; whether any were offered."""
    return bool(BookingPage.objects.filter(user=user, is_open=True).update(is_open=False))


@transaction.atomic
def book(page: BookingPage, *, start: datetime, name: str, email: str, note: str = "") -> Entry:
    """Take an hour. Of two who press at once one is told that it is taken.

    Whoever books is the one contact with this address, or a new one of the owner's.
    """
    _alone(page)
    if start.astimezone(UTC) not in free_slots(page):
        raise RuleBroken(_("This hour has just been taken. Choose another one."))
    party = _known(email) or _new_contact(page, name, email)
    plan = Plan(
        is_appointment=True,
        columns={
            "title": f"{page.title}: {name}"[:300],
            "kind": Kind.MEETING,
            "notes": note,
            "place": page.place,
            "starts_at": start,
            "ends_at": start + timedelta(minutes=page.minutes),
            "brought": {"booked_at": timezone.now().isoformat(), "consent": True},
        },
        parties=[party.pk],
        reminders=[30],
    )
    entry = add_entry(plan, by=page.user)
    _tell(page, entry, notices.BOOKED, name)
    return entry


@transaction.atomic
def give_back(page: BookingPage, entry: Entry) -> None:
    """Whoever booked an hour does not come: it is free again, and its owner is told."""
    locked = Entry.objects.select_for_update(of=("self",)).get(pk=entry.pk)
    if not locked.is_open or (locked.starts_at and locked.starts_at <= timezone.now()):
        raise RuleBroken(_("This appointment is over or was cancelled already."))
    drop_entries([locked.pk], by=page.user)
    _tell(page, locked, notices.GIVEN_BACK, str(locked.party or ""))


def _tell(page: BookingPage, entry: Entry, kind: str, who: str) -> None:
    assert entry.starts_at and entry.ends_at, "an hour that was booked has its times"
    when = spelt_out(entry.starts_at, entry.ends_at)
    told = {"who": who, "title": f"{page.title}, {when}"}
    notify([Notice(kind, page.user_id, told, entry, entry.get_absolute_url())], by=None)


def _alone(page: BookingPage) -> None:
    """Until this transaction ends nobody else books with the same person."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK + page.user_id])


def _known(email: str) -> Party | None:
    """The one contact who has this address."""
    points = Point.objects.filter(kind=Point.Kind.EMAIL, value=email, party__binned_at=None)
    found = list(points.values_list("party_id", flat=True)[:2])
    return Party.objects.get(pk=found[0]) if len(found) == 1 else None


def _new_contact(page: BookingPage, name: str, email: str) -> Party:
    """A contact without the own fields that contacts must have: a stranger has none to give."""
    said = {"name": name, "emails": [email], "source": SOURCE}
    try:
        draft = read(said, PartyKind.PERSON, demands=False)
    except Invalid:
        draft = read({"given_name": name[:100], "emails": [email], "source": SOURCE},
                     PartyKind.PERSON, demands=False)  # fmt: skip
    return add_party(draft, by=page.user)
