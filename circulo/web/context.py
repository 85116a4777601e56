"""What every page needs around its content: navigation, the user, theme, waiting toasts."""

from functools import cache, cached_property
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language

from circulo.web import menu
from circulo.web.answers import waiting_toasts


@cache
def _url(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


class Shell:
    """The frame of a page; worked out only as the template asks, so fragments pay nothing."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def user(self) -> Any:
        return getattr(self.request, "user", None)

    @property
    def language(self) -> str:
        return get_language() or "es"

    @property
    def theme(self) -> str:
        return getattr(self.user, "theme", "") or "system"

    @property
    def density(self) -> str:
        return getattr(self.user, "density", "") or "normal"

    @property
    def shortcuts(self) -> bool:
        return bool(getattr(self.user, "has_shortcuts", True))

    @cached_property
    def groups(self) -> list[dict[str, Any]]:
        """The side navigation: groups of entries, the current one marked, counts asked for.

        What is not needed every day is folded, unless one is there.
        """
        groups: dict[str, list[dict[str, Any]]] = {}
        for entry in menu.open_to(self.user, "side"):
            groups.setdefault(entry.group, []).append(self._shown(entry))
        return [{"entries": shown, "is_folded": name == "tools",
                 "is_here": any(one["current"] for one in shown)}
                for name, shown in groups.items()]  # fmt: skip

    @cached_property
    def tabs(self) -> list[dict[str, Any]]:
        """What fits the tab bar of a phone."""
        return [shown for shown in self._entries if shown["tab"]][:4]

    @property
    def places(self) -> tuple[tuple[Any, ...], ...]:
        """What one person's navigation differs by from another's, and one page's from the next."""
        return tuple((one["url"], one["current"], one["count"]) for one in self._entries)

    @property
    def _entries(self) -> list[dict[str, Any]]:
        return [entry for group in self.groups for entry in group["entries"]]

    @property
    def beginning_urls(self) -> tuple[str, ...]:
        """Where the New menu leads: what one differs by from another."""
        return tuple(entry.url for entry in self.beginnings)

    @cached_property
    def beginnings(self) -> list[menu.Entry]:
        """The New menu."""
        return menu.open_to(self.user, "new")

    @cached_property
    def bell(self) -> menu.Entry | None:
        """Where one reads what one was told."""
        entries = menu.open_to(self.user, "bell")
        known = self.user is not None and self.user.is_authenticated
        return entries[0] if entries and known else None

    @cached_property
    def unread(self) -> str:
        """How much of it is new, as the bell writes it; nothing where there is none."""
        count = self.bell.count(self.user) if self.bell and self.bell.count else 0
        return "" if not count else "99+" if count >= 100 else str(count)

    @cached_property
    def own(self) -> list[menu.Entry]:
        """The user's menu."""
        return menu.open_to(self.user, "user")

    @property
    def own_urls(self) -> tuple[str, ...]:
        """Where the user's menu leads: what one differs by from another."""
        return tuple(entry.url for entry in self.own)

    @property
    def search_url(self) -> str:
        return _url("desk:search") or "/search"

    @property
    def preferences_url(self) -> str:
        return _url("accounts:preferences")

    @property
    def logout_url(self) -> str:
        return _url("accounts:logout")

    @property
    def live_url(self) -> str:
        return _url("live")

    @cached_property
    def toasts(self) -> list[dict[str, str]]:
        return waiting_toasts(self.request)

    def _shown(self, entry: menu.Entry) -> dict[str, Any]:
        here = self.request.path
        return {
            "label": entry.label,
            "url": entry.url,
            "icon": entry.icon,
            "keys": entry.keys,
            "tab": entry.tab,
            "count": entry.count(self.user) if entry.count else None,
            "current": here == entry.url or (entry.url != "/" and here.startswith(entry.url)),
        }


def shell(request: HttpRequest) -> dict[str, Any]:
    """The context processor."""
    return {"shell": Shell(request)}
