"""A list on paper: as it stands on the screen, all its pages, with its filter in words."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, ngettext

from circulo.accounts.models import User
from circulo.desk.listing import Listing, listing
from circulo.desk.selectors.lists import listed, shown_of
from circulo.desk.wanted import Wanted
from circulo.documents.paper import frame, note
from circulo.documents.press import SECONDS_OF_MANY, print_pdf
from circulo.lib import countries, emails, phones
from circulo.lib import format as fmt
from circulo.records import criteria, paging
from circulo.records.resources import Field, Type
from circulo.records.rosters import Columns

MOST_PRINTED, MOST_COLUMNS = 3_000, 9


def print_list(user: User, name: str, wanted: Wanted) -> bytes:
    """The PDF of a list: the columns that are shown of the rows that this person may see."""
    found = listing(user, name, wanted)
    if found.fault:
        raise found.fault
    shown = [column.name for column in found.columns if column.shown][:MOST_COLUMNS]
    fields = [found.fields[one] for one in shown if one in found.fields]
    rows = shown_of(user, found.resource, _keys(user, found), [field.name for field in fields])
    data, files = frame(str(found.resource.label), get_language()[:2])
    told = {
        "subtitle": _under(found, len(rows)),
        "note": note(),
        "columns": [str(field.label) for field in fields],
        "rows": [[_text(field, row) for field in fields] for row in rows],
    }
    return print_pdf("list", data | told, files, seconds=SECONDS_OF_MANY)


def _keys(user: User, found: Listing) -> list[int]:
    wanted = found.wanted
    said = criteria.parse(wanted.filter) if wanted.filter else None
    rows = listed(found.resource, user, q=wanted.q, criterion=said)
    sort = paging.sort_of(found.resource, found.sort, user)
    return [row.pk for row in paging.page(rows.only("pk"), sort, limit=MOST_PRINTED).rows]


def _under(found: Listing, count: int) -> str:
    """How many rows there are, and what the list was narrowed to."""
    rows = ngettext("%s row", "%s rows", count) % fmt.number(count)
    search = [f"“{found.wanted.q}”"] if found.wanted.q else []
    return " · ".join([rows, *search, *(chip["text"] for chip in found.chips)])


def _text(field: Field, row: Columns) -> str:
    value = row.get(field.name)
    match value:
        case None | "":
            return ""
        case datetime() | date():
            return fmt.day(value)
        case int() | Decimal():
            return str(value) if field.name == "founded" else fmt.number(value)
        case list():
            return ", ".join(map(str, value))
        case {"name": linked}:
            return str(linked)
    return _word(field, str(value))


def _word(field: Field, value: str) -> str:
    if field.type is Type.CHOICE and field.choices:
        return str(field.choices().get(value, value))
    shapes: dict[str, Any] = {
        "phones": lambda text: phones.shown(text, fmt.current().country),
        "emails": emails.shown,
        "country": lambda text: countries.name(text, get_language()[:2]),
    }
    return str(shapes[field.name](value)) if field.name in shapes else value
