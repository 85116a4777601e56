"""Moving appointments, all of a series or one of it; cancelling one; answering an invitation."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.agenda import notices
from circulo.agenda.actions import telling
from circulo.agenda.actions.entries import save_dates
from circulo.agenda.actions.parting import keep_parted, parted, shift_series
from circulo.agenda.actions.reminders import remind
from circulo.agenda.models import Entry, Participant
from circulo.agenda.times import clock_start, instance_of, series_of
from circulo.lib.errors import RuleBroken


@transaction.atomic
def move_entry(entry: Entry, *, by: User, start: datetime | date, instance: str = "") -> Entry:
    """Have an entry begin at another moment, or on another whole day; it keeps its length.

    Of a series only the one `instance` moves, where one is named; else all of it.
    """
    locked = Entry.objects.select_for_update(of=("self",)).get(pk=entry.pk)
    if not locked.is_open:
        raise RuleBroken(_("Only what is still open can be moved."))
    if instance and locked.repeats:
        locked = _on_its_own(locked, instance)
    before = clock_start(locked)
    _begin(locked, start)
    shift_series(locked, before)
    locked.sequence += 1
    save_dates([locked], "sequence")
    remind([(locked, None)])
    telling.tell_the_others([locked], by=by)
    telling.publish([locked])
    return locked


@transaction.atomic
def cancel_occurrence(entry: Entry, instance: str, *, by: User) -> Entry:
    """Take one time out of a series."""
    locked = Entry.objects.select_for_update(of=("self",)).get(pk=entry.pk)
    _leave_out(locked, instance)
    save_dates([locked], "sequence")
    remind([(locked, None)])
    telling.tell_the_others([locked], by=by)
    telling.publish([locked])
    return locked


@transaction.atomic
def answer_invitation(entry: Entry, answer: str, *, by: User) -> Participant:
    """Say whether one comes; whoever invited is told."""
    mine = Participant.objects.select_for_update().filter(entry=entry, user=by).first()
    if mine is None:
        raise RuleBroken(_("You are not invited to this appointment."))
    if answer not in Participant.Answer.values:
        raise RuleBroken(_("Choose one of: %s.") % "yes, maybe, no")
    mine.answer = answer
    mine.save(update_fields=["answer"])
    telling.tell(notices.ANSWERED, [(entry, [entry.owner_id])], by=by)
    return mine


def _on_its_own(entry: Entry, instance: str) -> Entry:
    """One time of a series as an entry of its own, which is left out of the series."""
    made = parted(entry, _leave_out(entry, instance))
    save_dates([entry], "sequence")
    (made,) = keep_parted([made])
    remind([(entry, None), (made, [one.minutes for one in entry.reminders.all()])])
    return made


def _leave_out(entry: Entry, instance: str) -> datetime:
    """Take a time out of the series; RuleBroken where it is none of it."""
    series, start = series_of(entry), _read(instance)
    if start and series and start in series.between(start, start + timedelta(seconds=1)):
        entry.less_dates = sorted({*entry.less_dates, instance_of(start)})
        entry.sequence += 1
        return start
    raise RuleBroken(_("There is no such appointment in this series any more."))


def _read(instance: str) -> datetime | None:
    try:
        start = datetime.fromisoformat(instance[:25])
    except ValueError:
        return None
    return None if start.tzinfo else start


def _begin(entry: Entry, start: datetime | date) -> None:
    """Begin then, with the length there was; a whole day becomes an hour, an hour a whole day."""
    if isinstance(start, datetime):
        length = timedelta(hours=1 if entry.is_appointment else 0)
        if entry.ends_at and entry.starts_at:
            length = entry.ends_at - entry.starts_at
        entry.starts_at, entry.ends_at = start, (start + length) if length else None
        entry.starts_on = entry.ends_on = None
        return
    days = entry.ends_on - entry.starts_on if entry.ends_on and entry.starts_on else timedelta(0)
    keeps_none = not entry.is_appointment and entry.ends_on is None
    entry.starts_on, entry.ends_on = start, None if keeps_none else start + days
    entry.starts_at = entry.ends_at = None
