"""A page of a list as its address asks for it, and the rows that its table draws."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import get_language

from circulo.accounts import prepared
from circulo.accounts.models import User
from circulo.accounts.rights import Reach
from circulo.desk.models import ListChoice
from circulo.desk.own_columns import names_for, own_column, own_reader
from circulo.desk.selectors.lists import asked_of, shown_of
from circulo.desk.wanted import Wanted, widths_in_words
from circulo.lib import ids
from circulo.parties.criteria_told import names_of
from circulo.records import criteria, paging
from circulo.records.criteria_words import Words, links_in
from circulo.records.estimates import Estimates
from circulo.records.resources import Field, Resource, resource
from circulo.records.rosters import Columns, Roster, Tint, roster
from circulo.records.rows import Rows, seen_rows
from circulo.records.trees import Group, text_of
from circulo.web.components.tables import Column, Row

PER_PAGE = 50
_ANY = "0000000000"
_estimates: Estimates[int] = Estimates()


@dataclass(frozen=True)
class Listing:
    """One page of a list, with what is said around it."""

    resource: Resource
    wanted: Wanted
    fields: dict[str, Field]
    columns: list[Column]
    sort: str
    widths: dict[str, int] = field(default_factory=dict)
    density: str = ""
    tree: Group = field(default_factory=Group)
    fault: criteria.BadCriteria | None = None
    page: paging.Page[int] = field(default_factory=lambda: paging.Page([], None, None, True))
    count: int = 0
    is_estimate: bool = False
    rows: list[Columns] = field(default_factory=list)
    names: dict[tuple[str, str], str] = field(default_factory=dict)
    own_names: dict[tuple[str, str], str] = field(default_factory=dict)

    @property
    def is_narrowed(self) -> bool:
        return bool(self.wanted.q or self.wanted.filter)

    @property
    def arranged(self) -> Wanted:
        """The address of this list as it stands, with what the person's own liking added to it."""
        return replace(
            self.wanted,
            sort=self.sort,
            columns=tuple(column.name for column in self.columns if column.shown),
            widths=widths_in_words(self.widths),
            density=self.density,
        )

    @cached_property
    def words(self) -> Words:
        return Words(self.fields, self.names)

    @property
    def chips(self) -> list[dict[str, str]]:
        """The conditions in force, each with the address without it."""
        return [
            {
                "text": self.words.of(member),
                "off": self.without(str(place)),
            }
            for place, member in enumerate(self.tree.members)
        ]

    def without(self, place: str) -> str:
        """The address of this list without the member of its criterion at a place."""
        return self.wanted.address(filter=text_of(self.tree.put(place, None)))


def listing(user: User, name: str, wanted: Wanted) -> Listing:
    """The page of a list that this person asks for; BadSort where its order or page is no good."""
    kind = resource(name)
    liked = _liked(user, name)
    fields = kind.fields_for(user)
    columns = _columns(kind, fields, liked.columns, wanted.columns)
    sort_text = wanted.sort or (liked.sort if _sorts(fields, liked.sort) else kind.default_sort)
    widths = wanted.every_width if wanted.widths else liked.widths
    density = wanted.density if wanted.density in User.Density else liked.density
    empty = Listing(kind, wanted, fields, columns, sort_text, widths, density)
    sort = paging.sort_of(kind, sort_text, user)
    if is_own_board(name, wanted) and not empty.is_narrowed:
        return empty
    try:
        criterion = criteria.parse(wanted.filter) if wanted.filter else None
        narrowed = asked_of(kind, user, q=wanted.q, criterion=criterion)
    except criteria.BadCriteria as fault:
        return replace(empty, fault=fault)
    tree = Group.of(criterion)
    asked = fields if not criterion else kind.criteria_for(user)
    if is_own_board(name, wanted):
        names = names_of(user, links_in(tree, asked))
        return replace(empty, tree=tree, fields=asked, names=names)
    found, count, is_estimate = _found(user, kind, wanted, sort, narrowed)
    shown = [column.name for column in columns if column.shown]
    rows = shown_of(user, kind, found.rows, shown)
    return replace(
        empty,
        tree=tree,
        fields=asked,
        page=found,
        rows=rows,
        own_names=names_for(user, name, shown, rows),
        count=count,
        is_estimate=is_estimate,
        names=names_of(user, links_in(tree, asked)),
    )


def opens_as_its_board(name: str, wanted: Wanted) -> bool:
    """Whether a list is shown as the board that it has of its own, where nothing else is said."""
    return bool(roster(name).board) and not wanted.shape and not wanted.is_of_a_view


def is_own_board(name: str, wanted: Wanted) -> bool:
    """Whether the board that is asked for is the one that the resource has of its own."""
    board = roster(name).board
    return board is not None and wanted.shape == "board" and wanted.by in ("", board.by)


def _found(
    user: User, kind: Resource, wanted: Wanted, sort: paging.Sort, rows: Rows[Any]
) -> tuple[paging.Page[int], int, bool]:
    """The keys of the page, how many records there are in all, and whether that is a guess."""
    asked = (user.pk, user.role_id, kind.name, wanted.q, wanted.filter)
    known = _estimates.of(asked)
    is_narrowed = bool(wanted.q or wanted.filter)
    seen = seen_rows(kind, user)
    rare = paging.few(rows, seen) if is_narrowed and known is None else paging.Gathered()
    if rare.keys is not None:
        rows = seen.with_keys(rare.keys)
    among = seen if is_narrowed and rare.keys is None else None
    cursor = wanted.cursor or None
    found = paging.page_of_keys(rows, sort, limit=PER_PAGE, cursor=cursor, among=among)
    if known is not None and not found.is_all:
        return found, known, True
    count, is_estimate = rare.count(rows, found)
    if is_estimate:
        _estimates.keep(asked, count)
    return found, count, is_estimate


def count_of(user: User, name: str, q: str, tree: Group) -> tuple[int, bool]:
    """How many records a search and a criterion find, and whether that is a guess."""
    kind = resource(name)
    criterion = tree.written() if tree.members else None
    rows, seen = asked_of(kind, user, q=q, criterion=criterion), seen_rows(kind, user)
    return paging.few(rows, seen).count(rows)


class _Liked(NamedTuple):
    """How a person chose to see a list."""

    columns: Sequence[str] = ()
    sort: str = ""
    widths: dict[str, int] = {}
    density: str = ""


def _liked(user: User, name: str) -> _Liked:
    asked = prepared.once("list choice", _choices)
    rows = asked.run({prepared.KEY: user.pk, prepared.KEYS: name})
    if not rows:
        return _Liked()
    columns, sort, widths, density = rows[0]
    return _Liked(columns, sort, prepared.loaded(widths), density)


def _choices() -> QuerySet[Any, Any]:
    rows = ListChoice.objects.filter(user=prepared.KEY, name=prepared.KEYS)
    return rows.values_list("columns", "sort", "widths", "density")


def listing_words(user: User, name: str, text: str) -> Listing | None:
    """A list without its rows, to speak of its criterion; None where there is none to speak of."""
    kind = resource(name)
    try:
        criterion = criteria.parse(text) if text else None
        criteria.compile_for(kind, criterion or {"all": []}, user)
    except criteria.BadCriteria:
        return None
    fields, tree = kind.criteria_for(user), Group.of(criterion)
    names = names_of(user, links_in(tree, fields))
    return Listing(kind, Wanted(filter=text), fields, [], "", tree=tree, names=names)


def _sorts(fields: dict[str, Field], text: str) -> bool:
    names = [part.removeprefix("-") for part in text.split(",")] if text else []
    return bool(names) and all(name in fields and fields[name].sort_by for name in names)


def _columns(
    kind: Resource, fields: dict[str, Field], liked: Sequence[str], wanted: tuple[str, ...]
) -> list[Column]:
    """Every column, those shown first and in their order; that of the name always leads."""
    about = roster(kind.name)
    offered = {name: field for name, field in fields.items() if field.is_column}
    chosen = [name for name in (wanted or liked) if name in offered]
    shown = chosen or [name for name in (*kind.columns, *about.also) if name in offered]
    shown = [about.leads, *(name for name in shown if name != about.leads)]
    order = [*shown, *(name for name in offered if name not in shown)]
    return [column_of(about, offered[name], is_shown=name in shown) for name in order]


def column_of(about: Roster, field: Field, *, is_shown: bool) -> Column:
    """A field as a column of the table."""
    if field.own:
        return own_column(field, is_shown=is_shown)
    return Column(
        field.name,
        field.label,
        about.kinds.get(field.name, "text"),
        sort=bool(field.sort_by),
        edit=field.name in about.edited,
        shown=is_shown,
        low=field.name in about.low,
    )


def rows_of(listing: Listing, user: User) -> Iterator[Row]:
    """The rows of a page as the table draws them."""
    shown = [column.name for column in listing.columns if column.shown]
    name = listing.resource.name
    draw = drawer(name, user, shown, listing.own_names, tints_of(user, name, listing.rows))
    return map(draw, listing.rows)


def tints_of(user: User, name: str, rows: Sequence[Columns]) -> Mapping[int, Tint]:
    """The colours that some of these rows of a list stand out by."""
    tints = roster(name).tints
    return tints(user, [row["id"] for row in rows]) if tints else {}


def drawer(
    name: str,
    user: User,
    shown: list[str],
    names: dict[tuple[str, str], str],
    tints: Mapping[int, Tint] | None = None,
) -> Callable[[Columns], Row]:
    """What makes a row of a list out of what was read of a record; `names` of what it links to,
    `tints` by what it stands out."""
    tinted = tints or {}
    fields, about = resource(name).fields_for(user), roster(name)
    country, language = user.region[-2:], get_language() or "es"
    readers = [
        (
            column,
            own_reader(name, one, names)
            if (one := fields[column].own)
            else about.show(column, country, language),
        )
        for column in shown
    ]

    is_within = about.may_edit(user) if about.may_edit else _reaches(user, name)

    def draw(row: Columns) -> Row:
        identifier = ids.encode(about.key, row["id"])
        url = f"/{name}/{identifier}"
        return Row(
            identifier,
            url,
            {column: read(row) for column, read in readers},
            note=about.note(row) if about.note else "",
            mark=about.mark_of(row),
            peek=_peek(name).replace(_ANY, identifier),
            edit=f"{url}/cell/{{name}}" if is_within(row) else "",
            tint=tinted.get(row["id"]),
        )

    return draw


def _reaches(user: User, name: str) -> Callable[[Columns], bool]:
    """`visible_to` for one row; what nobody owns only a reach over everything holds."""
    reach = user.reach(resource(name).kind, "edit")

    def is_within(row: Columns) -> bool:
        if "owner_id" not in row:
            return reach == Reach.ALL
        owner, place = row["owner_id"], row.get("territory_id")
        return user.lies_in_reach(reach, owner, place, path=row["owner_path"] or "")

    return is_within


@cache
def _peek(name: str) -> str:
    return reverse(f"desk:peek_{name}", args=[_ANY])
