"""Bringing in preferences: a batch is matched to its parties and noted by one set-based act."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from circulo.lib import ids
from circulo.needs import answers
from circulo.needs.actions import Statement, note_preferences
from circulo.needs.load_rows import NeedsReader, NeedsRow
from circulo.needs.models import Preference
from circulo.parties.load_rows import PartyRow
from circulo.parties.load_whom import Someone, asked
from circulo.parties.matching import Matcher
from circulo.parties.models import Party, PartyKind
from circulo.records.load_types import Outcome, Task
from circulo.records.turns import Turn

Rows = Sequence[tuple[int, NeedsRow]]


class PreferenceImporter:
    """Brings in what is known of parties; what is known already stands as it is."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.reader = NeedsReader(task)
        self.people = {kind: Matcher(kind, "", task.by) for kind in PartyKind}

    def read(self, record: Any) -> NeedsRow:
        """One row, read and checked."""
        return self.reader.row(record)

    def settle(self, turn: Turn, *, kept: bool) -> None:
        """Nothing is remembered between batches."""

    def apply(self, rows: Rows, turn: Turn) -> dict[int, Outcome | str]:
        """Find the parties of the batch and note what is not known of them yet."""
        turn.come()
        parties = self._parties(rows)
        known = self._known(set(parties.values()), [row.key for _n, row in rows])
        outcomes: dict[int, Outcome | str] = {}
        fresh: list[Statement] = []
        for number, row in rows:
            party = parties.get(number)
            if party is None:
                outcomes[number] = _("Nobody here is %s, or more than one is.") % _named(row)
                continue
            new = [s for s in self._statements(row, party) if _print_of(s, row) not in known]
            new = [] if row.key is not None and ("id", row.key) in known else new
            known |= {_print_of(statement, row) for statement in new}
            outcomes[number] = Outcome.CREATED if new else Outcome.SKIPPED
            fresh += new
        if fresh:
            note_preferences(fresh, by=self.task.by)
        return outcomes

    def _statements(self, row: NeedsRow, party: Party) -> list[Statement]:
        return [
            Statement(
                party, one.topic, one.said, sort=one.sort, strength=row.strength, rank=row.rank,
                source=row.source, said_at=row.said_at or self.reader.began_at,
            )
            for one in row.told
        ]  # fmt: skip

    def _known(self, parties: set[Party], keys: list[int | None]) -> set[Any]:
        """What the parties have said already, and which identifiers are there."""
        rows = Preference.objects.filter(party__in=[party.pk for party in parties])
        known: set[Any] = set()
        for row in rows.select_related("topic"):
            about = (row.party_id, row.topic_id or row.sort, row.wording)
            known |= {(*about, row.said_at), ("id", row.pk)}
            if row.ended_at is None:
                known.add((*about, None))
        return known

    def _parties(self, rows: Rows) -> dict[int, Party]:
        """The one party that each row means; rows that mean none or several are left out."""
        found: dict[int, int] = {}
        for kind, matcher in self.people.items():
            left = [(n, self._asked(row, kind)) for n, row in rows if n not in found]
            for number, keys in matcher.find_anyone(left).items():
                if len(keys) == 1:
                    found[number] = min(keys)
        parties = Party.objects.defer("search", "notes", "custom").in_bulk(list(found.values()))
        return {number: parties[key] for number, key in found.items() if key in parties}

    def _asked(self, row: NeedsRow, kind: str) -> PartyRow:
        whom = Someone(row.party_key, row.email, row.phone, row.name)
        return asked(whom, kind, self.task.country)


def _print_of(statement: Statement, row: NeedsRow) -> tuple[Any, ...]:
    """What a telling has in common with the same one told before; undated, with what holds."""
    wording = answers.wording(statement.topic, statement.said)
    about = statement.topic.pk if statement.topic else statement.sort
    return (statement.party.pk, about, wording, row.said_at)


def _named(row: NeedsRow) -> str:
    return f"“{row.name or row.email or row.phone or ids.encode('party', row.party_key or 0)}”"
