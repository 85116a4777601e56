"""Where the agenda stands in the navigation, and what it lets one begin."""

from django.utils.translation import gettext_lazy as _

from circulo.web.menu import Entry

SEES, ADDS = ("tasks", "view"), ("tasks", "create")
ENTRIES = [
    Entry(_("Tasks"), "desk:tasks", "square-check", order=20, group="today", needs=SEES,
          keys="g t", tab=True),
    Entry(_("Calendar"), "agenda:calendar", "calendar-days", order=30, group="today", needs=SEES,
          keys="g a"),
    Entry(_("Task"), "agenda:new_task", "square-check", order=30, place="new", needs=ADDS,
          keys="t"),
    Entry(_("Appointment"), "agenda:new_appointment", "calendar-plus", order=40, place="new",
          needs=ADDS, keys="a"),
]  # fmt: skip
