"""What the portal hands to the agenda: whoever booked an hour is told by mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from circulo.agenda.bookers import News, Standing, Teller, register
from circulo.agenda.models import Booking, Entry
from circulo.channels.email.actions import queue_mail
from circulo.channels.email.selectors import Drawn, mails_about
from circulo.portal.booking_letters import key_of, letter_of

if TYPE_CHECKING:
    from circulo.accounts.models import User


def _tell(booking: Booking, news: News, before: Standing | None) -> None:
    """Mail it; where mail is switched off the page of the appointment says it alone."""
    if not (settings.EMAIL_HOST and booking.email):
        return
    queue_mail(
        letter_of(booking, news, before),
        about=("entry", booking.entry_id),
        key=key_of(booking),
        by=booking.page.user,
    )


def _sent(user: User, entry: Entry) -> list[Drawn]:
    return mails_about(user, "entry", entry.pk)


register(Teller(_tell, _sent, "email/_mails.html"))
