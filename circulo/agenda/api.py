"""Tasks and appointments over the API."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.agenda import actions, plans
from circulo.agenda.kinds import choices
from circulo.agenda.matters import matters
from circulo.agenda.models import Entry, Participant
from circulo.agenda.selectors.entries import (
    colleagues,
    may_do,
    seen_entry,
)
from circulo.agenda.shown import entries_shown, entry_shown
from circulo.lib import ids
from circulo.lib.errors import Invalid, Stale
from circulo.parties.api.history import CURSOR, page_of_history
from circulo.records.rest import lists, reading
from circulo.records.rest.answers import answer, etag_of, nothing, one
from circulo.records.rest.changes import LINE
from circulo.records.rest.operations import Call, Operation, offer
from circulo.records.rest.refusals import forbidden, not_found
from circulo.records.rest.schemas import (
    Schema,
    choice,
    component,
    day,
    flag,
    identifier,
    list_of,
    moment,
    nullable,
    page_of,
    record,
    text,
    whole,
)  # fmt: skip
from circulo.records.rest.versions import refuse_older

PRIORITIES = [level.name.lower() for level in Entry.Priority]
SINGULAR = {"tasks": "Task", "appointments": "Appointment"}
PERSON = component(
    "AgendaParticipant",
    record(
        {
            "type": choice(["user", "party", "guest"]),
            "id": nullable(identifier("user, contact or company")),
            "name": text(),
            "email": text(),
            "answer": choice(Participant.Answer.values),
        }
    ),
)


def list_entries(name: str, call: Call) -> HttpResponse:
    """One page of the tasks, or the appointments, that this person sees."""
    _refuse_who_sees_none(call.user)
    return lists.page(call, name, entries_shown, by_key=True)


def show_entry(name: str, call: Call) -> HttpResponse:
    """One task or appointment with its version."""
    entry = _seen(name, call)
    return one(call.request, entry_shown(call.user, entry.pk), etag_of(entry.version))


def add_entry(name: str, call: Call) -> HttpResponse:
    """Add a task or an appointment; whoever adds it owns it unless said otherwise."""
    if not call.user.right("tasks").create:
        raise forbidden(_("You may not add records of this kind."))
    plan = plans.read(call.said, is_appointment=name == "appointments", by=call.user)
    entry = actions.add_entry(plan, by=call.user)
    said = entry_shown(call.user, entry.pk)
    where = f"{name}/{entry.public_id}"
    return answer(said, status=201, etag=etag_of(entry.version), location=where)


def change_entry(name: str, call: Call) -> HttpResponse:
    """Change what the body names; with If-Match only where nobody saved a newer version."""
    entry = _seen(name, call, act="edit")
    refuse_older(call, entry.version, lambda: entry_shown(call.user, entry.pk))
    plan = plans.read(call.said, is_appointment=entry.is_appointment, by=call.user, entry=entry)
    version = entry.version if call.versions else None
    try:
        actions.change_entry(entry, plan, by=call.user, version=version)
    except Stale:
        entry.refresh_from_db()
        refuse_older(call, entry.version, lambda: entry_shown(call.user, entry.pk))
        raise
    return _answered(call.user, entry)


def drop_entry(name: str, call: Call) -> HttpResponse:
    """Drop a task or cancel an appointment; it can be opened again."""
    entry = _seen(name, call, act="delete")
    refuse_older(call, entry.version, lambda: entry_shown(call.user, entry.pk))
    actions.drop_entries([entry.pk], by=call.user)
    return nothing()


def complete(name: str, call: Call) -> HttpResponse:
    """Mark as done; the timeline of each party is told, with the note."""
    entry = _seen(name, call, act="edit")
    said = reading.known(call.said if call.body is not None else {}, ["note"])
    with reading.collecting() as take:
        note = take("note", reading.prose, said.get("note"), plans.MOST_NOTES)
    actions.complete_entries([entry.pk], by=call.user, note=note)
    return _answered(call.user, entry)


def reopen(name: str, call: Call) -> HttpResponse:
    """Open again what was done or dropped."""
    entry = _seen(name, call, act="edit")
    actions.reopen_entries([entry.pk], by=call.user)
    return _answered(call.user, entry)


def postpone(name: str, call: Call) -> HttpResponse:
    """Move to another day, at the same time of day."""
    entry = _seen(name, call, act="edit")
    to = _read(call, "to", plans.day)
    if to is None:
        raise Invalid({"to": _("Say to which day.")})
    actions.postpone_entries([entry.pk], to=to, by=call.user)
    return _answered(call.user, entry)


def assign(name: str, call: Call) -> HttpResponse:
    """Give to another owner, who is told."""
    entry = _seen(name, call, act="edit")
    to = _read(call, "owner", _colleague)
    actions.assign_entries([entry.pk], to=to, by=call.user)
    return _answered(call.user, entry)


def answer_invitation(name: str, call: Call) -> HttpResponse:
    """Say whether one comes."""
    entry = _seen(name, call)
    said = _read(call, "answer", reading.word)
    actions.answer_invitation(entry, said, by=call.user)
    return _answered(call.user, entry)


def single_out(name: str, call: Call) -> HttpResponse:
    """Make one time of a series a record of its own, to be changed, done or moved alone."""
    entry = _seen(name, call, act="edit")
    said = _read(call, "instance", reading.word)
    made = actions.single_out(entry, said, by=call.user)
    told = entry_shown(call.user, made.pk)
    where = f"{name}/{told['id']}"
    return answer(told, status=201, etag=etag_of(told["version"]), location=where)


def show_history(name: str, call: Call) -> HttpResponse:
    """Every field of an entry: who changed it, when, from what, to what and through what."""
    return page_of_history(call, "entry", _seen(name, call).pk)


def _read(call: Call, name: str, reader: Callable[[Any], Any]) -> Any:
    said = reading.known(call.said, [name])
    with reading.collecting() as take:
        value = take(name, reader, said.get(name))
    return value


def _colleague(value: Any) -> User:
    key = ids.decode("user", value) if isinstance(value, str) else None
    found = colleagues().filter(pk=key or 0).first()
    if found is None:
        raise Invalid({"": _("Nobody of that name works here.")})
    return found


def _seen(name: str, call: Call, act: str = "view") -> Entry:
    """404 where it is not seen, 403 where it may not be touched."""
    entry = seen_entry(call.user, call.ids[0])
    if entry is None or entry.resource != name:
        raise not_found(_("There is no such record."))
    if act != "view" and not may_do(call.user, entry, act):
        raise forbidden(_("You may see this record, but not change it."))
    return entry


def _answered(user: User, entry: Entry) -> HttpResponse:
    now = entry_shown(user, entry.pk)
    return answer(now, etag=etag_of(now["version"]))


def _refuse_who_sees_none(user: User) -> None:
    if not user.may("tasks", "view"):
        raise forbidden(_("Your role does not allow this."))


def _sent(is_appointment: bool) -> dict[str, Schema]:
    said: dict[str, Schema] = {
        "title": text(plans.MOST_TITLE),
        "kind": choice(choices(is_appointment)),
        "notes": text(plans.MOST_NOTES),
        "place": text(plans.MOST_PLACE),
        "priority": choice(PRIORITIES),
        "is_private": flag(description="Others see that the time is taken, and nothing else"),
        "owner": identifier("user"),
        "party": nullable(identifier("contact or company")),
        **{one.name: nullable(identifier(one.name)) for one in matters()},
        "reminders": list_of(whole(0, plans.MOST_MINUTES), plans.MOST_REMINDERS),
        "repeat": text(500, description="An RRULE as in RFC 5545, in the clock time of time_zone"),
        "time_zone": text(50, description="Such as Europe/Madrid"),
    }
    if is_appointment:
        return said | {
            "starts_at": nullable(moment()), "ends_at": nullable(moment()),
            "starts_on": nullable(day()), "ends_on": nullable(day()), "is_busy": flag(),
        }  # fmt: skip
    return said | {"due_at": nullable(moment()), "due_on": nullable(day()),
                   "waits_for": list_of(identifier("task"), plans.MOST_WAITED)}  # fmt: skip


def _given(is_appointment: bool) -> Schema:
    return record(
        _sent(is_appointment)
        | {
            "id": identifier("task or appointment"),
            "state": choice(Entry.State.values),
            "owner_name": text(),
            "created_by": nullable(identifier("user")),
            "party_name": nullable(text()),
            **{f"{one.name}_title": nullable(text()) for one in matters()},
            "participants": list_of(PERSON),
            "except": list_of(text(), None),
            "series": nullable(identifier("series")),
            "uid": text(),
            "done_at": nullable(moment()),
            "done_by": nullable(identifier("user")),
            "version": whole(1),
            "created_at": moment(),
            "updated_at": moment(),
        },
        required=["id", "title", "kind", "state", "owner"],
    )


def _offer(name: str) -> None:
    is_appointment = name == "appointments"
    thing = SINGULAR[name]
    gives = component(thing, _given(is_appointment))
    people = {"parties": list_of(identifier("contact or company"), plans.MOST_PEOPLE),
              "participants": list_of(identifier("user"), plans.MOST_PEOPLE)}  # fmt: skip
    sent = _sent(is_appointment) | people
    needed = ["title", "starts_at"] if is_appointment else ["title"]
    takes = component(f"{thing}ToSend", record(sent, required=needed[:1]))
    change = component(f"{thing}Change", record(sent))
    pages = (lists.WORDS, *lists.PAGES)
    a = f"{'an' if is_appointment else 'a'} {thing.lower()}"

    def operation(method: str, path: str, act: Any, about: str, **more: Any) -> Operation:
        return Operation(method, f"{name}{path}", partial(act, name), about, **more)

    verbs: Sequence[tuple[str, Any, str, Schema | None]] = (
        ("complete", complete, f"Mark {a} as done", record({"note": text(plans.MOST_NOTES)})),
        ("reopen", reopen, f"Open {a} again", None),
        ("postpone", postpone, f"Move {a} to another day", record({"to": day()}, required=["to"])),
        ("assign", assign, f"Give {a} to another owner",
         record({"owner": identifier("user")}, required=["owner"])),
    )  # fmt: skip
    offer(
        operation("GET", "", list_entries, f"List {name}", gives=page_of(gives), parameters=pages),
        operation("POST", "", add_entry, f"Add {a}", takes=takes, gives=gives, status=201),
        operation("GET", "/{id}", show_entry, f"Get {a}", gives=gives),
        operation("PATCH", "/{id}", change_entry, f"Change {a}", takes=change, gives=gives),
        operation("DELETE", "/{id}", drop_entry, f"Drop {a}; it can be opened again", status=204),
        *(operation("POST", f"/{{id}}/{verb}", act, about, takes=takes_too, gives=gives)
          for verb, act, about, takes_too in verbs),
        operation("GET", "/{id}/history", show_history, f"The changes of {a}, newest first",
                  gives=page_of(LINE), parameters=(CURSOR,)),
        operation("POST", "/{id}/single-out", single_out,
                  f"Make one time of a series {a} of its own", gives=gives, status=201,
                  takes=record({"instance": text(25, description="Its start by the clock")},
                               required=["instance"])),
    )  # fmt: skip
    if is_appointment:
        said = record({"answer": choice(["yes", "maybe", "no"])}, required=["answer"])
        offer(operation("POST", "/{id}/answer", answer_invitation, "Answer an invitation",
                        takes=said, gives=gives))  # fmt: skip


_offer("tasks")
_offer("appointments")
