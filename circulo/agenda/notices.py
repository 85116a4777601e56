"""What the agenda tells people of."""

from django.utils.translation import gettext_lazy as _

from circulo.accounts.notices import Kind, register

ASSIGNED, INVITED, MOVED, ANSWERED, REMINDED, BOOKED = (
    "agenda.assigned", "agenda.invited", "agenda.moved", "agenda.answered", "agenda.reminded",
    "agenda.booked",
)  # fmt: skip

register(
    Kind(REMINDED, _("Reminders"), _("Reminder: %(title)s"), "alarm-clock"),
    Kind(ASSIGNED, _("Tasks given to you"), _("%(who)s gave you: %(title)s"), "user-check", True),
    Kind(INVITED, _("Invitations"), _("%(who)s invites you: %(title)s"), "calendar-plus", True),
    Kind(MOVED, _("Appointments moved or cancelled"), _("%(who)s moved or cancelled: %(title)s"),
         "calendar-clock", True),
    Kind(BOOKED, _("Hours booked with you"), _("%(who)s has booked an hour: %(title)s"),
         "calendar-plus", True),
    Kind(ANSWERED, _("Answers to your invitations"), _("%(who)s answered: %(title)s"),
         "calendar-check"),
)  # fmt: skip
