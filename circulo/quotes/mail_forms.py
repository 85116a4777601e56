"""What somebody types of the e-mail that a quote goes with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from circulo.accounts.forms import Form
from circulo.channels.email.actions.writing import MOST_SUBJECT, MOST_TEXT
from circulo.lib.errors import Invalid
from circulo.quotes.composing import Begun, Known

MOST_TYPED = 2_000
_BETWEEN = re.compile(r"[\s,;]+")
_TYPED = {"autocomplete": "off", "inputmode": "email", "spellcheck": "false"}


def addresses(text: str) -> list[str]:
    """The addresses of a line: between commas, semicolons or spaces."""
    return [one for one in _BETWEEN.split(text) if one]


class MailForm(Form):
    """The e-mail that a quote goes with: those that are known are ticked, others are written."""

    to = forms.MultipleChoiceField(
        label=pgettext_lazy("mail", "To"), required=False, widget=forms.CheckboxSelectMultiple
    )
    other = forms.CharField(
        label=_("Other addresses"), required=False, max_length=MOST_TYPED,
        widget=forms.TextInput(_TYPED), help_text=_("Several are separated by commas."),
    )  # fmt: skip
    cc = forms.CharField(
        label=_("Copy to"), required=False, max_length=MOST_TYPED, widget=forms.TextInput(_TYPED)
    )
    subject = forms.CharField(label=_("Subject"), max_length=MOST_SUBJECT)
    text = forms.CharField(
        label=_("Text"), max_length=MOST_TEXT, widget=forms.Textarea({"rows": 14}),
        help_text=_("The address of the page on line takes the place of {{ link }}."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, known: Sequence[Known], begun: Begun | None = None, **named: Any
    ) -> None:
        if begun is not None:
            named["initial"] = {"to": begun.to, "subject": begun.subject, "text": begun.text}
        super().__init__(*args, **named)
        control = self.fields["to"]
        assert isinstance(control, forms.MultipleChoiceField)
        control.choices = [(one.address, one.label) for one in known]
        if not known:
            del self.fields["to"]
            self.fields["other"].label = pgettext_lazy("mail", "To")

    def said(self) -> dict[str, Any]:
        """What was typed, as the composer takes it."""
        values = self.cleaned_data
        return {
            "to": [*values.get("to", ()), *addresses(values["other"])],
            "cc": addresses(values["cc"]),
            "subject": values["subject"],
            "text": values["text"],
        }

    def refuse(self, invalid: Invalid) -> None:
        """Say at the fields what the composer or the action refused."""
        for name, why in invalid.fields.items():
            place = "other" if name == "to" else name
            self.add_error(place if place in self.fields else None, str(why))
