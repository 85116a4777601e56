"""What the rows of a table speak of: entries, people and other records that are here already."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.agenda.matters import keys_of_each, named_by_each
from circulo.agenda.models import Entry, Participant, Reminder
from circulo.agenda.table_rows import TableRow
from circulo.lib import ids
from circulo.parties.load_whom import Someone, asked
from circulo.parties.matching import Matcher
from circulo.parties.models import Party, PartyKind
from circulo.records.load_types import Task

Rows = Sequence[tuple[int, TableRow]]


@dataclass
class Standing:
    """What hangs on an entry as it stands: parties that are seen and others, who else takes part
    by address, the minutes of its reminders, and what it belongs to.
    """

    parties: list[int] = field(default_factory=list)
    unseen: list[int] = field(default_factory=list)
    people: dict[str, str] = field(default_factory=dict)
    reminders: list[int] = field(default_factory=list)
    waits_for: list[int] = field(default_factory=list)
    belongs: dict[str, int] = field(default_factory=dict)


class Finder:
    """Finds what the rows of one load name, as far as the one who loads may see it."""

    def __init__(self, task: Task, by: User, *, is_appointment: bool) -> None:
        self.task, self.by, self.is_appointment = task, by, is_appointment
        self.matchers = {kind: Matcher(kind, "", task.by) for kind in PartyKind}

    def entries(self, rows: Rows) -> dict[int, Entry]:
        """By row number the entry that it speaks of, where there is one."""
        uids = [row.uid for _number, row in rows if row.uid]
        keys = [row.key for _number, row in rows if row.key]
        seen = Entry.objects.all() if self.task.by is None else Entry.objects.visible_to(self.by)
        there = seen.filter(Q(pk__in=keys) | Q(uid__in=uids), is_appointment=self.is_appointment)
        by_uid: dict[tuple[str, str], list[Entry]] = {}
        by_key: dict[int, Entry] = {}
        for entry in there:
            by_key[entry.pk] = entry
            by_uid.setdefault((entry.uid, entry.instance), []).append(entry)
        found = {
            number: self._one(row, by_key, by_uid.get((row.uid, row.instance), []))
            for number, row in rows
        }
        return {number: entry for number, entry in found.items() if entry}

    def _one(self, row: TableRow, by_key: dict[int, Entry], alike: Sequence[Entry]) -> Entry | None:
        """By its identifier, which of another installation means another record here: a UID that
        is said has to be its too. By UID alone the one of its owner.
        """
        named = by_key.get(row.key or 0)
        if named is not None and (not row.uid or named in alike):
            return named
        owner = row.columns.get("owner_id", self.by.pk)
        return next((entry for entry in alike if entry.owner_id == owner), None)

    def editable(self, entries: Collection[Entry]) -> set[int]:
        """Those of these entries that the one who loads may change."""
        keys = {entry.pk for entry in entries}
        if self.task.by is None:
            return keys
        rows = Entry.objects.visible_to(self.by, "edit").filter(pk__in=keys)
        return set(rows.values_list("pk", flat=True))

    def standing(self, entries: Collection[Entry]) -> dict[int, Standing]:
        """What hangs on these entries, by entry."""
        found = {entry.pk: Standing() for entry in entries}
        rows = Participant.objects.filter(entry__in=found).order_by("position", "pk")
        told = list(rows.values_list("entry_id", "party_id", "user__email", "email", "answer"))
        seen = self.seen(party for _entry, party, *_rest in told if party)
        for entry, party, mate, email, answer in told:
            mine = found[entry]
            if party:
                (mine.parties if party in seen else mine.unseen).append(party)
            elif mate or email:
                mine.people[mate or email] = answer
        for entry, minutes in Reminder.objects.filter(entry__in=found).values_list(
            "entry_id", "minutes"
        ):
            found[entry].reminders.append(minutes)
        waits = Entry.waits_for.through.objects.filter(from_entry__in=found)
        for entry, waited in waits.values_list("from_entry_id", "to_entry_id"):
            found[entry].waits_for.append(waited)
        for key, belongs in keys_of_each(list(entries)).items():
            found[key].belongs = belongs
        return found

    def waited(self, rows: Rows, named: Mapping[str, str]) -> dict[str, int]:
        """By the identifier that rows wait for, the task it is here: in the file `named` gives the
        UID of what has that identifier there.
        """
        said = {one for _number, row in rows for one in row.waits_for or ()}
        uids = {named[one]: one for one in said if one in named}
        keys = {key: one for one in said - set(uids.values()) if (key := ids.decode("entry", one))}
        seen = Entry.objects.visible_to(self.by).tasks()
        there = seen.filter(Q(pk__in=keys) | Q(uid__in=uids, instance=""))
        return {keys.get(one.pk) or uids[one.uid]: one.pk for one in there}

    def parties(self, rows: Rows) -> dict[int, list[int] | str]:
        """By row number the parties that it names, or why it is not known who they are."""
        whom = self._whom(rows)
        seen = self.seen(key for _number, row in rows for key in row.parties)
        found: dict[int, list[int] | str] = {}
        for number, row in rows:
            keys = whom.get(number, set())
            if row.whom != Someone() and len(keys) != 1:
                told = _("Nobody here is %s, or more than one is.")
                found[number] = told % row.whom.called
            elif set(row.parties) - seen:
                found[number] = _("There is no such record.")
            else:
                found[number] = list(dict.fromkeys((*keys, *row.parties)))
        return found

    def _whom(self, rows: Rows) -> dict[int, set[int]]:
        found: dict[int, set[int]] = {}
        named = [(number, row.whom) for number, row in rows if row.whom != Someone()]
        for kind, matcher in self.matchers.items():
            left = [(number, asked(one, kind, self.task.country))
                    for number, one in named if number not in found]  # fmt: skip
            found |= {number: set(keys) for number, keys in matcher.find_anyone(left).items()}
        return found

    def seen(self, keys: Iterable[int]) -> set[int]:
        """Those of these parties that are there, and that the one who loads may see."""
        wanted = set(keys)
        if not wanted:
            return set()
        rows = Party.objects.all() if self.task.by is None else Party.objects.visible_to(self.by)
        return set(rows.filter(pk__in=wanted).values_list("pk", flat=True))

    def matters(self, rows: Rows) -> dict[int, dict[str, int | None]]:
        """By row number what it belongs to, as far as that may be changed."""
        named = named_by_each(self.by, [row.matters for _number, row in rows])
        return {number: keys for (number, _row), keys in zip(rows, named, strict=True)}
