"""What the first page of the day shows, put together from the `today.py` of every app.

Each app says `PANELS = [Panel("calls", read, "sales/_calls_today.html", order=10)]`. `read` gives
what the template needs for one person, or None where there is nothing to say; it must be cheap
whatever the size of the house.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps


@dataclass(frozen=True)
class Panel:
    """One part of Today: how it is read, the partial that shows it, and where it stands."""

    name: str
    read: Callable[[Any], dict[str, Any] | None]
    template: str
    order: int = 50
    place: str = "main"  # "main" or "side"


@dataclass(frozen=True)
class Shown:
    """A panel that has something to say to this person."""

    template: str
    place: str
    values: dict[str, Any]


@cache
def panels() -> tuple[Panel, ...]:
    """Every panel of every app, in order."""
    found: list[Panel] = []
    for app in apps.get_app_configs():
        name = f"{app.name}.today"
        if app.name.startswith("circulo.") and app.name != "circulo.web" and find_spec(name):
            found += import_module(name).PANELS
    return tuple(sorted(found, key=lambda panel: panel.order))


def shown_to(user: Any) -> Iterator[Shown]:
    """The panels that have something to say to this person."""
    for panel in panels():
        values = panel.read(user)
        if values is not None:
            yield Shown(panel.template, panel.place, values)
