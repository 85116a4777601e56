"""How an entry reads: when it is and how it repeats, in words."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from circulo.agenda.models import Entry
from circulo.agenda.times import clock_start
from circulo.lib import format as fmt
from circulo.lib.recurrence import parts_of, read_dates

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MONDAY = date(2024, 1, 1)
_NAMED = {("MONTHLY", 3): lazy("every quarter"), ("MONTHLY", 6): lazy("every half year")}


def when_in_words(entry: Entry) -> str:
    """When an entry is, as one reads it: `mañana, 9:00–10:00`."""
    return times_in_words(
        entry.starts_at, entry.ends_at, (entry.starts_on, entry.ends_on or entry.starts_on)
    )


def times_in_words(
    start: datetime | None, end: datetime | None, days: tuple[date | None, date | None]
) -> str:
    """A moment, a stretch of time or whole days, as one reads them."""
    first, last = days
    if first is not None:
        text = fmt.near_day(first)
        return text if last in (None, first) else f"{text} – {fmt.near_day(last)}"
    if start is None:
        return ""
    locale = fmt.current()
    day = start.astimezone(locale.zone).date()
    text = f"{fmt.near_day(day)}, {fmt.time(start)}"
    if end is None or end == start:
        return text
    if end.astimezone(locale.zone).date() == day:
        return f"{text}–{fmt.time(end)}"
    return f"{text} – {fmt.moment(end)}"


def spelt_out(start: datetime, end: datetime) -> str:
    """A stretch of time with its weekday: `lunes, 30 de noviembre de 2026, 10:30–11:00`."""
    day = start.astimezone(fmt.current().zone).date()
    hours = f"{fmt.time(start)}–{fmt.time(end)}"
    return f"{fmt.weekday(day)}, {fmt.day(day, 'long')}, {hours}"


def when_spelt_out(entry: Entry) -> str:
    """When an appointment is, with its weekday; of whole days the first one, and the last."""
    if entry.starts_at is not None:
        return spelt_out(entry.starts_at, entry.ends_at or entry.starts_at)
    days = dict.fromkeys(day for day in (entry.starts_on, entry.ends_on) if day)
    return " – ".join(f"{fmt.weekday(day)}, {fmt.day(day, 'long')}" for day in days)


def tomorrow() -> str:
    """The day after today, as a field holds it."""
    return f"{fmt.current().today() + timedelta(days=1):%Y-%m-%d}"


def repetition_in_words(entry: Entry) -> str:
    """How an entry repeats, as one says it; nothing where it does not."""
    if not entry.rule:
        return ngettext("on %d more day", "on %d more days", len(entry.more_dates)) % (
            len(entry.more_dates)) if entry.more_dates else ""  # fmt: skip
    return ". ".join(filter(None, (rule_in_words(entry.rule), left_out_in_words(entry))))


def left_out_in_words(entry: Entry) -> str:
    """Which times a series has not, because its day is missing in some months or years."""
    parts, start = parts_of(entry.rule) if entry.rule else {}, clock_start(entry)
    if start is None or start.day < 29 or {"BYDAY", "BYMONTHDAY", "BYSETPOS"} & set(parts):
        return ""
    if parts.get("FREQ") == "MONTHLY" and not _meets_long_months_only(start, parts):
        return _("Months without a day %d are left out") % start.day
    if parts.get("FREQ") == "YEARLY" and (start.month, start.day) == (2, 29):
        return _("Years without a 29 February are left out")
    return ""


def _meets_long_months_only(start: datetime, parts: dict[str, str]) -> bool:
    """Whether every month that it comes to has its day, as each January has its 31st."""
    step = int(parts.get("INTERVAL", "1"))
    months = {(start.month - 1 + step * n) % 12 + 1 for n in range(12)}
    return all(monthrange(2027, month)[1] >= start.day for month in months)


def rule_in_words(rule: str) -> str:
    """How something repeats by a rule."""
    parts = parts_of(rule)
    if parts["FREQ"] == "DAILY" and "BYDAY" in parts and parts.get("INTERVAL", "1") == "1":
        parts = parts | {"FREQ": "WEEKLY"}
    return ", ".join(filter(None, (_how_often(parts), _on_which(parts), _until(parts))))


def dates_in_words(texts: Sequence[str]) -> str:
    """The days of single times of a series."""
    return ", ".join(fmt.day(when.date(), "medium") for when in read_dates(texts))


def reminder_in_words(minutes: int) -> str:
    """When a reminder rings."""
    if not minutes:
        return _("When it is time")
    for size, one in ((1440, _days_before), (60, _hours_before)):
        if not minutes % size:
            return one(minutes // size)
    return ngettext("%d minute before", "%d minutes before", minutes) % minutes


def _days_before(count: int) -> str:
    return ngettext("%d day before", "%d days before", count) % count


def _hours_before(count: int) -> str:
    return ngettext("%d hour before", "%d hours before", count) % count


def _how_often(parts: dict[str, str]) -> str:
    step = int(parts.get("INTERVAL", "1"))
    if named := _NAMED.get((parts["FREQ"], step)):
        return str(named)
    texts: dict[str, Any] = {
        "DAILY": ngettext("every day", "every %d days", step),
        "WEEKLY": ngettext("every week", "every %d weeks", step),
        "MONTHLY": ngettext("every month", "every %d months", step),
        "YEARLY": ngettext("every year", "every %d years", step),
    }
    text: str = texts[parts["FREQ"]]
    return text % step if "%d" in text else text


def _on_which(parts: dict[str, str]) -> str:
    """The days of the week, where they are named without a place in the month."""
    names = parts["BYDAY"].split(",") if "BYDAY" in parts else []
    if not all(name in DAYS for name in names):
        return _("on certain days")
    if not names:
        return ""
    if set(names) == set(DAYS[:5]):
        return _("from Monday to Friday")
    names.sort(key=DAYS.index)
    locale = fmt.current()
    return locale.joined(
        locale.weekday(MONDAY + timedelta(days=DAYS.index(name))) for name in names
    )


def _until(parts: dict[str, str]) -> str:
    if "COUNT" in parts:
        count = int(parts["COUNT"])
        return ngettext("%d time", "%d times", count) % count
    if "UNTIL" in parts:
        end = datetime.strptime(parts["UNTIL"][:8], "%Y%m%d").date()
        return _("until %s") % fmt.day(end, "medium")
    return ""
