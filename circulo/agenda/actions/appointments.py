"""Moving appointments; one of a series alone, or all from one on; cancelling; answering."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.agenda import notices
from circulo.agenda.actions import telling
from circulo.agenda.actions.entries import change_entry, save_dates
from circulo.agenda.actions.parting import (
    keep_like,
    keep_parted,
    parted,
    parted_from,
    shift_series,
)
from circulo.agenda.actions.reminders import remind
from circulo.agenda.models import Entry, Participant
from circulo.agenda.plans import Plan
from circulo.agenda.selectors.entries import reminders_of
from circulo.agenda.times import clock_start, instance_of, series_of, start_in
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
    telling.tell_bookers([locked])
    telling.publish([locked])
    return locked


@transaction.atomic
def single_out(entry: Entry, instance: str, *, by: User) -> Entry:
    """Make one time of a series an entry of its own, as it stands; the series goes on without it.

    RuleBroken for a time that is none of the series.
    """
    locked = Entry.objects.select_for_update(of=("self",)).get(pk=entry.pk)
    made = _on_its_own(locked, instance)
    telling.publish([locked, made])
    return made


@transaction.atomic
def change_occurrence(entry: Entry, instance: str, plan: Plan, *, by: User) -> Entry:
    """Change what the plan names of one time of a series; the others stay as they are."""
    return change_entry(single_out(entry, instance, by=by), plan, by=by)


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
def part_series(entry: Entry, instance: str, *, by: User) -> Entry:
    """Make one time of a series and all after it a series of their own; the first ends before.

    From the first time on it is the series itself. RuleBroken for a time that is none of it, or
    that was added to it apart from its rule.
    """
    locked = Entry.objects.select_for_update(of=("self",)).get(pk=entry.pk)
    start, series = _known_start(locked, instance), series_of(locked)
    if start == clock_start(locked):
        return locked
    if series is None or not series.has_by_rule(start):
        raise RuleBroken(_("This one was added to the series by hand: move it alone."))
    made = parted_from(locked, start)
    locked.sequence += 1
    save_dates([locked], "sequence")
    keep_like([(made, locked.pk)])
    locked.instances.filter(instance__gte=instance_of(start)).update(series=made, uid=made.uid)
    remind([(locked, None), (made, reminders_of(locked))])
    telling.tell_the_others([locked], by=by)
    telling.publish([locked, made])
    return made


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
    remind([(entry, None), (made, reminders_of(entry))])
    return made


def _leave_out(entry: Entry, instance: str) -> datetime:
    """Take a time out of the series; RuleBroken where it is none of it."""
    start = _known_start(entry, instance)
    entry.less_dates = sorted({*entry.less_dates, instance_of(start)})
    entry.sequence += 1
    return start


def _known_start(entry: Entry, instance: str) -> datetime:
    """The clock time at which this one of a series starts; RuleBroken where it is none of it."""
    start = start_in(entry, instance)
    if start is None:
        raise RuleBroken(_("There is no such appointment in this series any more."))
    return start


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
