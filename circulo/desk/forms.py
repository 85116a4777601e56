"""A cell that is edited in place: one field of one record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms

from circulo.accounts.models import User
from circulo.accounts.selectors import people_who_work_here
from circulo.lib import ids
from circulo.records.own import controls, links
from circulo.records.resources import Field, Type
from circulo.records.rosters import roster


class CellForm(forms.Form):
    """The one value of a cell, and the version of the record that it was read from."""

    version = forms.IntegerField(
        widget=forms.HiddenInput, required=False, min_value=0, max_value=2**31
    )

    def __init__(self, name: str, record: Any, field: Field, user: User, data: Any = None) -> None:
        about = roster(name)
        value = value_in_form(record, field, user, about.typed)
        super().__init__(data, initial={"value": value, "version": record.version})
        is_needed = field.name in about.needed
        self.fields["value"] = (
            controls.control(field.own, user) if field.own else _control(field, is_needed)
        )

    @property
    def said(self) -> Any:
        return self.cleaned_data["value"]


def value_in_form(
    record: Any, field: Field, user: User, typed: Callable[[Any, Field], Any] | None
) -> Any:
    """A value as its control holds it."""
    if field.own:
        names = links.names_of(user, [field.own], [record.custom])
        return controls.typed(field.own, record.custom.get(field.own.key), names)
    if field.name == "owner":
        return ids.encode("user", record.owner_id) if record.owner_id else ""
    if typed:
        return typed(record, field)
    value = getattr(record, field.name)
    return ", ".join(value) if field.type is Type.LIST else value


def _control(field: Field, is_needed: bool) -> forms.Field:
    label = str(field.label)
    if field.name == "owner":
        people = [*([] if is_needed else [("", "—")]), *people_who_work_here()]
        return forms.ChoiceField(label=label, choices=people, required=False)
    if field.choices:
        empty = [] if is_needed else [("", "—")]
        choices = [*empty, *field.choices().items()]
        return forms.ChoiceField(label=label, choices=choices, required=not empty)
    if field.type in (Type.DATE, Type.MOMENT):
        day = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        return forms.CharField(label=label, widget=day, required=False, max_length=10)
    return forms.CharField(label=label, required=False, max_length=1000)
