"""A person's appointments and tasks as calendars: what they own or take part in, nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Prefetch, QuerySet, Subquery, TextField
from django.db.models.functions import MD5, Cast, Concat, JSONObject
from django.utils.translation import gettext_lazy as _

from circulo.agenda.ical import calendar_text
from circulo.agenda.matters import matters, with_matters
from circulo.agenda.models import Entry, EntryQuerySet, Participant
from circulo.dav.collections.agenda_writing import drop_object, put_object
from circulo.dav.collections.base import Collection, Item

_PEOPLE = ("reminders", "participants__user")


class Agenda(Collection):
    """The appointments, or the tasks, of one person.

    A series and the times of it that are changed are one member. What was dropped or cancelled is
    not in it; a task that is done is.
    """

    suffix = ".ics"
    content_type = "text/calendar; charset=utf-8"
    kind = "entry"
    component: str

    @property
    def is_appointments(self) -> bool:
        return self.component == "VEVENT"

    def theirs(self) -> EntryQuerySet:
        """Every entry that concerns this person and stands."""
        rows = Entry.objects.visible_to(self.user).of_people([self.user.pk])
        rows = rows.filter(is_appointment=self.is_appointments)
        return rows.exclude(state=Entry.State.DROPPED)

    def rows(self) -> QuerySet[Any, Any]:
        """Those that stand for themselves, and series with a state that knows of their times."""
        series = self.theirs().filter(pk=OuterRef("series"))
        singles = self._singles().filter(series=OuterRef("pk")).order_by("pk")
        answers = Participant.objects.order_by("pk")
        parts = (
            Cast("version", TextField()),
            _told(singles, v="version"),
            _told(answers.filter(entry=OuterRef("pk")), a="answer"),
            _told(answers.filter(entry__series=OuterRef("pk")), a="answer"),
            *(Cast(Subquery(one.of(self.user).values("pk")), TextField()) for one in matters()),
        )
        rows = self.theirs().exclude(Exists(series))
        return rows.annotate(state_of_it=MD5(Concat(*parts)))

    def bodies(self, keys: Sequence[int]) -> dict[int, str]:
        """The calendar of each: the entry, and the times of it that are changed."""
        return {entry.pk: calendar_text(parts_of(entry)) for entry in self.entries(keys)}

    def entries(self, keys: Iterable[int]) -> QuerySet[Entry]:
        """These entries with all that a calendar says of them."""
        singles = with_matters(self._singles(), self.user).select_related("owner")
        singles = singles.prefetch_related(*_PEOPLE)
        rows = with_matters(self.theirs(), self.user).filter(pk__in=keys).select_related("owner")
        return rows.prefetch_related(*_PEOPLE, Prefetch("instances", singles.order_by("pk")))

    def put(self, item: Item | None, name: str, body: bytes) -> int:
        """Change or add an entry by what a program says of it."""
        return put_object(self, item.key if item else None, body)

    def drop(self, item: Item) -> None:
        """Drop a task, cancel an appointment."""
        drop_object(self.user, item.key)

    def _singles(self) -> EntryQuerySet:
        """Times of series that are told with them; of tasks, not those that are done."""
        rows = self.theirs()
        return rows if self.is_appointments else rows.filter(state=Entry.State.OPEN)


class Appointments(Agenda):
    """One's appointments."""

    name = "appointments"
    title = _("Círculo: appointments")
    component = "VEVENT"


class Tasks(Agenda):
    """One's tasks."""

    name = "tasks"
    title = _("Círculo: tasks")
    component = "VTODO"


def parts_of(entry: Entry) -> list[Entry]:
    """A series with those of its times that are changed."""
    return [entry, *(entry.instances.all() if entry.repeats else ())]


def _told(rows: QuerySet[Any, Any], **said: str) -> Cast:
    shape = JSONObject(id="pk", **{name: F(path) for name, path in said.items()})
    return Cast(ArraySubquery(rows.values(json=shape)), TextField())
