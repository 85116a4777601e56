"""Why a lead came to whom, and what was doubted of it, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from circulo.lib import format as fmt


def route_in_words(route: Mapping[str, Any]) -> str:
    """Why a lead came to whom it came."""
    way = str(route.get("way", ""))
    if way in _PLAIN:
        return _PLAIN[way]()
    rule = route.get("rule", "")
    told = _BY_RULE.get(way)
    if not rule or told is None:
        return ""
    return " ".join([told(str(rule), route), *_further(route)])


def doubts_in_words(doubts: list[str]) -> list[str]:
    """What made one doubt that somebody real wrote a lead."""
    return [_DOUBTS[one]() for one in doubts if one in _DOUBTS]


def _turn(rule: str, route: Mapping[str, Any]) -> str:
    count = int(route.get("of", 1))
    said = ngettext(
        "By the rule “%(rule)s”: of its people it suits only them.",
        "By the rule “%(rule)s”: it was their turn among %(count)s people.",
        count,
    )
    return said % {"rule": rule, "count": fmt.number(count)}


def _load(rule: str, route: Mapping[str, Any]) -> str:
    count = int(route.get("open", 0))
    said = ngettext(
        "By the rule “%(rule)s”: they had fewest, %(count)s open lead.",
        "By the rule “%(rule)s”: they had fewest, %(count)s open leads.",
        count,
    )
    return said % {"rule": rule, "count": fmt.number(count)}


def _queue(rule: str, route: Mapping[str, Any]) -> str:
    return _("By the rule “%(rule)s”: it waits in the queue of the team.") % {"rule": rule}


def _further(route: Mapping[str, Any]) -> list[str]:
    found = []
    if route.get("territory"):
        found.append(_("They work in the territory “%s”.") % route["territory"])
    if route.get("language"):
        found.append(_("They speak its language (%s).") % route["language"])
    if route.get("skills"):
        found.append(_("They know about: %s.") % ", ".join(route["skills"]))
    return found


_PLAIN: dict[str, Callable[[], str]] = {
    "default": lambda: _("No rule took it: it goes where such leads go."),
    "said": lambda: _("Whoever brought it in said whose it is."),
    "given": lambda: _("A colleague gave it to them."),
    "taken": lambda: _("They took it out of the queue."),
}
_BY_RULE: dict[str, Callable[[str, Mapping[str, Any]], str]] = {
    "turn": _turn,
    "load": _load,
    "queue": _queue,
}
_DOUBTS: dict[str, Callable[[], str]] = {
    "trap": lambda: _("A field that people do not see was filled in."),
    "links": lambda: _("The text holds many links."),
    "links in names": lambda: _("There are links where names belong."),
    "flood": lambda: _("Very many came by this form at the same time."),
    "too quick": lambda: _("It was filled in faster than people write."),
}
