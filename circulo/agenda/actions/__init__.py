"""Every act on tasks and appointments."""

from circulo.agenda.actions.acts import (
    assign_entries,
    complete_entries,
    drop_entries,
    postpone_entries,
    reopen_entries,
)
from circulo.agenda.actions.appointments import (
    answer_invitation,
    cancel_occurrence,
    change_occurrence,
    move_entry,
    part_series,
    single_out,
)
from circulo.agenda.actions.booking import book, give_back, rebook
from circulo.agenda.actions.booking_pages import close_booking, open_booking
from circulo.agenda.actions.entries import add_entries, add_entry, change_entry
from circulo.agenda.actions.feeds import feed_reader, make_feed, revoke_feed
from circulo.agenda.actions.putting_back import settle_state
from circulo.agenda.actions.reminders import ring_reminders

__all__ = [
    "add_entries",
    "add_entry",
    "answer_invitation",
    "assign_entries",
    "book",
    "cancel_occurrence",
    "change_entry",
    "change_occurrence",
    "close_booking",
    "complete_entries",
    "drop_entries",
    "feed_reader",
    "give_back",
    "make_feed",
    "move_entry",
    "open_booking",
    "part_series",
    "postpone_entries",
    "rebook",
    "reopen_entries",
    "revoke_feed",
    "ring_reminders",
    "settle_state",
    "single_out",
]
