"""Bringing in interactions: a batch is matched to its people and recorded by one statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.lib import names
from circulo.lib.readers.mail import MailFile
from circulo.parties.actions import writing
from circulo.parties.drafts import Draft, name_it, read
from circulo.parties.load_whom import Someone, asked
from circulo.parties.matching import Matcher
from circulo.parties.models import PartyKind
from circulo.records.actions import attach
from circulo.records.load_types import Outcome, Task
from circulo.records.turns import Turn
from circulo.timeline.load_rows import ToldReader, ToldRow

Rows = Sequence[tuple[int, ToldRow]]
_RECORD = """
    INSERT INTO timeline_interaction (party_id, kind, channel, direction, occurred_at, recorded_at,
        by_id, subject, body, about_kind, data, source_key, is_private)
    SELECT d.party_id, d.kind, d.channel, d.direction, d.occurred_at, now(),
           d.by_id, d.subject, d.body, '', d.data, d.source_key, false
    FROM json_to_recordset(%s) AS d(party_id bigint, kind text, channel text, direction text,
        occurred_at timestamptz, by_id bigint, subject text, body text, data jsonb, source_key text)
    ON CONFLICT (source_key) DO NOTHING
    RETURNING id, source_key
"""


class InteractionImporter:
    """Brings in what happened; a telling that is known already stands as it is."""

    def __init__(self, task: Task) -> None:
        self.task = task
        people = User.objects.values_list("pk", "email")
        self.reader = ToldReader(task, {email: pk for pk, email in people})
        self.seen: set[str] = set()
        self.people = {
            kind: Matcher(kind, "", task.by) for kind in (PartyKind.PERSON, PartyKind.ORGANISATION)
        }

    def read(self, record: Any) -> ToldRow:
        """One row or raw mail, read and checked."""
        return self.reader.mail(record) if isinstance(record, bytes) else self.reader.row(record)

    def settle(self, turn: Turn, *, kept: bool) -> None:
        """Nothing is remembered between batches."""

    def apply(self, rows: Rows, turn: Turn) -> dict[int, Outcome | str]:
        """Find or make the people of the batch, and record what is not known yet."""
        turn.come()
        known = self._known(rows)
        outcomes: dict[int, Outcome | str] = {n: Outcome.SKIPPED for n in known}
        fresh = [(number, row) for number, row in rows if number not in known]
        parties = self._parties(fresh)
        told = []
        for number, row in fresh:
            keys = [key for one in row.people if (key := parties.get(_mark(one)))]
            if not keys and not self._would_be_made(row):
                outcomes[number] = (
                    _("Nobody here is %s, or more than one is.") % row.people[0].called
                )
                continue
            outcomes[number] = Outcome.SKIPPED
            told += [(number, _columns(row, key, at)) for at, key in enumerate(dict.fromkeys(keys))]
        self._record(told, {number: row.files for number, row in fresh}, outcomes)
        if self.task.is_rehearsal:
            outcomes |= self._rehearsed(fresh, outcomes)
        return outcomes

    def _rehearsed(
        self, rows: Rows, outcomes: dict[int, Outcome | str]
    ) -> dict[int, Outcome | str]:
        """What would be recorded: every telling that did not come in an earlier row."""
        found: dict[int, Outcome | str] = {}
        for number, row in rows:
            if outcomes[number] == Outcome.SKIPPED and row.source_key not in self.seen:
                self.seen.add(row.source_key)
                found[number] = Outcome.CREATED
        return found

    def _record(
        self,
        told: list[tuple[int, dict[str, Any]]],
        files: Mapping[int, Sequence[MailFile]],
        outcomes: dict[int, Outcome | str],
    ) -> None:
        if not told:
            return
        recorded = writing.run(_RECORD, [writing.json_of([columns for _n, columns in told])])
        new = {source: key for key, source in recorded}
        for number, columns in told:
            key = new.pop(columns["source_key"], None)
            if key is not None:
                outcomes[number] = Outcome.CREATED
                self._keep_files(key, files.get(number, ()))

    def _keep_files(self, interaction: int, files: Sequence[MailFile]) -> None:
        uploads = [SimpleUploadedFile(file.name, file.content) for file in files]
        if uploads and not self.task.is_rehearsal:
            attach("interaction", interaction, uploads, by=self.task.by)

    def _known(self, rows: Rows) -> set[int]:
        """The rows that were recorded before, by identifier or by source."""
        keys = {row.key for _n, row in rows if row.key is not None}
        sources = [row.source_key for _n, row in rows]
        found = writing.run(
            "SELECT id, source_key FROM timeline_interaction"
            " WHERE id = ANY(%s) OR source_key = ANY(%s)",
            [list(keys), sources],
        )
        known_keys = {key for key, _source in found}
        known_sources = {source for _key, source in found if source}
        return {n for n, row in rows if row.key in known_keys or row.source_key in known_sources}

    def _parties(self, rows: Rows) -> dict[tuple[Any, ...], int]:
        """The party of everyone named in the batch, made where unknown and allowed."""
        wanted = {_mark(one): one for _n, row in rows for one in row.people}
        marks = list(wanted)
        found: dict[tuple[Any, ...], int] = {}
        for kind, matcher in self.people.items():
            left = [
                (at, asked(wanted[mark], kind, self.task.country))
                for at, mark in enumerate(marks)
                if mark not in found
            ]
            for at, keys in matcher.find_anyone(left).items():
                if len(keys) == 1 or _may_be_made(marks[at]):
                    found[marks[at]] = min(keys)
        missing = [wanted[mark] for mark in marks if mark not in found and _may_be_made(mark)]
        if missing and self._may_make and not self.task.is_rehearsal:
            found |= dict(zip(map(_mark, missing), self._made(missing), strict=True))
        return found

    def _would_be_made(self, row: ToldRow) -> bool:
        """Whether the load itself, unlike this rehearsal, would make somebody for the row."""
        may = self.task.is_rehearsal and self._may_make
        return may and any(_may_be_made(_mark(one)) for one in row.people)

    @property
    def _may_make(self) -> bool:
        by = self.task.by
        return self.task.makes_missing and (by is None or by.may("contacts", "create"))

    def _made(self, missing: list[Someone]) -> list[int]:
        by = self.task.by
        drafts = [_draft(one, self.task.country) for one in missing]
        owner = {"owner_id": by.pk} if by else {}
        rows = [{"kind": d.kind, "reach": d.reach, **d.columns, **owner} for d in drafts]
        keys = writing.insert_parties(rows)
        writing.insert_points(
            [
                {"party_id": key, **point}
                for key, draft in zip(keys, drafts, strict=True)
                for points in draft.points.values()
                for point in points
            ]
        )
        return keys


def _columns(row: ToldRow, party: int, at: int) -> dict[str, Any]:
    return {
        "party_id": party,
        "kind": row.kind,
        "channel": row.channel,
        "direction": row.direction,
        "occurred_at": row.occurred_at.isoformat(),
        "by_id": row.by,
        "subject": row.subject,
        "body": row.body,
        "data": row.data,
        "source_key": row.source_key if not at else f"{row.source_key}#{at}",
    }


def _mark(one: Someone) -> tuple[Any, ...]:
    """What two mentions of the same person have in common."""
    if one.key is not None:
        return ("id", one.key)
    if one.email:
        return ("email", one.email)
    return ("phone", one.phone) if one.phone else ("name", names.sort_key(one.name))


def _may_be_made(mark: tuple[Any, ...]) -> bool:
    return mark[0] in ("email", "phone")


def _draft(one: Someone, country: str) -> Draft:
    said: dict[str, Any] = {}
    if one.name and "@" not in one.name:
        said["name"] = one.name[:200]
    said |= {"emails": [one.email]} if one.email else {"phones": [one.phone]}
    draft = read(said, PartyKind.PERSON, country=country, partial=True)
    name_it(draft)
    return draft
