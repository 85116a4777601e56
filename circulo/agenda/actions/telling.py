"""Who hears of what happens to an entry: colleagues by notice, open pages by their topic, whoever
booked it as those say who reach people outside.
"""

from __future__ import annotations

from collections.abc import Iterable

from circulo.accounts.actions import Notice, notify
from circulo.accounts.models import User
from circulo.agenda import notices
from circulo.agenda.bookers import news_of, standing_of, tellers
from circulo.agenda.matters import hear
from circulo.agenda.models import Booking, Entry, Participant
from circulo.lib import ids
from circulo.web import live


def tell(kind: str, entries: Iterable[tuple[Entry, Iterable[int]]], *, by: User | None) -> None:
    """Tell colleagues of something that was done to entries that concern them."""
    who = by.name if by else ""
    told = [
        Notice(kind, key, {"title": entry.title, "who": who}, entry, entry.get_absolute_url())
        for entry, keys in entries
        for key in keys
    ]
    notify(told, by=by)


def tell_owners(entries: Iterable[Entry], *, by: User | None) -> None:
    """Tell people of the tasks that somebody else gave them."""
    tell(notices.ASSIGNED, [(entry, [entry.owner_id]) for entry in entries], by=by)


def tell_the_others(entries: Iterable[Entry], *, by: User | None) -> None:
    """Tell those who take part that an appointment was moved or cancelled."""
    found = [entry for entry in entries if entry.is_appointment]
    rows = Participant.objects.filter(entry__in=[e.pk for e in found], user__isnull=False)
    people: dict[int, list[int]] = {}
    for entry, user in rows.values_list("entry_id", "user_id"):
        people.setdefault(entry, []).append(user or 0)
    told = [(e, {e.owner_id, *people.get(e.pk, ())}) for e in found]
    tell(notices.MOVED, told, by=by)


def tell_bookers(entries: Iterable[Entry]) -> None:
    """Tell whoever booked one of these what became of it, where they do not know it yet."""
    known = {entry.pk: entry for entry in entries if entry.is_appointment}
    rows = Booking.objects.filter(entry__in=known).select_related("page__user").order_by("pk")
    for booking in rows.select_for_update(of=("self",)) if known else ():
        entry, told = known[booking.entry_id], booking.told
        if (news := news_of(entry, told)) is None:
            continue
        booking.entry, booking.told = entry, standing_of(entry)
        booking.sequence += told is not None
        booking.save(update_fields=["told", "sequence"])
        for teller in tellers() if booking.is_mailed else ():
            teller.tell(booking, news, told)


def publish(entries: Iterable[Entry]) -> None:
    """Have open pages ask anew: the agendas of the people, the pages of the parties and of what
    they belong to.
    """
    found = list(entries)
    for owner in {entry.owner_id for entry in found}:
        live.publish(f"agenda:{ids.encode('user', owner)}")
    rows = Participant.objects.filter(entry__in=[e.pk for e in found], party__isnull=False)
    for party in set(rows.values_list("party_id", flat=True)):
        live.publish(f"party:{ids.encode('party', party or 0)}")
    hear(found)
