"""What a person says of their booking page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from circulo.agenda.plans import MOST_PLACE


def _whole(label: Any, least: int, most: int, first: int) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=least, max_value=most, initial=first)


class BookingPageForm(forms.Form):
    """What one's booking page offers."""

    title = forms.CharField(label=_("What for"), max_length=150)
    place = forms.CharField(label=_("Place"), required=False, max_length=MOST_PLACE)
    minutes = _whole(_("Minutes that it lasts"), 5, 480, 30)
    first_hour = _whole(_("From what hour"), 0, 23, 9)
    last_hour = _whole(_("Until what hour"), 1, 24, 18)
    days_ahead = _whole(_("Days ahead"), 1, 60, 14)
    notice_hours = _whole(_("Hours of notice"), 0, 240, 4)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("first_hour", 0) >= values.get("last_hour", 24):
            self.add_error("last_hour", _("It cannot end before it begins."))
        return values
