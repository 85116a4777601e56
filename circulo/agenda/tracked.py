"""What the ledger keeps of the agenda, and what follows from putting it back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from circulo.accounts.rights import Reach
from circulo.agenda.actions.entries import DATES
from circulo.agenda.actions.putting_back import put_entry_back
from circulo.agenda.actions.reminders import remind
from circulo.agenda.actions.telling import publish, tell_bookers
from circulo.agenda.models import Booking, Entry, Participant, Reminder
from circulo.agenda.words import dates_in_words, reminder_in_words, rule_in_words
from circulo.lib.errors import Text
from circulo.records.models import Change, ChangeSet
from circulo.records.tracking import Root, Tracked, root, track

if TYPE_CHECKING:
    from circulo.accounts.models import User


def _within(user: User, act: str) -> QuerySet[Any] | None:
    """The entries this person may edit or delete."""
    if user.is_admin and user.reach("tasks", act) == Reach.ALL:
        return None
    return Entry.objects.visible_to(user, act)


def _settle(keys: Sequence[int], _names: Collection[str]) -> None:
    """Reminders ring by the dates as they are again; who booked is told, open pages ask anew."""
    entries = list(Entry.objects.filter(pk__in=keys))
    remind([(entry, None) for entry in entries])
    tell_bookers(entries)
    publish(entries)


def _named(user: User, keys: Collection[int]) -> dict[int, tuple[str, str]]:
    rows = Entry.objects.visible_to(user).filter(pk__in=keys)
    return {entry.pk: (entry.title, entry.get_absolute_url()) for entry in rows}


def _change(key: int, values: dict[str, Any], _old: dict[str, Any], by: User) -> None:
    """Put columns of an entry back by the rules of the agenda."""
    put_entry_back(Entry.objects.get(pk=key), values, by=by)


def _refusal(change_set: ChangeSet, _by: User | None) -> Text:
    """Why an undo takes no booking away: whoever booked would not be told that it is gone."""
    made = change_set.changes.filter(kind="booking", op=Change.Op.INSERTED)
    return _("Somebody booked this hour: cancel the appointment, so that they are told.") if (
        made.exists()) else ""  # fmt: skip


# What calendars of other programs need, and what follows from the dates.
_UNSAID = frozenset({"is_appointment", "falls_at", "span", "series_id", "instance", "uid",
                     "sequence", "brought", "created_at"})  # fmt: skip
_WORDS = {"rule": rule_in_words, "more_dates": dates_in_words, "less_dates": dates_in_words}
_SAYS = {"state": {"open": _("Open again: %s."), "done": pgettext_lazy("task", "Done again: %s."),
                   "dropped": pgettext_lazy("task", "Dropped again: %s.")}}  # fmt: skip

# Whoever let an entry be about another party, as a merge does, may take that back.
root(
    Root(
        "entry",
        _within,
        _settle,
        whose="party_id",
        named=_named,
        change=_change,
        says=_SAYS,
        refuses=_refusal,
    )  # fmt: skip
)
track(
    Tracked(
        Entry,
        "entry",
        _("Task or appointment"),
        named_by="kind",
        told=("title",),
        silent=_UNSAID,
        together=(("state", "done_at", "done_by_id"), (*DATES, "falls_at", "span")),
        bumped="version",
        touched="updated_at",
        words=_WORDS,
    ),
    Tracked(
        Participant,
        "participant",
        _("Participant"),
        root="entry_id",
        root_kind="entry",
        told=("user_id", "party_id", "name", "email"),
        silent=frozenset({"position"}),
    ),
    Tracked(
        Reminder,
        "reminder",
        _("Reminder"),
        root="entry_id",
        root_kind="entry",
        told=("minutes",),
        derived=frozenset({"rings_at"}),
        words={"minutes": reminder_in_words},
    ),
    Tracked(
        Entry.waits_for.through,
        "wait",
        _("Waits for"),
        root="from_entry_id",
        root_kind="entry",
        told=("to_entry_id",),
    ),
    # What was told to people outside cannot be taken back: they are told anew.
    Tracked(
        Booking,
        "booking",
        _("Booking"),
        root="entry_id",
        root_kind="entry",
        told=("name",),
        silent=frozenset(
            {"page_id", "email", "note", "language", "time_zone", "is_mailed", "booked_at"}
        ),
        derived=frozenset({"told", "sequence"}),
    ),
)
