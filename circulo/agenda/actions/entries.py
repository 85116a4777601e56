"""Adding tasks and appointments, and changing what they say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.agenda import notices
from circulo.agenda.actions import telling
from circulo.agenda.actions.mentioning import tell_mentioned
from circulo.agenda.actions.parting import shift_series
from circulo.agenda.actions.reminders import remind
from circulo.agenda.kinds import Kind
from circulo.agenda.matters import matters, put_matters
from circulo.agenda.models import Entry, Participant, fresh_uid
from circulo.agenda.plans import Plan, zone_name
from circulo.agenda.times import clock_start, settle
from circulo.lib.errors import Invalid, RuleBroken, refuse_stale

DATES = ("starts_at", "ends_at", "starts_on", "ends_on", "rule", "more_dates", "less_dates",
         "time_zone")  # fmt: skip
_SETTLED = ("falls_at", "span")


def add_entry(plan: Plan, *, by: User) -> Entry:
    """Add one task or appointment; see `add_entries`."""
    return add_entries([plan], by=by)[0]


@transaction.atomic
def add_entries(plans: Sequence[Plan], *, by: User, is_told: bool = True) -> list[Entry]:
    """Add tasks and appointments; whoever adds one owns it unless the plan says who does.

    What belongs to a record of another app is with its party, where the plan says nothing of that.
    An import tells nobody (`is_told`).
    """
    _add_their_parties(plans)
    entries = Entry.objects.bulk_create([_entry(plan, by) for plan in plans])
    pairs = list(zip(entries, plans, strict=True))
    Participant.objects.bulk_create([one for entry, plan in pairs for one in _people(entry, plan)])
    put_waits(pairs)
    put_matters(((entry, plan.matters) for entry, plan in pairs), by)
    remind([(entry, plan.reminders or []) for entry, plan in pairs])
    if is_told:
        telling.tell_owners([entry for entry in entries if not entry.is_appointment], by=by)
        invited = [(entry, _invited(entry, plan)) for entry, plan in pairs]
        telling.tell(notices.INVITED, invited, by=by)
        tell_mentioned(entries, by=by)
    telling.publish(entries)
    return entries


@transaction.atomic
def change_entry(entry: Entry, plan: Plan, *, by: User, version: int | None = None) -> Entry:
    """Change what the plan names. With `version`, refuses where somebody saved a newer one."""
    locked = Entry.objects.select_for_update(of=("self",)).get(pk=entry.pk)
    refuse_stale(locked, version, plan.columns)
    before = {name: getattr(locked, name) for name in (*DATES, "owner_id")}
    start = clock_start(locked)
    _refuse_repeating_instances(locked, plan)
    for name, value in plan.columns.items():
        setattr(locked, name, value)
    if locked.owner_id != before["owner_id"]:
        _keep_apart(locked)
    _put_people(locked, plan)
    put_waits([(locked, plan)])
    put_matters([(locked, plan.matters)], by)
    moved = any(getattr(locked, name) != before[name] for name in DATES)
    if moved:
        if "less_dates" not in plan.columns:
            _shift(locked, start, is_ruled_anew=locked.rule != before["rule"])
        locked.sequence += 1
    _save(locked, plan.columns)
    if moved or plan.reminders is not None:
        remind([(locked, plan.reminders)])
    if "notes" in plan.columns:
        tell_mentioned([locked], by=by)
    _tell(locked, plan, by, is_moved=moved, had=before["owner_id"])
    return locked


@transaction.atomic
def change_entries(pairs: Sequence[tuple[Entry, Plan]], *, by: User) -> None:
    """Change what the plan of each entry names; nobody is told of what an import changes, but for
    whoever booked the hour: they would come in vain.
    """
    names: set[str] = set()
    for entry, plan in pairs:
        start, rule = clock_start(entry), entry.rule
        had = entry.owner_id
        for name, value in plan.columns.items():
            setattr(entry, name, value)
        if entry.owner_id != had:
            _keep_apart(entry)
        _put_people(entry, plan)
        if "less_dates" not in plan.columns:
            _shift(entry, start, is_ruled_anew=entry.rule != rule)
        entry.sequence += any(name in plan.columns for name in DATES)
        names |= {name.removesuffix("_id") for name in plan.columns}
    entries = [entry for entry, _plan in pairs]
    save_dates(entries, *names, "party", "uid", "sequence")
    put_waits(pairs)
    put_matters(((entry, plan.matters) for entry, plan in pairs), by)
    remind([(entry, plan.reminders) for entry, plan in pairs])
    telling.tell_bookers(entries)
    telling.publish(entries)


def _add_their_parties(plans: Sequence[Plan]) -> None:
    for one in matters():
        wanting = [(plan, key) for plan in plans if plan.parties is None
                   if (key := plan.matters.get(one.name))]  # fmt: skip
        parties = one.parties([key for _plan, key in wanting]) if wanting else {}
        for plan, key in wanting:
            plan.parties = [parties[key]] if key in parties else None


def _shift(entry: Entry, start: datetime | None, *, is_ruled_anew: bool) -> None:
    """The days that a series leaves out move along, where the plan does not say them itself."""
    if is_ruled_anew:
        entry.less_dates = []
    shift_series(entry, start)


def _keep_apart(entry: Entry) -> None:
    """Whoever owns an entry does not take part in it too, nor have two of one name."""
    entry.participants.filter(user=entry.owner_id).delete()
    if Entry.objects.filter(owner=entry.owner_id, uid=entry.uid).exists():
        entry.uid = fresh_uid()


def save_dates(entries: Sequence[Entry], *names: str) -> None:
    """Write what follows from changed dates, with other columns, for many entries."""
    now = timezone.now()
    for entry in entries:
        settle(entry)
        entry.version += 1
        entry.updated_at = now
    fields = [*DATES, *_SETTLED, *names, "version", "updated_at"]
    Entry.objects.bulk_update(entries, list(dict.fromkeys(fields)))


def _save(entry: Entry, columns: dict[str, Any]) -> None:
    entry.version += 1
    settle(entry)
    names = {name.removesuffix("_id") for name in columns}
    entry.save(update_fields={*names, *DATES, *_SETTLED, "sequence", "party", "uid", "version",
                              "updated_at"})  # fmt: skip


def _tell(entry: Entry, plan: Plan, by: User, *, is_moved: bool, had: int) -> None:
    if entry.owner_id != had and not entry.is_appointment:
        telling.tell_owners([entry], by=by)
    if is_moved:
        telling.tell_the_others([entry], by=by)
    telling.tell_bookers([entry])
    telling.publish([entry])


def _entry(plan: Plan, by: User) -> Entry:
    columns = {"owner_id": by.pk, "time_zone": zone_name(by)} | plan.columns
    columns.setdefault("kind", Kind.MEETING if plan.is_appointment else Kind.TO_DO)
    entry = Entry(is_appointment=plan.is_appointment, created_by=by, **columns)
    entry.party_id = plan.parties[0] if plan.parties else None
    return settle(entry)


def _people(entry: Entry, plan: Plan) -> list[Participant]:
    """The rows of everybody who takes part; whoever owns the entry takes part anyway."""
    users = [key for key in plan.people or () if key != entry.owner_id]
    rows = [Participant(entry=entry, party_id=key) for key in plan.parties or ()]
    rows += [Participant(entry=entry, user_id=key) for key in users]
    rows += [Participant(entry=entry, email=email, name=name, answer=answer)
             for email, name, answer in plan.guests or ()]  # fmt: skip
    for position, row in enumerate(rows):
        row.position = position
    return rows


def _invited(entry: Entry, plan: Plan) -> list[int]:
    return [key for key in plan.people or () if key != entry.owner_id]


def _put_people(entry: Entry, plan: Plan) -> None:
    """Exchange those who were named anew; who stays keeps their answer."""
    if plan.parties is not None:
        entry.party_id = plan.parties[0] if plan.parties else None
        entry.participants.filter(party__isnull=False).exclude(party__in=plan.parties).delete()
        _join(entry, "party_id", plan.parties)
    if plan.people is not None:
        people = [key for key in plan.people if key != entry.owner_id]
        entry.participants.filter(user__isnull=False).exclude(user__in=people).delete()
        _join(entry, "user_id", people)
    if plan.guests is not None:
        entry.participants.exclude(email="").delete()
        Participant.objects.bulk_create(_people(entry, Plan(True, guests=plan.guests)))


def _join(entry: Entry, name: str, keys: Sequence[int]) -> None:
    there = set(entry.participants.values_list(name, flat=True))
    Participant.objects.bulk_create(
        Participant(entry=entry, position=at, **{name: key})
        for at, key in enumerate(keys)
        if key not in there
    )
    for at, key in enumerate(keys):
        if key in there:
            entry.participants.filter(**{name: key}).exclude(position=at).update(position=at)


def put_waits(pairs: Sequence[tuple[Entry, Plan]]) -> None:
    """Have tasks wait for those that their plans name; Invalid for a circle."""
    for entry, plan in pairs:
        if plan.waits_for is None:
            continue
        if _waits_in_a_circle(entry.pk, plan.waits_for):
            raise Invalid({"waits_for": _("These tasks would wait for each other for ever.")})
        entry.waits_for.set(plan.waits_for)


def _waits_in_a_circle(key: int, waited: Sequence[int]) -> bool:
    """Whether what is waited for waits, in the end, for the entry itself."""
    links = Entry.waits_for.through.objects
    seen: set[int] = set()
    ahead = set(waited)
    while ahead:
        if key in ahead:
            return True
        seen |= ahead
        found = links.filter(from_entry__in=ahead).values_list("to_entry_id", flat=True)
        ahead = set(found) - seen
    return False


def _refuse_repeating_instances(entry: Entry, plan: Plan) -> None:
    if entry.series_id is not None and plan.columns.get("rule"):
        raise RuleBroken(_("This is one of a series: what repeats is the series itself."))
