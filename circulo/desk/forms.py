"""A cell that is edited in place: one field of one party."""

from __future__ import annotations

from typing import Any

from django import forms

from circulo.accounts.models import User
from circulo.desk.selectors.lists import people_who_work_here
from circulo.lib import ids
from circulo.parties.models import Party
from circulo.records.own import controls, links
from circulo.records.resources import Field, Type


class CellForm(forms.Form):
    """The one value of a cell, and the version of the record that it was read from."""

    version = forms.IntegerField(
        widget=forms.HiddenInput, required=False, min_value=0, max_value=2**31
    )

    def __init__(self, party: Party, field: Field, user: User, data: Any = None) -> None:
        initial = {"value": value_in_form(party, field, user), "version": party.version}
        super().__init__(data, initial=initial)
        self.fields["value"] = controls.control(field.own, user) if field.own else _control(field)

    @property
    def said(self) -> Any:
        return self.cleaned_data["value"]


def value_in_form(party: Party, field: Field, user: User) -> Any:
    """A value as its control holds it."""
    if field.own:
        names = links.names_of(user, [field.own], [party.custom])
        return controls.typed(field.own, party.custom.get(field.own.key), names)
    if field.name == "owner":
        return ids.encode("user", party.owner_id) if party.owner_id else ""
    value = getattr(party, field.name)
    return ", ".join(value) if field.type is Type.LIST else value


def _control(field: Field) -> forms.Field:
    label = str(field.label)
    if field.name == "owner":
        people = [("", "—"), *people_who_work_here()]
        return forms.ChoiceField(label=label, choices=people, required=False)
    if field.choices:
        empty = [("", "—")] if field.name != "lifecycle" else []
        choices = [*empty, *field.choices().items()]
        return forms.ChoiceField(label=label, choices=choices, required=not empty)
    if field.type is Type.DATE:
        day = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        return forms.CharField(label=label, widget=day, required=False, max_length=10)
    return forms.CharField(label=label, required=False, max_length=1000)
