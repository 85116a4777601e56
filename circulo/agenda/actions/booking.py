"""Hours of somebody, taken by whoever has the address of their booking page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from circulo.accounts.actions import Notice, notify
from circulo.agenda import notices
from circulo.agenda.actions.acts import drop_entries
from circulo.agenda.actions.appointments import move_entry
from circulo.agenda.actions.entries import add_entry
from circulo.agenda.actions.telling import tell_bookers
from circulo.agenda.kinds import Kind
from circulo.agenda.models import Booking, BookingPage, Entry
from circulo.agenda.plans import Plan
from circulo.agenda.selectors.booking import free_slots
from circulo.agenda.words import when_spelt_out
from circulo.lib.errors import Invalid, RuleBroken
from circulo.parties.actions import add_party
from circulo.parties.drafts import read
from circulo.parties.models import Party, PartyKind, Point

_LOCK = 7_302_000_000_000
SOURCE = "booking"


@transaction.atomic
def book(
    page: BookingPage,
    *,
    start: datetime,
    name: str,
    email: str,
    note: str = "",
    is_mailed: bool = True,
) -> Entry:
    """Take an hour. Of two who press at once one is told that it is taken.

    Whoever books is the one contact with this address, or a new one of the owner's. They are told
    of it by mail, and of what becomes of it, unless it was booked for somebody who is not
    `is_mailed`.
    """  # fmt: skip
    _alone(page)
    _refuse_taken(start, free_slots(page))
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
        },
        parties=[party.pk],
        reminders=[30],
    )
    entry = add_entry(plan, by=page.user)
    Booking.objects.create(
        entry=entry, page=page, name=name, email=email, note=note, is_mailed=is_mailed,
        language=page.user.language, time_zone=page.user.time_zone,
    )  # fmt: skip
    tell_bookers([entry])
    _tell(page, entry, notices.BOOKED, name)
    return entry


@transaction.atomic
def rebook(page: BookingPage, entry: Entry, *, start: datetime) -> Entry:
    """Whoever booked an hour takes another one for it: the old one is free, its owner is told."""
    _alone(page)
    locked = _locked_ahead(entry)
    if not may_rebook(page, locked):
        raise RuleBroken(_("This appointment can no longer be moved here."))
    _refuse_taken(start, free_slots(page, moving=locked))
    moved = move_entry(locked, by=page.user, start=start)
    _tell(page, moved, notices.REBOOKED, _who(moved))
    return moved


@transaction.atomic
def give_back(page: BookingPage, entry: Entry) -> None:
    """Whoever booked an hour does not come: it is free again, and its owner is told."""
    locked = _locked_ahead(entry)
    drop_entries([locked.pk], by=page.user)
    _tell(page, locked, notices.GIVEN_BACK, _who(locked))


def is_ahead(entry: Entry) -> bool:
    """Whether an appointment is still to come, so that whoever booked it can move or cancel it."""
    return entry.is_open and entry.falls_at > timezone.now()


def may_rebook(page: BookingPage, entry: Entry) -> bool:
    """Whether whoever booked can move it: an hour of this person still, while they offer hours."""
    is_theirs = page.is_open and entry.owner_id == page.user_id
    return is_theirs and is_ahead(entry) and not (entry.is_whole_day or entry.repeats)


def _locked_ahead(entry: Entry) -> Entry:
    locked = Entry.objects.select_for_update(of=("self",)).get(pk=entry.pk)
    if not is_ahead(locked):
        raise RuleBroken(_("This appointment is over or was cancelled already."))
    return locked


def _refuse_taken(start: datetime, free: Sequence[datetime]) -> None:
    if start.astimezone(UTC) not in free:
        raise RuleBroken(_("This hour has just been taken. Choose another one."))


def _who(entry: Entry) -> str:
    """Whoever booked, by the name that is known of them; by what they gave where there is none."""
    return str(entry.party or Booking.objects.get(entry=entry).name)


def _tell(page: BookingPage, entry: Entry, kind: str, who: str) -> None:
    told = {"who": who, "title": f"{page.title}, {when_spelt_out(entry)}"}
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
