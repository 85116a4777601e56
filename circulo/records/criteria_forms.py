"""The form of a rule with a criterion."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from circulo.accounts.forms import Form
from circulo.records.criteria import BadCriteria, parse


class CriteriaForm(Form):
    """A rule with a criterion: made by filtering the list that it is about, carried as JSON."""

    label = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    criteria = forms.CharField(
        label=gettext_lazy("Conditions"), required=False, max_length=5_000,
        widget=forms.HiddenInput,
    )  # fmt: skip

    def __init__(self, data: Any = None, *, begin: dict[str, Any], criteria: str | None) -> None:
        initial = begin if criteria is None else begin | {"criteria": criteria}
        super().__init__(data, initial=initial)

    def clean_criteria(self) -> Any:
        """The criterion; what it means is looked at by the act."""
        text = self.cleaned_data["criteria"]
        try:
            return parse(text) if text.strip() else {}
        except BadCriteria as bad:
            raise forms.ValidationError(_("This is not JSON.")) from bad
