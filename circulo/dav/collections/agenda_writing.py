"""What programs write into calendars, through the same acts as the screens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.agenda import actions
from circulo.agenda.load_rows import BroughtRow
from circulo.agenda.loading import BLANK
from circulo.agenda.matters import keys_of, named_by
from circulo.agenda.models import Entry
from circulo.agenda.plans import Plan, zone_name
from circulo.agenda.selectors.entries import may_do
from circulo.agenda.times import clock_start, instance_of
from circulo.dav.collections.agenda_objects import CalendarObject, read_object
from circulo.dav.refusals import Refused
from circulo.dav.xml import c, d
from circulo.lib.errors import Text

if TYPE_CHECKING:
    from circulo.dav.collections.agenda import Agenda

State = Entry.State
# What a calendar does not say of an entry, or what the acts themselves work out.
_NOT_SAID = ("state", "done_at", "sequence")


@transaction.atomic
def put_object(agenda: Agenda, key: int | None, body: bytes) -> int:
    """Change the entry of this key, or add one, by what a program says of it; its key."""
    said = read_object(body, agenda.component, zone_name(agenda.user))
    writer = _Writer(agenda.user)
    before = _before(agenda, key, said.uid)
    if before is None:
        return writer.add(said)
    if not may_do(agenda.user, before, "edit"):
        _answer(agenda.user, before, said.main)
    else:
        writer.change(before, said)
    return before.pk


def drop_object(user: User, key: int) -> None:
    """Drop a task, cancel an appointment."""
    entry = Entry.objects.visible_to(user).filter(pk=key).first()
    if entry is None:
        raise Refused(404, _("There is no such record."))
    if not may_do(user, entry, "delete"):
        raise _not_yours(_("You may see this record, but not change it."))
    if not entry.is_open:
        raise Refused(403, _("What was done stays: it is part of what happened."))
    actions.drop_entries([entry.pk], by=user)


def _before(agenda: Agenda, key: int | None, uid: str) -> Entry | None:
    """The entry that is meant; Refused where another one goes by this UID."""
    if key is not None:
        entry = agenda.theirs().filter(pk=key).first()
        if entry is None:
            raise Refused(404, _("There is no such record."))
        known = str(entry.brought.get("uid") or entry.uid)
        if uid not in (known, entry.uid, f"{known}#{entry.brought.get('instance')}"):
            raise _not_one_uid()
        return entry
    mine = Entry.objects.filter(owner=agenda.user, uid=uid, instance="").first()
    return _taken_up(agenda, mine) if mine else None


def _taken_up(agenda: Agenda, entry: Entry) -> Entry:
    """What was dropped is taken up again where its program sends it anew."""
    if entry.state != State.DROPPED or entry.is_appointment != agenda.is_appointments:
        raise _not_one_uid()
    actions.reopen_entries([entry.pk], by=agenda.user)
    entry.refresh_from_db()
    return entry


def _answer(user: User, entry: Entry, row: BroughtRow) -> None:
    """Who takes part in what is another's may say whether they come, and nothing else."""
    said = {email: answer for email, _name, answer in row.guests}
    mine = entry.participants.filter(user=user).first()
    if mine is None or not said.get(user.email) or said[user.email] == mine.answer:
        raise _not_yours(_("This belongs to a colleague: you may only say whether you come."))
    actions.answer_invitation(entry, said[user.email], by=user)


class _Writer:
    """Writes what one program says for one person."""

    def __init__(self, user: User) -> None:
        self.user = user

    def add(self, said: CalendarObject) -> int:
        if not self.user.right("tasks").create:
            raise _not_yours(_("You may not add records of this kind."))
        if said.main.columns["state"] == State.DROPPED:
            raise Refused(403, _("This is cancelled already: there is nothing to keep."))
        plan = self.plan(said.main)
        plan.columns |= {"uid": said.uid, "less_dates": _left_out(said)}
        entry = actions.add_entry(plan, by=self.user)
        for row in said.singles:
            self.put_single(entry, None, row)
        self.follow(entry, said.main)
        return entry.pk

    def change(self, entry: Entry, said: CalendarObject) -> None:
        plan = self.plan(said.main, entry)
        plan.columns["less_dates"] = _left_out(said)
        now = _current(entry)
        entry = actions.change_entry(entry, plan, by=self.user, version=entry.version)
        known = {single.instance: single for single in entry.instances.all()}
        for row in said.singles:
            if row.columns["state"] == State.DONE and row.instance == now:
                self.complete(entry, row)
            else:
                self.put_single(entry, known.pop(row.instance, None), row)
        left = [one.pk for one in known.values() if one.is_open and may_do(self.user, one, "edit")]
        actions.drop_entries(left, by=self.user)
        self.follow(entry, said.main)

    def put_single(self, series: Entry, single: Entry | None, row: BroughtRow) -> None:
        """One time of a series that is not like the others."""
        plan = self.plan(row, single)
        if single is None:
            if row.columns["state"] == State.DROPPED:
                return
            parties = series.participants.filter(party__isnull=False).order_by("position")
            plan.parties = [key for key in parties.values_list("party_id", flat=True) if key]
            plan.matters = keys_of(series)
            plan.columns |= {"owner_id": series.owner_id, "series_id": series.pk,
                             "instance": row.instance, "uid": series.uid}  # fmt: skip
            single = actions.add_entry(plan, by=self.user)
        elif may_do(self.user, single, "edit"):
            if single.state == State.DROPPED and row.columns["state"] != State.DROPPED:
                actions.reopen_entries([single.pk], by=self.user)
                single.refresh_from_db()
            single = actions.change_entry(single, plan, by=self.user, version=single.version)
        self.follow(single, row)

    def follow(self, entry: Entry, row: BroughtRow) -> None:
        """Have become of an entry what the program says: done, open again, dropped."""
        wanted = row.columns["state"]
        if wanted == State.DONE and entry.state == State.OPEN:
            self.complete(entry, row)
        elif wanted == State.OPEN and entry.state == State.DONE and not entry.is_appointment:
            actions.reopen_entries([entry.pk], by=self.user)
        elif wanted == State.DROPPED and entry.state == State.OPEN:
            actions.drop_entries([entry.pk], by=self.user)

    def complete(self, entry: Entry, row: BroughtRow) -> None:
        """It was done when the program says, even if we hear of that later."""
        actions.complete_entries([entry.pk], by=self.user, at=row.columns["done_at"])

    def plan(self, row: BroughtRow, entry: Entry | None = None) -> Plan:
        """The plan that says what a row says: a program always says all that it knows."""
        columns: dict[str, Any] = BLANK | {"time_zone": zone_name(self.user)} | row.columns
        for name in _NOT_SAID if entry is None else (*_NOT_SAID, "kind"):
            columns.pop(name, None)
        guests = {email: (email, name, answer) for email, name, answer in row.guests}
        found = User.objects.filter(email__in=guests, is_active=True)
        people = dict(found.values_list("email", "pk"))
        owner = entry.owner.email if entry else self.user.email
        return Plan(
            row.is_appointment,
            columns=columns,
            people=list(people.values()),
            guests=[one for email, one in guests.items() if email not in people and email != owner],
            reminders=sorted(set(row.reminders)),
            matters=named_by(self.user, row.matters),
        )


def _left_out(said: CalendarObject) -> list[str]:
    """A series leaves out the times that stand on their own."""
    apart = {row.instance for row in said.singles}
    return sorted({*said.main.columns.get("less_dates", ()), *apart})


def _current(entry: Entry) -> str:
    start = clock_start(entry)
    return instance_of(start) if start and entry.repeats and not entry.is_appointment else ""


def _not_yours(why: Text) -> Refused:
    return Refused(403, why, d("need-privileges"))


def _not_one_uid() -> Refused:
    return Refused(409, _("Another one goes by this UID already."), c("no-uid-conflict"))
