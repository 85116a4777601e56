"""The table of records: what `web/_table.html` draws.

A view makes columns once and a table per request:

    COLUMNS = [
        Column("name", _("Name"), kind="name", sort=True),
        Column("city", _("City"), sort=True, edit=True),
        Column("amount", _("Amount"), kind="money"),
    ]

    def rows(found):
        for party in found:
            yield Row(party.opaque, url(party), {"name": party, "city": party.city}, peek=…, edit=…)

    table = Table.of(request, "contacts", COLUMNS, rows(page), newer=page.newer, older=page.older)

Which columns, which order and which sort are in the URL (`columns=name,city&sort=-name`).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from django.http import HttpRequest, QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from circulo.lib import format as one
from circulo.lib.errors import Text
from circulo.web.components.formats import sum_of
from circulo.web.components.marks import chip, ring


@dataclass(frozen=True)
class Column:
    """One column. Kinds: text, name, money, number, day, moment, phone, mail, chips."""

    name: str
    label: Text
    kind: str = "text"
    sort: bool = False
    edit: bool = False  # rows that carry `edit` let it be edited in place
    shown: bool = True  # until the user chooses otherwise
    low: bool = False  # left out on a phone's card


@dataclass(frozen=True)
class Row:
    """One record: its values by column name.

    The value of a `name` column is the thing itself (see `ring`) or a text; of `money` an (amount,
    currency); of `chips` texts or (text, tone); of `phone` a text or (to call, as shown). `peek` is
    the URL of the fragment for the side panel; `edit` that of a cell's form, with `{name}` where
    the column stands.
    """

    id: str
    url: str
    values: Mapping[str, Any]
    peek: str = ""
    edit: str = ""
    note: Text = ""  # small, behind the name

    @property
    def name(self) -> str:
        """What the row is called: its first value."""
        value = next(iter(self.values.values()), "")
        return str(getattr(value, "name", value))


@dataclass(frozen=True)
class Table:
    """Columns, rows and where their links lead."""

    id: str
    columns: list[Column]
    every_column: list[Column]
    rows: list[Row]
    sort: str
    query: str
    newer: str = ""
    older: str = ""
    caption: Text = ""
    density: str = ""
    peeked: str = ""
    kept: list[tuple[str, str]] = field(default_factory=list)

    @classmethod
    def of(
        cls,
        request: HttpRequest,
        id: str,
        columns: list[Column],
        rows: Iterable[Row],
        **rest: Any,
    ) -> Self:
        """The table of this request: `sort` and `columns` are read from its URL.

        `newer` and `older` are URLs; `sort` is the sort in force where the URL has none.
        """
        query = request.GET
        rest["sort"] = query.get("sort") or rest.get("sort", "")
        shown = _chosen(columns, query)
        kept = [(name, value) for name, values in query.lists() for value in values]
        rest["kept"] = [pair for pair in kept if pair[0] not in _OF_THE_PAGE | {"columns"}]
        rest["peeked"] = query.get("peek", "")
        return cls(id, shown, columns, list(rows), query=_rest_of(query), **rest)

    @property
    def can_peek(self) -> bool:
        return any(row.peek for row in self.rows)

    @property
    def headings(self) -> list[dict[str, Any]]:
        """Each heading with the link that sorts by it, or turns the sort in force round."""
        return [self._heading(column) for column in self.columns]

    def _heading(self, column: Column) -> dict[str, Any]:
        down, up = self.sort == f"-{column.name}", self.sort == column.name
        target = f"-{column.name}" if up else column.name
        return {
            "column": column,
            "end": column.kind in {"money", "number"},
            "url": f"?{self.query}sort={target}" if column.sort else "",
            "order": "ascending" if up else "descending" if down else "",
        }

    @property
    def choices(self) -> list[tuple[Column, bool]]:
        """Every column, those shown first in their order, for the chooser."""
        hidden = [column for column in self.every_column if column not in self.columns]
        return [(column, True) for column in self.columns] + [(column, False) for column in hidden]


def _chosen(columns: list[Column], query: QueryDict) -> list[Column]:
    names = [name for part in query.getlist("columns") for name in part.split(",")]
    by_name = {column.name: column for column in columns}
    chosen = [by_name[name] for name in dict.fromkeys(names) if name in by_name]
    return chosen or [column for column in columns if column.shown]


_OF_THE_PAGE = {"cursor", "after", "before", "peek"}


def _rest_of(query: QueryDict) -> str:
    """The rest of the address, without the page and what a heading itself sets."""
    kept = query.copy()
    for name in _OF_THE_PAGE | {"sort"}:
        kept.pop(name, None)
    return kept.urlencode() + "&" if kept else ""


_NONE = mark_safe('<span class="none" aria-hidden="true">—</span>')


def cell(column: Column, row: Row) -> SafeString:
    """One cell of a row: the whole `<td>`, or the `<th>` that names the row."""
    value = row.values.get(column.name)
    if column.kind == "name":
        return _name_cell(value, row)
    empty = value is None or value == "" or value == []
    attributes = format_html(' data-kind="{}" data-label="{}"', column.kind, column.label)
    classes = " ".join(["low"] * column.low + ["nil"] * empty)
    if classes:
        attributes += format_html(' class="{}"', classes)
    if column.edit and row.edit:
        url = row.edit.replace("{name}", column.name)
        attributes += format_html(' data-edit="{}" tabindex="-1"', url)
    return format_html("<td{}>{}</td>", attributes, _NONE if empty else _shown(column.kind, value))


def _name_cell(value: Any, row: Row) -> SafeString:
    text = value if isinstance(value, str) else getattr(value, "name", value)
    peek = format_html(' data-peek="{}"', row.peek) if row.peek else ""
    note = format_html(" <small>{}</small>", row.note) if row.note else ""
    return format_html(
        '<th scope="row"><a href="{}"{}>{}<span><span class="name">{}</span>{}</span></a></th>',
        *(row.url, peek, ring(value), text, note),
    )


def _chips(value: Iterable[Any]) -> SafeString:
    pairs = [(item, "") if isinstance(item, str) else item for item in value]
    return format_html_join(" ", "{}", ((chip(text, tone),) for text, tone in pairs))


def _mail(value: str) -> SafeString:
    return format_html('<a class="link" href="mailto:{0}" tabindex="-1">{0}</a>', value)


def _phone(value: Any) -> SafeString:
    """A text, or the pair of the number to call and how it is written here."""
    call, shown = (value, value) if isinstance(value, str) else value
    return format_html('<a href="tel:{}" tabindex="-1">{}</a>', call.replace(" ", ""), shown)


_KINDS: dict[str, Callable[[Any], str]] = {
    "money": sum_of,
    "number": one.number,
    "day": one.day,
    "moment": one.moment,
    "chips": _chips,
    "mail": _mail,
    "phone": _phone,
}


def _shown(kind: str, value: Any) -> Any:
    return _KINDS[kind](value) if kind in _KINDS else value
