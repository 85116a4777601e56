"""A list as its address asks for it: search, criterion, order, columns, page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Self
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language

from circulo.accounts.models import User
from circulo.desk.conditions import Words, links_in
from circulo.desk.filters import Group, text_of
from circulo.desk.models import ListChoice
from circulo.desk.selectors.lists import listed, may_touch, names_of, with_columns
from circulo.lib import countries, phones
from circulo.lib.errors import Text
from circulo.parties.models import Party
from circulo.records import criteria, paging
from circulo.records.resources import Field, Resource, resource
from circulo.web.components.tables import Column, Row

PER_PAGE = 50
MOST_LETTERS = 200
TONES = {
    "customer": "good",
    "lead": "accent",
    "prospect": "accent",
    "member": "good",
    "partner": "line",
    "supplier": "line",
}
_KINDS = {
    "name": "name",
    "emails": "mail",
    "phones": "phone",
    "lifecycle": "chips",
    "tags": "chips",
    "size": "number",
    "annual_revenue": "number",
    "birthday": "day",
    "created_at": "moment",
    "updated_at": "moment",
}
EDITED_IN_PLACE = {
    "title", "preferred_name", "job_title", "lifecycle", "owner", "source", "tags", "language",
    "birthday", "form_of_address", "legal_name", "industry", "size", "annual_revenue", "founded",
}  # fmt: skip
ALSO_SHOWN = ("tags",)
LOW = frozenset({"owner", "source", "tags", "created_at", "updated_at", "industry", "size"})


@dataclass(frozen=True)
class Wanted:
    """What the address of a list asks for, as it was written."""

    q: str = ""
    filter: str = ""
    sort: str = ""
    columns: tuple[str, ...] = ()
    cursor: str = ""

    @classmethod
    def of(cls, query: QueryDict) -> Self:
        names = [name for part in query.getlist("columns") for name in part.split(",")]
        return cls(
            query.get("q", "").strip()[:MOST_LETTERS],
            query.get("filter", "").strip(),
            query.get("sort", ""),
            tuple(dict.fromkeys(names[:60])),
            query.get("cursor", ""),
        )

    def pairs(self) -> list[tuple[str, str]]:
        """What a form has to carry along to come back to this list, but for the page."""
        said = [("q", self.q), ("filter", self.filter), ("sort", self.sort)]
        return [*((k, v) for k, v in said if v), *(("columns", name) for name in self.columns)]

    def address(self, **changes: Any) -> str:
        """The query of this list with some of it changed; any change leads to the first page."""
        wanted = replace(self, cursor="", **changes) if "cursor" not in changes else (
            replace(self, **changes)
        )  # fmt: skip
        said = [(k, v) for k, v in wanted.pairs() if k != "columns"]
        if wanted.columns:
            said.append(("columns", ",".join(wanted.columns)))
        if wanted.cursor:
            said.append(("cursor", wanted.cursor))
        return "?" + urlencode(said)


@dataclass(frozen=True)
class Listing:
    """One page of a list, with what is said around it."""

    resource: Resource
    wanted: Wanted
    fields: dict[str, Field]
    columns: list[Column]
    sort: str
    tree: Group = field(default_factory=Group)
    fault: criteria.BadCriteria | None = None
    page: paging.Page[Party] = field(default_factory=lambda: paging.Page([], None, None))
    count: int = 0
    is_estimate: bool = False
    names: dict[tuple[str, str], str] = field(default_factory=dict)

    @property
    def is_narrowed(self) -> bool:
        return bool(self.wanted.q or self.wanted.filter)

    @property
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
    liked = ListChoice.objects.filter(user=user, name=name).first() or ListChoice()
    fields = kind.fields_for(user)
    columns = _columns(kind, fields, liked.columns, wanted.columns)
    sort_text = wanted.sort or (liked.sort if _sorts(fields, liked.sort) else kind.default_sort)
    empty = Listing(kind, wanted, fields, columns, sort_text)
    sort = paging.sort_of(kind, sort_text, user)
    try:
        criterion = criteria.parse(wanted.filter) if wanted.filter else None
        rows = listed(kind, user, q=wanted.q, criterion=criterion)
    except criteria.BadCriteria as fault:
        return replace(empty, fault=fault)
    tree = Group.of(criterion)
    rare = paging.few(rows) if wanted.q or criterion else None
    rows = rows if rare is None else kind.visible(user).filter(pk__in=rare)
    shown = [column.name for column in columns if column.shown]
    found = paging.page(
        with_columns(rows, user, shown), sort, limit=PER_PAGE, cursor=wanted.cursor or None
    )
    whole = len(found.rows) if not found.next and not found.previous else None
    known = whole if rare is None else len(rare)
    count, is_estimate = paging.count(rows) if known is None else (known, False)
    return replace(
        empty,
        tree=tree,
        page=found,
        count=count,
        is_estimate=is_estimate,
        names=names_of(user, links_in(tree, fields)),
    )


def listing_words(user: User, name: str, text: str) -> Listing | None:
    """A list without its rows, to speak of its criterion; None where there is none to speak of."""
    kind = resource(name)
    try:
        criterion = criteria.parse(text) if text else None
        criteria.compile_for(kind, criterion or {"all": []}, user)
    except criteria.BadCriteria:
        return None
    fields, tree = kind.fields_for(user), Group.of(criterion)
    names = names_of(user, links_in(tree, fields))
    return Listing(kind, Wanted(filter=text), fields, [], "", tree, names=names)


def _sorts(fields: dict[str, Field], text: str) -> bool:
    names = [part.removeprefix("-") for part in text.split(",")] if text else []
    return bool(names) and all(name in fields and fields[name].sort_by for name in names)


def _columns(
    kind: Resource, fields: dict[str, Field], liked: list[str], wanted: tuple[str, ...]
) -> list[Column]:
    """Every column, those shown first and in their order; the name always leads."""
    offered = {name: field for name, field in fields.items() if field.is_column}
    chosen = [name for name in (wanted or liked) if name in offered]
    shown = chosen or [name for name in (*kind.columns, *ALSO_SHOWN) if name in offered]
    shown = ["name", *(name for name in shown if name != "name")]
    order = [*shown, *(name for name in offered if name not in shown)]
    return [column_of(offered[name], is_shown=name in shown) for name in order]


def column_of(field: Field, *, is_shown: bool) -> Column:
    """A field as a column of the table."""
    return Column(
        field.name,
        field.label,
        _KINDS.get(field.name, "text"),
        sort=bool(field.sort_by),
        edit=field.name in EDITED_IN_PLACE,
        shown=is_shown,
        low=field.name in LOW,
    )


def rows_of(listing: Listing, user: User) -> Iterator[Row]:
    """The rows of a page as the table draws them."""
    shown = [column.name for column in listing.columns if column.shown]
    for party in listing.page.rows:
        yield row_of(party, user, shown)


def row_of(party: Party, user: User, shown: list[str]) -> Row:
    """One party as a row."""
    edits = may_touch(user, party.resource, "edit", party.owner)
    return Row(
        party.public_id,
        party.get_absolute_url(),
        {name: value_of(party, name, user) for name in shown},
        peek=reverse(f"desk:peek_{party.resource}", args=[party.public_id]),
        edit=f"{party.get_absolute_url()}/cell/{{name}}" if edits else "",
    )


def value_of(party: Party, name: str, user: User) -> Any:
    """What a column shows of a party."""
    special = _VALUES.get(name)
    if special:
        return special(party, user)
    return getattr(party, f"shown_{name}", None) or getattr(party, name, None)


def _link(party: Party, name: str) -> Any:
    shown = getattr(party, f"shown_{name}")
    if not shown:
        return ""
    company = Party(pk=shown["id"], kind=shown["kind"])
    return format_html(
        '<a class="link" href="{}" tabindex="-1">{}</a>', company.get_absolute_url(), shown["name"]
    )


def _phone(party: Party, user: User) -> Any:
    value = getattr(party, "shown_phones", None)
    return (value, phones.shown(value, user.region[-2:])) if value else ""


def _choice(party: Party, name: str) -> Any:
    """The label of a choice; Django's own look-up translates every choice to find one."""
    value = getattr(party, name)
    return str(_labels(name).get(value, value))


@cache
def _labels(name: str) -> dict[Any, Text]:
    return dict(Party._meta.get_field(name).flatchoices)  # type: ignore[union-attr]  # has choices


_VALUES: dict[str, Callable[[Party, User], Any]] = {
    "name": lambda party, user: party,
    "company": lambda party, user: _link(party, "company"),
    "parent": lambda party, user: _link(party, "parent"),
    "phones": _phone,
    "lifecycle": lambda party, user: [
        (_choice(party, "lifecycle"), TONES.get(party.lifecycle, ""))
    ],
    "form_of_address": lambda party, user: _choice(party, "form_of_address"),
    "owner": lambda party, user: party.owner.name if party.owner else "",
    "founded": lambda party, user: str(party.founded or ""),
    "country": lambda party, user: _country(getattr(party, "shown_country", None)),
    "emails": lambda party, user: getattr(party, "shown_emails", None),
}


def _country(code: str | None) -> str:
    return countries.name(code, get_language() or "es") if code else ""
