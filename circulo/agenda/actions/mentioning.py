"""Colleagues named in the notes of a task or an appointment are told, once each, if they see it."""

from __future__ import annotations

from collections.abc import Sequence

from circulo.accounts import mentions
from circulo.accounts.actions import Notice, notify
from circulo.accounts.models import User
from circulo.agenda.models import Entry
from circulo.timeline.notices import MENTIONED


def tell_mentioned(entries: Sequence[Entry], *, by: User) -> None:
    """Tell whom the notes name; whoever was told of this entry already is not told again."""
    found = mentions.find_all(entry.notes for entry in entries)
    named = {entry.pk: {one.key for one in each.mentions}
             for entry, each in zip(entries, found, strict=True) if each.mentions}  # fmt: skip
    seen = _seen({key for keys in named.values() for key in keys}, list(named))
    told = [
        Notice(MENTIONED, key, {"who": by.name, "name": entry.title}, entry,
               entry.get_absolute_url(), f"mentioned:entry:{entry.pk}:{key}")
        for entry in entries
        for key in sorted(named.get(entry.pk, ()))
        if entry.pk in seen[key]
    ]  # fmt: skip
    if told:
        notify(told, by=by)


def untold(entry: Entry) -> list[str]:
    """Who is named in the notes of an entry but does not see it, by name."""
    found = mentions.find(entry.notes).mentions
    seen = _seen({one.key for one in found}, [entry.pk])
    return [one.name for one in found if entry.pk not in seen[one.key]]


def _seen(people: set[int], keys: Sequence[int]) -> dict[int, set[int]]:
    """Which of the entries each of these people sees."""
    users = User.objects.filter(pk__in=people).select_related("role", "team") if people else ()
    return {
        user.pk: set(Entry.objects.visible_to(user).filter(pk__in=keys)
                     .values_list("pk", flat=True))
        for user in users
    }  # fmt: skip
