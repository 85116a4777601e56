"""Entering what the demo firm plans, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection

from circulo.accounts.models import User
from circulo.agenda import actions as agenda
from circulo.agenda.kinds import Kind
from circulo.agenda.models import Entry
from circulo.agenda.plans import Plan
from circulo.desk.demo.plans import Planned
from circulo.desk.demo.tell import MADRID
from circulo.lib.recurrence import midnight, read_rule
from circulo.parties.models import Party
from circulo.timeline import actions as timeline
from circulo.timeline.actions import Telling


def enter(planned: Sequence[Planned], keys: dict[str, int], users: dict[str, User]) -> None:
    """Add everything, owner by owner, and set it back to the days on which it was."""
    for owner in dict.fromkeys(one.owner for one in planned):
        mine = [one for one in planned if one.owner == owner]
        entries = agenda.add_entries(
            [_plan(one, keys, users) for one in mine], by=users[owner], is_told=False
        )
        _set_back(mine, entries)
        _tell(mine, entries, users[owner])


def _plan(one: Planned, keys: dict[str, int], users: dict[str, User]) -> Plan:
    columns: dict[str, object] = {
        "title": one.title[:300], "kind": one.kind, "place": one.place,
        "is_private": one.is_private,
    }  # fmt: skip
    if isinstance(one.at, datetime):
        end = one.at + timedelta(minutes=one.minutes) if one.is_appointment else None
        columns |= {"starts_at": one.at, "ends_at": end}
        start = one.at.replace(tzinfo=None)
    else:
        last = one.at + timedelta(days=one.minutes // 1440 - 1) if one.minutes >= 1440 else one.at
        columns |= {"starts_on": one.at, "ends_on": last if one.is_appointment else None}
        start = midnight(one.at)
    columns["rule"] = read_rule(one.repeat, start, MADRID)
    return Plan(
        one.is_appointment,
        columns,
        parties=[keys[one.party]] if one.party else None,
        people=[users[key].pk for key in one.people],
        reminders=[] if one.reminder is None else [one.reminder],
    )


def _tell(planned: Sequence[Planned], entries: Sequence[Entry], by: User) -> None:
    """What was done is on the timeline of its party, on the day on which it was done."""
    done = [
        (entry, one)
        for one, entry in zip(planned, entries, strict=True)
        if one.done_at and entry.party_id
    ]
    parties = Party.objects.in_bulk([entry.party_id for entry, _one in done])
    told = [
        (entry.look.becomes, parties[entry.party_id or 0], _telling(entry, one))
        for entry, one in done
    ]
    timeline.record_all(told, by=by)


def _telling(entry: Entry, one: Planned) -> Telling:
    data: dict[str, object] = {}
    if entry.kind == Kind.PROMISE and one.done_at:
        data = {"is_kept": one.done_at <= entry.falls_at, "promised_for": str(entry.falls_at)}
    return Telling(
        subject=entry.title, direction="out", occurred_at=one.done_at, about=entry, data=data,
        source_key=f"entry:{entry.pk}:{entry.party_id}:1",
    )  # fmt: skip


def _set_back(planned: Sequence[Planned], entries: Sequence[Entry]) -> None:
    """Everything was made on its own day, and done or dropped on another."""
    state = {True: "dropped", False: "open"}
    rows = [
        (entry.pk, "done" if one.done_at else state[one.is_dropped], one.done_at, one.made_on)
        for one, entry in zip(planned, entries, strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE agenda_entry e SET state = d.state, done_at = d.done_at,
                done_by_id = CASE WHEN d.state = 'done' THEN e.owner_id END,
                created_at = COALESCE(d.made_on + interval '10 hours', e.created_at)
            FROM unnest(%s::bigint[], %s::text[], %s::timestamptz[], %s::date[])
                AS d(id, state, done_at, made_on)
            WHERE e.id = d.id
            """,
            [list(column) for column in zip(*rows, strict=True)],
        )
