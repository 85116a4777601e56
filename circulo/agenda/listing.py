"""The list of tasks or of appointments as its address asks for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Self
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from circulo.accounts.models import User
from circulo.agenda.kinds import Kind
from circulo.agenda.matters import links_of, matters
from circulo.agenda.models import Entry, EntryQuerySet
from circulo.agenda.selectors.entries import (
    party_link,
    shown,
    start_of_day,
    waits_of,
)
from circulo.agenda.words import when_in_words
from circulo.records import criteria, paging
from circulo.records.resources import resource
from circulo.web.asking import words
from circulo.web.components.tables import Column, Row

PER_PAGE = 50
State = Entry.State
TASK_TABS = {
    "mine": lazy("Mine"),
    "overdue": lazy("Overdue"),
    "week": lazy("This week"),
    "promises": lazy("Promises"),
    "team": lazy("Everybody’s"),
    "done": pgettext_lazy("tasks", "Done"),
    "dropped": pgettext_lazy("tasks", "Dropped"),
}
APPOINTMENT_TABS = {
    "mine": lazy("Mine"),
    "team": lazy("Everybody’s"),
    "past": lazy("Past"),
    "dropped": pgettext_lazy("appointments", "Cancelled"),
}
TONES: dict[int, str] = {Entry.Priority.HIGH: "spark", Entry.Priority.LOW: "line"}


def columns(name: str) -> list[Column]:
    """The columns of a list of tasks or of appointments."""
    waits = [Column("waits_for", lazy("Waits for"), shown=False, low=True)]
    return [
        Column("title", lazy("What"), kind="name"),
        Column("when", lazy("When"), sort=True),
        Column("kind", lazy("Kind"), kind="chips"),
        Column("party", lazy("Contact")),
        *(Column(one.name, one.label, low=True) for one in matters()),
        *(waits if name == "tasks" else ()),
        Column("owner", lazy("Owner"), low=True),
        Column("created_by", lazy("Made by"), shown=False, low=True),
        Column("place", lazy("Place"), shown=False, low=True),
        Column("state", lazy("State"), shown=False, low=True),
        Column("priority", lazy("Priority"), kind="chips", shown=False, low=True),
    ]


@dataclass(frozen=True)
class Wanted:
    """What the address of a list asks for."""

    name: str
    show: str = "mine"
    q: str = ""
    filter: str = ""
    sort: str = ""
    cursor: str = ""

    @classmethod
    def of(cls, name: str, query: QueryDict) -> Self:
        show = query.get("show", "")
        sort = query.get("sort", "")
        return cls(
            name,
            show if show in tabs_of(name) else "mine",
            words(query, "q"),
            query.get("filter", "").strip(),
            sort if sort in ("when", "-when") else "",
            query.get("cursor", ""),
        )

    def address(self, **changes: Any) -> str:
        """The query of this list with some of it changed; any change leads to the first page."""
        wanted = replace(self, **({"cursor": ""} | changes))
        said = {"show": wanted.show, "q": wanted.q, "filter": wanted.filter, "sort": wanted.sort,
                "cursor": wanted.cursor}  # fmt: skip
        return "?" + urlencode({name: value for name, value in said.items() if value})

    @property
    def is_backwards(self) -> bool:
        """What is over is listed from its end."""
        return self.show in ("done", "dropped", "past") if not self.sort else self.sort[0] == "-"


@dataclass(frozen=True)
class Listing:
    """One page of a list."""

    wanted: Wanted
    page: paging.Page[Any]
    count: int
    is_estimate: bool


def tabs_of(name: str) -> Mapping[str, str | Promise]:
    """The ways to look at a list."""
    return TASK_TABS if name == "tasks" else APPOINTMENT_TABS


def listing(user: User, wanted: Wanted) -> Listing:
    """The page that is asked for; BadSort or BadCriteria where that cannot be."""
    kind = resource(wanted.name)
    rows: QuerySet[Any] = _narrowed(Entry.objects.visible_to(user), user, wanted)
    if wanted.q:
        rows = kind.find(rows, wanted.q, user)
    if wanted.filter:
        rows = criteria.narrow(rows, kind, criteria.parse(wanted.filter), user)
    name = "due_at" if wanted.name == "tasks" else "starts_at"
    sort = paging.sort_of(kind, f"-{name}" if wanted.is_backwards else name, user)
    found = paging.page(shown(rows, user), sort, limit=PER_PAGE, cursor=wanted.cursor or None)
    return Listing(wanted, found, *paging.count(rows, found))


def _narrowed(rows: EntryQuerySet, user: User, wanted: Wanted) -> EntryQuerySet:
    """What a tab shows."""
    now, show = timezone.now(), wanted.show
    rows = rows.filter(is_appointment=wanted.name == "appointments")
    if show in ("done", "dropped"):
        return rows.filter(state=State.DONE if show == "done" else State.DROPPED)
    if show == "past":
        return rows.exclude(state=State.DROPPED).filter(falls_at__lt=now)
    rows = rows.filter(state=State.OPEN)
    if wanted.name == "appointments":
        rows = rows.filter(span__endswith__isnull=True) | rows.filter(span__endswith__gte=now)
    if show == "overdue":
        rows = rows.filter(falls_at__lt=now)
    elif show == "week":
        rows = rows.filter(falls_at__lt=start_of_day(now) + timedelta(days=8))
    elif show == "promises":
        rows = rows.filter(kind=Kind.PROMISE)
    if show != "mine":
        return rows
    return rows.filter(owner=user.pk) if wanted.name == "tasks" else rows.of_people([user.pk])


def rows_of(found: Listing) -> Iterator[Row]:
    """The rows of a page as the table draws them."""
    now = timezone.now()
    for entry in found.page.rows:
        yield row_of(entry, is_late=entry.is_open and entry.falls_at < now)


def row_of(entry: Entry, *, is_late: bool = False) -> Row:
    """One entry as a row."""
    values = {
        "title": entry.title,
        "when": _when(entry, is_late and not entry.is_appointment),
        "kind": [entry.get_kind_display()],
        "party": _linked(party_link(entry)),
        **{one.name: "" for one in matters()},
        **{
            link.matter.name: _linked({"url": link.url, "name": link.title})
            for link in links_of(entry)
        },
        "waits_for": format_html_join(", ", "{}", ((_linked(to),) for to in waits_of(entry))),
        "owner": entry.owner.name,
        "created_by": entry.created_by.name if entry.created_by else "",
        "place": entry.place,
        "state": entry.get_state_display(),
        "priority": [(entry.get_priority_display(), TONES.get(entry.priority, ""))],
    }
    note = _("waits for another task") if getattr(entry, "is_held_up", False) else ""
    mark = entry.look.icon
    return Row(entry.public_id, entry.get_absolute_url(), values, note=note, mark=mark)


def _when(entry: Entry, is_late: bool) -> Any:
    text = when_in_words(entry)
    return format_html('<span class="bad">{}</span>', text) if text and is_late else text


def _linked(to: Mapping[str, Any] | None) -> SafeString | str:
    if to is None:
        return ""
    link = '<a class="link" href="{}" tabindex="-1">{}</a>'
    return format_html(link, to["url"], to["name"])
