"""What the agenda tells people of, and who sees what such a notice is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from circulo.accounts.notices import Kind, Theme, about, register
from circulo.agenda.models import Entry

if TYPE_CHECKING:
    from circulo.accounts.models import User

ASSIGNED, INVITED, MOVED, ANSWERED, REMINDED = (
    "agenda.assigned", "agenda.invited", "agenda.moved", "agenda.answered", "agenda.reminded",
)  # fmt: skip
BOOKED, REBOOKED, GIVEN_BACK, UNTOLD = (
    "agenda.booked", "agenda.rebooked", "agenda.given_back", "agenda.untold",
)  # fmt: skip


def _seen(user: User, keys: set[int]) -> set[int]:
    rows = Entry.objects.visible_to(user).filter(pk__in=keys)
    return set(rows.values_list("pk", flat=True))


about("entry", _seen)
register(
    Theme(_("Tasks and appointments"), 10),
    Kind(REMINDED, _("Reminders"), _("Reminder: %(title)s"), "alarm-clock", is_pushed=True),
    Kind(ASSIGNED, _("Tasks given to you"), _("%(who)s gave you: %(title)s"), "user-check", True,
         is_pushed=True),
    Kind(INVITED, _("Invitations"), _("%(who)s invites you: %(title)s"), "calendar-plus", True,
         is_pushed=True),
    Kind(MOVED, _("Appointments moved or cancelled"), _("%(who)s moved or cancelled: %(title)s"),
         "calendar-clock", True, is_pushed=True),
    Kind(BOOKED, _("Hours booked with you"), _("%(who)s has booked an hour: %(title)s"),
         "calendar-plus", True, is_pushed=True),
    Kind(REBOOKED, _("Booked hours moved"), _("%(who)s has moved an hour: %(title)s"),
         "calendar-clock", True, is_pushed=True),
    Kind(GIVEN_BACK, _("Booked hours given back"), _("%(who)s does not come: %(title)s"),
         "calendar-x", True, is_pushed=True),
    Kind(UNTOLD, _("Who booked could not be told by mail"),
         _("The mail to %(who)s did not arrive for certain: %(title)s"), "mail-x", True,
         is_pushed=True),
    Kind(ANSWERED, _("Answers to your invitations"), _("%(who)s answered: %(title)s"),
         "calendar-check"),
)  # fmt: skip
