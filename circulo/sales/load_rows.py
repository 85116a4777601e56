"""Rows of a table, read as deals; no row asks the database."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time
from functools import cache, lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from circulo.lib import emails, ids, money
from circulo.lib.errors import Invalid
from circulo.lib.readers import values
from circulo.lib.text import clean, salvage
from circulo.records.load_types import RefusedRow, Said, Task
from circulo.records.mapping import folded
from circulo.records.models import OWN
from circulo.records.own.cells import CellReader
from circulo.records.own.definitions import defined
from circulo.records.own.noted import read as read_own
from circulo.sales.actions.closing import MOST_NAME
from circulo.sales.drafts import LENGTHS, MOST_NOTES, MOST_TAGS
from circulo.sales.models import Deal

Outcome = Deal.Outcome
_WITH_ADDRESS = re.compile(r"(.+?) \(([^()\s]+@[^()\s]+)\)(?:;|$)")
_folded = lru_cache(4_000)(folded)
# How other programs and people write that a deal is over, or that it is not.
_ENDS = {
    **dict.fromkeys(("won", "closed won", "closedwon", "ganada", "ganado", "cerrada ganada",
                     "cerrado ganado", "cierre ganado", "vendida"), Outcome.WON),
    **dict.fromkeys(("lost", "closed lost", "closedlost", "perdida", "perdido", "cerrada perdida",
                     "cerrado perdido", "cierre perdido", "abandoned"), Outcome.LOST),
    **dict.fromkeys(("open", "abierta", "abierto", "en curso"), Outcome.OPEN),
}  # fmt: skip
EARLIEST = 1000  # the first year of a date
_PLAIN = ("title", "source", "campaign", "reference", "agent")


@dataclass
class DealRow:
    """What one row says of a deal, before its party, pipeline and stage are looked up.

    The `remark` says what of it was not taken over.
    """

    columns: dict[str, Any]
    key: int | None = None
    party: int | None = None
    company: str = ""
    pipeline: str = ""
    stage: str = ""
    reason: str = ""
    product: str = ""
    contact: str = ""
    email: str = ""
    involved: int | None = None
    remark: str = ""

    def copied(self) -> DealRow:
        """The same, to be filled in without changing what was read."""
        return replace(self, columns=dict(self.columns))

    @property
    def reference(self) -> str:
        return str(self.columns.get("reference", ""))

    @property
    def firm(self) -> str:
        """The company to find by its name: none where the contact is told by its identifier."""
        return "" if self.party else self.company

    @property
    def outcome(self) -> str:
        """Whether it is over; empty where the row does not say."""
        return str(self.columns.get("outcome", ""))


class DealReader:
    """Reads the rows of one load; `owners` are those who work here by address and name, and
    `pipelines` those that there are by their folded names.
    """

    def __init__(
        self, task: Task, owners: Mapping[str, int], currency: str, pipelines: Collection[str]
    ) -> None:
        self.task, self.owners, self.currency = task, owners, currency
        self.pipelines = pipelines
        self.own = defined("deals")
        people = {name: ids.encode("user", key) for name, key in owners.items()}
        self.own_cells = CellReader(self.own, task, people)
        self.hidden = task.by.hidden_fields("deals") if task.by else frozenset()
        self.zone = ZoneInfo(settings.TIME_ZONE)
        self.days, self.noons = cache(self._day), cache(self._noon)

    def row(self, said: Said) -> DealRow:
        """The deal of a table's row. A blank cell says nothing."""
        told = {name: cells[0][0] for name, cells in said.items() if name not in self.hidden}
        row = DealRow({name: _line(name, told[name]) for name in _PLAIN if name in told})
        row.key = _key("deal", told.get("id", ""))
        row.party = _key("party", told.get("party_id", ""))
        row.company = " ".join(told.get("company", "").split())[:200]
        contact, email = _parted(" ".join(told.get("contact", "").split()))
        row.contact, email = contact[:200], told.get("email", email)
        row.email = emails.normalise(email) if email else ""
        row.product = told.get("product", "")
        self._read_pipeline(row, told.get("pipeline", ""))
        self._read_end(row, told)
        self._read_amount(row, told)
        self._read_owner(row, told)
        self._read_rest(row, told, said)
        return row

    def _read_pipeline(self, row: DealRow, written: str) -> None:
        """One of ours; with another the deal stays in its own, or begins where new ones do."""
        if not written or folded(written) in self.pipelines:
            row.pipeline = written
        else:
            told = _("There is no pipeline “%s” here: it was not taken over.")
            row.remark = told % written[:60]

    def _read_end(self, row: DealRow, told: Mapping[str, str]) -> None:
        """Whether the deal is over, and its moments."""
        stage = told.get("stage", "")
        row.stage = "" if _folded(stage) in _ENDS else " ".join(stage.split())[:80]
        end = self._outcome(told, stage)
        begun, closed = self._moment(told, "opened_at"), self._moment(told, "closed_at")
        if end in (Outcome.WON, Outcome.LOST):
            begun = min(begun, closed or begun)
        expected = self.days(told["expected_on"]) if told.get("expected_on") else ""
        said = {"outcome": end, "closed_at": closed, "expected_on": expected, "opened_at": begun}
        row.columns |= {name: value for name, value in said.items() if value}
        row.reason = told.get("reason", "")[:120]

    def _outcome(self, told: Mapping[str, str], stage: str) -> str:
        """What is said of the end: by itself, or by a stage that is called won or lost."""
        if told.get("outcome"):
            end = _ENDS.get(_folded(told["outcome"]))
            if end is None:
                raise RefusedRow(_("“%s” is neither open, won nor lost.") % told["outcome"][:60])
            return end
        return _ENDS.get(_folded(stage), "") if stage else ""

    def _read_amount(self, row: DealRow, told: Mapping[str, str]) -> None:
        """The amount, in the currency that is named; without one its deal says which."""
        code = money.currency_of(told["currency"]) if told.get("currency") else ""
        if told.get("amount"):
            found = values.money(told["amount"], self.task.decimal)
            if found is not None:
                number, sign = found
                code = code or sign
                amount = money.read_amount(number)
                if code:
                    money.refuse_fractions(amount, code)
                row.columns["amount"] = str(amount)
        if code:
            row.columns["currency"] = code

    def _read_owner(self, row: DealRow, told: Mapping[str, str]) -> None:
        """Whose it is; somebody unknown is kept as the agent, so that nothing is lost."""
        written = " ".join(told.get("owner", "").split())
        if not written:
            return
        owner = self.owners.get(written.lower()) or self.owners.get(_folded(written))
        if owner is not None:
            row.columns["owner_id"] = owner
        else:
            row.columns.setdefault("agent", written[:150])

    def _read_rest(self, row: DealRow, told: Mapping[str, str], said: Said) -> None:
        if "tags" in told:
            row.columns["tags"] = [tag[:50] for tag in values.words(told["tags"])][:MOST_TAGS]
        for name in ("notes", "reason_note"):
            if name in told:
                text = "\n".join(cell for cell, _label in said[name])
                row.columns[name] = salvage(text, limit=MOST_NOTES, lines=True)
        if told.get("lost_to"):
            row.columns["lost_to"] = " ".join(told["lost_to"].split())[:MOST_NAME]
        own = {n.removeprefix(OWN): cell for n, cell in told.items() if n.startswith(OWN)}
        if own:
            row.columns["custom"] = self._own(own)

    def _own(self, cells: Mapping[str, str]) -> dict[str, Any]:
        said = {k: self.own_cells.read(k, c) for k, c in cells.items() if k in self.own.stored}
        found, refused = read_own(said, self.own)
        if refused:
            raise Invalid(refused)
        return found

    def _moment(self, told: Mapping[str, str], name: str) -> str:
        """A moment as ISO text; a day without a time is meant at noon, when it is that day
        nearly everywhere."""
        cell = told.get(name, "")
        if not cell:
            return ""
        if len(cell) > 10 or cell[5:6] in (".", ","):  # 46000.25: days that a spreadsheet counts
            found = values.moment(cell, self.task.date_order)
            if found is not None and (found.tzinfo or found.time() != time()):
                return self._placed(found, cell)
        return self.noons(self.days(cell))

    def _placed(self, moment: datetime, cell: str) -> str:
        """A moment in the time zone of the house; one without a zone is meant there."""
        try:
            placed = moment if moment.tzinfo else moment.replace(tzinfo=self.zone)
            placed = placed.astimezone(self.zone)
        except OverflowError:
            placed = None
        if placed is None or placed.year < EARLIEST:
            raise RefusedRow(_out_of_time(cell))
        return placed.isoformat()

    def _noon(self, day: str) -> str:
        return datetime.combine(datetime.fromisoformat(day), time(12), self.zone).isoformat()

    def _day(self, cell: str) -> str:
        found = values.day(cell, self.task.date_order)
        if found and found.year < EARLIEST:
            raise RefusedRow(_out_of_time(cell))
        return found.isoformat() if found else ""


def _out_of_time(cell: str) -> str:
    told = _("“%(value)s” is not of the years %(first)s to 9999, of which a deal can be.")
    return told % {"value": cell[:60], "first": EARLIEST}


def _parted(contact: str) -> tuple[str, str]:
    """A name and the address behind it, as HubSpot writes people: `Ana Gil (ana@x.example)`."""
    found = _WITH_ADDRESS.match(contact)
    return (found[1], found[2]) if found else (contact, "")


def _line(name: str, cell: str) -> str:
    return clean(cell, limit=LENGTHS[name])


def _key(kind: str, written: str) -> int | None:
    key = ids.decode(kind, written) if written else None
    if written and key is None:
        raise RefusedRow(_("“%s” is not an identifier of ours.") % written[:30])
    return key
