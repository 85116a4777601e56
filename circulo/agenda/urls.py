"""The addresses of this app."""

from django.urls import path

from circulo.agenda.views import (
    acts,
    appointments,
    booking,
    calendar,
    changes,
    entries,
    feeds,
)

app_name = "agenda"
TASK, APPOINTMENT = {"name": "tasks"}, {"name": "appointments"}
urlpatterns = [
    path("tasks/new", entries.new, TASK, name="new_task"),
    path("tasks/add", entries.add_line, name="add_task"),
    path("tasks/belonging", entries.belonging, name="belonging"),
    path("tasks/act/<slug:act>", acts.act, name="act"),
    path("tasks/<slug:identifier>", entries.show, TASK, name="task"),
    path("tasks/<slug:identifier>/edit", entries.edit, TASK, name="edit_task"),
    path("tasks/<slug:identifier>/changes", changes.changes, TASK, name="changes_of_task"),
    path("tasks/<slug:identifier>/changes/<slug:line>/put-back", changes.put_back, name="put_back"),
    path("appointments/new", entries.new, APPOINTMENT, name="new_appointment"),
    path("appointments/free", appointments.free, name="free"),
    path("appointments/<slug:identifier>", entries.show, APPOINTMENT, name="appointment"),
    path("appointments/<slug:identifier>.ics", feeds.export, name="export"),
    path("appointments/<slug:identifier>/edit", entries.edit, APPOINTMENT, name="edit_appointment"),
    path(
        "appointments/<slug:identifier>/changes",
        changes.changes,
        APPOINTMENT,
        name="changes_of_appointment",
    ),
    path("appointments/<slug:identifier>/move", appointments.move, name="move"),
    path("appointments/<slug:identifier>/answer", appointments.answer, name="answer"),
    path("appointments/<slug:identifier>/part", appointments.part, name="part"),
    path("appointments/<slug:identifier>/cancel-one", appointments.cancel_one, name="cancel_one"),
    path("calendar", calendar.calendar, name="calendar"),
    path("calendar/feed/<str:token>.ics", feeds.feed, name="feed"),
    path("settings/booking", booking.booking, name="booking"),
    path("settings/calendar", feeds.settings, name="feed_settings"),
]
