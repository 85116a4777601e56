"""Days and times as a form takes them: none that no clock shows, none too far off to plan."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from circulo.agenda.plans import YEARS

MINUTE = timedelta(minutes=1)


class DayField(forms.DateField):
    """A day that something can be planned on."""

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is not None and not YEARS[0] <= value.year <= YEARS[1]:
            raise ValidationError(_("Choose a day between the years %d and %d.") % YEARS)


def moment(day: date, clock: time) -> datetime:
    """The moment at which a clock where the person is shows this."""
    return timezone.make_aware(datetime.combine(day, clock))


def why_never(day: date, clock: time) -> str:
    """Why no clock shows this time on a day, where the clocks go forward over it; else nothing."""
    shown = datetime.combine(day, clock)
    if _is_shown(shown):
        return ""
    first = shown.replace(second=0)
    while not _is_shown(first - MINUTE):
        first -= MINUTE
    gap = (_offset(first, 1) or MINUTE) - (_offset(first, 0) or MINUTE)
    return _("On that day the clock jumps from %(from)s to %(to)s: there is no %(time)s.") % {
        "from": _in_words(first), "to": _in_words(first + gap), "time": _in_words(shown),
    }  # fmt: skip


def _is_shown(clock: datetime) -> bool:
    zone = timezone.get_current_timezone()
    return clock.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) == clock


def _offset(clock: datetime, fold: int) -> timedelta | None:
    return clock.replace(tzinfo=timezone.get_current_timezone(), fold=fold).utcoffset()


def _in_words(clock: datetime) -> str:
    return f"{clock.hour}:{clock:%M}"
