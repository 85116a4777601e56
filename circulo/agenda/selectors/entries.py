"""Reads over tasks and appointments for lists and pages, each within what a person may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone

from circulo.accounts import prepared
from circulo.accounts.models import BY_NAME, User
from circulo.accounts.rights import Reach
from circulo.agenda.kinds import Kind
from circulo.agenda.matters import with_matters
from circulo.agenda.models import Entry, Participant, Reminder
from circulo.lib import ids
from circulo.lib.names import plain
from circulo.parties.models import Party, PartyKind

State = Entry.State


@dataclass(frozen=True)
class Person:
    """Somebody who takes part, as far as the one who looks may know them."""

    name: str
    answer: str = ""
    url: str = ""
    id: str = ""
    email: str = ""
    is_organisation: bool = False


def shown(rows: QuerySet[Entry], user: User) -> QuerySet[Entry]:
    """The entries with their owner, and with the party and what else they belong to, as far as
    this person may see that.
    """
    party = Party.objects.visible_to(user).filter(pk=OuterRef("party_id"))
    named = party.values(json=JSONObject(id="pk", name="name", kind="kind"))
    held_up = Entry.objects.open().filter(holds_up=OuterRef("pk"))
    waits = Entry.objects.visible_to(user).filter(holds_up=OuterRef("pk")).order_by("pk")
    waited = waits.values(json=JSONObject(id="pk", name="title"))
    found: QuerySet[Entry] = rows.select_related("owner", "created_by").annotate(
        seen_party=Subquery(named), is_held_up=Exists(held_up), seen_waits=ArraySubquery(waited)
    )
    return with_matters(found, user)


def seen_entry(user: User, identifier: str, act: str = "view") -> Entry | None:
    """The entry of this identifier, where the person may do this with it."""
    rows = shown(Entry.objects.visible_to(user, act), user)
    return rows.filter(pk=ids.decode("entry", identifier) or 0).first()


def waits_of(entry: Any) -> list[dict[str, str]]:
    """The tasks that an entry waits for, as far as they are seen: identifier, name, address."""
    found = []
    for one in getattr(entry, "seen_waits", None) or ():
        key = ids.encode("entry", one["id"])
        found.append({"id": key, "name": one["name"], "url": f"/tasks/{key}"})
    return found


def party_link(entry: Any) -> dict[str, Any] | None:
    """The party of an entry as pages name it: id, name, address."""
    party = getattr(entry, "seen_party", None)
    if not party:
        return None
    is_person = party["kind"] == PartyKind.PERSON
    key = ids.encode("party", party["id"])
    url = f"/{'contacts' if is_person else 'companies'}/{key}"
    return {"id": key, "name": party["name"], "url": url, "is_organisation": not is_person}


def may_do(user: User, entry: Entry, act: str) -> bool:
    """Whether a person may edit or delete an entry that they see; as `visible_to` says."""
    reach = user.reach("tasks", act)
    if reach == Reach.NONE:
        return False
    if user.pk in (entry.owner_id, entry.created_by_id):
        return True
    return not entry.is_private and user.lies_in_reach(reach, entry.owner_id)


def people_of(entry: Entry, user: User) -> list[Person]:
    """Who takes part, without the parties that this person may not see."""
    rows = entry.participants.somebody().select_related("user", "party")
    rows = rows.order_by("position", "pk")
    found = list(rows)
    keys = [row.party_id for row in found if row.party_id]
    seen = set(Party.objects.visible_to(user).filter(pk__in=keys).values_list("pk", flat=True))
    return [_person(row) for row in found if row.party_id is None or row.party_id in seen]


def _person(row: Participant) -> Person:
    if row.user:
        return Person(row.user.name, row.answer, "", row.user.opaque, row.user.email)
    if row.party:
        return Person(str(row.party), row.answer, row.party.get_absolute_url(),
                      row.party.public_id, "", row.party.is_organisation)  # fmt: skip
    return Person(row.name or row.email, row.answer, email=row.email)


def reminders_of(entry: Entry) -> list[int]:
    """So many minutes before it begins, each."""
    rows = Reminder.objects.filter(entry=entry).order_by("minutes")
    return list(rows.values_list("minutes", flat=True))


def found_entries(user: User, text: str, *, limit: int) -> list[Entry]:
    """What is open and holds every word of a text, the next first."""
    words = plain(text).split()[:6]
    if not words or max(map(len, words)) < 3:
        return []

    def holding(user: User) -> QuerySet[Any, Any]:
        rows = Entry.objects.visible_to(user).open()
        for number in range(len(words)):
            rows = rows.filter(search__contains=prepared.word(number))
        return rows.order_by("falls_at", "pk").values_list("pk")[:limit]

    asked = prepared.statement(f"{len(words)} words, {limit} entries", user, ("tasks",), holding)
    keys = [key for (key,) in asked.rows(user, words=words)]
    if not keys:
        return []
    found = shown(Entry.objects.visible_to(user).filter(pk__in=keys), user)
    return list(found.order_by("falls_at", "pk"))


def start_of_day(now: datetime | None = None) -> datetime:
    """The moment at which today began, where the person is."""
    local = timezone.localtime(now)
    return timezone.make_aware(datetime.combine(local.date(), time.min))


@dataclass(frozen=True)
class Promises:
    """How the firm kept its word in some days: kept, broken, still open, and in time."""

    kept: int
    broken: int
    open: int

    @property
    def share(self) -> float | None:
        """Which part of what came due was kept."""
        due = self.kept + self.broken
        return self.kept / due if due else None


def promises(user: User, *, days: int = 90, now: datetime | None = None) -> Promises:
    """The promises that this person sees and that came due in the last days.

    One is broken where it was done too late, dropped, or is overdue.
    """
    now = now or timezone.now()
    rows = Entry.objects.visible_to(user).filter(kind=Kind.PROMISE)
    came = rows.filter(falls_at__gte=now - timedelta(days=days), falls_at__lt=now)
    told = list(came.values_list("state", "done_at", "falls_at"))
    kept = sum(bool(done and done <= due) for _state, done, due in told)
    ahead = rows.open().filter(falls_at__gte=now).count()
    return Promises(kept, len(told) - kept, ahead)


def colleagues() -> QuerySet[User]:
    """Everybody who works here, by name."""
    return User.objects.filter(is_active=True).order_by(*BY_NAME)
