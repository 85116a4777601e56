"""The mails about booked hours: who sees them, the link put in when they leave, who is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from circulo.accounts.actions import Notice, notify
from circulo.agenda import notices
from circulo.agenda.actions.telling import publish
from circulo.agenda.models import Booking, Entry, EntryQuerySet
from circulo.channels.email.kinds import Kind, register
from circulo.channels.email.models import Mail
from circulo.lib.errors import RuleBroken
from circulo.portal.booking_letters import key_of
from circulo.portal.seals import link_of

if TYPE_CHECKING:
    from circulo.accounts.models import User

_WRONG = (Mail.State.REFUSED, Mail.State.IN_DOUBT)


def _reachable(user: User, act: str) -> EntryQuerySet:
    return Entry.objects.visible_to(user, act)


def _fill(mail: Mail) -> Mapping[str, str]:
    """The link of the appointment: it is kept nowhere."""
    booking = _booking(mail)
    if booking is None or _is_outdated(mail, booking):
        raise RuleBroken(_("The appointment changed before the mail could leave."))
    return {"link": link_of(booking.page, booking.entry)}


def _told(mail: Mail) -> None:
    """Have open pages ask anew; tell the owner where a person has to reach whoever booked."""
    booking = _booking(mail)
    if booking is None:
        return
    entry = booking.entry
    publish([entry])
    if mail.state in _WRONG and not _is_outdated(mail, booking):
        said = {"who": booking.name, "title": entry.title}
        told = Notice(notices.UNTOLD, entry.owner_id, said, entry, entry.get_absolute_url())
        notify([told], by=None)


def _is_outdated(mail: Mail, booking: Booking) -> bool:
    """Whether a newer mail tells how the appointment stands now."""
    return mail.key != key_of(booking)


def _booking(mail: Mail) -> Booking | None:
    rows = Booking.objects.select_related("entry", "page__user")
    return rows.filter(entry=mail.about_id).first()


register(Kind("entry", _reachable, _fill, _told, automatic=True))
