"""What people can be told of: each app says it in its `notices.py`, found at start-up.

A notice is kept as its kind and the words that go into its text, so that everybody reads it in
their own language. What it is about may be out of somebody's sight by the time they read it: the
app that owns the record says who sees it (`about`), and that is asked whenever something is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from circulo.accounts.models import Notification, User

Words = Mapping[str, Any]


def _nothing(_words: Words) -> dict[str, str]:
    return {}


@dataclass(frozen=True)
class Theme:
    """What several kinds are about; choices stand together by it, in its order."""

    label: str | Promise
    order: int = 99


# What somebody began and was not waited for, whichever app does the work.
OWN_WORK = Theme(_("What you began"), 90)
_OTHER = Theme(_("Other"))


@dataclass(frozen=True)
class Kind:
    """A kind of notice: how people call it, its text with places for words, its icon.

    `more` says words in the language of the reader, made of those that were kept.
    """

    name: str
    label: str | Promise
    text: str | Promise
    icon: str
    is_mailed: bool = False  # until a person chooses otherwise, and so is the next
    is_pushed: bool = False
    more: Callable[[Words], dict[str, str]] = _nothing
    theme: Theme = _OTHER


Seen = Callable[["User", set[int]], set[int]]
_kinds: dict[str, Kind] = {}
_seen: dict[str, Seen] = {}


def register(theme: Theme, *kinds: Kind) -> None:
    """Make kinds known that are about one thing; called by an app's `notices.py`."""
    _kinds.update({kind.name: replace(kind, theme=theme) for kind in kinds})


def about(kind: str, seen: Seen) -> None:
    """The app that owns a kind of record says which of them a person sees."""
    _seen[kind] = seen


def hide_unseen(user: User, told: Iterable[Notification]) -> list[Notification]:
    """Mark what is about something that this person may not see (any more), and return all."""
    _discover()
    rows = list(told)
    keys: dict[str, set[int]] = {}
    for row in rows:
        if row.about_kind in _seen and row.about_id is not None:
            keys.setdefault(row.about_kind, set()).add(row.about_id)
    seen = {kind: _seen[kind](user, wanted) for kind, wanted in keys.items()}
    for row in rows:
        row.is_hidden = row.about_kind in seen and row.about_id not in seen[row.about_kind]
    return rows


def kinds() -> dict[str, Kind]:
    """Every kind by name."""
    _discover()
    return _kinds


@cache
def _discover() -> None:
    autodiscover_modules("notices")
