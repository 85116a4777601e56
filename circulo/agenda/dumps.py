"""Tasks and appointments handed out as tables that can be loaded again."""

from __future__ import annotations

from collections.abc import Iterator
from email.utils import formataddr
from functools import partial
from itertools import islice
from typing import Any

from django.db.models import QuerySet

from circulo.accounts.models import User
from circulo.agenda.matters import links_of, matters
from circulo.agenda.models import Entry, Participant, Reminder
from circulo.agenda.selectors.entries import party_link, shown, waits_of
from circulo.agenda.shown import priority_shown
from circulo.lib import ids
from circulo.parties.models import Party
from circulo.records import criteria
from circulo.records.resources import resource

_CHUNK = 1_000
# What tells of a field that a role may not see, besides the column of its name.
_HIDDEN_WITH = {"due_on": "due_at", "starts_on": "starts_at", "ends_on": "ends_at",
                "party_id": "party", "parties": "party", "participants": "people"}  # fmt: skip
_FIRST = ("id", "uid", "title", "kind", "state")
_TIMES = ("starts_at", "starts_on", "ends_at", "ends_on", "is_busy")
_DUE = ("due_at", "due_on", "done_at", "waits_for")
_REST = ("party_id", "party", "parties", "owner", "participants", "priority", "place", "notes",
         "reminders", "repeat", "also", "except", "instance", "time_zone",
         "is_private", "created_by")  # fmt: skip
HOLDS = {
    "starts_at": "moment", "ends_at": "moment", "due_at": "moment", "done_at": "moment",
    "starts_on": "day", "ends_on": "day", "due_on": "day", "is_busy": "yes_no",
    "is_private": "yes_no",
}  # fmt: skip


def columns_of(name: str) -> list[str]:
    """The headings of a table of tasks, or of appointments."""
    times = _TIMES if name == "appointments" else _DUE
    return [*_FIRST, *times, *(one.name for one in matters()), *_REST]


def dump_entries(
    name: str, user: User, said: dict[str, Any]
) -> tuple[list[str], Iterator[list[Any]]]:
    """The tasks, or appointments, that the person may see and that fulfil the criterion."""
    kind = resource(name)
    return dump_rows(name, criteria.narrow(kind.visible(user), kind, said, user), user)


def dump_rows(name: str, rows: QuerySet[Any], user: User) -> tuple[list[str], Iterator[list[Any]]]:
    """Headings and rows of a list already narrowed to what this person may see."""
    hidden = user.hidden_fields("tasks")
    columns = [one for one in columns_of(name) if _HIDDEN_WITH.get(one, one) not in hidden]
    return columns, _rows(rows, columns, user)


dump_tasks, dump_appointments = (partial(dump_entries, one) for one in ("tasks", "appointments"))


def _rows(rows: QuerySet[Any], columns: list[str], user: User) -> Iterator[list[Any]]:
    read = shown(rows, user).order_by("pk").iterator(_CHUNK)
    while chunk := list(islice(read, _CHUNK)):
        keys = [entry.pk for entry in chunk]
        people, rings = _people(user, keys), _reminders(keys)
        for entry in chunk:
            cells = _cells(entry) | people.get(entry.pk, {}) | {
                "reminders": "; ".join(rings.get(entry.pk, ()))
            }  # fmt: skip
            yield [_cell(cells.get(name)) for name in columns]


def _cells(entry: Entry) -> dict[str, Any]:
    party = party_link(entry)
    links = {link.matter.name: link.id for link in links_of(entry)}
    times = {"starts_at": entry.starts_at, "starts_on": entry.starts_on, "ends_at": entry.ends_at,
             "ends_on": entry.ends_on, "due_at": entry.starts_at,
             "due_on": entry.starts_on, "done_at": entry.done_at}  # fmt: skip
    return links | times | {
        "id": entry.public_id, "uid": entry.uid, "title": entry.title, "kind": entry.kind,
        "state": entry.state, "party_id": party and party["id"], "party": party and party["name"],
        "waits_for": "; ".join(one["id"] for one in waits_of(entry)),
        "created_by": entry.created_by.email if entry.created_by else "",
        "owner": entry.owner.email, "priority": priority_shown(entry.priority),
        "place": entry.place, "notes": entry.notes, "repeat": entry.rule,
        "also": "; ".join(entry.more_dates), "except": "; ".join(entry.less_dates),
        "instance": entry.instance, "time_zone": entry.time_zone,
        "is_private": entry.is_private, "is_busy": entry.is_busy,
    }  # fmt: skip


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    return value.isoformat() if hasattr(value, "isoformat") else value


def _people(user: User, keys: list[int]) -> dict[int, dict[str, str]]:
    """Who takes part in each: the parties that are seen, and everybody else by address."""
    rows = list(
        Participant.objects.somebody().filter(entry__in=keys).select_related("user")
        .order_by("position", "pk")
    )  # fmt: skip
    named = [row.party_id for row in rows if row.party_id]
    seen = set(Party.objects.visible_to(user).filter(pk__in=named).values_list("pk", flat=True))
    found: dict[int, dict[str, list[str]]] = {}
    for row in rows:
        mine = found.setdefault(row.entry_id, {"parties": [], "participants": []})
        if row.party_id in seen:
            mine["parties"].append(ids.encode("party", row.party_id or 0))
        elif row.user:
            mine["participants"].append(row.user.email)
        elif row.email:
            mine["participants"].append(formataddr((row.name, row.email)))
    return {key: {name: "; ".join(cells) for name, cells in mine.items()}
            for key, mine in found.items()}  # fmt: skip


def _reminders(keys: list[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    rows = Reminder.objects.filter(entry__in=keys).order_by("minutes")
    for key, minutes in rows.values_list("entry_id", "minutes"):
        found.setdefault(key, []).append(str(minutes))
    return found
