"""The mails to whoever booked an hour: booked, moved, cancelled; in the language of the page.

They say a fixed text, what the appointment is, and what was typed by whoever reads them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from circulo.accounts.selectors import firm
from circulo.agenda.bookers import News, Standing
from circulo.agenda.ical import Invited, invitation_text
from circulo.agenda.models import Booking, Entry
from circulo.agenda.words import when_spelt_out
from circulo.channels.email.actions import Letter, Reader
from circulo.channels.email.message import LINK
from circulo.lib import format as fmt

MOST_TITLE = 100


def letter_of(booking: Booking, news: News, before: Standing | None) -> Letter:
    """What is mailed of an appointment, and the entry for the calendar of whoever reads it."""
    with _speaking(booking):
        entry, page = booking.entry, booking.page
        what = _("%(what)s, with %(who)s") % {"what": page.title, "who": entry.owner.name}
        when = when_spelt_out(entry)
        said = {
            "news": news.value, "booking": booking, "entry": entry, "what": what, "when": when,
            "was": _was(before, when), "city": fmt.city_of(booking.time_zone), "link": LINK,
            "firm": firm().name or page.user.name,
            "again": f"{settings.BASE_URL}/b/{page.token}" if page.is_open else "",
        }  # fmt: skip
        return Letter(
            readers=[Reader(booking.email, booking.name)],
            subject=_subject(news) % {"what": page.title[:MOST_TITLE], "when": when},
            text=render_to_string("portal/letters/booking.txt", said).strip(),
            language=booking.language,
            answers_to=entry.owner,
            invitation=invitation_text(entry, what, _invited(booking, news)),
        )


def key_of(booking: Booking) -> str:
    """What the mail is called that tells how an appointment stands."""
    return f"booking:{booking.pk}:{booking.sequence}"


@contextmanager
def _speaking(booking: Booking) -> Iterator[None]:
    """In the language and by the clock in which the page offered its hours."""
    locale = fmt.get(booking.page.user.region, booking.language, booking.time_zone)
    with ExitStack() as speaking:
        speaking.enter_context(translation.override(booking.language))
        speaking.enter_context(fmt.use(locale))
        yield


def _subject(news: News) -> str:
    return {
        News.BOOKED: _("Booked: %(what)s, %(when)s"),
        News.MOVED: _("Moved: %(what)s, %(when)s"),
        News.CANCELLED: _("Cancelled: %(what)s, %(when)s"),
    }[news]


def _was(before: Standing | None, when: str) -> str:
    """When it was to be until now, where that is another time."""
    if before is None:
        return ""
    moments = {name: before[name] and datetime.fromisoformat(before[name])
               for name in ("starts_at", "ends_at")}  # fmt: skip
    days = {name: before[name] and date.fromisoformat(before[name])
            for name in ("starts_on", "ends_on")}  # fmt: skip
    columns: dict[str, Any] = moments | days
    was = when_spelt_out(Entry(**columns))
    return was if was != when else ""


def _invited(booking: Booking, news: News) -> Invited:
    where = "" if news is News.CANCELLED else _("To move or cancel it: %s") % LINK
    words = "\n\n".join(filter(None, (booking.note, where)))
    return Invited(booking.name, booking.email, words, booking.sequence)
