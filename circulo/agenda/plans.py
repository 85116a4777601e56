"""What somebody says of a task or an appointment, read into the columns that say the same.

A form, a call of the API and a row of a file are read here alike: a `Plan` names only what was
said, or `Invalid` gives a reason for each field.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.agenda.kinds import choices
from circulo.agenda.matters import Matter, matters
from circulo.agenda.models import Entry
from circulo.lib import ids
from circulo.lib.errors import Invalid, Text
from circulo.lib.recurrence import clock_of, midnight, read_rule
from circulo.lib.text import clean
from circulo.lib.zones import known_zones, zone_of
from circulo.parties.models import Party

MOST_TITLE, MOST_NOTES, MOST_PLACE = 300, 50_000, 300
MOST_PEOPLE, MOST_REMINDERS, MOST_WAITED = 50, 5, 50
MOST_MINUTES = 60 * 24 * 60
USUAL = timedelta(hours=1)
TASK_FIELDS = ("due_at", "due_on", "waits_for")
APPOINTMENT_FIELDS = ("starts_at", "ends_at", "starts_on", "ends_on", "is_busy")
BOTH = ("title", "kind", "notes", "place", "priority", "is_private", "owner", "party", "parties",
        "participants", "reminders", "repeat", "time_zone")  # fmt: skip
YEARS = (1900, 2199)


@dataclass
class Plan:
    """What is to be kept of an entry: its columns, and who and what hangs on it."""

    is_appointment: bool
    columns: dict[str, Any] = field(default_factory=dict)
    parties: list[int] | None = None
    people: list[int] | None = None
    guests: list[tuple[str, str, str]] | None = None
    reminders: list[int] | None = None
    waits_for: list[int] | None = None
    matters: dict[str, int | None] = field(default_factory=dict)


def fields_of(is_appointment: bool) -> tuple[str, ...]:
    """The names that can be said of a task, or of an appointment."""
    named = (one.name for one in matters())
    return (*BOTH, *named, *(APPOINTMENT_FIELDS if is_appointment else TASK_FIELDS))


def read(
    said: Mapping[str, Any], *, is_appointment: bool, by: User, entry: Entry | None = None
) -> Plan:
    """What was said, as a plan; for an `entry` that is there only what changes of it."""
    reader = _Reader(is_appointment, by, entry)
    for name, value in said.items():
        reader.take(name, value)
    reader.finish()
    if reader.refused:
        raise Invalid(reader.refused)
    return reader.plan


class _Reader:
    """Reads one thing after the other, and collects what is refused."""

    def __init__(self, is_appointment: bool, by: User, entry: Entry | None) -> None:
        self.by, self.entry = by, entry
        self.plan = Plan(is_appointment)
        self.refused: dict[str, Text] = {}
        self.said: dict[str, Any] = {}
        self.known = set(fields_of(is_appointment))
        self.readers: dict[str, Callable[[Any], None]] = {
            "title": self._title,
            "notes": lambda value: self._text("notes", value, MOST_NOTES, lines=True),
            "place": lambda value: self._text("place", value, MOST_PLACE),
            "kind": self._kind,
            "priority": self._priority,
            "is_private": lambda value: self._flag("is_private", value),
            "is_busy": lambda value: self._flag("is_busy", value),
            "owner": self._owner,
            "party": lambda value: self._parties([value] if value else []),
            "parties": self._parties,
            "participants": self._people,
            "reminders": self._reminders,
            "repeat": lambda value: self.said.__setitem__("repeat", _word(value)),
            "time_zone": self._zone,
            "waits_for": self._waits_for,
        }
        self.readers |= {one.name: partial(self._matter, one) for one in matters()}

    def take(self, name: str, value: Any) -> None:
        if name not in self.known:
            self.refused[_shown(name)] = _("There is no such field here.")
            return
        try:
            reader = self.readers.get(name)
            if reader:
                reader(value)
            else:
                self.said[name] = moment(value) if name.endswith("_at") else day(value)
        except Invalid as invalid:
            self.refused[name] = next(iter(invalid.fields.values()))

    def finish(self) -> None:
        if (
            self.entry is None
            and not self.plan.columns.get("title")
            and "title" not in self.refused
        ):
            self.refused["title"] = _("Say in a few words what it is.")
        if self.refused:
            return
        if {"starts_at", "starts_on", "ends_at", "ends_on", "due_at", "due_on"} & set(self.said):
            self._dates()
        elif self.plan.is_appointment and self.entry is None:
            self.refused["starts_at"] = _("Say when it begins.")
        if "repeat" in self.said and not self.refused:
            self._repeat(self.said["repeat"])

    def _title(self, value: Any) -> None:
        title = clean(_word(value), limit=MOST_TITLE)
        if not title:
            raise Invalid({"": _("Say in a few words what it is.")})
        self.plan.columns["title"] = title

    def _text(self, name: str, value: Any, limit: int, *, lines: bool = False) -> None:
        self.plan.columns[name] = clean(_word(value or ""), limit=limit, lines=lines)

    def _kind(self, value: Any) -> None:
        known = choices(self.plan.is_appointment)
        if not isinstance(value, str) or value not in known:
            raise Invalid({"": _("Choose one of: %s.") % ", ".join(known)})
        self.plan.columns["kind"] = value

    def _priority(self, value: Any) -> None:
        names = {level.name.lower(): level.value for level in Entry.Priority}
        if not isinstance(value, str) or value not in names:
            raise Invalid({"": _("Choose one of: %s.") % ", ".join(names)})
        self.plan.columns["priority"] = names[value]

    def _flag(self, name: str, value: Any) -> None:
        if not isinstance(value, bool):
            raise Invalid({"": _("This must be true or false.")})
        self.plan.columns[name] = value

    def _zone(self, value: Any) -> None:
        if not isinstance(value, str) or value not in known_zones():
            raise Invalid({"": _("There is no such time zone.")})
        self.plan.columns["time_zone"] = value

    def _owner(self, value: Any) -> None:
        key = ids.decode("user", value) if isinstance(value, str) else None
        owner = User.objects.filter(pk=key or 0, is_active=True).first()
        if owner is None:
            raise Invalid({"": _("Nobody of that name works here.")})
        self.plan.columns["owner_id"] = owner.pk

    def _parties(self, value: Any) -> None:
        keys = _keys("party", value)
        seen = set(
            Party.objects.visible_to(self.by).filter(pk__in=keys).values_list("pk", flat=True)
        )
        before = self._parties_before()
        if set(keys) - seen - before:
            raise Invalid({"": _("There is no such record.")})
        self.plan.parties = keys

    def _parties_before(self) -> set[int]:
        """Those that stand there already: whoever may not see one still may leave it there."""
        if self.entry is None:
            return set()
        rows = self.entry.participants.filter(party__isnull=False)
        return set(rows.values_list("party_id", flat=True))

    def _people(self, value: Any) -> None:
        keys = _keys("user", value)
        found = User.objects.filter(pk__in=keys, is_active=True).count()
        if found != len(keys):
            raise Invalid({"": _("Nobody of that name works here.")})
        self.plan.people = keys

    def _reminders(self, value: Any) -> None:
        if not isinstance(value, list) or len(value) > MOST_REMINDERS:
            raise Invalid({"": _("This must be a list of at most %d values.") % MOST_REMINDERS})
        for minutes in value:
            whole = isinstance(minutes, int) and not isinstance(minutes, bool)
            if not whole or not 0 <= minutes <= MOST_MINUTES:
                raise Invalid({"": _("Minutes before it begins, at most %d.") % MOST_MINUTES})
        self.plan.reminders = sorted(set(value))

    def _waits_for(self, value: Any) -> None:
        keys = _keys("entry", value, most=MOST_WAITED)
        seen = Entry.objects.visible_to(self.by).tasks().filter(pk__in=keys)
        if seen.count() != len(keys) or (self.entry and self.entry.pk in keys):
            raise Invalid({"": _("There is no such record.")})
        self.plan.waits_for = keys

    def _matter(self, matter: Matter, value: Any) -> None:
        """The record that it belongs to; whoever does not see the one before leaves it there."""
        before = matter.keys_of([self.entry.pk]).get(self.entry.pk) if self.entry else None
        key = ids.decode(matter.name, value) if isinstance(value, str) else None
        if (value and key is None) or (key and key not in self._may(matter, "view", key, before)):
            raise Invalid({"": _("There is no such record.")})
        if key == before:
            return
        seen = self._may(matter, "view", key, before)
        if seen - self._may(matter, "edit", key, before):
            raise Invalid({"": _("You may see this record, but not change it.")})
        if key or before in seen:
            self.plan.matters[matter.name] = key

    def _may(self, matter: Matter, act: str, *keys: int | None) -> set[int]:
        named = [ids.encode(matter.name, key) for key in keys if key]
        return set(matter.known(self.by, named, act).values()) if named else set()

    def _dates(self) -> None:
        """The dates as they stand together after what was said."""
        start, end = ("starts", "ends") if self.plan.is_appointment else ("due", "")
        at, on = self.said.get(f"{start}_at"), self.said.get(f"{start}_on")
        if at and on:
            self.refused[f"{start}_on"] = _("Either a moment or a whole day, not both.")
            return
        until, through = self.said.get(f"{end}_at"), self.said.get(f"{end}_on")
        columns: dict[str, Any] = dict.fromkeys(("starts_at", "ends_at", "starts_on", "ends_on"))
        if at is None and on is None:
            at, on = self._start_before()
        if self.plan.is_appointment:
            if at is None and on is None:
                self.refused["starts_at"] = _("Say when it begins.")
                return
            if on:
                through = through or self._days_before(on)
            else:
                until = until or self._end_before(at)
            if (on and through < on) or (at and until < at):
                self.refused["ends_on" if on else "ends_at"] = _("It cannot end before it begins.")
                return
        if at is None and on is None:
            columns |= {"rule": "", "more_dates": [], "less_dates": []}
        columns |= {"starts_at": at, "starts_on": on}
        columns |= {"ends_on": through} if on else {"ends_at": until if at else None}
        self.plan.columns |= columns

    def _start_before(self) -> tuple[datetime | None, date | None]:
        cleared = {"starts_at", "starts_on", "due_at", "due_on"} & set(self.said)
        if self.entry is None or cleared:
            return None, None
        return self.entry.starts_at, self.entry.starts_on

    def _end_before(self, start: datetime | None) -> datetime | None:
        """What moves keeps its length; something new lasts an hour."""
        entry = self.entry
        if start and entry and entry.starts_at and entry.ends_at:
            return start + (entry.ends_at - entry.starts_at)
        return start and start + USUAL

    def _days_before(self, start: date) -> date:
        entry = self.entry
        if entry and entry.starts_on and entry.ends_on:
            return start + (entry.ends_on - entry.starts_on)
        return start

    def _repeat(self, text: str) -> None:
        columns = self.plan.columns
        name = columns.get("time_zone") or (
            self.entry.time_zone if self.entry else zone_name(self.by)
        )
        at = columns.get("starts_at", self.entry and self.entry.starts_at)
        on = columns.get("starts_on", self.entry and self.entry.starts_on)
        zone = zone_of(name)
        start = midnight(on) if on else clock_of(at, zone) if at else None
        if text and start is None:
            self.refused["repeat"] = _("Only what has a date can repeat.")
            return
        try:
            columns["rule"] = read_rule(text, start, zone, of_days=bool(on)) if start else ""
        except Invalid as invalid:
            self.refused["repeat"] = next(iter(invalid.fields.values()))


def zone_name(user: User) -> str:
    """The time zone that a person plans in."""
    return user.time_zone if user.time_zone in known_zones() else "UTC"


def moment(value: Any) -> datetime | None:
    """A moment, or none; one without a zone is meant in the time zone of who speaks."""
    if value in (None, ""):
        return None
    try:
        read = value if isinstance(value, datetime) else parse_datetime(value[:60])
        if read is not None:
            read = timezone.make_aware(read) if timezone.is_naive(read) else read
            read = read.astimezone(UTC).replace(microsecond=0)
    except (ValueError, OverflowError, TypeError):
        read = None
    _refuse_far(read)
    if read is None:
        raise Invalid({"": _("This is not a moment: write it as 2026-02-14T09:30:00+01:00.")})
    return read


def day(value: Any) -> date | None:
    """A day, or none."""
    if value in (None, ""):
        return None
    try:
        read = value if isinstance(value, date) else date.fromisoformat(value)
    except (ValueError, TypeError):
        read = None
    _refuse_far(read)
    if read is None:
        raise Invalid({"": _("This is not a date: write it as 1980-02-14.")})
    return read


def _refuse_far(read: date | None) -> None:
    if read is not None and not YEARS[0] <= read.year <= YEARS[1]:
        raise Invalid({"": _("Choose a day between the years %d and %d.") % YEARS})


def _keys(kind: str, value: Any, most: int = MOST_PEOPLE) -> list[int]:
    if not isinstance(value, list | tuple) or len(value) > most:
        raise Invalid({"": _("This must be a list of at most %d values.") % most})
    found = [ids.decode(kind, one) if isinstance(one, str) else None for one in value]
    if None in found:
        raise Invalid({"": _("There is no such record.")})
    return list(dict.fromkeys(key for key in found if key))


def _word(value: Any) -> str:
    if not isinstance(value, str):
        raise Invalid({"": _("This must be text.")})
    return value


def _shown(name: object) -> str:
    return str(name).encode("utf-8", "replace").decode()[:60]
