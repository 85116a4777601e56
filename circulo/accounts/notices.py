"""What people can be told of: each app says it in its `notices.py`, found at start-up.

A notice is kept as its kind and the words that go into its text, so that everybody reads it in
their own language.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules


@dataclass(frozen=True)
class Kind:
    """A kind of notice: how people call it, its text with places for words, its icon."""

    name: str
    label: str | Promise
    text: str | Promise
    icon: str
    is_mailed: bool = False  # until a person chooses otherwise


_kinds: dict[str, Kind] = {}


def register(*kinds: Kind) -> None:
    """Make kinds known; called by an app's `notices.py`."""
    _kinds.update({kind.name: kind for kind in kinds})


def kinds() -> dict[str, Kind]:
    """Every kind by name."""
    _discover()
    return _kinds


@cache
def _discover() -> None:
    autodiscover_modules("notices")
