"""A part of a series as an entry of its own: one time of it, or all from one time on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from circulo.agenda.matters import keep_alike
from circulo.agenda.models import Entry, Participant, fresh_uid
from circulo.agenda.times import clock_start, instance_of, occurrence_at, settle
from circulo.lib.recurrence import after_parting, clock_of, placed, read_dates, until_parting
from circulo.lib.zones import zone_of

_OWN = [field.attname for field in Entry._meta.concrete_fields
        if not field.generated and not field.primary_key]  # fmt: skip


def parted(entry: Entry, start: datetime) -> Entry:
    """The time of a series that starts at a clock time; not kept yet."""
    made = _beginning_at(entry, start)
    made.series, made.instance = entry, instance_of(start)
    made.rule, made.more_dates, made.less_dates = "", [], []
    return settle(made)


def parted_from(entry: Entry, start: datetime) -> Entry:
    """What a series is from a clock time of its rule on, not kept yet; the series ends before."""
    made = _beginning_at(entry, start)
    made.uid, made.sequence = fresh_uid(), 0
    before = clock_start(entry)
    assert before is not None, "what repeats has a start"
    made.rule = after_parting(entry.rule, before, start)
    entry.rule = until_parting(entry.rule, start)
    for name in ("more_dates", "less_dates"):
        dates = read_dates(getattr(entry, name))
        setattr(made, name, [instance_of(when) for when in dates if when >= start])
        setattr(entry, name, [instance_of(when) for when in dates if when < start])
    made.more_dates = [text for text in made.more_dates if text != instance_of(start)]
    return settle(made)


def _beginning_at(entry: Entry, start: datetime) -> Entry:
    """A copy of a series that begins with the time at a clock time."""
    made = Entry(**{name: getattr(entry, name) for name in _OWN})
    one = occurrence_at(entry, start, zone_of(entry.time_zone))
    if one.days:
        made.starts_on, made.ends_on = one.days[0], one.days[1] if entry.ends_on else None
    else:
        made.starts_at, made.ends_at = one.start, one.end if entry.ends_at else None
    return made


def keep_parted(entries: Sequence[Entry]) -> list[Entry]:
    """Keep times of series as entries, each with those who take part in its series."""
    return keep_like([(entry, entry.series_id or 0) for entry in entries])


def keep_like(pairs: Sequence[tuple[Entry, int]]) -> list[Entry]:
    """Keep new entries, each with who takes part in the entry of a key and what that belongs to."""
    made = Entry.objects.bulk_create(entry for entry, _key in pairs)
    taking: dict[int, list[Participant]] = {}
    for one in Participant.objects.filter(entry__in=[key for _entry, key in pairs]):
        taking.setdefault(one.entry_id, []).append(one)
    Participant.objects.bulk_create(
        Participant(entry=entry, user_id=one.user_id, party_id=one.party_id, email=one.email,
                    name=one.name, answer=one.answer, position=one.position)
        for entry, key in pairs
        for one in taking.get(key, ())
    )  # fmt: skip
    keep_alike(list(zip(made, (key for _entry, key in pairs), strict=True)))
    return made


def shift_series(entry: Entry, before: datetime | None) -> None:
    """What a series leaves out or adds moves along with its start, and so do its single times."""
    after = clock_start(entry)
    if before is None or after is None or before == after or not entry.repeats:
        return
    delta = after - before
    entry.less_dates = _moved(entry.less_dates, delta)
    entry.more_dates = _moved(entry.more_dates, delta)
    singles = list(entry.instances.all())
    for single in singles:
        (single.instance,) = _moved([single.instance], delta)
    Entry.objects.bulk_update(singles, ["instance"])


def _moved(texts: Sequence[str], delta: timedelta) -> list[str]:
    return [instance_of(clock + delta) for clock in read_dates(texts)]


def start_at(entry: Entry, start: datetime) -> None:
    """Begin at another clock time, and last as long as before."""
    if entry.starts_on is not None:
        if entry.ends_on is not None:
            entry.ends_on = start.date() + (entry.ends_on - entry.starts_on)
        entry.starts_on = start.date()
        return
    zone, before = zone_of(entry.time_zone), entry.starts_at
    entry.starts_at = placed(start, zone)
    if entry.ends_at and before:
        length = clock_of(entry.ends_at, zone) - clock_of(before, zone)
        entry.ends_at = max(entry.starts_at, placed(start + length, zone))
