"""Leads handed out as a table that can be loaded again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from django.db.models import QuerySet

from circulo.accounts.models import User
from circulo.lib import ids
from circulo.lib.readers.values import joined
from circulo.records import criteria
from circulo.records.own.definitions import defined
from circulo.records.own.tables import OwnCells
from circulo.records.resources import resource

_CHUNK = 2_000
COLUMNS = ("id", "reference", "given_name", "first_surname", "second_surname", "company",
           "job_title", "email", "phone", "city", "postal_code", "region", "country", "message",
           "language", "source", "campaign", "channel", "status", "reason", "reason_note", "score",
           "owner", "arrived_at", "answered_at", "converted_at", "tags")  # fmt: skip
HOLDS = {
    "score": "whole",
    "arrived_at": "moment",
    "answered_at": "moment",
    "converted_at": "moment",
}
_PATHS = {"id": "pk", "owner": "owner__email", "reason": "reason__label"}
_HIDDEN_WITH = {"reason_note": "reason"}
_MOMENTS = frozenset({"arrived_at", "answered_at", "converted_at"})


def dump_leads(user: User, said: dict[str, Any]) -> tuple[list[str], Iterator[list[Any]]]:
    """The leads that the person may see and that fulfil the criterion."""
    kind = resource("leads")
    return dump_rows(criteria.narrow(kind.visible(user), kind, said, user), user)


def dump_rows(rows: QuerySet[Any], user: User) -> tuple[list[str], Iterator[list[Any]]]:
    """Headings and rows of a list already narrowed to what this person may see."""
    hidden = user.hidden_fields("leads")
    columns = [name for name in COLUMNS if _HIDDEN_WITH.get(name, name) not in hidden]
    own = defined("leads").visible_to(user, "leads")
    return [*columns, *(one.name for one in own.values())], _rows(rows, columns, user)


def _rows(rows: QuerySet[Any], columns: Sequence[str], user: User) -> Iterator[list[Any]]:
    own = OwnCells(user, "leads", defined("leads").visible_to(user, "leads"))
    paths = [_PATHS.get(name, name) for name in columns]
    read = rows.order_by("pk").values(*dict.fromkeys((*paths, *own.reads))).iterator(_CHUNK)
    while chunk := list(islice(read, _CHUNK)):
        for row, cells in zip(chunk, own.cells(chunk), strict=True):
            yield [*(_cell(row, name) for name in columns), *cells]


def _cell(row: dict[str, Any], name: str) -> Any:
    value = row[_PATHS.get(name, name)]
    if value is None:
        return ""
    if name == "id":
        return ids.encode("lead", value)
    if name in _MOMENTS:
        return value.isoformat()
    return joined(value) if name == "tags" else value
