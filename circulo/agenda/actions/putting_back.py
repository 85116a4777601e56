"""Values of an entry put back: by the rules that its form and its acts have."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.agenda.actions.acts import complete_entries, drop_entries, reopen_entries
from circulo.agenda.actions.entries import DATES, change_entry
from circulo.agenda.models import Entry
from circulo.agenda.plans import Plan
from circulo.lib.errors import RuleBroken
from circulo.parties.models import Party

State = Entry.State
_PLAIN = ("title", "kind", "notes", "place", "priority", "is_private", "is_busy", "owner_id")
# What goes together with others, and follows from them when an entry is saved.
_FOLLOWS = ("falls_at", "span", "sequence", "done_at", "done_by_id")
_FIELDS = {field.attname: field for field in Entry._meta.concrete_fields}
_KNOWN = {"state", "party_id", *_PLAIN, *DATES, *_FOLLOWS}


@transaction.atomic
def put_entry_back(entry: Entry, values: dict[str, Any], *, by: User) -> None:
    """Give columns of an entry the values that they had, as if somebody said so now."""
    if not values.keys() <= _KNOWN:
        raise RuleBroken(_("This follows from something else: it is not put back by itself."))
    if "state" in values:
        settle_state(entry, values["state"], by=by)
    columns = {name: _read(name, values[name]) for name in (*_PLAIN, *DATES) if name in values}
    if owner := columns.get("owner_id"):
        _refuse_who_left(owner)
    plan = Plan(entry.is_appointment, columns)
    if "party_id" in values:
        plan.parties = _parties(entry, values["party_id"], by)
    if columns or plan.parties is not None:
        change_entry(entry, plan, by=by)


@transaction.atomic
def settle_state(entry: Entry, state: str, *, by: User) -> None:
    """Take an entry to a state; it is open again on the way from done to dropped, or back."""
    if entry.state != State.OPEN:
        reopen_entries([entry.pk], by=by)
    if state == State.DONE:
        complete_entries([entry.pk], by=by)
    elif state == State.DROPPED:
        drop_entries([entry.pk], by=by)
    entry.refresh_from_db()


def _read(name: str, value: Any) -> Any:
    return _FIELDS[name].to_python(value)


def _refuse_who_left(owner: int) -> None:
    person = User.objects.get(pk=owner)
    if not person.is_active:
        raise RuleBroken(_("%s does not work here any more.") % person.name)


def _parties(entry: Entry, key: int | None, by: User) -> list[int]:
    """Those who take part, with this one first; whom somebody may not see they do not name."""
    rows = entry.participants.filter(party__isnull=False).order_by("position", "pk")
    there = [one for one in rows.values_list("party_id", flat=True) if one]
    if key is None:
        return [one for one in there if one != entry.party_id]
    if key not in there and not Party.objects.visible_to(by).filter(pk=key).exists():
        raise RuleBroken(_("There is no such record."))
    return [key, *(one for one in there if one not in (key, entry.party_id))]
