"""Parts of the page and of the story of a deal that higher apps hand down in `deal_parts.py`."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from django.utils.module_loading import autodiscover_modules

from circulo.sales.models import Deal

if TYPE_CHECKING:
    from circulo.accounts.models import User


@dataclass(frozen=True)
class Part:
    """A part of a deal's page. `read` gives what its template needs as `it`; None for nothing."""

    name: str
    read: Callable[[User, Deal], dict[str, Any] | None]
    template: str


Keys = Callable[[Deal], Collection[int]]
_parts: dict[str, Part] = {}
_stories: dict[str, Keys] = {}


def register(part: Part) -> None:
    """Make a part known; called by an app's `deal_parts.py`."""
    _parts[part.name] = part


def register_story(kind: str, keys: Keys) -> None:
    """Have the page of a deal tell what happened with records of this kind: those of these keys."""
    _stories[kind] = keys


def stories_of(deal: Deal) -> dict[str, Collection[int]]:
    """By kind the records whose story is a part of that of a deal."""
    _discover()
    return {kind: keys(deal) for kind, keys in _stories.items()}


def parts_of(user: User, deal: Deal) -> list[tuple[str, dict[str, Any]]]:
    """The parts that have something to say to this person: template and values."""
    _discover()
    read = ((part.template, part.read(user, deal)) for part in _parts.values())
    return [(template, values) for template, values in read if values is not None]


@cache
def _discover() -> None:
    autodiscover_modules("deal_parts")
