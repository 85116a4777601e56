"""Rows of one file that speak of the same party, told as the database would tell it of a record."""

from __future__ import annotations

from typing import Any

from circulo.parties.load_rows import PartyRow
from circulo.parties.matching import Matcher

Told = tuple[str, Any]
# What a party ceases to be found by as soon as more is known of it.
_WITHOUT = {"name without tax id": ("tax_id",), "name alone": ("emails", "phones")}


class Earlier:
    """The parties of a batch so far, each by all that a later row could find it by."""

    def __init__(self, matcher: Matcher) -> None:
        self.matcher = matcher
        self.parties: dict[Told, Any] = {}

    def find(self, row: PartyRow) -> Any:
        """The party of an earlier row that this one speaks of too, by what is surest of it."""
        asked = self.matcher.asked(row)
        return next((self.parties[one] for one in asked if one in self.parties), None)

    def add(self, party: Any, row: PartyRow, *, is_new: bool) -> None:
        """Find a party again by all that a row says of it; who came first keeps what they share.

        Only of one that is new is it known what it lacks.
        """
        for told in self.matcher.findable(row):
            if is_new or told[0] not in _WITHOUT:
                self.parties.setdefault(told, party)

    def learn(self, party: Any, row: PartyRow) -> None:
        """A later row was laid over an earlier one: the party is found by what both say."""
        self.add(party, row, is_new=False)
        for key, names in _WITHOUT.items():
            told = (key, row.sort_key)
            if self.parties.get(told) == party and any(getattr(row, name) for name in names):
                del self.parties[told]


class Rehearsed:
    """The rows of a check that would be new, so that those of later batches find them."""

    def __init__(self, matcher: Matcher) -> None:
        self.matcher = matcher
        self.rows: dict[int, int] = {}

    def find(self, row: PartyRow) -> int | None:
        """The number of an earlier row on the same party."""
        asked = map(hash, self.matcher.asked(row))
        return next((self.rows[one] for one in asked if one in self.rows), None)

    def add(self, number: int, row: PartyRow) -> None:
        """Remember a row that would be new."""
        for told in self.matcher.findable(row):
            self.rows.setdefault(hash(told), number)
