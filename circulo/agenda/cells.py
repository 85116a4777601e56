"""One field of a task or an appointment changed in its list: in its cell, or by moving its card."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.agenda import actions, plans
from circulo.agenda.models import Entry
from circulo.agenda.selectors.entries import may_do
from circulo.lib.errors import RuleBroken
from circulo.lib.recurrence import clock_of, placed
from circulo.lib.zones import zone_of
from circulo.records.resources import Field

State = Entry.State


def change(entry: Entry, field: Field, said: Any, by: User, version: int | None) -> object:
    """Give a field what was typed or chosen, by the act that does so everywhere else."""
    if field.name == "state":
        return _move(entry, said, by)
    meant = _due(entry, said) if field.name == "due_at" else {field.name: said}
    plan = plans.read(meant, is_appointment=entry.is_appointment, by=by, entry=entry)
    return actions.change_entry(entry, plan, by=by, version=version)


def typed(entry: Entry, field: Field) -> Any:
    """A value as its control holds it; of when it is due the day."""
    if field.name != "due_at":
        return getattr(entry, field.name)
    at = entry.starts_at and timezone.localtime(entry.starts_at).date()
    return entry.starts_on or at or ""


def _move(entry: Entry, state: str, by: User) -> object:
    """Do it, drop it, open it again: whatever takes it to a state."""
    if state == entry.state:
        return entry
    if state == State.DROPPED and not may_do(by, entry, "delete"):
        raise RuleBroken(_("Your role does not allow this."))
    if state == State.DONE and entry.is_appointment and entry.repeats:
        raise RuleBroken(_("This one repeats: say on its page which of its times was held."))
    return actions.settle_state(entry, state, by=by)


def _due(entry: Entry, said: str) -> dict[str, Any]:
    """Another day at the same hour; a whole day where it had no hour."""
    day = plans.day(said)
    if day is None or entry.starts_at is None:
        return {"due_on": day}
    zone = zone_of(entry.time_zone)
    clock = clock_of(entry.starts_at, zone).time()
    return {"due_at": placed(datetime.combine(day, clock), zone)}
