"""The views that the lists of tasks and of appointments offer of themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from circulo.accounts.models import User
from circulo.agenda.kinds import Kind
from circulo.agenda.models import Entry
from circulo.agenda.selectors.entries import promises
from circulo.records.rosters import Preset

Json = dict[str, Any]
State = Entry.State
SOON = 7  # days


def _is(field: str, value: str) -> Json:
    return {"field": field, "op": "is", "value": value}


def _over(field: str) -> Json:
    return {"field": field, "op": "before_days", "value": 0}


def _all(*nodes: Json) -> Json:
    return {"all": [*nodes]}


_OPEN = _is("state", State.OPEN)
_AHEAD = [_OPEN, {"not": _over("ends")}]


def _always(*nodes: Json) -> Any:
    return lambda _user: _all(*nodes)


def _mine(user: User) -> Json:
    return _all(_is("owner", user.opaque), _OPEN)


def _my_appointments(user: User) -> Json:
    mine: Sequence[Json] = [_is("owner", user.opaque), _is("people", user.opaque)]
    return _all({"any": mine}, *_AHEAD)


def _kept(user: User) -> dict[str, Any]:
    """How the firm keeps its word."""
    return {"word": promises(user)}


TASKS = (
    Preset("mine", lazy("Mine"), _mine),
    Preset("overdue", lazy("Overdue"), _always(_OPEN, _over("due_at"))),
    Preset("week", lazy("This week"), _always(
        _OPEN, {"any": [_over("due_at"), {"field": "due_at", "op": "next_days", "value": SOON}]})),
    Preset("promises", lazy("Promises"), _always(_is("kind", Kind.PROMISE), _OPEN),
           above=("agenda/_promises.html", _kept)),
    Preset("team", lazy("Everybody’s"), _always(_OPEN)),
    Preset("done", pgettext_lazy("tasks", "Done"), _always(_is("state", State.DONE)), "-due_at"),
    Preset("dropped", pgettext_lazy("tasks", "Dropped"), _always(_is("state", State.DROPPED)),
           "-due_at"),
)  # fmt: skip
APPOINTMENTS = (
    Preset("mine", lazy("Mine"), _my_appointments),
    Preset("team", lazy("Everybody’s"), _always(*_AHEAD)),
    Preset("past", lazy("Past"), _always(
        {"not": _is("state", State.DROPPED)}, _over("starts_at")), "-starts_at"),
    Preset("dropped", pgettext_lazy("appointments", "Cancelled"),
           _always(_is("state", State.DROPPED)), "-starts_at"),
)  # fmt: skip
