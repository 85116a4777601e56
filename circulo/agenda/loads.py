"""Tasks and appointments, as they are brought in from calendars and tables and handed out again."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from circulo.agenda.dumps import HOLDS, dump_appointments, dump_tasks
from circulo.agenda.load_rows import BroughtRow
from circulo.agenda.loading import CalendarImporter
from circulo.agenda.matters import matters
from circulo.agenda.table_loading import TableImporter
from circulo.agenda.table_rows import TableRow
from circulo.lib import ids
from circulo.records.load_types import LoadField, LoadType, Outcome, Task, register
from circulo.records.turns import Turn


class EntryImporter:
    """Brings in entries of the agenda, however they are written: a file is of one kind only."""

    def __init__(self, task: Task, *, is_appointment: bool) -> None:
        self.calendars = CalendarImporter(task)
        self.tables = TableImporter(task, is_appointment=is_appointment)

    def read(self, record: Any) -> BroughtRow | TableRow:
        """A component of a calendar, or a row of a table."""
        return self.tables.read(record) if isinstance(record, dict) else self.calendars.read(record)

    def settle(self, turn: Turn, *, kept: bool) -> None:
        """Nothing is remembered between batches."""

    def apply(self, rows: Sequence[tuple[int, Any]], turn: Turn) -> dict[int, Outcome | str]:
        """Write a batch."""
        turn.come()
        if isinstance(rows[0][1], TableRow):
            return self.tables.apply(rows)
        return self.calendars.apply(rows)


def _f(name: str, label: str | Promise, headings: str = "") -> LoadField:
    words = tuple(heading.strip() for heading in headings.split("|") if heading.strip())
    return LoadField(name, label, words)


FIRST = (
    _f("uid", "UID", "ical uid"),
    _f("id", _("Identifier"), "identificador | circulo id"),
    _f("title", _("What"),
       "título | title | subject | asunto | task title | task name | nombre de la tarea | tarea | "
       "task | name | nombre | summary | resumen"),
    _f("kind", _("Kind"), "tipo | type | task type | tipo de tarea | activity type"),
    _f("state", _("State"),
       "estado | status | task status | estado de la tarea | estado de tarea"),
)  # fmt: skip
DUE = (
    _f("due_at", _("Due"),
       "vence | vencimiento | due date | fecha de vencimiento | fecha límite | deadline | "
       "fecha | date | when | cuándo"),
    _f("due_on", _("Due on the day"), "vence el día"),
    _f("due_time", _("Due at the time"), "due time | hora de vencimiento | hora | time"),
    _f("done_at", pgettext_lazy("task", "Done"),
       "completed at | completed on | date completed | fecha de finalización | completada el | "
       "hecha el"),
    _f("waits_for", _("Waits for"), "espera a | depende de | depends on | dependencies"),
)  # fmt: skip
TIMES = (
    _f("starts_at", _("Begins"),
       "inicio | empieza | comienza | start | start date | fecha de inicio | "
       "fecha de comienzo | fecha | date | start date time"),
    _f("starts_on", _("First day"), "primer día"),
    _f("starts_time", _("Begins at the time"),
       "start time | hora de inicio | hora de comienzo | hora | time"),
    _f("ends_at", _("Ends"),
       "fin | termina | acaba | end | end date | fecha de fin | fecha de finalización | "
       "end date time"),
    _f("ends_on", _("Last day"), "último día"),
    _f("ends_time", _("Ends at the time"), "end time | hora de fin | hora de finalización"),
    _f("is_busy", _("Takes my time"), "ocupa mi tiempo | busy | ocupado"),
)  # fmt: skip
REST = (
    _f("party_id", _("Identifier of the contact"), "contact id | id del contacto"),
    _f("party", _("Contact"),
       "contacto | contact | cliente | customer | associated contact | empresa | company | "
       "account name"),
    _f("email", _("E-mail of the contact"), "correo del contacto | contact email"),
    _f("phone", _("Phone of the contact"), "teléfono | phone"),
    _f("parties", _("Identifiers of all contacts"), "contactos"),
    _f("owner", _("Owner"),
       "propietario | responsable | assigned to | asignado a | assignee | task owner"),
    _f("participants", _("Who takes part"),
       "participantes | attendees | asistentes | required attendees | asistentes necesarios"),
    _f("priority", _("Priority"), "prioridad | importance | importancia"),
    _f("place", _("Place"), "lugar | location | ubicación | dirección"),
    _f("notes", _("Notes"),
       "notas | description | descripción | comentarios | comments | task notes"),
    _f("reminders", _("Minutes before"), "recordatorios | reminder minutes"),
    _f("repeat", _("Repetition"), "repetición | rrule | recurrence | se repite"),
    _f("also", _("Days added"), "rdate"),
    _f("except", _("Days left out"), "exdate"),
    _f("instance", _("Which one of a series"), "recurrence id"),
    _f("time_zone", _("Time zone"), "zona horaria | timezone"),
    _f("is_private", _("Only for me"), "private | privado | solo para mí"),
)  # fmt: skip


def _belonging() -> tuple[LoadField, ...]:
    """What an entry can belong to, told by identifier."""
    return tuple(
        LoadField(one.name, one.label, (f"{one.name} id",), fits=partial(_are_of, one.name))
        for one in matters()
    )


def _are_of(kind: str, cells: Sequence[str]) -> bool:
    return any(ids.decode(kind, cell) for cell in cells)


for name, label, times, dumped in (
    ("appointments", _("Appointments"), TIMES, dump_appointments),
    ("tasks", _("Tasks"), DUE, dump_tasks),
):
    register(
        LoadType(
            name,
            label,
            "tasks",
            (*FIRST, *times, *REST),
            ("uid", "id"),
            partial(EntryImporter, is_appointment=name == "appointments"),
            frozenset({"calendar", "table"}),
            dumped=dumped,
            holds={field: kind for field, kind in HOLDS.items()},
            own=_belonging,
        )
    )
