"""The form that relates a party to another."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from circulo.accounts.models import User
from circulo.parties.models import Party, Relationship
from circulo.parties.selectors import named_parties


class RelationshipForm(forms.Form):
    """What a party is to another one, which is named or, where names repeat, chosen."""

    kind = forms.ChoiceField(label=_("This record"), choices=Relationship.Kind.choices)
    other = forms.CharField(label=_("Whom or which company"), max_length=300)
    role = forms.CharField(label=_("Role"), max_length=120, required=False)
    since = forms.DateField(
        label=_("Since"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, user: User, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.user = user
        self.alike: list[Party] = []
        self.fields["other"].widget.attrs |= {
            "list": "others",
            "autocomplete": "off",
            "hx-get": "/parties/names",
            "hx-trigger": "input changed delay:200ms",
            "hx-target": "#others",
            "hx-swap": "innerHTML",
        }

    def clean_other(self) -> Party:
        text = self.cleaned_data["other"]
        found = named_parties(self.user, self.data.get("other_id") or text)
        if len(found) == 1:
            return found[0]
        self.alike = found
        if found:
            raise forms.ValidationError(_("Several go by this name: choose one."))
        raise forms.ValidationError(_("Nobody you can see goes by this name."))

    @property
    def named(self) -> Party:
        """The party that was named."""
        party: Party = self.cleaned_data["other"]
        return party
