"""Tasks and appointments as the API gives them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from circulo.accounts.models import User
from circulo.agenda.matters import links_of, matters
from circulo.agenda.models import Entry, Participant, Reminder
from circulo.agenda.selectors.entries import party_link
from circulo.lib import ids
from circulo.parties.models import Party

Row = dict[str, Any]


def entries_shown(user: User, rows: Sequence[Entry]) -> list[Row]:
    """The entries, each with its people and reminders: two statements more for all of them."""
    keys = [row.pk for row in rows]
    people = _people(user, keys)
    rings: dict[int, list[int]] = {}
    for key, minutes in (
        Reminder.objects.filter(entry__in=keys)
        .order_by("minutes")
        .values_list("entry_id", "minutes")
    ):
        rings.setdefault(key, []).append(minutes)
    waits: dict[int, list[str]] = {}
    seen = Entry.objects.visible_to(user).filter(holds_up__in=keys)
    for key, held in seen.order_by("pk").values_list("pk", "holds_up"):
        waits.setdefault(held, []).append(ids.encode("entry", key))
    return [_shown(row, people.get(row.pk, []), rings.get(row.pk, []), waits.get(row.pk, []))
            for row in rows]  # fmt: skip


def _shown(row: Entry, people: list[Row], rings: list[int], waits: list[str]) -> Row:
    party = party_link(row)
    said: Row = {
        "id": row.public_id,
        "title": row.title,
        "kind": row.kind,
        "notes": row.notes,
        "place": row.place,
        "priority": priority_shown(row.priority),
        "state": row.state,
        "is_private": row.is_private,
        "owner": ids.encode("user", row.owner_id),
        "owner_name": row.owner.name,
        "created_by": ids.encode("user", row.created_by_id) if row.created_by_id else None,
        "party": party["id"] if party else None,
        "party_name": party["name"] if party else None,
        "participants": people,
        "reminders": rings,
        "time_zone": row.time_zone,
        "repeat": row.rule,
        "except": row.less_dates,
        "series": ids.encode("entry", row.series_id) if row.series_id else None,
        "uid": row.uid,
        "done_at": row.done_at,
        "done_by": ids.encode("user", row.done_by_id) if row.done_by_id else None,
        "version": row.version,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
    }
    links = {link.matter.name: link for link in links_of(row)}
    for one in matters():
        link = links.get(one.name)
        said |= {one.name: link and link.id, f"{one.name}_title": link and link.title}
    if row.is_appointment:
        return said | {"starts_at": row.starts_at, "ends_at": row.ends_at,
                       "starts_on": row.starts_on, "ends_on": row.ends_on,
                       "is_busy": row.is_busy}  # fmt: skip
    return said | {"due_at": row.starts_at, "due_on": row.starts_on, "waits_for": waits}


def priority_shown(value: int) -> str:
    """The nearest of the priorities that people choose from."""
    known = Entry.Priority.values
    return Entry.Priority(min(known, key=lambda one: abs(one - value))).name.lower()


def _people(user: User, keys: Sequence[int]) -> dict[int, list[Row]]:
    """Who takes part in each, without the parties that this person may not see."""
    rows = list(
        Participant.objects.somebody().filter(entry__in=keys).select_related("user", "party")
        .order_by("position", "pk")
    )  # fmt: skip
    named = [row.party_id for row in rows if row.party_id]
    seen = set(Party.objects.visible_to(user).filter(pk__in=named).values_list("pk", flat=True))
    found: dict[int, list[Row]] = {}
    for row in rows:
        if row.party_id is None or row.party_id in seen:
            found.setdefault(row.entry_id, []).append(_person(row))
    return found


def _person(row: Participant) -> Row:
    if row.user:
        return {"type": "user", "id": row.user.opaque, "name": row.user.name,
                "email": row.user.email, "answer": row.answer}  # fmt: skip
    if row.party:
        return {"type": "party", "id": row.party.public_id, "name": str(row.party),
                "email": "", "answer": row.answer}  # fmt: skip
    return {"type": "guest", "id": None, "name": row.name, "email": row.email,
            "answer": row.answer}  # fmt: skip
