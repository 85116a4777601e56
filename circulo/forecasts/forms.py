"""What somebody types of forecasts: an adjustment, and which days the figures of sales are of."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from circulo.accounts.forms import Form
from circulo.forecasts.models.adjustments import CATEGORIES
from circulo.lib import format as fmt
from circulo.lib import money
from circulo.lib.errors import Invalid
from circulo.sales.models import ForecastAs

FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2200, 12, 31)


class AdjustmentForm(Form):
    """How much more or less somebody expects, of which deals, and why."""

    amount = forms.CharField(
        label=_("More, or with a minus less"), max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "text", "autocomplete": "off"}),
    )  # fmt: skip
    category = forms.ChoiceField(
        label=_("Counted as"), choices=[(one.value, one.label) for one in CATEGORIES],
        initial=ForecastAs.COMMIT,
    )  # fmt: skip
    comment = forms.CharField(label=_("Why"), max_length=500)

    def __init__(self, currency: str, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.currency = currency
        self.fields["amount"].help_text = currency

    def clean_amount(self) -> Decimal:
        """The amount as it is written in the region of whoever types it."""
        try:
            read = fmt.parse_number(self.cleaned_data["amount"], money.decimals_of(self.currency))
        except Invalid as invalid:
            raise forms.ValidationError(str(next(iter(invalid.fields.values())))) from invalid
        return read if read is not None else Decimal()


def _day(label: Any) -> forms.DateField:
    control = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, widget=control, required=False)


class DaysForm(forms.Form):
    """From which day to which, and in which pipeline."""

    first = _day(_("From"))
    last = _day(_("To"))
    pipeline = forms.CharField(required=False, max_length=10)

    def days(self, usual: tuple[date, date]) -> tuple[date, date]:
        """The days that are meant, in their order; the usual ones where none are said."""
        said = self.cleaned_data if self.is_valid() else {}
        first, last = said.get("first") or usual[0], said.get("last") or usual[1]
        first, last = (min(max(day, FIRST_DAY), LAST_DAY) for day in (first, last))
        return (first, last) if first <= last else (last, first)


def year_until(today: date) -> tuple[date, date]:
    """The twelve months that end today."""
    return today - timedelta(days=364), today
