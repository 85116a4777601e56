"""What a person says of their booking page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from circulo.agenda.plans import MOST_PLACE
from circulo.agenda.week import A_DAY, DAYS, MOST_SPANS, Span, Week, fault_of, name_of

_CLOCK = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?(?::00)?")


def _whole(label: Any, least: int, most: int, first: int | None) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=least, max_value=most, initial=first, required=first is not None
    )


class ClockField(forms.Field):
    """A time of day in minutes; where something ends, midnight is that of the next day."""

    def __init__(self, label: Any, *, is_end: bool) -> None:
        widget = forms.TimeInput(attrs={"type": "time"})
        super().__init__(label=label, required=False, widget=widget)
        self.is_end = is_end

    def to_python(self, value: Any) -> int | None:
        """Minutes of the day, from what a browser sends or somebody types: `9`, `9:30`, `24:00`."""
        text = str(value or "").strip()
        if not text:
            return None
        found = _CLOCK.fullmatch(text)
        minutes = int(found[1]) * 60 + int(found[2] or 0) if found else A_DAY + 1
        if minutes > A_DAY or (found and int(found[2] or 0) > 59):
            raise ValidationError(_("Write the time as 9:30."))
        return A_DAY if self.is_end and not minutes else minutes

    def prepare_value(self, value: Any) -> Any:
        """As a field of time holds it: it knows no 24:00."""
        if not isinstance(value, int):
            return value
        return f"{value // 60 % 24:02d}:{value % 60:02d}"


class Day(NamedTuple):
    """The fields of one day of the week, as they are drawn."""

    name: str
    fields: list[forms.BoundField]


class BookingPageForm(forms.Form):
    """What one's booking page offers, and in which hours of each day of the week."""

    title = forms.CharField(label=_("What for"), max_length=150)
    place = forms.CharField(label=_("Place"), required=False, max_length=MOST_PLACE)
    minutes = _whole(_("Minutes that it lasts"), 5, 480, 30)
    pause = _whole(_("Minutes free before and after"), 0, 120, 0)
    most_a_day = _whole(_("At most a day"), 1, 100, None)
    days_ahead = _whole(_("Days ahead"), 1, 60, 14)
    notice_hours = _whole(_("Hours of notice"), 0, 240, 4)

    def __init__(self, *args: Any, week: Week, **more: Any) -> None:
        super().__init__(*args, **more)
        for day in DAYS:
            spans = list(week.get(day, ()))
            for at in range(MOST_SPANS):
                begins, ends = spans[at] if at < len(spans) else (None, None)
                self._add_clock(_named(day, at, is_begin=True), begins, at)
                self._add_clock(_named(day, at, is_begin=False), ends, at)

    @property
    def days(self) -> list[Day]:
        """The days of the week with their fields, in order."""
        return [Day(name_of(day), [self[name] for name in _names(day)]) for day in DAYS]

    @property
    def week(self) -> dict[int, list[Span]]:
        """The hours that were said."""
        return {day: self._spans(day) for day in DAYS}

    @property
    def said(self) -> dict[str, Any]:
        """The rest of what was said."""
        return {name: self.cleaned_data[name] for name in self.base_fields}

    def clean(self) -> dict[str, Any]:
        """Each day by itself: all that is wrong is told at once, where it is."""
        values = super().clean() or {}
        for day in DAYS:
            self._refuse_halves(day, values)
            if not any(name in self.errors for name in _names(day)):
                self._refuse_unfit(day)
        if not self.errors and not any(self.week.values()):
            self.add_error(_named(0, 0, is_begin=True), _("Offer hours on one day at least."))
        return values

    def _add_clock(self, name: str, minutes: int | None, at: int) -> None:
        is_begin = name.endswith("from")
        first, more = (
            (pgettext_lazy("hours", "From"), pgettext_lazy("hours", "again from"))
            if is_begin
            else (pgettext_lazy("hours", "Until"), pgettext_lazy("hours", "and until"))
        )
        self.fields[name] = ClockField(more if at else first, is_end=not is_begin)
        self.initial[name] = minutes

    def _spans(self, day: int) -> list[Span]:
        said = [self.cleaned_data.get(name) for name in _names(day)]
        pairs = zip(said[::2], said[1::2], strict=True)
        return [
            Span(begins, ends) for begins, ends in pairs if begins is not None and ends is not None
        ]

    def _refuse_halves(self, day: int, values: Mapping[str, Any]) -> None:
        for at in range(MOST_SPANS):
            names = [_named(day, at, is_begin=is_begin) for is_begin in (True, False)]
            missing = [name for name in names if values.get(name) is None]
            if len(missing) == 1 and missing[0] not in self.errors:
                self.add_error(missing[0], _("Say from when and until when, or neither."))

    def _refuse_unfit(self, day: int) -> None:
        fault = fault_of(self._spans(day))
        if fault is None:
            return
        # Where the first span is left empty, the only one of the day stands in the second.
        given = [at for at in range(MOST_SPANS)
                 if self.cleaned_data.get(_named(day, at, is_begin=True)) is not None]  # fmt: skip
        self.add_error(_named(day, given[fault.at], is_begin=fault.is_begin), fault.why)


def _named(day: int, at: int, *, is_begin: bool) -> str:
    return f"day{day}_{at + 1}_{'from' if is_begin else 'until'}"


def _names(day: int) -> list[str]:
    return [_named(day, at, is_begin=is_begin) for at in range(MOST_SPANS)
            for is_begin in (True, False)]  # fmt: skip
