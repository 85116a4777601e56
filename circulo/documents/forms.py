"""What people write into the screens of the documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from circulo.documents.actions.emails import Email
from circulo.documents.actions.letters import MOST_BODY, MOST_SUBJECT, Writing
from circulo.documents.actions.templates import Saying
from circulo.documents.models import LANGUAGES, Letterhead, Template
from circulo.lib import emails
from circulo.lib.errors import Invalid
from circulo.lib.merge import MOST_LETTERS

if TYPE_CHECKING:
    _TemplateForm = forms.ModelForm[Template]
    _LetterheadForm = forms.ModelForm[Letterhead]
else:
    _TemplateForm = _LetterheadForm = forms.ModelForm

ROWS = {"rows": 14, "spellcheck": "true"}


class TemplateForm(_TemplateForm):
    """A template with its texts in every language."""

    subject_es = forms.CharField(label=_("Subject"), max_length=MOST_SUBJECT, required=False)
    body_es = forms.CharField(
        label=_("Text"), max_length=MOST_LETTERS, required=False, widget=forms.Textarea(ROWS)
    )
    subject_en = forms.CharField(label=_("Subject"), max_length=MOST_SUBJECT, required=False)
    body_en = forms.CharField(
        label=_("Text"), max_length=MOST_LETTERS, required=False, widget=forms.Textarea(ROWS)
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Template
        fields = ["name", "kind", "layout", "sharing", "is_active"]

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        template = self.instance
        if template.pk:
            self.fields["version"].initial = template.version
            for text in template.texts.all():
                self.fields[f"subject_{text.language}"].initial = text.subject
                self.fields[f"body_{text.language}"].initial = text.body

    @property
    def texts(self) -> list[dict[str, Any]]:
        """The fields of each language, with its name."""
        return [
            {
                "language": language,
                "name": name,
                "subject": self[f"subject_{language}"],
                "body": self[f"body_{language}"],
            }
            for language, name in LANGUAGES
        ]

    def said(self) -> Saying:
        """What the template is to say."""
        values = self.cleaned_data
        return Saying(
            values["name"],
            values["kind"],
            values["layout"],
            values["sharing"],
            values["is_active"],
            {
                language: (values[f"subject_{language}"], values[f"body_{language}"])
                for language, _name in LANGUAGES
                if values[f"subject_{language}"] or values[f"body_{language}"]
            },
        )

    def refuse(self, invalid: Invalid) -> None:
        """Say at the fields what the action refused."""
        for name, text in invalid.fields.items():
            self.add_error(name if name in self.fields else None, str(text))


class LetterForm(forms.Form):
    """A letter, merged already, on its way to be printed."""

    subject = forms.CharField(label=_("Subject"), max_length=MOST_SUBJECT, required=False)
    body = forms.CharField(
        label=_("Text"), max_length=MOST_BODY, widget=forms.Textarea({"rows": 18}),
        error_messages={"required": _("Write the letter first.")},
        help_text=_("An empty line begins a paragraph; **bold**, “# heading”, “- list”."),
    )  # fmt: skip
    language = forms.ChoiceField(choices=LANGUAGES, widget=forms.HiddenInput)
    layout = forms.ChoiceField(label=_("Layout"), choices=Template.Layout.choices)

    def said(self, template: Template | None) -> Writing:
        """What the letter is to say."""
        values = self.cleaned_data
        return Writing(
            values["body"], values["subject"], values["language"], values["layout"], template
        )

    def refuse(self, invalid: Invalid) -> None:
        """Say at the fields what the action refused."""
        for name, text in invalid.fields.items():
            self.add_error(name if name in self.fields else None, str(text))


class EmailForm(forms.Form):
    """An e-mail, merged already, on its way to somebody's mail program."""

    to = forms.ChoiceField(label=pgettext_lazy("mail", "To"), required=False)
    subject = forms.CharField(label=_("Subject"), max_length=MOST_SUBJECT)
    body = forms.CharField(
        label=_("Text"), max_length=MOST_BODY, widget=forms.Textarea({"rows": 14}),
        error_messages={"required": _("Write the e-mail first.")},
    )  # fmt: skip
    language = forms.ChoiceField(choices=LANGUAGES, widget=forms.HiddenInput)

    def __init__(self, addresses: list[str], *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.has_addresses = bool(addresses)
        control = self.fields["to"]
        assert isinstance(control, forms.ChoiceField)
        control.choices = [(one, emails.shown(one)) for one in addresses] or [("", "—")]

    def said(self) -> Email:
        """What was written, as the action takes it."""
        values = self.cleaned_data
        return Email(values["to"], values["subject"], values["body"])

    def refuse(self, invalid: Invalid) -> None:
        """Say at the fields what the action refused."""
        for name, text in invalid.fields.items():
            self.add_error(name if name in self.fields else None, str(text))


class LetterheadForm(_LetterheadForm):
    """What stands on the firm's paper."""

    logo = forms.FileField(label=_("Logo"), required=False,
                           help_text=_("A PNG or JPEG picture of at most 300 KB."))  # fmt: skip
    no_logo = forms.BooleanField(label=_("Take the logo away"), required=False)

    class Meta:
        model = Letterhead
        fields = ["address", "contact", "tax_id", "footer", "window", "paper"]
        widgets = {
            "address": forms.Textarea({"rows": 4}),
            "contact": forms.Textarea({"rows": 3}),
        }


class NameForm(forms.Form):
    """Another name for a file."""

    name = forms.CharField(label=_("Name"), max_length=200)
