"""Tasks and appointments, as they are brought in from the calendars of other programs."""

from django.utils.translation import gettext_lazy as _

from circulo.agenda.loading import CalendarImporter
from circulo.records.load_types import LoadField, LoadType, register

FIELDS = (LoadField("uid", _("Identifier"), ("uid",)),)

for name, label in (("appointments", _("Appointments")), ("tasks", _("Tasks"))):
    register(
        LoadType(name, label, "tasks", FIELDS, ("uid",), CalendarImporter, frozenset({"calendar"}))
    )
