"""The hours of a week that somebody offers: on each day none, one span, or two with a break.

A span is told in minutes of the day by the clock of a place: 0 is midnight, 1440 the next one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from circulo.lib import format as fmt
from circulo.lib.errors import Invalid

A_DAY, DAYS, MOST_SPANS = 24 * 60, range(7), 2
_A_MONDAY = date(2024, 1, 1)


class Span(NamedTuple):
    """From one minute of a day to another."""

    begins: int
    ends: int


class Fault(NamedTuple):
    """What is wrong with one span of a day: with its begin, or else with its end."""

    at: int
    is_begin: bool
    why: str


Week = Mapping[int, Sequence[Span]]
USUAL: Week = {day: (Span(9 * 60, 18 * 60),) for day in range(5)}


def name_of(weekday: int) -> str:
    """A day of the week by name, Monday as 0."""
    return capfirst(fmt.weekday(_A_MONDAY + timedelta(days=weekday)))


def fault_of(spans: Sequence[Span]) -> Fault | None:
    """What is wrong with the spans of a day; None where nothing is. Their order does not matter."""
    for at, span in enumerate(spans):
        if span.ends > A_DAY or span.begins < 0:
            return Fault(at, span.begins < 0, _("A day has 24 hours."))
        if span.ends <= span.begins:
            return Fault(at, False, _("It cannot end before it begins."))
    if len(spans) > MOST_SPANS:
        return Fault(MOST_SPANS, True, _("A day has at most two spans of hours."))
    if len(spans) == MOST_SPANS and spans[0].begins < spans[1].ends and (
        spans[1].begins < spans[0].ends
    ):  # fmt: skip
        return Fault(1, True, _("These hours overlap with the first ones of the day."))
    return None


def checked(week: Week) -> dict[int, list[Span]]:
    """The days on which there are hours, its spans in order each; Invalid where one is none."""
    for day, spans in week.items():
        if day not in DAYS:
            raise Invalid({"hours": _("A week has seven days.")})
        if (fault := fault_of(spans)) is not None:
            raise Invalid({"hours": f"{name_of(day)}: {fault.why}"})
    return {day: sorted(week[day]) for day in DAYS if week.get(day)}
