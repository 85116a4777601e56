"""What somebody writes into a public form, as whoever made the form asks it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from circulo.leads.drafts import LENGTHS, MOST_MESSAGE, MOST_PHONE, read
from circulo.leads.form_fields import ASKABLE, REACHES
from circulo.leads.models import WebForm
from circulo.lib.errors import Invalid

# What browsers fill in by themselves, by the names that they know.
AUTOCOMPLETE = {
    "name": "name", "given_name": "given-name", "first_surname": "family-name",
    "second_surname": "additional-name", "company": "organization",
    "job_title": "organization-title", "email": "email", "phone": "tel",
    "city": "address-level2", "postal_code": "postal-code", "region": "address-level1",
    "message": "off",
}  # fmt: skip
MOST = {**LENGTHS, "name": 200, "email": 254, "phone": MOST_PHONE, "message": MOST_MESSAGE // 4}
TYPES = {"email": "email", "phone": "tel"}
TRAP = "website"


class PublicForm(forms.Form):
    """The fields of a form in their order, what one agrees to, and a trap that nobody sees."""

    use_required_attribute = True

    def __init__(self, form: WebForm, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.web_form = form
        for one in form.fields:
            self.fields[one["name"]] = _control(one)
        for one in form.consents:
            self.fields[f"consent-{one['purpose']}"] = forms.BooleanField(
                label=one["text"], required=one["is_required"]
            )

    def clean(self) -> dict[str, Any]:
        """What was written is read as every lead is, so that it can be kept."""
        values = super().clean() or {}
        asked = {one["name"] for one in self.web_form.fields}
        if not self.errors and not any(values.get(name) for name in REACHES):
            place = next(name for name in REACHES if name in asked)
            self.add_error(place, _("Leave an e-mail address or a phone, so that we can answer."))
        self._refuse_unreadable()
        return values

    def _refuse_unreadable(self) -> None:
        """All that is wrong is told at once: beside what is missing, what cannot be read."""
        known = set(self.errors)
        try:
            read(self.said, by=None)
        except Invalid as invalid:
            for name, why in invalid.fields.items():
                if name in self.fields and name not in known:
                    self.add_error(name, str(why))
                elif not known:
                    self.add_error(None, str(why))

    @property
    def said(self) -> dict[str, str]:
        """The words, of those fields in which there are any."""
        names = (one["name"] for one in self.web_form.fields)
        return {n: self.cleaned_data[n] for n in names if self.cleaned_data.get(n)}

    @property
    def agreed(self) -> frozenset[str]:
        """The purposes that were agreed to."""
        purposes = (one["purpose"] for one in self.web_form.consents)
        return frozenset(p for p in purposes if self.cleaned_data.get(f"consent-{p}"))

    @cached_property
    def is_trapped(self) -> bool:
        """Whether the field was filled in that people do not see."""
        return bool(self.data.get(TRAP, "").strip())

    @property
    def asked(self) -> list[forms.BoundField]:
        """The fields, in their order."""
        return [self[one["name"]] for one in self.web_form.fields]

    @property
    def consents(self) -> list[forms.BoundField]:
        """What one agrees to."""
        return [self[f"consent-{one['purpose']}"] for one in self.web_form.consents]


def _control(one: dict[str, Any]) -> forms.Field:
    name = one["name"]
    attributes = {"autocomplete": AUTOCOMPLETE[name]}
    widget: forms.Widget = forms.TextInput({**attributes, "type": TYPES.get(name, "text")})
    if name == "message":
        widget = forms.Textarea({**attributes, "rows": 5})
    label = str(one["label"] or ASKABLE[name])
    return forms.CharField(
        label=label, required=one["is_required"], max_length=MOST[name], widget=widget
    )
