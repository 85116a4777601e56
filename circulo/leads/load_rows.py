"""Rows of a table, read as leads; no row asks the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from circulo.leads.drafts import LENGTHS, MOST_MESSAGE, MOST_PHONE, MOST_TAGS, NAMES, WHO
from circulo.leads.models import Lead
from circulo.lib import emails, ids, names, phones, postal
from circulo.lib.countries import is_code
from circulo.lib.errors import Invalid
from circulo.lib.readers import values
from circulo.lib.text import clean, salvage
from circulo.records.load_types import RefusedRow, Said, Task
from circulo.records.mapping import folded
from circulo.records.models import OWN
from circulo.records.own.cells import CellReader
from circulo.records.own.definitions import defined
from circulo.records.own.noted import read as read_own
from circulo.timeline.kinds import CHANNELS

Status = Lead.Status
_folded = lru_cache(4_000)(folded)
# How other programs and people write how far a lead is.
_STATUSES = {
    **dict.fromkeys(("new", "nuevo", "open", "abierto", "not contacted", "sin contactar"),
                    Status.NEW),
    **dict.fromkeys(("working", "in progress", "en curso", "contactado", "contacted",
                     "working contacted", "en proceso"), Status.WORKING),
    **dict.fromkeys(("converted", "convertido", "qualified", "cualificado", "closed converted"),
                    Status.CONVERTED),
    **dict.fromkeys(("discarded", "descartado", "unqualified", "no cualificado", "disqualified",
                     "closed not converted", "perdido", "lost", "junk", "bad timing"),
                    Status.DISCARDED),
}  # fmt: skip
OLDEST, LATEST = 1900, 2200
_MOMENTS = ("arrived_at", "answered_at", "converted_at")


@dataclass
class LeadRow:
    """What one row says of a lead, before its reason is looked up."""

    columns: dict[str, Any]
    key: int | None = None
    reason: str = ""

    @property
    def reference(self) -> str:
        return str(self.columns.get("reference", ""))


class LeadReader:
    """Reads the rows of one load."""

    def __init__(self, task: Task, owners: Mapping[str, int]) -> None:
        self.task, self.owners = task, owners
        self.own = defined("leads")
        people = {name: ids.encode("user", key) for name, key in owners.items()}
        self.own_cells = CellReader(self.own, task, people)
        self.hidden = task.by.hidden_fields("leads") if task.by else frozenset()
        self.zone = ZoneInfo(settings.TIME_ZONE)

    def row(self, said: Said) -> LeadRow:
        """The lead of a table's row. A blank cell says nothing."""
        told = {name: cells[0][0] for name, cells in said.items() if name not in self.hidden}
        row = LeadRow({})
        row.key = ids.decode("lead", told["id"]) if told.get("id") else None
        if told.get("id") and row.key is None:
            raise RefusedRow(_("“%s” is not an identifier of ours.") % told["id"][:30])
        for name, most in LENGTHS.items():
            if name in told:
                row.columns[name] = clean(told[name], limit=most)
        self._read_who(row, told)
        self._read_end(row, told)
        self._read_rest(row, told)
        return row

    def _read_who(self, row: LeadRow, told: Mapping[str, str]) -> None:
        columns = row.columns
        if told.get("name") and not any(columns.get(name) for name in NAMES):
            parts = names.split(clean(told["name"], limit=200), self.task.country)
            columns |= {
                "given_name": parts.given[:100], "first_surname": parts.first_surname[:100],
                "second_surname": parts.second_surname[:100],
            }  # fmt: skip
        if told.get("email"):
            columns["email"] = emails.normalise(told["email"])
        if told.get("phone"):
            text = clean(told["phone"], limit=MOST_PHONE)
            known = phones.parse(text, self.task.country)
            columns["phone"] = known.e164 if known else text
        if not row.key and not any(columns.get(name) for name in WHO):
            raise RefusedRow(_("Say at least a name, a company, an e-mail address or a phone."))

    def _read_end(self, row: LeadRow, told: Mapping[str, str]) -> None:
        """How far it is, and its moments, none of which lies before it came."""
        if told.get("status"):
            status = _STATUSES.get(_folded(told["status"]))
            if status is None:
                raise RefusedRow(_("“%s” is no status of a lead.") % told["status"][:60])
            row.columns["status"] = status
        for name in _MOMENTS:
            if told.get(name):
                row.columns[name] = self._moment(told[name])
        came, answered = (row.columns.get(name) for name in ("arrived_at", "answered_at"))
        if answered and (not came or answered < came):
            if came:
                raise RefusedRow(_("It cannot have been answered before it came in."))
            row.columns["arrived_at"] = answered
        row.reason = told.get("reason", "")[:120]
        if "reason_note" in told and row.columns.get("status") == Status.DISCARDED:
            row.columns["reason_note"] = salvage(told["reason_note"], limit=2_000, lines=True)

    def _read_rest(self, row: LeadRow, told: Mapping[str, str]) -> None:
        columns = row.columns
        if told.get("owner"):
            columns["owner_id"] = self._owner(told["owner"])
        self._read_place(columns, told)
        if "message" in told:
            columns["message"] = salvage(told["message"], limit=MOST_MESSAGE, lines=True)
        if "tags" in told:
            columns["tags"] = [tag[:50] for tag in values.words(told["tags"])][:MOST_TAGS]
        own = {n.removeprefix(OWN): cell for n, cell in told.items() if n.startswith(OWN)}
        if own:
            columns["custom"] = self._own(own)

    def _read_place(self, columns: dict[str, Any], told: Mapping[str, str]) -> None:
        """Where they are, what they speak and how they came; what is no code says nothing."""
        code = told.get("country", "").strip().upper()
        if len(code) == 2 and is_code(code):
            columns["country"] = code
        if told.get("postal_code"):
            home, country = self.task.country, columns.get("country", "")
            code = postal.normal_postcode(country or home, columns["postal_code"])
            columns["postal_code"] = code
            if not country and postal.is_written_as_in(home, code):
                columns["country"] = home
        if told.get("language"):
            columns["language"] = clean(told["language"], limit=40).lower()[:5].strip()
        if told.get("channel") in CHANNELS:
            columns["channel"] = told["channel"]

    def _owner(self, cell: str) -> int:
        written = " ".join(cell.split())
        owner = self.owners.get(written.lower()) or self.owners.get(_folded(written))
        if owner is None:
            raise RefusedRow(_("Nobody called “%s” works here.") % written[:60])
        return owner

    def _own(self, cells: Mapping[str, str]) -> dict[str, Any]:
        said = {k: self.own_cells.read(k, c) for k, c in cells.items() if k in self.own.stored}
        found, refused = read_own(said, self.own)
        if refused:
            raise Invalid(refused)
        return found

    def _moment(self, cell: str) -> str:
        """A moment as ISO text; a day without a time is meant at noon."""
        found = values.moment(cell, self.task.date_order) if len(cell) > 10 else None
        day = found.date() if found else values.day(cell, self.task.date_order)
        if day is None or not OLDEST <= day.year <= LATEST:
            raise RefusedRow(_("“%s” is no date.") % cell[:30])
        found = found or datetime.combine(day, time(12))
        placed = found if found.tzinfo else found.replace(tzinfo=self.zone)
        return placed.astimezone(UTC).isoformat()
