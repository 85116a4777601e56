"""What mails can be about: each app says so for its own kinds in `mails.py`, found at start-up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils.module_loading import autodiscover_modules

if TYPE_CHECKING:
    from circulo.accounts.models import User
    from circulo.channels.email.models import Mail


@dataclass(frozen=True)
class Kind:
    """A kind of record that mails are about.

    `reachable` are the records that a person may view or edit, and with them their mails. `fill`
    says the words that stand in a text only when it leaves, and are kept nowhere; RuleBroken where
    the mail shall not leave any more. `told` does what follows from what became of a mail. Those
    that nobody wrote are `automatic`, and say so: no program answers them.
    """

    name: str
    reachable: Callable[[User, str], QuerySet[Any]]
    fill: Callable[[Mail], Mapping[str, str]]
    told: Callable[[Mail], object]
    automatic: bool = False


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make a kind known; called by an app's `mails.py`."""
    _kinds[kind.name] = kind


def kinds() -> Mapping[str, Kind]:
    """Every kind by name."""
    _discover()
    return _kinds


@cache
def _discover() -> None:
    autodiscover_modules("mails")
