"""The filters of calendar-query and addressbook-query: read, and tried on what a member says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _

from circulo.dav.refusals import Refused
from circulo.dav.xml import CAL, CARD, child, children, words
from circulo.lib.names import plain
from circulo.lib.readers.calendars import Line, Part

EARLIEST, LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2199, 12, 31, tzinfo=UTC)
COLLATIONS = ("i;ascii-casemap", "i;unicode-casemap", "i;octet", "default")
_MATCHES: dict[str, Callable[[str, str], bool]] = {
    "contains": lambda text, wanted: wanted in text,
    "equals": lambda text, wanted: text == wanted,
    "starts-with": str.startswith,
    "ends-with": str.endswith,
}


@dataclass(frozen=True)
class Match:
    """A text that is looked for."""

    wanted: str
    how: str = "contains"
    is_negated: bool = False
    is_exact: bool = False

    def fits(self, text: str) -> bool:
        """Whether a text is what is looked for."""
        fold: Callable[[str], str] = str if self.is_exact else plain
        return _MATCHES[self.how](fold(text), fold(self.wanted)) != self.is_negated


@dataclass(frozen=True)
class PropFilter:
    """A condition on the lines of one name: that there is one, none, or one that fits."""

    name: str
    is_absent: bool = False
    matches: tuple[Match, ...] = ()
    is_any: bool = False
    parameters: tuple[PropFilter, ...] = ()

    def fits(self, lines: Sequence[tuple[str, dict[str, list[str]]]]) -> bool:
        """Whether these lines of that name fulfil it."""
        if self.is_absent:
            return not lines
        return any(self._fits(value, parameters) for value, parameters in lines)

    def _fits(self, value: str, parameters: dict[str, list[str]]) -> bool:
        results = [match.fits(value) for match in self.matches]
        results += [
            one.fits([(said, {}) for said in parameters.get(one.name, ())])
            for one in self.parameters
        ]
        return not results or (any(results) if self.is_any else all(results))


@dataclass(frozen=True)
class ComponentFilter:
    """What a calendar-query looks for in the components of one name."""

    name: str
    is_absent: bool = False
    first: datetime | None = None
    last: datetime | None = None
    properties: tuple[PropFilter, ...] = ()

    @property
    def span(self) -> tuple[datetime, datetime] | None:
        """The time in which it happens, where one is asked for."""
        if self.first is None and self.last is None:
            return None
        return self.first or EARLIEST, self.last or LATEST

    def fits(self, parts: Sequence[Part]) -> bool:
        """Whether one of these components fulfils the conditions on properties."""
        return any(
            all(one.fits(_lines(part.all(one.name))) for one in self.properties) for part in parts
        )


@dataclass(frozen=True)
class CardFilter:
    """What an addressbook-query looks for."""

    properties: tuple[PropFilter, ...] = ()
    is_all: bool = False

    def fits(self, lines: dict[str, list[tuple[str, dict[str, list[str]]]]]) -> bool:
        """Whether a card, as its lines by name, fulfils it."""
        results = [one.fits(lines.get(one.name, [])) for one in self.properties]
        return not results or (all(results) if self.is_all else any(results))


def calendar_filter(report: Element) -> ComponentFilter | None:
    """The condition on the components inside of the calendar; None where there is none."""
    outer = child(child(report, f"{{{CAL}}}filter"), f"{{{CAL}}}comp-filter")
    if outer is None or outer.get("name", "").upper() != "VCALENDAR":
        raise _refused(CAL, "valid-filter")
    inner = children(outer, f"{{{CAL}}}comp-filter")
    if len(inner) > 1 or children(outer, f"{{{CAL}}}prop-filter"):
        raise _refused(CAL, "supported-filter")
    return _component(inner[0]) if inner else None


def _component(said: Element) -> ComponentFilter:
    if child(said, f"{{{CAL}}}is-not-defined") is not None:
        return ComponentFilter(said.get("name", "").upper(), is_absent=True)
    if children(said, f"{{{CAL}}}comp-filter"):
        raise _refused(CAL, "supported-filter")
    first, last = span_of(child(said, f"{{{CAL}}}time-range"))
    properties = tuple(_property(one, CAL) for one in children(said, f"{{{CAL}}}prop-filter"))
    return ComponentFilter(said.get("name", "").upper(), False, first, last, properties)


def span_of(said: Element | None) -> tuple[datetime | None, datetime | None]:
    """From when to when a time-range goes."""
    if said is None:
        return None, None
    first, last = _moment(said.get("start")), _moment(said.get("end"))
    if first is None and last is None or (first and last and last <= first):
        raise _refused(CAL, "valid-filter")
    return first, last


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise _refused(CAL, "valid-filter") from error


def card_filter(report: Element) -> CardFilter:
    """What an addressbook-query looks for."""
    said = child(report, f"{{{CARD}}}filter")
    found = tuple(_property(one, CARD) for one in children(said, f"{{{CARD}}}prop-filter"))
    return CardFilter(found, said is not None and said.get("test") == "allof")


def _property(said: Element, space: str) -> PropFilter:
    name = said.get("name", "").upper()
    if child(said, f"{{{space}}}time-range") is not None:
        raise _refused(space, "supported-filter")
    return PropFilter(
        name,
        is_absent=child(said, f"{{{space}}}is-not-defined") is not None,
        matches=tuple(_match(one, space) for one in children(said, f"{{{space}}}text-match")),
        is_any=space == CARD and said.get("test", "anyof") == "anyof",
        parameters=tuple(_property(one, space)
                         for one in children(said, f"{{{space}}}param-filter")),
    )  # fmt: skip


def _match(said: Element, space: str) -> Match:
    collation = said.get("collation", COLLATIONS[0])
    if collation not in COLLATIONS:
        raise _refused(space, "supported-collation")
    how = said.get("match-type", "contains")
    if how not in _MATCHES:
        raise _refused(space, "supported-filter")
    is_negated = said.get("negate-condition") == "yes"
    return Match(words(said), how, is_negated, collation == "i;octet")


def _lines(lines: Sequence[Line]) -> list[tuple[str, dict[str, list[str]]]]:
    return [(line.text, line.parameters) for line in lines]


def _refused(space: str, condition: str) -> Refused:
    text: Any = _("This way of searching is not understood here.")
    return Refused(403, text, f"{{{space}}}{condition}")
