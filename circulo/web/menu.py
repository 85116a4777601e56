"""The navigation, put together from the `menu.py` of every app.

Each app says `ENTRIES = [Entry(_("Contacts"), "parties:contacts", "contact", group="people")]`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.urls import NoReverseMatch, reverse

from circulo.lib.errors import Text

GROUPS = ("today", "people", "sales", "service", "marketing", "community", "knowledge", "tools",
          "house")  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """One place to go, or one thing to begin (`place="new"`), with the right that it asks for."""

    label: Text
    url_name: str
    icon: str
    order: int = 50
    group: str = "people"  # one of GROUPS: a line is drawn between two; "tools" are folded
    # "side", "new" (the New menu), "bell", "user" (the user’s menu), "incoming" (what was written
    # to us)
    place: str = "side"
    needs: tuple[str, str] | None = (
        None  # kind and act: ("contacts", "view"), ("contacts", "create")
    )
    unless: tuple[str, str] | None = None  # whoever may do this comes there from another entry
    keys: str = ""  # a shortcut such as "g c"; entries of the New menu take one letter after "c"
    tab: bool = False  # also in the tab bar of a phone (four fit)
    count: Callable[[Any], int | None] | None = None  # of this user; called only when it is drawn

    @cached_property
    def url(self) -> str:
        """Its address, or "" while the page is not there."""
        try:
            return reverse(self.url_name)
        except NoReverseMatch:
            return ""

    def is_open_to(self, user: Any) -> bool:
        """Whether this user has the right that the entry needs."""
        if self.unless is not None and user.is_authenticated and user.may(*self.unless):
            return False
        return self.needs is None or bool(user.is_authenticated and user.may(*self.needs))


@cache
def entries() -> tuple[Entry, ...]:
    """Every entry of every app, in the order of the groups and their own."""
    found: list[Entry] = []
    for app in apps.get_app_configs():
        name = f"{app.name}.menu"
        if app.name.startswith("circulo.") and app.name != "circulo.web" and find_spec(name):
            found += import_module(name).ENTRIES
    return tuple(sorted(found, key=lambda entry: (GROUPS.index(entry.group), entry.order)))


def open_to(user: Any, place: str) -> list[Entry]:
    """The entries of one place that this user may follow and that lead somewhere."""
    return [e for e in entries() if e.place == place and e.url and e.is_open_to(user)]
