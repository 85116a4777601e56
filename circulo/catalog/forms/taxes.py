"""A tax rate, what is withheld, and an exchange rate: each from a day on."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy

from circulo.accounts.forms import Form, currencies
from circulo.catalog.forms.common import AmountField, DayField
from circulo.catalog.models import TaxClass, Withholding
from circulo.catalog.regions import regions


class TaxRateForm(Form):
    """What a class is taxed with in a region, from a day on."""

    region = forms.ChoiceField(label=gettext_lazy("Region"))
    tax = forms.CharField(label=gettext_lazy("Tax"), max_length=20)
    tax_class = forms.ChoiceField(label=gettext_lazy("Tax class"), choices=TaxClass.choices)
    rate = AmountField(label=gettext_lazy("Percentage"))
    starts_on = DayField(label=gettext_lazy("From"), required=True)

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        control = self.fields["region"]
        assert isinstance(control, forms.ChoiceField)
        control.choices = regions()


class WithholdingForm(Form):
    """What a customer keeps of a professional's bill, from a day on."""

    region = forms.ChoiceField(label=gettext_lazy("Region"))
    name = forms.CharField(
        label=gettext_lazy("What is withheld"), max_length=60,
        widget=forms.TextInput(attrs={"list": "withheld", "autocomplete": "off"}),
        help_text=gettext_lazy("One that is known already gets a new rate."),
    )  # fmt: skip
    rate = AmountField(label=gettext_lazy("Percentage"))
    starts_on = DayField(label=gettext_lazy("From"), required=True)

    def __init__(self, known: Sequence[Withholding], *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.known = known
        control = self.fields["region"]
        assert isinstance(control, forms.ChoiceField)
        control.choices = regions()

    def said(self) -> dict[str, Any]:
        """The rate, as the action takes it: under the key that its name has, or a new one."""
        values = self.cleaned_data
        place, name = values["region"], values["name"].strip()
        same = (one.key for one in self.known
                if (one.region, one.name.casefold()) == (place, name.casefold()))  # fmt: skip
        key = next(same, "") or slugify(name)[:30]
        return {**values, "name": name, "key": key}


class ExchangeForm(Form):
    """What a currency is worth in another from a day on."""

    currency = forms.ChoiceField(label=gettext_lazy("One"), choices=currencies)
    rate = AmountField(label=gettext_lazy("is worth"))
    target = forms.ChoiceField(label=gettext_lazy("in"), choices=currencies)
    day = DayField(label=gettext_lazy("From"), required=True, initial=timezone.localdate)

    def said(self) -> tuple[str, str, Any, Decimal]:
        """The rate, as the action takes it."""
        values = self.cleaned_data
        return values["currency"], values["target"], values["day"], values["rate"]
