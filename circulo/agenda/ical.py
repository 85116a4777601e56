"""Entries of the agenda as iCalendar: what other calendars read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone

from circulo.agenda.load_rows import ANSWERS, OURS
from circulo.agenda.matters import links_of
from circulo.agenda.models import Entry, Participant, Reminder
from circulo.lib.readers.calendar_writer import Component, written
from circulo.lib.recurrence import parts_of, placed, read_dates
from circulo.lib.zones import zone_of

_ANSWERS = {"": "NEEDS-ACTION", "yes": "ACCEPTED", "maybe": "TENTATIVE", "no": "DECLINED"}


def calendar_text(entries: Iterable[Entry], *, name: str = "") -> str:
    """A whole calendar with these entries; the zones that they need come with them."""
    components = [component_of(entry) for entry in entries]
    return written(components, name=name)


@dataclass(frozen=True)
class Invited:
    """Whom an appointment is sent to, and what the calendar there keeps beside it."""

    name: str
    email: str
    words: str
    sequence: int


def invitation_text(entry: Entry, summary: str, invited: Invited | None = None) -> str:
    """An appointment for whoever it is with: what, where and when, and nothing of the house.

    As a file it says no more. Where it is sent to somebody their calendar enters it by itself, and
    the next one, of the same UID, changes it or takes it out again.
    """
    made = Component("VEVENT")
    made.put("UID", entry.uid)
    made.moment("DTSTAMP", timezone.now() if invited else entry.updated_at)
    made.text("SUMMARY", summary)
    made.text("LOCATION", entry.place)
    if entry.is_whole_day:
        _put_time(made, entry)
    else:
        _put_moments(made, entry)
    if invited is None:
        return written([made])
    is_on = entry.state != Entry.State.DROPPED
    made.put("SEQUENCE", str(invited.sequence))
    made.put("STATUS", "CONFIRMED" if is_on else "CANCELLED")
    made.text("DESCRIPTION", invited.words)
    made.put("ORGANIZER", f"mailto:{entry.owner.email}", CN=entry.owner.name)
    made.put("ATTENDEE", f"mailto:{invited.email}", CN=invited.name, ROLE="REQ-PARTICIPANT",
             PARTSTAT="ACCEPTED", RSVP="FALSE")  # fmt: skip
    return written([made], method="REQUEST" if is_on else "CANCEL")


def component_of(entry: Entry) -> Component:
    """One entry: a VEVENT, or a VTODO."""
    made = Component("VEVENT" if entry.is_appointment else "VTODO")
    made.put("UID", str(entry.brought.get("uid") or entry.uid))
    made.moment("DTSTAMP", entry.updated_at)
    made.moment("CREATED", entry.created_at)
    made.moment("LAST-MODIFIED", entry.updated_at)
    if entry.sequence:
        made.put("SEQUENCE", str(entry.sequence))
    if entry.title != entry.brought.get("untitled"):
        made.text("SUMMARY", entry.title)
    made.text("DESCRIPTION", entry.notes)
    made.text("LOCATION", entry.place)
    _put_dates(made, entry)
    _put_state(made, entry)
    _put_people(made, entry.participants.all(), entry)
    for link in links_of(entry):
        made.put(f"{OURS}{link.matter.name.upper()}", link.id)
    made.inside += _alarms(entry)
    _put_what_was_brought(made, entry)
    return made


def _put_dates(made: Component, entry: Entry) -> None:
    if entry.is_appointment:
        _put_time(made, entry)
    elif entry.has_date:
        _put_due(made, entry)
    if entry.rule:
        made.put("RRULE", _rule(entry))
    apart = {one.instance for one in entry.instances.all()} if entry.repeats else set()
    left_out = [text for text in entry.less_dates if text not in apart]
    for name, dates in (("RDATE", entry.more_dates), ("EXDATE", left_out)):
        for clock in read_dates(dates):
            _put_clock(made, name, clock, entry)
    instance = entry.instance or str(entry.brought.get("instance", ""))
    if instance:
        _put_clock(made, "RECURRENCE-ID", datetime.fromisoformat(instance), entry)


def _put_time(made: Component, entry: Entry) -> None:
    """When an appointment begins and ends."""
    if entry.starts_on is not None:
        made.day("DTSTART", entry.starts_on)
        made.day("DTEND", (entry.ends_on or entry.starts_on) + timedelta(days=1))
    elif entry.starts_at is not None:
        made.moment("DTSTART", entry.starts_at, entry.time_zone)
        if entry.ends_at and entry.ends_at != entry.starts_at:
            made.moment("DTEND", entry.ends_at, entry.time_zone)


def _put_moments(made: Component, entry: Entry) -> None:
    """When an appointment begins and ends by the clock of the world: an hour that comes twice when
    the clocks go back can be told by no other.
    """
    for name, moment in (("DTSTART", entry.starts_at), ("DTEND", entry.ends_at)):
        if moment is not None:
            made.moment(name, moment)


def _put_due(made: Component, entry: Entry) -> None:
    """When a task is due; what repeats does so from its start on."""
    name = "DTSTART" if entry.repeats and not _brought(entry, "DTSTART") else "DUE"
    if entry.starts_on is not None:
        made.day(name, entry.starts_on)
    elif entry.starts_at is not None:
        made.moment(name, entry.starts_at, entry.time_zone)


def _brought(entry: Entry, name: str) -> bool:
    return any(line[0] == name for line in entry.brought.get("lines", ()))


def _put_clock(made: Component, name: str, clock: datetime, entry: Entry) -> None:
    if entry.is_whole_day:
        made.day(name, clock.date())
    else:
        made.moment(name, placed(clock, zone_of(entry.time_zone)), entry.time_zone)


def _rule(entry: Entry) -> str:
    """The rule as others read it: its end by the clock of the world, or a day."""
    parts = parts_of(entry.rule)
    if "UNTIL" in parts:
        end = datetime.strptime(parts["UNTIL"], "%Y%m%dT%H%M%S")
        if entry.is_whole_day:
            parts["UNTIL"] = f"{end:%Y%m%d}"
        else:
            moment = placed(end, zone_of(entry.time_zone)).astimezone(UTC)
            parts["UNTIL"] = f"{moment:%Y%m%dT%H%M%SZ}"
    return ";".join(f"{name}={value}" for name, value in parts.items())


def _put_state(made: Component, entry: Entry) -> None:
    state = Entry.State(entry.state)
    said = {
        Entry.State.OPEN: str(entry.brought.get("status", "")),
        Entry.State.DONE: "" if entry.is_appointment else "COMPLETED",
        Entry.State.DROPPED: "CANCELLED",
    }[state]
    if said:
        made.put("STATUS", said)
    if entry.done_at is not None and not entry.is_appointment:
        made.moment("COMPLETED", entry.done_at)
    if entry.priority != Entry.Priority.NORMAL or entry.brought.get("priority"):
        made.put("PRIORITY", str(entry.brought.get("priority") or entry.priority))
    if entry.is_private:
        made.put("CLASS", str(entry.brought.get("class") or "PRIVATE"))
    if entry.is_appointment and not entry.is_busy:
        made.put("TRANSP", "TRANSPARENT")


def _put_people(made: Component, people: Iterable[Participant], entry: Entry) -> None:
    rows = list(people)
    if any(row.user_id or row.email for row in rows) and not _brought(entry, "ORGANIZER"):
        made.put("ORGANIZER", f"mailto:{entry.owner.email}", CN=entry.owner.name)
    for row in rows:
        if row.user or row.email:
            _put_attendee(made, row, entry)


def _put_attendee(made: Component, row: Participant, entry: Entry) -> None:
    """One who takes part, with what their calendar said of them."""
    address = row.user.email if row.user else row.email
    brought: dict[str, list[str]] = dict(entry.brought.get("attendees", {}).get(address, {}))
    if not brought or ANSWERS.get("".join(brought.get("PARTSTAT", ())).upper(), "") != row.answer:
        brought["PARTSTAT"] = [_ANSWERS[row.answer]]
    name = row.user.name if row.user else row.name
    if name and "CN" not in brought:
        brought["CN"] = [name]
    uri = address if ":" in address else f"mailto:{address}"
    made.line("ATTENDEE", brought, uri)


def _alarm(reminder: Reminder, entry: Entry) -> Component:
    alarm = Component("VALARM")
    alarm.put("ACTION", "DISPLAY")
    alarm.text("DESCRIPTION", entry.title)
    minutes = reminder.minutes
    sign, size = ("-", minutes) if minutes >= 0 else ("", -minutes)
    days, rest = divmod(size, 1440)
    text = f"P{days}D" if days and not rest else f"PT{size}M"
    alarm.put("TRIGGER", f"{sign}{text}" if size else "PT0S")
    return alarm


def _alarms(entry: Entry) -> Iterator[Component]:
    """The reminders; those that came with a file go out as they came in."""
    brought = list(entry.brought.get("alarms", ()))
    for reminder in entry.reminders.all():
        same = next((one for one in brought if one["minutes"] == reminder.minutes), None)
        yield _as_it_came(same) if same else _alarm(reminder, entry)
    yield from (_as_it_came(one) for one in brought if one["minutes"] is None)


def _as_it_came(brought: dict[str, Any]) -> Component:
    alarm = Component("VALARM")
    for name, parameters, value in brought["lines"]:
        alarm.line(name, parameters, value)
    return alarm


def _put_what_was_brought(made: Component, entry: Entry) -> None:
    """What came with a file and has no place of its own goes out as it came in."""
    for name, parameters, value in entry.brought.get("lines", ()):
        made.line(name, parameters, value)
