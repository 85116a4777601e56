"""Which parties the rows of a load speak of: found by key among those that the person may see."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from circulo.accounts.models import User
from circulo.accounts.rights import Reach
from circulo.lib import names
from circulo.lib.compiled import compiled
from circulo.parties.actions.writing import json_of, run
from circulo.parties.load_rows import PartyRow
from circulo.parties.models import RESOURCES, Party, PartyKind

MOST_ALIKE = 3
_MOST_WORDS = 8
_POINTS = {"emails": "email", "phones": "phone"}
Numbered = Sequence[tuple[int, PartyRow]]
Found = dict[int, set[int]]


class Matcher:
    """Finds the parties that rows mean, by one key or by the usual ones of their kind."""

    def __init__(self, kind: str, key: str, by: User | None) -> None:
        self.kind = kind
        self.key = key
        resource = "contacts" if kind == PartyKind.PERSON else "companies"
        self.sees_all = by is None or by.reach(resource) == Reach.ALL
        self.edits_all = by is None or by.reach(resource, "edit") == Reach.ALL
        self.by = by

    def findable(self, row: PartyRow) -> Iterator[tuple[str, Any]]:
        """Every look-up that would find the party of a row, had it been made of that row alone."""
        if self.key in _POINTS:
            yield from ((self.key, value) for value in getattr(row, self.key))
        elif self.key:
            value = _key_value(row, self.key)
            if value:
                yield (self.key, value)
        else:
            yield from self._usually_findable(row)

    def _usually_findable(self, row: PartyRow) -> Iterator[tuple[str, Any]]:
        if row.tax_id:
            yield ("tax_id", row.tax_id)
        if self.kind == PartyKind.ORGANISATION:
            if row.sort_key:
                yield ("name", row.sort_key)
                if not row.tax_id:
                    yield ("name without tax id", row.sort_key)
            return
        yield from (("emails", value) for value in row.emails)
        yield from (("name and phone", (row.sort_key, value)) for value in row.phones)
        if row.sort_key and not (row.emails or row.phones):
            yield ("name alone", row.sort_key)

    def marks(self, row: PartyRow) -> Iterator[tuple[Any, ...]]:
        """All by which another row could be found to speak of the same party."""
        if row.key is not None:
            yield ("id", row.key)
        if self.key in _POINTS:
            yield from ((self.key, value) for value in getattr(row, self.key))
        elif self.key:
            yield (self.key, _key_value(row, self.key))
        else:
            yield from self._usual_marks(row)

    def _usual_marks(self, row: PartyRow) -> Iterator[tuple[Any, ...]]:
        if row.tax_id:
            yield ("tax_id", row.tax_id)
        yield from (("emails", value) for value in row.emails)
        yield from (("name and phone", row.sort_key, value) for value in row.phones)
        if self.kind == PartyKind.ORGANISATION or not (row.emails or row.phones):
            yield ("name", row.sort_key)

    def find(self, rows: Numbered) -> Found:
        """By row number the keys of the parties that it may mean."""
        found: Found = {}
        groups: dict[str, list[tuple[int, Any]]] = {}
        for number, row in rows:
            for key, value in self.asked(row):
                groups.setdefault(key, []).append((number, value))
        for key, asked in groups.items():
            asked = [pair for pair in asked if pair[0] not in found]
            for number, party in self._looked_up(key, asked):
                found.setdefault(number, set()).add(party)
        return found

    def asked(self, row: PartyRow) -> list[tuple[str, Any]]:
        """The look-ups for one row, the surest first."""
        if row.key is not None and self.key in ("", "id"):
            return [("id", row.key)]
        if self.key in _POINTS:
            return [(self.key, value) for value in getattr(row, self.key)]
        if self.key:
            value = _key_value(row, self.key)
            return [(self.key, value)] if value else []
        asked: list[tuple[str, Any]] = [("tax_id", row.tax_id)] if row.tax_id else []
        if self.kind == PartyKind.ORGANISATION:
            by = "name without tax id" if row.tax_id else "name"
            return asked + ([(by, row.sort_key)] if row.sort_key else [])
        if row.emails:
            return asked + [("emails", value) for value in row.emails]
        if row.phones:
            return asked + [("name and phone", (row.sort_key, value)) for value in row.phones]
        return asked + ([("name alone", row.sort_key)] if row.sort_key else [])

    def find_alike(self, rows: Numbered) -> dict[int, list[int]]:
        """By row number a few parties that new rows may speak of all the same.

        They share a tax id, an address or the whole name (a person's of two words or more); what
        the role hides tells nothing.
        """
        hidden = self.by.hidden_fields(RESOURCES[PartyKind(self.kind)]) if self.by else frozenset()
        found: dict[int, list[int]] = {}
        asked = {
            "tax_id": [(n, row.tax_id) for n, row in rows if row.tax_id],
            "emails": [(n, value) for n, row in rows for value in row.emails],
            "a few by name": [(n, row.sort_key) for n, row in rows if self._is_telling(row)],
        }
        for key, wanted in asked.items():
            left = [pair for pair in wanted if pair[0] not in found and key not in hidden]
            for number, party in self._looked_up(key, left):
                found.setdefault(number, []).append(party)
        return {number: parties[:MOST_ALIKE] for number, parties in found.items()}

    def _is_telling(self, row: PartyRow) -> bool:
        """Whether the name alone says much."""
        least = 1 if self.kind == PartyKind.ORGANISATION else 2
        return len(row.sort_key.split()) >= least

    def find_anyone(self, rows: Numbered) -> Found:
        """By row number who it names: by identifier, address, phone or else by name."""
        found: Found = {}
        for key in ("id", "emails", "phones", "name"):
            asked = [
                (number, value)
                for number, row in rows
                if number not in found
                for value in _values(row, key)
            ]
            for number, party in self._looked_up(key, asked):
                found.setdefault(number, set()).add(party)
        return found

    def editable(self, parties: Collection[int]) -> set[int]:
        """Those of the parties that the person may change."""
        if self.edits_all or self.by is None:
            return set(parties)
        rows = Party.objects.visible_to(self.by, "edit").filter(pk__in=parties)
        return set(rows.values_list("pk", flat=True))

    def organisations(self, keys: Iterable[str]) -> dict[str, int]:
        """The oldest organisation by each folded name."""
        sql = """
            SELECT p.sort_key, min(p.id) FROM parties_party p
            WHERE p.kind = 'organisation' AND p.sort_key = ANY(%s) AND {seen} GROUP BY 1
        """
        return dict(self._run(sql, [list(keys)], sees_all=self._sees_all_companies))

    def people_called(self, said: Sequence[str]) -> dict[str, set[int]]:
        """Everybody by a whole name as it is written, however it is parted here."""
        keys = [(at, key) for at, name in enumerate(said) for key in spoken_keys(name)]
        return self._by_what_was_said("name", keys, said)

    def reached_at(self, said: Sequence[str]) -> dict[str, set[int]]:
        """Everybody by an e-mail address."""
        return self._by_what_was_said("emails", list(enumerate(said)), said)

    def _by_what_was_said(
        self, key: str, asked: list[tuple[int, Any]], said: Sequence[str]
    ) -> dict[str, set[int]]:
        found: dict[str, set[int]] = {}
        for at, party in self._looked_up(key, asked):
            found.setdefault(said[at], set()).add(party)
        return found

    @property
    def _sees_all_companies(self) -> bool:
        return self.by is None or self.by.reach("companies") == Reach.ALL

    def _looked_up(self, key: str, asked: list[tuple[int, Any]]) -> list[tuple[int, int]]:
        if not asked:
            return []
        if key == "name and phone":
            wanted = [{"n": n, "k": value[0], "v": value[1]} for n, value in asked]
        else:
            wanted = [{"n": n, "v": value} for n, value in asked]
        return self._run(_SQL[key], [json_of(wanted), self.kind], sees_all=self.sees_all)

    def _run(self, sql: str, parameters: list[Any], *, sees_all: bool) -> list[Any]:
        if sees_all or self.by is None:
            return run(sql.format(seen="p.binned_at IS NULL"), parameters)
        seen, more = compiled(Party.objects.visible_to(self.by).values("pk"))
        return run(sql.format(seen=f"p.id IN ({seen})"), [*parameters, *more])


def spoken_keys(name: str) -> set[str]:
    """The keys of a person who is called so: of every way in which the name may be parted."""
    before, comma, given = (" ".join(part.split()) for part in name.partition(","))
    words = before.split(" ")[:_MOST_WORDS]
    count = len(words)
    if comma and given:
        parted = [(words[:at], words[at:], [given]) for at in range(1, count + 1)]
    else:
        parted = [
            (words[at:to], words[to:], words[:at])
            for at in range(1, count + 1)
            for to in range(at, count + 1)
        ]
    return {names.sort_key("\t".join(" ".join(part) for part in parts)) for parts in parted}


def _values(row: PartyRow, key: str) -> list[Any]:
    if key == "id":
        return [] if row.key is None else [row.key]
    if key == "name":
        return [row.sort_key] if row.sort_key else []
    return list(getattr(row, key))


def _key_value(row: PartyRow, key: str) -> Any:
    if key == "name":
        return row.sort_key
    if key in _POINTS:
        return next(iter(getattr(row, key)), "")
    return row.tax_id if key == "tax_id" else None


def _by_point(kind: str) -> str:
    return f"""
        SELECT d.n, p.id FROM json_to_recordset(%s) AS d(n bigint, v text)
        JOIN parties_point t ON t.kind = '{kind}' AND t.value = d.v
        JOIN parties_party p ON p.id = t.party_id WHERE p.kind = %s AND {{seen}}
    """


def _by_column(column: str, kind: str = "text", also: str = "") -> str:
    return f"""
        SELECT d.n, p.id FROM json_to_recordset(%s) AS d(n bigint, v {kind})
        JOIN parties_party p ON p.{column} = d.v WHERE p.kind = %s AND {{seen}} {also}
    """


_SQL = {
    "id": _by_column("id", "bigint"),
    "emails": _by_point("email"),
    "phones": _by_point("phone"),
    "tax_id": _by_column("tax_id"),
    "name": _by_column("sort_key"),
    "a few by name": f"""
        SELECT d.n, few.id FROM json_to_recordset(%s) AS d(n bigint, v text)
        CROSS JOIN LATERAL (
            SELECT p.id FROM parties_party p
            WHERE p.sort_key = d.v AND p.kind = %s AND {{seen}} LIMIT {MOST_ALIKE}) few
    """,
    "name without tax id": _by_column("sort_key", also="AND p.tax_id = ''"),
    "name alone": _by_column(
        "sort_key",
        also="""AND NOT EXISTS (SELECT FROM parties_point t
                WHERE t.party_id = p.id AND t.kind IN ('email', 'phone'))""",
    ),
    "name and phone": """
        SELECT d.n, p.id FROM json_to_recordset(%s) AS d(n bigint, v text, k text)
        JOIN parties_point t ON t.kind = 'phone' AND t.value = d.v
        JOIN parties_party p ON p.id = t.party_id AND p.sort_key = d.k
        WHERE p.kind = %s AND {seen}
    """,
}
