"""Tasks and appointments as lists, the API, exports and the criteria language see them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.db.models import DateTimeField, F, Func, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from circulo.agenda.kinds import choices
from circulo.agenda.matters import Matter, matters
from circulo.agenda.models import NEVER, Entry, EntryQuerySet, Participant, states
from circulo.lib.names import plain
from circulo.parties.led_to import lifecycles, of_party
from circulo.records.resources import Field, Resource, Type, named, register

if TYPE_CHECKING:
    from circulo.accounts.models import User

MOST_WORDS = 6


def _holding(rows: QuerySet[Any], words: str) -> QuerySet[Any]:
    for word in plain(words).split()[:MOST_WORDS]:
        rows = rows.filter(search__contains=word)
    return rows


def _belonging(one: Matter) -> Field:
    """What an entry belongs to, where it is seen."""
    return Field(
        one.name, one.label, Type.LINK, path="pk", link=one.name,
        related=lambda user: one.rows(user, "view"), back=one.back,
    )  # fmt: skip


def _waits_for() -> Field:
    """What a task waits for, as far as it is seen."""
    return Field(
        "waits_for", _("Waits for"), Type.LINK, path="pk", link="entry",
        related=lambda user: Entry.objects.visible_to(user), back="holds_up",
    )  # fmt: skip


def _ends() -> Field:
    """When the last of its times is over; what has no last one ends after everything."""
    return Field("ends", _("Ends"), Type.MOMENT, is_column=False)


def _appointments(user: User) -> EntryQuerySet:
    last = Coalesce(Func(F("span"), function="upper"), Value(NEVER), output_field=DateTimeField())
    rows = Entry.objects.alias(ends=last)
    return rows.visible_to(user).appointments()


def _people() -> Field:
    """The colleagues who take part besides whoever owns it."""
    return Field(
        "people", _("Takes part"), Type.LINK, path="user", link="user", back="entry",
        related=lambda user: Participant.objects.filter(user__isnull=False), is_column=False,
    )  # fmt: skip


def _fields(is_appointment: bool) -> dict[str, Field]:
    start = "starts_at" if is_appointment else "due_at"
    label = _("Begins") if is_appointment else _("Due")
    return named(
        [
            Field("title", _("What"), indexed_by="search"),
            Field(start, label, Type.MOMENT, path="due", sort_by="falls_at"),
            *((_ends(),) if is_appointment else ()),
            Field("kind", _("Kind"), Type.CHOICE, choices=partial(choices, is_appointment)),
            Field(
                "state",
                _("State"),
                Type.CHOICE,
                choices=partial(states, is_appointment),
                sort_by="state",
                then_by="falls_at",
            ),
            Field("party", _("Contact"), Type.LINK, link="party"),
            *map(_belonging, matters()),
            *(() if is_appointment else (_waits_for(),)),
            Field("owner", _("Owner"), Type.LINK, link="user"),
            Field("priority", _("Priority"), Type.NUMBER, sort_by="priority"),
            Field("place", _("Place")),
            Field("notes", _("Notes"), is_column=False),
            Field("is_private", _("Only for me"), Type.YES_NO, is_column=False),
            Field("created_by", _("Made by"), Type.LINK, link="user"),
            _people(),
            Field("done_at", pgettext_lazy("task", "Done"), Type.MOMENT),
            Field("created_at", _("Created"), Type.MOMENT),
            Field("updated_at", _("Changed"), Type.MOMENT, sort_by="updated_at"),
            of_party("name", _("Name")),
            of_party("lifecycle", _("Lifecycle"), Type.CHOICE, choices=lifecycles),
            of_party("industry", _("Industry")),
            of_party("tags", _("Tags"), Type.LIST),
            of_party("owner", _("Owner"), Type.LINK, link="user"),
        ]
    )


_COLUMNS = (*(one.name for one in matters()), "owner")

register(
    Resource(
        "tasks",
        "tasks",
        _("Tasks"),
        lambda user: Entry.objects.visible_to(user).tasks(),
        _fields(False),
        "due_at",
        ("title", "due_at", "kind", "party", *_COLUMNS),
        _holding,
        Entry,
    )
)
register(
    Resource(
        "appointments",
        "tasks",
        _("Appointments"),
        _appointments,
        _fields(True),
        "starts_at",
        ("title", "starts_at", "kind", "party", *_COLUMNS),
        _holding,
        Entry,
    )
)
