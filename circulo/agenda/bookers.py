"""Telling whoever booked an hour what became of it: handed down in `agenda_bookers.py`.

The agenda knows of nothing that reaches people outside. An app that does says with one `Teller` how
they are told, and what a person of the house sees of that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.module_loading import autodiscover_modules

from circulo.agenda.models import Booking, Entry

if TYPE_CHECKING:
    from circulo.accounts.models import User

# How an appointment stands, as it is kept of what somebody was told.
Standing = Mapping[str, Any]
_TIMES = ("starts_at", "ends_at", "starts_on", "ends_on")


class News(StrEnum):
    """What there is to tell of an appointment."""

    BOOKED = "booked"
    MOVED = "moved"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Teller:
    """Who tells those who booked.

    `tell` tells one the news, and how the appointment stood before, in the transaction in which it
    changes. `sent` is what somebody who looks at an entry sees of all that was told of it; the
    template `panel` draws that.
    """

    tell: Callable[[Booking, News, Standing | None], None]
    sent: Callable[[User, Entry], Any]
    panel: str


_tellers: list[Teller] = []


def register(teller: Teller) -> None:
    """Make known who tells those who booked; called by an app's `agenda_bookers.py`."""
    _tellers.append(teller)


def tellers() -> list[Teller]:
    """Everybody who tells those who booked."""
    _discover()
    return _tellers


@cache
def _discover() -> None:
    autodiscover_modules("agenda_bookers")


def told_of(user: User, entry: Entry) -> dict[str, Any]:
    """What somebody who looks at an entry sees of what was told of it, with the template for it."""
    if not Booking.objects.filter(entry=entry).exists():
        return {}
    for teller in tellers():
        return {"told_panel": teller.panel, "mails": teller.sent(user, entry)}
    return {}


def standing_of(entry: Entry) -> dict[str, Any]:
    """When and where an appointment is, and whether it takes place."""
    times = {name: getattr(entry, name) for name in _TIMES}
    said: dict[str, Any] = {name: when and when.isoformat() for name, when in times.items()}
    return said | {"place": entry.place, "is_on": entry.state != Entry.State.DROPPED}


def news_of(entry: Entry, told: Standing | None) -> News | None:
    """What is new for somebody who was told this; nothing of what is over."""
    now = standing_of(entry)
    if now == told or _is_over(entry, told):
        return None
    was_on = told is not None and told["is_on"]
    if not now["is_on"]:
        return News.CANCELLED if was_on else None
    return News.MOVED if was_on else News.BOOKED


def _is_over(entry: Entry, told: Standing | None) -> bool:
    """Whether an appointment is over, and was to be over by now before it was changed."""
    now = timezone.now()
    if entry.span is None or entry.span.upper is None or entry.span.upper > now:
        return False
    ended = datetime.fromisoformat(told["ends_at"]) if told and told["ends_at"] else now
    return ended <= now
