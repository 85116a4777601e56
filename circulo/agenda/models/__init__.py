"""What is still to happen: tasks and appointments, with whom, and what reminds of them; who reads
along, and the pages on which others take an hour.
"""

from circulo.agenda.models.booking import Booking, BookingHours, BookingPage
from circulo.agenda.models.entries import (
    NEVER,
    Entry,
    EntryQuerySet,
    Participant,
    Reminder,
    fresh_uid,
    seen_by,
    states,
)
from circulo.agenda.models.feeds import Feed

__all__ = [
    "NEVER",
    "Booking",
    "BookingHours",
    "BookingPage",
    "Entry",
    "EntryQuerySet",
    "Feed",
    "Participant",
    "Reminder",
    "fresh_uid",
    "seen_by",
    "states",
]
