"""Quotes handed out as a table; they are made here, so none can be loaded."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from circulo.accounts.models import User
from circulo.lib import ids, money
from circulo.parties.models import Party
from circulo.quotes.seen import sees_margin
from circulo.records import criteria
from circulo.records.own.definitions import defined
from circulo.records.own.tables import OwnCells
from circulo.records.resources import resource
from circulo.sales.models import Deal

_CHUNK = 2_000
COLUMNS = ("id", "number", "revision", "title", "party_id", "party", "deal_id", "deal", "status",
           "net", "tax", "total", "currency", "discount", "valid_until", "owner", "sent_at",
           "decided_at", "created_at", "updated_at")  # fmt: skip
HOLDS = {
    "revision": "whole", "net": "number", "tax": "number", "total": "number", "cost": "number",
    "discount": "number", "margin_rate": "number", "valid_until": "day", "sent_at": "moment",
    "decided_at": "moment", "created_at": "moment", "updated_at": "moment",
}  # fmt: skip
_PATHS = {
    "id": "pk", "party_id": "seen_party", "party": "party_called", "deal_id": "seen_deal",
    "deal": "deal_called", "owner": "owner__email",
}  # fmt: skip
_KEYS = {"id": "quote", "party_id": "party", "deal_id": "deal"}
_MONEY = frozenset({"net", "tax", "total", "cost"})


def dump_quotes(user: User, said: dict[str, Any]) -> tuple[list[str], Iterator[list[Any]]]:
    """The quotes that the person may see and that fulfil the criterion."""
    kind = resource("quotes")
    return dump_rows(criteria.narrow(kind.visible(user), kind, said, user), user)


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
    deal = Deal.objects.visible_to(user).filter(pk=OuterRef("deal_id"))
    found = rows.order_by("pk").annotate(
        seen_party=Subquery(party.values("pk")),
        party_called=Subquery(party.values("name")),
        seen_deal=Subquery(deal.values("pk")[:1]),
        deal_called=Subquery(deal.values("title")[:1]),
    )
    paths = [_PATHS.get(name, name) for name in columns]
    read = found.values(*dict.fromkeys((*paths, "currency", *own.reads))).iterator(_CHUNK)
    while chunk := list(islice(read, _CHUNK)):
        for row, cells in zip(chunk, own.cells(chunk), strict=True):
            yield [*(_cell(row, name) for name in columns), *cells]


def _cell(row: dict[str, Any], name: str) -> Any:
    value = row[_PATHS.get(name, name)]
    if value is None:
        return ""
    if name in _KEYS:
        return ids.encode(_KEYS[name], value)
    if name in _MONEY:
        return money.written(value, row["currency"])
    return value.isoformat() if name.endswith("_at") else value
