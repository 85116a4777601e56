"""Contacts and companies handed out as tables that can be loaded again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from circulo.accounts.models import User
from circulo.lib import ids
from circulo.lib.readers.values import joined
from circulo.parties.models import Party, PartyKind, Point, PostalAddress
from circulo.records import criteria
from circulo.records.own.definitions import defined
from circulo.records.own.tables import OwnCells
from circulo.records.resources import resource

_CHUNK = 2_000
_ADDRESS = ("street", "unit", "district", "postal_code", "city", "region", "country")
_POINTS = {
    "emails": "email",
    "phones": "phone",
    "faxes": "fax",
    "website": "web",
    "social": "social",
}
_COMMON = (
    *("emails", "emails_labels", "phones", "phones_labels", "faxes", "website", "social"),
    *_ADDRESS,
    *("tax_id", "tax_country", "lifecycle", "source", "tags", "language", "owner", "notes"),
)
CONTACT_COLUMNS = (
    *("id", "given_name", "first_surname", "second_surname", "preferred_name", "title"),
    *("job_title", "company", "birthday", "form_of_address", *_COMMON),
)
COMPANY_COLUMNS = (
    *("id", "name", "legal_name", "industry", "size", "annual_revenue", "founded", "parent"),
    *_COMMON,
)
CONTACT_HOLDS = {"birthday": "day"}
COMPANY_HOLDS = {"size": "whole", "annual_revenue": "number", "founded": "whole"}
_PATHS = {"owner": "owner__email", "company": "company__name", "parent": "company__name"} | {
    "name": "trade_name"
}


def dump_contacts(user: User, said: dict[str, Any]) -> tuple[list[str], Iterator[list[Any]]]:
    """The contacts that the person may see and that fulfil the criterion."""
    return _dumped("contacts", PartyKind.PERSON, user, said)


def dump_companies(user: User, said: dict[str, Any]) -> tuple[list[str], Iterator[list[Any]]]:
    """The companies that the person may see and that fulfil the criterion."""
    return _dumped("companies", PartyKind.ORGANISATION, user, said)


def _dumped(
    name: str, kind: str, user: User, said: dict[str, Any]
) -> tuple[list[str], Iterator[list[Any]]]:
    rows: QuerySet[Party] = Party.objects.visible_to(user).filter(kind=kind)
    return dump_rows(name, criteria.narrow(rows, resource(name), said, user), user)


def dump_rows(
    name: str, rows: QuerySet[Party], user: User
) -> tuple[list[str], Iterator[list[Any]]]:
    """Headings and rows of a list already narrowed to what this person may see."""
    columns = CONTACT_COLUMNS if name == "contacts" else COMPANY_COLUMNS
    hidden = user.hidden_fields(name)
    shown = [column for column in columns if not _is_hidden(column, hidden)]
    own = defined(name).visible_to(user, name)
    cells = _rows(rows.order_by("pk"), shown, OwnCells(user, name, own))
    return [*shown, *(one.name for one in own.values())], cells


def _is_hidden(column: str, hidden: frozenset[str]) -> bool:
    whole = column.removesuffix("_labels")
    return whole in hidden or ("addresses" in hidden and column in _ADDRESS)


def _rows(rows: QuerySet[Party], columns: Sequence[str], own: OwnCells) -> Iterator[list[Any]]:
    points = ArraySubquery(
        Point.objects.filter(party=OuterRef("pk"))
        .order_by("-is_primary", "position", "pk")
        .values(json=JSONObject(kind="kind", value="value", label="label"))
    )
    address = Subquery(
        PostalAddress.objects.filter(party=OuterRef("pk"), is_primary=True).values(
            json=JSONObject(**{name: F(name) for name in _ADDRESS})
        )[:1]
    )
    plain = [c for c in columns if c not in _ADDRESS and c.removesuffix("_labels") not in _POINTS]
    paths = [_PATHS.get(column, column) for column in plain]
    found = rows.annotate(found_points=points, found_address=address)
    names = dict.fromkeys((*paths, *own.reads, "found_points", "found_address"))
    read = found.values(*names).iterator(_CHUNK)
    while chunk := list(islice(read, _CHUNK)):
        for row, cells in zip(chunk, own.cells(chunk), strict=True):
            yield [*(_cell(row, column) for column in columns), *cells]


def _cell(row: dict[str, Any], column: str) -> Any:
    if column == "id":
        return ids.encode("party", row["id"])
    if column in _ADDRESS:
        return (row["found_address"] or {}).get(column, "")
    name = column.removesuffix("_labels")
    if name in _POINTS:
        mine = [point for point in row["found_points"] if point["kind"] == _POINTS[name]]
        if column == name:
            return "; ".join(point["value"] for point in mine)
        labels = [point["label"].replace(";", " ") for point in mine]
        return "; ".join(labels) if any(labels) else ""
    value = row[_PATHS.get(column, column)]
    return joined(value) if column == "tags" else value
