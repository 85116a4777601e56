"""Quotes handed out as a table."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from circulo.accounts.models import User
from circulo.lib import ids, money
from circulo.parties.models import Party
from circulo.quotes.seen import sees_margin
from circulo.records.own.definitions import defined
from circulo.records.own.tables import OwnCells

_CHUNK = 2_000
COLUMNS = ("id", "number", "title", "party", "status", "net", "tax", "total", "currency",
           "discount", "valid_until", "owner", "sent_at", "decided_at")  # fmt: skip
_PATHS = {"id": "pk", "party": "party_called", "owner": "owner__email"}
_MONEY = frozenset({"net", "tax", "total", "cost"})


def dump_rows(rows: QuerySet[Any], user: User) -> tuple[list[str], Iterator[list[Any]]]:
    """Headings and rows of a list already narrowed to what this person may see."""
    columns = [*COLUMNS, *(("cost", "margin_rate") if sees_margin(user) else ())]
    own = defined("quotes").visible_to(user, "quotes")
    cells = OwnCells(user, "quotes", own)
    return [*columns, *(one.name for one in own.values())], _rows(rows, columns, user, cells)


def _rows(
    rows: QuerySet[Any], columns: list[str], user: User, own: OwnCells
) -> Iterator[list[Any]]:
    party = Party.objects.visible_to(user).filter(pk=OuterRef("party_id"))
    found = rows.order_by("pk").annotate(party_called=Subquery(party.values("name")))
    paths = [_PATHS.get(name, name) for name in columns]
    read = found.values(*dict.fromkeys((*paths, "currency", *own.reads))).iterator(_CHUNK)
    while chunk := list(islice(read, _CHUNK)):
        for row, cells in zip(chunk, own.cells(chunk), strict=True):
            yield [*(_cell(row, name) for name in columns), *cells]


def _cell(row: dict[str, Any], name: str) -> Any:
    value = row[_PATHS.get(name, name)]
    if value is None:
        return ""
    if name == "id":
        return ids.encode("quote", value)
    if name in _MONEY:
        return money.written(value, row["currency"])
    return value.isoformat() if name.endswith("_at") else value
