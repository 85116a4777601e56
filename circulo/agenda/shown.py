"""Tasks and appointments as the API gives them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from circulo.accounts import prepared
from circulo.agenda.matters import matters, matters_seen
from circulo.agenda.models import Entry, Participant, Reminder
from circulo.lib import ids
from circulo.parties.models import Party
from circulo.parties.roster import party_as_json
from circulo.records.resources import resource

if TYPE_CHECKING:
    from circulo.accounts.models import User

Row = dict[str, Any]
_PLAIN = ("title", "kind", "notes", "place", "state", "is_private", "time_zone", "uid", "done_at",
          "version", "created_at", "updated_at")  # fmt: skip
_COLUMNS = (*_PLAIN, "id", "is_appointment", "priority", "owner_id", "owner__name", "created_by_id",
            "rule", "less_dates", "series_id", "done_by_id", "starts_at", "ends_at", "starts_on",
            "ends_on", "is_busy")  # fmt: skip
_PARTS = ("party", "participants", "reminders", "waits_for")


def entries_shown(user: User, keys: Sequence[int]) -> list[Row]:
    """The visible ones among these entries in the order of the keys, read in one statement."""
    if not keys:
        return []
    shown = {row["id"]: _shape(row) for row in _read("entries", user, keys, _seen)}
    return [shown[key] for key in keys if key in shown]


def entry_shown(user: User, key: int) -> Row:
    """The entry that a person sees, or has just saved: even where they gave it out of reach."""
    (row,) = _read("entry", user, [key], lambda _user: Entry.objects.all())
    return _shape(row)


def _seen(user: User) -> QuerySet[Entry]:
    return Entry.objects.visible_to(user)


def _read(name: str, user: User, keys: Sequence[int], rows: Any) -> list[Row]:
    kinds = ("tasks", "contacts", "companies", *(resource(one.resource).kind for one in matters()))
    asked = prepared.statement(name, user, kinds, lambda person: _gather(rows(person), person))
    names = (*_COLUMNS, *_PARTS, *(one.name for one in matters()))
    return [dict(zip(names, row, strict=True)) for row in asked.rows(user, list(keys))]


def _gather(rows: QuerySet[Entry], user: User) -> QuerySet[Any, Any]:
    reminders = Reminder.objects.filter(entry=OuterRef("pk")).order_by("minutes")
    waits = Entry.objects.visible_to(user).filter(holds_up=OuterRef("pk")).order_by("pk")
    parts = (
        party_as_json(user),
        ArraySubquery(_people(user)),
        ArraySubquery(reminders.values("minutes")),
        ArraySubquery(waits.values("pk")),
    )
    found = rows.filter(pk__in=prepared.among_keys())
    return found.values_list(*_COLUMNS, *parts, *matters_seen(user).values())


def _people(user: User) -> QuerySet[Any, Any]:
    """Who takes part in the entry of the outer query, without the parties out of sight."""
    parties = Party.objects.visible_to(user)
    rows = Participant.objects.somebody().filter(entry=OuterRef("pk"))
    seen = rows.filter(Q(party=None) | Q(party__in=parties)).order_by("position", "pk")
    return seen.values(
        json=JSONObject(
            user="user_id", colleague="user__name", mail="user__email", party="party_id",
            called="party__name", name="name", email="email", answer="answer",
        )
    )  # fmt: skip


def _shape(row: Row) -> Row:
    party = prepared.loaded(row["party"])
    said: Row = {
        "id": ids.encode("entry", row["id"]),
        **{name: row[name] for name in _PLAIN},
        "priority": priority_shown(row["priority"]),
        "owner": ids.encode("user", row["owner_id"]),
        "owner_name": row["owner__name"],
        "created_by": _linked("user", row["created_by_id"]),
        "party": party and ids.encode("party", party["id"]),
        "party_name": party and party["name"],
        "participants": [_person(one) for one in prepared.loaded(row["participants"] or [])],
        "reminders": row["reminders"] or [],
        "repeat": row["rule"],
        "except": prepared.loaded(row["less_dates"]),
        "series": _linked("entry", row["series_id"]),
        "done_by": _linked("user", row["done_by_id"]),
    }
    for one in matters():
        seen = prepared.loaded(row[one.name])
        said[one.name] = seen and ids.encode(one.name, seen["id"])
        said[f"{one.name}_title"] = seen and seen["title"]
    if row["is_appointment"]:
        return said | {name: row[name] for name in
                       ("starts_at", "ends_at", "starts_on", "ends_on", "is_busy")}  # fmt: skip
    waits = [ids.encode("entry", key) for key in row["waits_for"] or ()]
    return said | {"due_at": row["starts_at"], "due_on": row["starts_on"], "waits_for": waits}


def priority_shown(value: int) -> str:
    """The name of the nearest of the priorities that people choose from."""
    return nearest_priority(value).name.lower()


def nearest_priority(value: int) -> Entry.Priority:
    """The nearest of the priorities that people choose from."""
    return min(Entry.Priority, key=lambda one: abs(one - value))


def _person(one: Row) -> Row:
    if one["user"]:
        return {"type": "user", "id": ids.encode("user", one["user"]), "name": one["colleague"],
                "email": one["mail"], "answer": one["answer"]}  # fmt: skip
    if one["party"]:
        return {"type": "party", "id": ids.encode("party", one["party"]), "name": one["called"],
                "email": "", "answer": one["answer"]}  # fmt: skip
    return {"type": "guest", "id": None, "name": one["name"], "email": one["email"],
            "answer": one["answer"]}  # fmt: skip


def _linked(kind: str, key: int | None) -> str | None:
    return ids.encode(kind, key) if key else None
