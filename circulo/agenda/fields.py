"""Tasks and appointments as lists, the API, exports and the criteria language see them."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from circulo.agenda.kinds import choices
from circulo.agenda.matters import Matter, matters
from circulo.agenda.models import Entry
from circulo.lib.names import plain
from circulo.records.resources import Field, Resource, Type, named, register

MOST_WORDS = 6


def _states() -> dict[str, str | Promise]:
    return dict(Entry.State.choices)


def _holding(rows: QuerySet[Any], words: str) -> QuerySet[Any]:
    for word in plain(words).split()[:MOST_WORDS]:
        rows = rows.filter(search__contains=word)
    return rows


def _belonging(one: Matter) -> Field:
    """What an entry belongs to, where it is seen."""
    return Field(
        one.name, one.label, Type.LINK, path="pk", link=one.name,
        related=lambda user: one.rows(user, "view"), back=one.back, is_column=False,
    )  # fmt: skip


def _waits_for() -> Field:
    """What a task waits for, as far as it is seen."""
    return Field(
        "waits_for", _("Waits for"), Type.LINK, path="pk", link="entry",
        related=lambda user: Entry.objects.visible_to(user), back="holds_up", is_column=False,
    )  # fmt: skip


def _fields(is_appointment: bool) -> dict[str, Field]:
    start = "starts_at" if is_appointment else "due_at"
    label = _("Begins") if is_appointment else _("Due")
    return named(
        [
            Field("title", _("What"), indexed_by="search"),
            Field(start, label, Type.MOMENT, path="due", sort_by="falls_at"),
            Field("kind", _("Kind"), Type.CHOICE, choices=partial(choices, is_appointment)),
            Field("state", _("State"), Type.CHOICE, choices=_states),
            Field("party", _("Contact"), Type.LINK, link="party"),
            *map(_belonging, matters()),
            *(() if is_appointment else (_waits_for(),)),
            Field("owner", _("Owner"), Type.LINK, link="user"),
            Field("priority", _("Priority"), Type.NUMBER, sort_by="priority"),
            Field("place", _("Place")),
            Field("notes", _("Notes"), is_column=False),
            Field("is_private", _("Only for me"), Type.YES_NO, is_column=False),
            Field("created_by", _("Made by"), Type.LINK, link="user", is_column=False),
            Field("done_at", pgettext_lazy("task", "Done"), Type.MOMENT),
            Field("created_at", _("Created"), Type.MOMENT),
            Field("updated_at", _("Changed"), Type.MOMENT, sort_by="updated_at"),
        ]
    )


register(
    Resource(
        "tasks",
        "tasks",
        _("Tasks"),
        lambda user: Entry.objects.visible_to(user).tasks(),
        _fields(False),
        "due_at",
        ("title", "due_at", "kind", "party", "owner"),
        _holding,
        Entry,
    )
)
register(
    Resource(
        "appointments",
        "tasks",
        _("Appointments"),
        lambda user: Entry.objects.visible_to(user).appointments(),
        _fields(True),
        "starts_at",
        ("title", "starts_at", "kind", "party", "owner"),
        _holding,
        Entry,
    )
)
