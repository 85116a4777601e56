"""The periods that are forecast: months, quarters and years of a firm whose year begins when it
says.

A period knows its first day and the day after its last. In addresses it is written as `2026-11`, as
`2026-q4` and as `2026`: quarters and years are called after the calendar year that they begin the
fiscal year in.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from circulo.lib import format as fmt

FIRST_YEAR, LAST_YEAR = 1990, 2200
_MONTH, _QUARTER, _YEAR = (
    re.compile(r"(\d{4})-(\d{2})"), re.compile(r"(\d{4})-q([1-4])"), re.compile(r"(\d{4})"),
)  # fmt: skip


class Span(models.TextChoices):
    """How long a period is."""

    MONTH = "month", pgettext_lazy("period", "Month")
    QUARTER = "quarter", pgettext_lazy("period", "Quarter")
    YEAR = "year", pgettext_lazy("period", "Year")


MONTHS = {Span.MONTH: 1, Span.QUARTER: 3, Span.YEAR: 12}
ACROSS = {Span.MONTH: 12, Span.QUARTER: 8, Span.YEAR: 4}


@dataclass(frozen=True, order=True)
class Period:
    """A month, a quarter or a year of a firm whose year begins in the month `begins`."""

    first: date
    span: Span
    begins: int = 1

    @property
    def end(self) -> date:
        """The day after its last one."""
        return _plus(self.first, MONTHS[self.span])

    @property
    def last(self) -> date:
        """Its last day."""
        return self.end - timedelta(days=1)

    @property
    def year(self) -> int:
        """The calendar year in which its fiscal year begins."""
        return self.first.year - (self.first.month < self.begins)

    @property
    def quarter(self) -> int:
        """Which quarter of the fiscal year it begins in."""
        return (self.first.month - self.begins) % 12 // 3 + 1

    def __str__(self) -> str:
        """As addresses and other programs write it."""
        if self.span == Span.MONTH:
            return f"{self.first:%Y-%m}"
        return f"{self.year}-q{self.quarter}" if self.span == Span.QUARTER else str(self.year)

    @property
    def label(self) -> str:
        """As people call it."""
        if self.span == Span.MONTH:
            return fmt.month(self.first)
        year = str(self.year) if self.begins == 1 else f"{self.year}/{(self.year + 1) % 100:02d}"
        if self.span == Span.YEAR:
            return year
        return _("Q%(quarter)d %(year)s") % {"quarter": self.quarter, "year": year}

    def moved(self, by: int) -> Period:
        """The period so many after this one, or before it."""
        return Period(_plus(self.first, by * MONTHS[self.span]), self.span, self.begins)

    def holds(self, day: date) -> bool:
        """Whether a day lies in it."""
        return self.first <= day < self.end

    def parts(self) -> list[Period]:
        """The periods of the next shorter span that make it up; none of a month."""
        if self.span == Span.MONTH:
            return []
        shorter = Span.QUARTER if self.span == Span.YEAR else Span.MONTH
        count = MONTHS[self.span] // MONTHS[shorter]
        first = Period(self.first, shorter, self.begins)
        return [first.moved(n) for n in range(count)]

    def around(self) -> list[Period]:
        """The periods that are looked at beside it: for a month those of its year."""
        count = ACROSS[self.span]
        if self.span == Span.MONTH:
            year = period_of(self.first, Span.YEAR, self.begins)
            return [Period(year.first, Span.MONTH, self.begins).moved(n) for n in range(count)]
        return [self.moved(n - count // 2) for n in range(count)]


def period_of(day: date, span: Span | str, begins: int = 1) -> Period:
    """The period of this span that holds a day."""
    span = Span(span)
    back = {Span.MONTH: 0, Span.QUARTER: (day.month - begins) % 3,
            Span.YEAR: (day.month - begins) % 12}[span]  # fmt: skip
    return Period(_plus(day.replace(day=1), -back), span, begins)


def period_called(text: str, begins: int = 1) -> Period | None:
    """The period that an address names, or None."""
    month, quarter, year = (kind.fullmatch(text) for kind in (_MONTH, _QUARTER, _YEAR))
    found = month or quarter or year
    if found is None or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        return None
    first = date(int(found[1]), begins, 1)
    if month:
        return Period(date(int(month[1]), int(month[2]), 1), Span.MONTH, begins) if (
            1 <= int(month[2]) <= 12
        ) else None  # fmt: skip
    if quarter:
        return Period(_plus(first, 3 * (int(quarter[2]) - 1)), Span.QUARTER, begins)
    return Period(first, Span.YEAR, begins)


def edges(periods: Sequence[Period], zone: ZoneInfo) -> list[datetime]:
    """The moments at which these periods, one after the other, begin, and the last one ends."""
    days = [*(period.first for period in periods), periods[-1].end]
    return [datetime.combine(day, time(), zone) for day in days]


def _plus(first: date, months: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, 1)
