"""A list on paper: as it stands on the screen, all its pages, with its filter in words."""

from __future__ import annotations

from django.utils.translation import get_language, ngettext

from circulo.accounts.models import User
from circulo.desk.listing import Listing, drawer, listing
from circulo.desk.own_columns import names_for
from circulo.desk.selectors.lists import listed, shown_of
from circulo.desk.wanted import Wanted
from circulo.documents.paper import frame, note
from circulo.documents.press import SECONDS_OF_MANY, print_pdf
from circulo.lib import format as fmt
from circulo.records import criteria, paging
from circulo.web.components.tables import Column, text_in

MOST_PRINTED, MOST_COLUMNS = 3_000, 9


def print_list(user: User, name: str, wanted: Wanted) -> bytes:
    """The PDF of a list: the columns that are shown of the rows that this person may see."""
    found = listing(user, name, wanted)
    if found.fault:
        raise found.fault
    columns = [column for column in found.columns if column.shown][:MOST_COLUMNS]
    rows = texts_of(user, found, columns)
    data, files = frame(str(found.resource.label), get_language()[:2])
    told = {
        "subtitle": _under(found, len(rows)),
        "note": note(),
        "columns": [str(column.label) for column in columns],
        "rows": rows,
    }
    return print_pdf("list", data | told, files, seconds=SECONDS_OF_MANY)


def texts_of(user: User, found: Listing, columns: list[Column]) -> list[list[str]]:
    """What the cells of a list say, as bare text."""
    names, name = [column.name for column in columns], found.resource.name
    rows = shown_of(user, found.resource, _keys(user, found), names)
    draw = drawer(name, user, names, names_for(user, name, names, rows))
    return [[text_in(column, row) for column in columns] for row in map(draw, rows)]


def _keys(user: User, found: Listing) -> list[int]:
    wanted = found.wanted
    said = criteria.parse(wanted.filter) if wanted.filter else None
    rows = listed(found.resource, user, q=wanted.q, criterion=said)
    sort = paging.sort_of(found.resource, found.sort, user)
    return paging.page_of_keys(rows, sort, limit=MOST_PRINTED).rows


def _under(found: Listing, count: int) -> str:
    """How many rows there are, and what the list was narrowed to."""
    rows = ngettext("%s row", "%s rows", count) % fmt.number(count)
    search = [f"“{found.wanted.q}”"] if found.wanted.q else []
    return " · ".join([rows, *search, *(chip["text"] for chip in found.chips)])
