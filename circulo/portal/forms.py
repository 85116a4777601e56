"""What people outside of the house write on its public pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from circulo.lib.emails import normalise
from circulo.lib.errors import Invalid
from circulo.lib.text import clean

MOST_NOTE = 1_000


class BookingForm(forms.Form):
    """Who takes an hour, and which."""

    start = forms.DateTimeField(widget=forms.HiddenInput)
    name = forms.CharField(
        label=_("Your name"), max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    email = forms.EmailField(
        label=_("Your e-mail"), max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )  # fmt: skip
    note = forms.CharField(
        label=_("What it is about"), required=False, max_length=MOST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    consent = forms.BooleanField(label=_("I agree that my data are kept for this appointment."))

    def clean(self) -> dict[str, Any]:
        """Text as it can be stored."""
        values = super().clean() or {}
        for name, lines in (("name", False), ("note", True)):
            try:
                values[name] = clean(values.get(name, ""), limit=MOST_NOTE, lines=lines)
            except Invalid as refusal:
                self.add_error(name, str(refusal.fields[""]))
        if values.get("email"):
            try:
                values["email"] = normalise(values["email"])
            except Invalid as refusal:
                self.add_error("email", str(refusal.fields[""]))
        return values


class AcceptForm(forms.Form):
    """Who accepts a quote: the name, and that it is meant."""

    name = forms.CharField(
        label=_("Your name"), max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    agreed = forms.BooleanField(label=_("I have read the quote and its terms, and I accept it."))


class RefuseForm(forms.Form):
    """Who refuses a quote, and why."""

    name = forms.CharField(
        label=_("Your name"), max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    text = forms.CharField(
        label=_("What would have to be different?"), max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


class CommentForm(forms.Form):
    """A question or a remark on a quote."""

    name = forms.CharField(
        label=_("Your name"), max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    text = forms.CharField(
        label=_("Your question or remark"), max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
