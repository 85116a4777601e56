"""Deals handed out as a table that can be loaded again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from circulo.accounts.models import User
from circulo.lib import ids, money
from circulo.lib.readers.values import joined
from circulo.parties.models import Party, PartyKind
from circulo.records import criteria
from circulo.records.own.definitions import defined
from circulo.records.own.tables import OwnCells
from circulo.records.resources import resource

_CHUNK = 2_000
COLUMNS = ("id", "reference", "title", "party_id", "company", "contact", "pipeline", "stage",
           "outcome", "amount", "currency", "expected_on", "opened_at", "closed_at", "owner",
           "agent", "source", "campaign", "reason", "reason_note", "lost_to", "tags",
           "notes")  # fmt: skip
HOLDS = {"amount": "number", "expected_on": "day", "opened_at": "moment", "closed_at": "moment"}
_PATHS = {
    "id": "pk", "party_id": "seen_party", "company": "company_called", "contact": "person_called",
    "pipeline": "pipeline__name", "stage": "stage__name", "owner": "owner__email",
    "reason": "reason__label",
}  # fmt: skip
_HIDDEN_WITH = {"reason_note": "reason", "lost_to": "rivals", "currency": "amount"}


def dump_deals(user: User, said: dict[str, Any]) -> tuple[list[str], Iterator[list[Any]]]:
    """The deals that the person may see and that fulfil the criterion."""
    kind = resource("deals")
    return dump_rows(criteria.narrow(kind.visible(user), kind, said, user), user)


def dump_rows(rows: QuerySet[Any], user: User) -> tuple[list[str], Iterator[list[Any]]]:
    """Headings and rows of a list already narrowed to what this person may see."""
    hidden = user.hidden_fields("deals")
    columns = [name for name in COLUMNS if _HIDDEN_WITH.get(name, name) not in hidden]
    own = defined("deals").visible_to(user, "deals")
    return [*columns, *(one.name for one in own.values())], _rows(rows, columns, user)


def _rows(rows: QuerySet[Any], columns: Sequence[str], user: User) -> Iterator[list[Any]]:
    party = Party.objects.visible_to(user).filter(pk=OuterRef("party_id"))
    firm, person = (party.filter(kind=k) for k in (PartyKind.ORGANISATION, PartyKind.PERSON))
    found = rows.order_by("pk").annotate(
        seen_party=Subquery(party.values("pk")),
        company_called=Subquery(firm.values("name")),
        person_called=Subquery(person.values("name")),
    )
    own = OwnCells(user, "deals", defined("deals").visible_to(user, "deals"))
    paths = [_PATHS.get(name, name) for name in columns]
    read = found.values(*dict.fromkeys((*paths, "currency", *own.reads))).iterator(_CHUNK)
    while chunk := list(islice(read, _CHUNK)):
        for row, cells in zip(chunk, own.cells(chunk), strict=True):
            yield [*(_cell(row, name) for name in columns), *cells]


def _cell(row: dict[str, Any], name: str) -> Any:
    value = row[_PATHS.get(name, name)]
    if value is None:
        return ""
    if name in ("id", "party_id"):
        return ids.encode("deal" if name == "id" else "party", value)
    if name == "amount":
        return money.written(value, row["currency"])
    if name in ("opened_at", "closed_at"):
        return value.isoformat()
    return joined(value) if name == "tags" else value
