"""The form of the rule by which records are merged without anybody's look."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from circulo.parties.models import MergeRule, PartyKind

CHOICES = {
    PartyKind.PERSON: MergeRule.Agreement.choices,
    PartyKind.ORGANISATION: [
        choice for choice in MergeRule.Agreement.choices if choice[0] != "birthday"
    ],
}


class MergeRuleForm(forms.Form):
    """Whether, from which probability on, and in what two records must agree."""

    is_on = forms.BooleanField(label=_("Merge without asking"), required=False)
    least = forms.FloatField(
        label=_("Only from this probability on (%)"), min_value=90, max_value=100
    )
    agreements = forms.MultipleChoiceField(
        label=_("Only where these are the same"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, rule: MergeRule, data: Any = None) -> None:
        initial = {
            "is_on": rule.is_on,
            "least": f"{rule.least * 100:g}",
            "agreements": rule.agreements,
        }
        super().__init__(data, initial=initial, prefix=rule.kind)
        self.rule = rule
        agreements = self.fields["agreements"]
        assert isinstance(agreements, forms.MultipleChoiceField)
        agreements.choices = CHOICES[PartyKind(rule.kind)]

    @property
    def title(self) -> str:
        return str(_("Contacts") if self.rule.kind == PartyKind.PERSON else _("Companies"))

    def clean_least(self) -> float:
        return float(self.cleaned_data["least"]) / 100

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("is_on") and not said.get("agreements"):
            self.add_error("agreements", _("Choose at least one thing that must agree."))
        return said
