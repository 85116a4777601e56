"""What becomes of tasks and appointments: done, open again, later, somebody else's, dropped.

Every act takes the keys of many; the act on one is the set of one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.agenda.actions import telling
from circulo.agenda.actions.entries import save_dates
from circulo.agenda.actions.parting import keep_parted, parted, shift_series, start_at
from circulo.agenda.actions.reminders import remind
from circulo.agenda.kinds import Kind
from circulo.agenda.models import Entry, Participant, fresh_uid
from circulo.agenda.times import clock_start, series_of
from circulo.lib.errors import RuleBroken
from circulo.parties.models import Party
from circulo.timeline import actions as timeline
from circulo.timeline.actions import Telling

State = Entry.State
MOST_NOTE = 5_000


@transaction.atomic
def complete_entries(
    keys: Sequence[int], *, by: User, note: str = "", at: datetime | None = None
) -> int:
    """Mark what is open as done, and tell the timeline of each party; how many were.

    It was done now, or `at` a moment that is over. What repeats goes on with its next time, and the
    one that was done is kept on its own.
    """
    entries = _locked(keys, State.OPEN)
    _refuse_waiting(entries)
    now = timezone.now()
    when = min(at, now) if at else now
    done = [_done_once(entry) if _goes_on(entry) else entry for entry in entries]
    for entry in done:
        entry.state, entry.done_at, entry.done_by = State.DONE, when, by
    save_dates(entries, "state", "done_at", "done_by")
    keep_parted([entry for entry in done if not entry.pk])
    remind([(entry, None) for entry in entries])
    _record(done, note, by)
    telling.publish(entries)
    return len(entries)


@transaction.atomic
def reopen_entries(keys: Sequence[int], *, by: User) -> int:
    """Open again what was done or dropped; the timeline keeps what it was told. How many were."""
    entries = _locked(keys, State.DONE, State.DROPPED)
    for entry in entries:
        entry.state, entry.done_at, entry.done_by = State.OPEN, None, None
    save_dates(entries, "state", "done_at", "done_by")
    remind([(entry, None) for entry in entries])
    telling.tell_bookers(entries)
    telling.publish(entries)
    return len(entries)


@transaction.atomic
def drop_entries(keys: Sequence[int], *, by: User) -> int:
    """Give up what is open: a task is dropped, an appointment cancelled. How many were."""
    entries = _locked(keys, State.OPEN)
    for entry in entries:
        entry.state = State.DROPPED
        entry.sequence += 1
    save_dates(entries, "state", "sequence")
    remind([(entry, None) for entry in entries])
    telling.tell_the_others(entries, by=by)
    telling.tell_bookers(entries)
    telling.publish(entries)
    return len(entries)


@transaction.atomic
def postpone_entries(keys: Sequence[int], *, to: date, by: User) -> int:
    """Move what is open to another day, at its time of day; how many moved.

    What had no date is then due on that whole day.
    """
    entries = _locked(keys, State.OPEN)
    for entry in entries:
        _put_off(entry, to)
        entry.sequence += 1
    save_dates(entries, "sequence")
    remind([(entry, None) for entry in entries])
    telling.tell_the_others(entries, by=by)
    telling.tell_bookers(entries)
    telling.publish(entries)
    return len(entries)


@transaction.atomic
def assign_entries(keys: Sequence[int], *, to: User, by: User) -> int:
    """Give entries to another owner, who is told; how many changed hands."""
    if not to.is_active:
        raise RuleBroken(_("%s does not work here any more.") % to.name)
    entries = [one for one in _locked(keys, *State.values) if one.owner_id != to.pk]
    before = list(entries)
    telling.publish(before)
    Participant.objects.filter(entry__in=[one.pk for one in entries], user=to).delete()
    _refresh_taken_uids(entries, to)
    for entry in entries:
        entry.owner = to
    save_dates(entries, "owner", "uid")
    telling.tell_owners(entries, by=by)
    telling.publish(entries)
    return len(entries)


def _refresh_taken_uids(entries: Sequence[Entry], to: User) -> None:
    """Two who brought in the same calendar know its entries by the same names: one gives way."""
    uids = [entry.uid for entry in entries]
    taken = set(Entry.objects.filter(owner=to, uid__in=uids).values_list("uid", flat=True))
    for entry in entries:
        entry.uid = fresh_uid() if entry.uid in taken else entry.uid


def _locked(keys: Sequence[int], *states: str) -> list[Entry]:
    rows = Entry.objects.filter(pk__in=keys, state__in=states).order_by("pk")
    return list(rows.select_for_update(of=("self",)))


def _refuse_waiting(entries: Sequence[Entry]) -> None:
    """A task waits for others: it is not done before them, unless they are done with it."""
    keys = [entry.pk for entry in entries]
    holding = Entry.objects.open().filter(holds_up=OuterRef("pk")).exclude(pk__in=keys)
    waiting = Entry.objects.filter(Exists(holding), pk__in=keys).first()
    if waiting is None:
        return
    first = waiting.waits_for.filter(state=State.OPEN).exclude(pk__in=keys).first()
    text = _("“%(title)s” waits for “%(first)s”: do that first, or take the link away.")
    raise RuleBroken(text % {"title": waiting.title, "first": first.title if first else ""})


def _goes_on(entry: Entry) -> bool:
    """Whether a task has a next time after the one that is being done."""
    series, start = series_of(entry), clock_start(entry)
    if entry.is_appointment or not entry.repeats or series is None or start is None:
        return False
    return series.after(start) is not None


def _done_once(entry: Entry) -> Entry:
    """The time of a series that is being done; the series goes on with the next one."""
    series, start = series_of(entry), clock_start(entry)
    following = series.after(start) if series and start else None
    if start is None or following is None:
        return entry
    done = parted(entry, start)
    start_at(entry, following)
    entry.rule = _one_less(entry.rule)
    return done


def _one_less(rule: str) -> str:
    """A rule that counts, once one of its times is over."""
    parts = rule.split(";")
    for at, part in enumerate(parts):
        if part.startswith("COUNT="):
            parts[at] = f"COUNT={max(1, int(part[6:]) - 1)}"
    return ";".join(parts)


def _put_off(entry: Entry, to: date) -> None:
    start = clock_start(entry)
    if start is None:
        entry.starts_on = to
        entry.ends_on = None
        return
    start_at(entry, start + timedelta(days=(to - start.date()).days))
    shift_series(entry, start)


def _record(done: Iterable[Entry], note: str, by: User) -> None:
    """Tell the timeline of every party what was done with them."""
    rows = Participant.objects.filter(entry__in=[e.pk for e in done], party__isnull=False)
    parties: dict[int, list[Party]] = {}
    for row in rows.select_related("party"):
        if row.party is not None and row.party.binned_at is None:
            parties.setdefault(row.entry_id, []).append(row.party)
    told = [
        (entry.look.becomes, party, _telling(entry, note, party))
        for entry in done
        for party in parties.get(entry.pk, ())
    ]
    timeline.record_all(told, by=by)


def _telling(entry: Entry, note: str, party: Party) -> Telling:
    data: dict[str, object] = {}
    if entry.kind == Kind.PROMISE:
        data = {"is_kept": is_kept(entry), "promised_for": entry.falls_at.isoformat()}
    if entry.is_appointment and entry.starts_at and entry.ends_at:
        data["minutes"] = int((entry.ends_at - entry.starts_at).total_seconds() // 60)
    return Telling(
        subject=entry.title,
        body="\n\n".join(filter(None, (note[:MOST_NOTE], entry.notes))),
        direction="out",
        occurred_at=entry.done_at,
        about=entry,
        data=data,
        source_key=f"entry:{entry.pk}:{party.pk}:{entry.version}",
        is_private=entry.is_private,
    )


def is_kept(entry: Entry) -> bool:
    """Whether a promise was kept: done no later than it was promised for."""
    return entry.done_at is not None and entry.done_at <= entry.falls_at
