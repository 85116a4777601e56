"""Days said as people say them: today, this week, last month."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from circulo.lib import format as fmt

PERIODS: dict[str, str | Promise] = {
    "today": _("today"),
    "yesterday": _("yesterday"),
    "tomorrow": _("tomorrow"),
    "this_week": _("this week"),
    "last_week": _("last week"),
    "next_week": _("next week"),
    "this_month": _("this month"),
    "last_month": _("last month"),
    "next_month": _("next month"),
    "this_quarter": _("this quarter"),
    "last_quarter": _("last quarter"),
    "next_quarter": _("next quarter"),
    "this_year": _("this year"),
    "last_year": _("last year"),
    "next_year": _("next year"),
}
_DAYS = {"yesterday": -1, "today": 0, "tomorrow": 1}
_WHICH = {"last": -1, "this": 0, "next": 1}
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


def days_of(period: str, today: date | None = None) -> tuple[date, date]:
    """The first and the last day of a period, as the calendar of whoever asks has it."""
    today = today or timezone.localdate()
    if period in _DAYS:
        day = today + timedelta(days=_DAYS[period])
        return day, day
    which, _sign, unit = period.partition("_")
    if unit == "week":
        first, last = fmt.current().week_of(today)
        return first + timedelta(weeks=_WHICH[which]), last + timedelta(weeks=_WHICH[which])
    length = _MONTHS[unit]
    begun = (today.year * 12 + today.month - 1) // length + _WHICH[which]
    return _first_of(begun * length), _first_of((begun + 1) * length) - timedelta(days=1)


def _first_of(months: int) -> date:
    return date(months // 12, months % 12 + 1, 1)


def moments_of(first: date, last: date) -> tuple[datetime, datetime]:
    """The moments at which days begin and end here."""
    zone = timezone.get_current_timezone()
    return (
        datetime.combine(first, time.min, zone),
        datetime.combine(last, time.max, zone),
    )
