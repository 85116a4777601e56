"""Controls that the forms of the catalogue share."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from circulo.catalog.reading import day
from circulo.lib import format as fmt
from circulo.lib.errors import Invalid

# `3 x Rioja`, `3 × Rioja`, `3×Rioja`; an x without a space behind it begins a name.
_LINE = re.compile(r"\s*([\d.,]+)\s*(?:[x*]\s+|×\s*)(.+)")
MOST_LINES = 500


class AmountField(forms.CharField):
    """A number as the region of who types writes it."""

    def __init__(self, **named: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(max_length=40, widget=widget, **named)

    def clean(self, value: Any) -> Any:
        said = super().clean(value)
        try:
            return fmt.parse_number(said) if said else None
        except Invalid as invalid:
            raise forms.ValidationError(str(invalid.fields[""])) from invalid

    def prepare_value(self, value: Any) -> Any:
        return fmt.typed_number(value.normalize()) if isinstance(value, Decimal) else value


class DayField(forms.DateField):
    """A day, or none."""

    def __init__(self, *, required: bool = False, **named: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(required=required, widget=widget, **named)

    def clean(self, value: Any) -> Any:
        try:
            return day(super().clean(value))
        except Invalid as invalid:
            raise forms.ValidationError(str(invalid.fields[""])) from invalid

    def prepare_value(self, value: Any) -> Any:
        return value.isoformat() if isinstance(value, date) else value


def goods_in(said: str) -> Iterator[tuple[Decimal, str]]:
    """Quantities and names of products, one in each line: `3 × Rioja`, or the name alone."""
    for line in said.splitlines()[:MOST_LINES]:
        found = _LINE.fullmatch(line)
        if found:
            number = fmt.parse_number(found[1])
            yield Decimal(1) if number is None else number, found[2].strip()
        elif line.strip():
            yield Decimal(1), line.strip()


def pairs_in(said: str) -> dict[str, str]:
    """Names with their values, one pair in each line: `Size: XL`."""
    found: dict[str, str] = {}
    for line in said.splitlines():
        name, sign, value = line.partition(":")
        if line.strip() and not (sign and name.strip() and value.strip()):
            raise forms.ValidationError(_("Write each as a name and its value, such as Size: XL."))
        if line.strip():
            found[name.strip()] = value.strip()
    return found
