"""How tasks and appointments stand in their lists, and how they are changed there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NoReturn

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from circulo.accounts.models import User
from circulo.accounts.rights import Reach
from circulo.agenda.cells import change, typed
from circulo.agenda.dumps import dump_rows
from circulo.agenda.kinds import LOOKS, Kind
from circulo.agenda.matters import Matter, links_of, matters
from circulo.agenda.models import Entry, states
from circulo.agenda.presets import APPOINTMENTS, TASKS
from circulo.agenda.selectors.entries import may_do, people_of, seen_entry
from circulo.agenda.selectors.entries import party_link as party_of
from circulo.agenda.shown import nearest_priority
from circulo.agenda.words import times_in_words
from circulo.lib import format as one
from circulo.lib import ids
from circulo.lib.errors import RuleBroken
from circulo.parties.roster import party_as_json, party_link
from circulo.records.resources import resource
from circulo.records.rosters import Columns, Reader, Roster, Show, register

State, Priority = Entry.State, Entry.Priority
_BASE = {
    "id": "id", "owner_id": "owner_id", "owner": "owner__name", "owner_path": "owner__team__path",
    "created_by_id": "created_by_id", "created_by": "created_by__name", "is_private": "is_private",
    "from_at": "starts_at", "until_at": "ends_at", "from_on": "starts_on", "until_on": "ends_on",
    "falls_at": "falls_at", "is_appointment": "is_appointment",
}  # fmt: skip
_TONES: Mapping[str, str] = {State.OPEN: "accent", State.DONE: "good", State.DROPPED: "line"}
_URGENCY: Mapping[int, str] = {Priority.HIGH: "spark", Priority.LOW: "line"}


def _waits(user: User) -> Combinable:
    rows = Entry.objects.visible_to(user).filter(holds_up=OuterRef("pk")).order_by("pk")
    return ArraySubquery(rows.values(json=JSONObject(id="pk", title="title")))


def _held_up(user: User) -> Combinable:
    return Exists(Entry.objects.open().filter(holds_up=OuterRef("pk")))


def _when(_country: str, _language: str) -> Callable[[Columns], Any]:
    """When it is, as one reads it; a task that is late stands out."""
    now = timezone.now()

    def show(row: Columns) -> str:
        days = (row["from_on"], row["until_on"] or row["from_on"])
        text = times_in_words(row["from_at"], row["until_at"], days)
        is_open = row["state"] == State.OPEN and not row["is_appointment"]
        is_late = is_open and row["falls_at"] < now
        return format_html('<span class="bad">{}</span>', text) if text and is_late else text

    return show


def _linked(url: str, name: str) -> SafeString:
    return format_html('<a class="link" href="{}" tabindex="-1">{}</a>', url, name)


def _matter(matter: Matter) -> Show:
    def show(row: Columns) -> str:
        seen = row[matter.name]
        url = f"/{matter.resource}/{ids.encode(matter.name, seen['id'])}" if seen else ""
        return _linked(url, seen["title"]) if seen else ""

    return lambda _country, _language: show


def _awaited(row: Columns) -> str:
    told = ((_linked(f"/tasks/{ids.encode('entry', one['id'])}", one["title"]),)
            for one in row["waits_for"] or ())  # fmt: skip
    return format_html_join(", ", "{}", told)


def _state(is_appointment: bool) -> Show:
    def made(_country: str, _language: str) -> Callable[[Columns], Any]:
        named = states(is_appointment).items()
        labels = {value: [(str(label), _TONES[value])] for value, label in named}
        return lambda row: labels[row["state"]]

    return made


def _kind(_country: str, _language: str) -> Callable[[Columns], Any]:
    labels = {kind.value: [str(kind.label)] for kind in Kind}
    return lambda row: labels[row["kind"]]


def _priority(row: Columns) -> list[tuple[str, str]]:
    nearest = nearest_priority(row["priority"])
    return [(str(nearest.label), _URGENCY.get(nearest, ""))]


def _note(row: Columns) -> str:
    return _("waits for another task") if row.get("held_up") else ""


_SHOWS: dict[str, Show] = {
    "kind": _kind,
    "priority": lambda _c, _l: _priority,
    "party": lambda _c, _l: lambda row: party_link(row["party"]),
    "waits_for": lambda _c, _l: _awaited,
    "created_by": lambda _c, _l: lambda row: row["created_by"] or "",
}
_LOW = frozenset({"owner", "created_by", "place", "state", "priority", "waits_for", "done_at",
                  "created_at", "updated_at"})  # fmt: skip


def _may_edit(user: User) -> Callable[[Columns], bool]:
    """`visible_to` for one row: whoever made it may, and nobody else what is private."""
    reach = user.reach("tasks", "edit")

    def may(row: Columns) -> bool:
        if reach == Reach.NONE:
            return False
        if user.pk in (row["owner_id"], row["created_by_id"]):
            return True
        path = row["owner_path"] or ""
        return not row["is_private"] and user.lies_in_reach(reach, row["owner_id"], path=path)

    return may


def _within(is_appointment: bool, user: User, act: str) -> QuerySet[Entry]:
    return Entry.objects.visible_to(user, act).filter(is_appointment=is_appointment)


def _no_own_fields(*_said: Any) -> NoReturn:
    raise RuleBroken(_("There is no such field here."))


def _peek(entry: Entry, user: User) -> dict[str, Any]:
    """What a closer look at a task or an appointment needs."""
    seen = seen_entry(user, entry.public_id)
    assert seen is not None, "it was found within what this person sees"
    return {
        "entry": seen,
        "party": party_of(seen),
        "links": links_of(seen),
        "people": people_of(seen, user),
        "may_edit": may_do(user, seen, "edit"),
    }


def _tasks_in_words(count: int) -> str:
    return ngettext("%s task", "%s tasks", count) % one.number(count)


def _appointments_in_words(count: int) -> str:
    return ngettext("%s appointment", "%s appointments", count) % one.number(count)


def _offer(name: str, start: str, in_words: Callable[[int], str]) -> None:
    is_appointment = name == "appointments"
    kinds = ("tasks", "contacts", "companies", *(resource(one.resource).kind for one in matters()))
    belonging: dict[str, Reader] = {one.name: one.named for one in matters()}
    named = {one.name: _matter(one) for one in matters()}
    waiting = {} if is_appointment else {"waits_for": _waits, "held_up": _held_up}
    readers = {"party": party_as_json, **belonging, **waiting}
    register(
        Roster(
            name, "entry", _BASE | {start: "due"}, tuple(dict.fromkeys(kinds)),
            partial(_within, is_appointment), change, _no_own_fields, partial(dump_rows, name),
            in_words, "agenda:new_appointment" if is_appointment else "agenda:new_task",
            readers=readers, loaded=frozenset(readers) - {"held_up"},
            beside={} if is_appointment else {"title": ("held_up", "waits_for")},
            shows=_SHOWS | {start: _when, "state": _state(is_appointment)} | named,
            kinds={"title": "name", "kind": "chips", "state": "chips", "priority": "chips",
                   "done_at": "moment", "created_at": "moment", "updated_at": "moment"},
            leads="title", low=_LOW | frozenset(belonging), note=_note, may_edit=_may_edit,
            mark=lambda row: LOOKS[row["kind"] or Kind.OTHER].icon,
            edited=frozenset({"title", "kind", "owner", "place", "state", "due_at"}),
            chosen=frozenset({"kind", "state"}), needed=frozenset({"kind", "state", "owner"}),
            counted=frozenset({"owner", "created_by"}), unsummed=frozenset({"priority"}),
            presets=APPOINTMENTS if is_appointment else TASKS, former={"when": start},
            new_label=lazy("New appointment") if is_appointment else lazy("New task"),
            new_mark="calendar-plus" if is_appointment else "square-check",
            empty="agenda/_nothing.html", acts="agenda/_list_acts.html",
            typed=typed, peek=("agenda/_peek.html", _peek),
        )
    )  # fmt: skip


_offer("tasks", "due_at", _tasks_in_words)
_offer("appointments", "starts_at", _appointments_in_words)
