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

Which columns, which order and which sort are in the URL (`columns=name,city&sort=city,-name`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape, unescape
from typing import Any, Self

from django.http import HttpRequest, QueryDict
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from circulo.lib import emails
from circulo.lib import format as one
from circulo.lib.errors import Text
from circulo.web.components.formats import sum_of
from circulo.web.components.marks import chip, icon, ring
from circulo.web.components.sorting import MOST_SORTS, Heading, choices_of, headings_of, sort_in

NARROWEST, WIDEST = 60, 800


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
    mark: str = ""  # the icon of a thing that is nobody, in place of the ring
    tint: tuple[str, str] | None = None  # what it stands out by, and in which tone

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
    widths: Mapping[str, int] = field(default_factory=dict)
    densities: Sequence[tuple[str, Text]] = ()  # those that can be chosen, where they are kept
    arrange_url: str = ""  # where new widths are told; without it nothing is kept but the address
    peeked: str = ""
    said: list[tuple[str, str]] = field(default_factory=list)  # the address, but for the page
    kept: list[tuple[str, str]] = field(default_factory=list)  # and for how it is arranged

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
        rest["sort"] = sort_in(query) or rest.get("sort", "")
        shown = _chosen(columns, query)
        said = [(name, value) for name, values in query.lists() for value in values]
        rest["said"] = [pair for pair in said if pair[0] not in _OF_THE_PAGE]
        rest["kept"] = [pair for pair in rest["said"] if pair[0] not in _ARRANGED]
        rest["peeked"] = query.get("peek", "")
        return cls(id, shown, columns, list(rows), query=_rest_of(query), **rest)

    @property
    def can_peek(self) -> bool:
        return any(row.peek for row in self.rows)

    @property
    def headings(self) -> list[Heading]:
        """Each heading with the links that sort by it."""
        return headings_of(self.columns, self.sort, self.query, self.widths)

    @property
    def is_arranged(self) -> bool:
        """Whether widths and density are kept, and so offered."""
        return bool(self.arrange_url)

    @property
    def has_many_sorts(self) -> bool:
        return "," in self.sort

    @property
    def limits(self) -> tuple[int, int]:
        """How narrow and how wide a column can be, in pixels."""
        return NARROWEST, WIDEST

    @property
    def arrangement(self) -> tuple[Any, ...]:
        """What the form that arranges one table differs by from that of another."""
        offered = tuple((column.name, str(column.label)) for column in self.every_column)
        shown = tuple(column.name for column in self.columns)
        said = (self.sort, self.density, tuple(self.densities), bool(self.widths))
        return shown, offered, self.id, self.is_arranged, *said

    @property
    def orders(self) -> list[tuple[str, list[tuple[str, Text]]]]:
        """The key of each rank, with what it can be; none where only one thing can be sorted by."""
        choices = choices_of(self.every_column)
        if len(choices) < 4:
            return []
        keys = [*self.sort.split(","), *[""] * MOST_SORTS][:MOST_SORTS]
        return [(key, choices) for key in keys]

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
_ARRANGED = {"columns", "sort", "density"}  # what the form that arranges a table says itself


def _rest_of(query: QueryDict) -> str:
    """The rest of the address, without the page and what a heading itself sets."""
    kept = query.copy()
    for name in _OF_THE_PAGE | {"sort"}:
        kept.pop(name, None)
    return kept.urlencode() + "&" if kept else ""


def body(table: Table, selecting: bool) -> SafeString:
    """All rows. Written without templates: a page has hundreds of cells."""
    said = {column.name: _attributes(column) for column in table.columns}
    select = _("Select %(name)s") if selecting else ""
    return SafeString("".join(_row(table, row, said, select) for row in table.rows))


def cell(column: Column, row: Row) -> SafeString:
    """One cell of a row: the whole `<td>`, or the `<th>` that names the row."""
    return SafeString(_cell(column, row, _attributes(column)))


def value_in(column: Column, row: Row) -> SafeString:
    """What a cell says, without the cell; empty where it says nothing."""
    value = row.values.get(column.name)
    if value is None or value == "" or value == []:
        return SafeString("")
    return SafeString(_KINDS.get(column.kind, _e)(value))


def text_in(column: Column, row: Row) -> str:
    """What a cell says as bare text, as on paper; a moment there is its day."""
    value = row.values.get(column.name)
    if value is None or value == "" or value == []:
        return ""
    text = _TEXTS.get(column.kind, _bare)(value)
    return unescape(strip_tags(text)) if isinstance(text, SafeString) else text


_NONE = '<span class="none" aria-hidden="true">—</span>'


def _row(table: Table, row: Row, said: Mapping[str, str], select: str) -> str:
    cells = "".join(_cell(column, row, said[column.name]) for column in table.columns)
    peeked = ' aria-current="true"' if row.id == table.peeked else ""
    return f'<tr data-id="{_e(row.id)}"{peeked}>{_tick(row, select) if select else ""}{cells}</tr>'


def _tick(row: Row, select: str) -> str:
    label = select % {"name": row.name}
    box = f'<input type="checkbox" class="pick" name="ids" value="{_e(row.id)}"'
    return f'<td class="tick"><label>{box} aria-label="{_e(label)}"></label></td>'


def _attributes(column: Column) -> str:
    return f' data-kind="{column.kind}" data-label="{_e(column.label)}"'


def _cell(column: Column, row: Row, said: str) -> str:
    value = row.values.get(column.name)
    if column.kind == "name":
        return _name_cell(value, row)
    empty = value is None or value == "" or value == []
    classes = " ".join(["low"] * column.low + ["nil"] * empty)
    if classes:
        said += f' class="{classes}"'
    if column.edit and row.edit:
        said += f' data-edit="{_e(row.edit.replace("{name}", column.name))}" tabindex="-1"'
    return f"<td{said}>{_NONE if empty else _KINDS.get(column.kind, _e)(value)}</td>"


def _name_cell(value: Any, row: Row) -> str:
    text = value if isinstance(value, str) else getattr(value, "name", value)
    peek = f' data-peek="{_e(row.peek)}"' if row.peek else ""
    note = f" <small>{_e(row.note)}</small>" if row.note else ""
    tint = f"<div>{chip(*row.tint)}</div>" if row.tint else ""
    name = f'<span><span class="name">{_e(text)}</span>{note}</span>'
    drawn = icon(row.mark) if row.mark else ring(value)
    return f'<th scope="row"><a href="{_e(row.url)}"{peek}>{drawn}{name}{tint}</a></th>'


def _e(value: Any) -> str:
    """Escaped, unless it is safe already."""
    return value if isinstance(value, SafeString) else escape(str(value))


def _chips(value: Iterable[Any]) -> str:
    pairs = [item if isinstance(item, tuple) else (item, "") for item in value]
    return " ".join(chip(text, tone) for text, tone in pairs)


def _bare(value: Any) -> str:
    """A text, or what the thing is called that a name column holds."""
    return value if isinstance(value, str) else str(getattr(value, "name", value))


def _mail(value: Any) -> str:
    return f'<a class="link" href="mailto:{_e(value)}" tabindex="-1">{_e(value)}</a>'


def _phone(value: Any) -> str:
    """A text, or the pair of the number to call and how it is written here."""
    call, shown = value if isinstance(value, tuple) else (value, value)
    return f'<a href="tel:{_e(call.replace(" ", ""))}" tabindex="-1">{_e(shown)}</a>'


_KINDS: dict[str, Callable[[Any], str]] = {
    "money": lambda value: _e(sum_of(value)),
    "number": lambda value: _e(one.number(value)),
    "day": lambda value: _e(one.day(value)),
    "moment": lambda value: _e(one.moment(value)),
    "chips": _chips,
    "mail": _mail,
    "phone": _phone,
}

_TEXTS: dict[str, Callable[[Any], str]] = {
    "money": sum_of,
    "number": one.number,
    "day": one.day,
    "moment": one.day,
    "chips": lambda value: ", ".join(
        str(item[0] if isinstance(item, tuple) else item) for item in value
    ),
    "mail": emails.shown,
    "phone": lambda value: str(value[1] if isinstance(value, tuple) else value),
}
