"""What else can be said where something is logged, such as the next task; done in the same act.

Each app says it in its `followups.py`, found at start-up: a partial with fields, for whom it is
there, and what it does with what was typed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from django.utils.module_loading import autodiscover_modules

from circulo.parties.models import Party

if TYPE_CHECKING:
    from circulo.accounts.models import User


@dataclass(frozen=True)
class FollowUp:
    """One thing that follows: `act` does it inside the transaction, or raises Invalid."""

    name: str
    template: str
    is_open_to: Callable[[User], bool]
    act: Callable[[Mapping[str, Any], Party, User], object]


_known: dict[str, FollowUp] = {}


def register(follow_up: FollowUp) -> None:
    """Make one known; called by an app's `followups.py`."""
    _known[follow_up.name] = follow_up


def follow_ups(user: User) -> list[FollowUp]:
    """Those that are there for this person."""
    _discover()
    return [one for one in _known.values() if one.is_open_to(user)]


@cache
def _discover() -> None:
    autodiscover_modules("followups")
