"""What an administrator types about an own field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from circulo.accounts.forms import currencies, roles
from circulo.accounts.models import Role
from circulo.accounts.rights import RoleName
from circulo.lib.errors import Invalid
from circulo.records.models import OwnField

Kind = OwnField.Kind
ONLY_OF = {
    "choices": (Kind.CHOICE, Kind.CHOICES),
    "target": (Kind.LINK,),
    "currency": (Kind.MONEY,),
    "formula": (Kind.COMPUTED,),
    "is_searchable": (Kind.TEXT, Kind.LONG_TEXT),
}
NEVER_OF = {
    "default": (Kind.COMPUTED, Kind.FILE, Kind.LINK, Kind.CHOICES),
    "is_required": (Kind.COMPUTED, Kind.FILE),
    "is_fast": (Kind.LONG_TEXT, Kind.FILE),
}
ABOUT = ("label_es", "label_en", "help_es", "help_en", "section")


class ChoiceRows(forms.Widget):
    """Rows of choices: a label in each language, their order, and whether they are in use."""

    use_fieldset = True
    spare = 2

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        if not isinstance(data, QueryDict):
            return data.get(name) or []
        parts = [data.getlist(f"{name}_{part}") for part in ("key", "es", "en", "place")]
        gone = set(data.getlist(f"{name}_gone"))
        rows = [
            {"key": key, "es": es.strip(), "en": en.strip(), "place": place}
            | ({"gone": True} if key and key in gone else {})
            for key, es, en, place in zip(*parts, strict=False)
            if es.strip() or en.strip()
        ]
        return sorted(rows, key=lambda row: int(row["place"]) if row["place"].isdecimal() else 999)

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        rows = [*(value or []), *({} for _spare in range(self.spare if value else 3))]
        return mark_safe(
            render_to_string("records/_choice_rows.html", {"name": name, "rows": rows})
        )


class ChoicesField(forms.Field):
    """The choices of a field; what they may be is checked where they are kept."""

    widget = ChoiceRows

    def clean(self, value: Any) -> list[dict[str, Any]]:
        return [{key: text for key, text in row.items() if key != "place"} for row in value or []]


class FieldForm(forms.Form):
    """Everything one says of an own field of one kind; what does not concern it is not asked."""

    label_es = forms.CharField(label=_("Label in Spanish"), max_length=60)
    label_en = forms.CharField(label=_("Label in English"), max_length=60, required=False)
    help_es = forms.CharField(label=_("Help in Spanish"), max_length=200, required=False)
    help_en = forms.CharField(label=_("Help in English"), max_length=200, required=False)
    section = forms.CharField(
        label=_("Section of the form"), max_length=60, required=False,
        help_text=_("Fields of one section stand together."),
    )  # fmt: skip
    formula = forms.CharField(
        label=_("Formula"), required=False, max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocomplete": "off"}),
    )  # fmt: skip
    choices = ChoicesField(label=_("Choices"), required=False)
    target = forms.ChoiceField(label=_("Links to"), required=False, choices=OwnField.Target.choices)
    currency = forms.ChoiceField(label=_("Currency"), required=False, choices=currencies)
    default = forms.CharField(
        label=_("What a new record begins with"), required=False, max_length=300
    )
    is_required = forms.BooleanField(label=_("Required"), required=False)
    is_searchable = forms.BooleanField(label=_("Found by search"), required=False)
    is_fast = forms.BooleanField(
        label=_("Sorts and filters fast"), required=False,
        help_text=_("For long lists. It makes saving a little slower, so not for every field."),
    )  # fmt: skip
    hidden_from = forms.MultipleChoiceField(
        label=_("Roles that do not see it"), required=False, choices=[],
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(self, field: OwnField, *arguments: Any, **named: Any) -> None:
        named.setdefault("initial", initial_of(field))
        super().__init__(*arguments, **named)
        self.field = field
        self.fields["hidden_from"].choices = [  # type: ignore[attr-defined]  # a choice field
            pair for pair in roles() if pair[0] != RoleName.ADMIN
        ]
        kind = Kind(field.kind)
        gone = {name for name, kinds in ONLY_OF.items() if kind not in kinds}
        gone |= {name for name, kinds in NEVER_OF.items() if kind in kinds}
        for name in gone:
            del self.fields[name]
        if field.pk is None:
            self.fields["key"] = forms.CharField(
                label=_("Key"), required=False, max_length=40,
                help_text=_("For programs and files. Made of the label where you leave it empty."),
            )  # fmt: skip
        if kind is Kind.CHOICE and "default" in self.fields:
            self.fields["default"] = forms.ChoiceField(
                label=_("What a new record begins with"), required=False,
                choices=[("", "—"), *field.offered().items()],
            )  # fmt: skip

    @property
    def said(self) -> dict[str, Any]:
        """What was said of the field itself."""
        return {n: v for n, v in self.cleaned_data.items() if n not in ("key", "hidden_from")}

    def tell(self, refused: Invalid) -> None:
        """Say at the fields what was refused."""
        for name, text in refused.fields.items():
            self.add_error(name if name in self.fields else None, str(text))


def initial_of(field: OwnField) -> dict[str, Any]:
    """A field as its form shows it."""
    names = (*ABOUT, "formula", "target", "currency", "is_required", "is_searchable", "is_fast")
    shown: dict[str, Any] = {name: getattr(field, name) for name in names}
    shown["choices"] = field.choices
    default = field.default
    shown["default"] = default["amount"] if isinstance(default, dict) else default
    roles_hidden = Role.objects.values_list("pk", "hidden")
    return shown | {
        "hidden_from": [pk for pk, hidden in roles_hidden
                        if field.key and field.name in hidden.get(field.resource, ())]
    }  # fmt: skip


class ConversionForm(forms.Form):
    """What a field is to hold instead, with what that needs to be said."""

    kind = forms.ChoiceField(label=_("Hold instead"), choices=[])
    choices = ChoicesField(label=_("Choices"), required=False)
    target = forms.ChoiceField(label=_("Links to"), required=False, choices=OwnField.Target.choices)
    currency = forms.ChoiceField(label=_("Currency"), required=False, choices=currencies)

    def __init__(self, field: OwnField, kind: str, data: Any = None) -> None:
        initial = {"kind": kind, "choices": field.choices, "currency": field.currency or "EUR"}
        super().__init__(data, initial=initial)
        others = [pair for pair in Kind.choices if pair[0] not in (field.kind, Kind.COMPUTED)]
        self.fields["kind"].choices = others  # type: ignore[attr-defined]  # a choice field
        for name in ("choices", "target", "currency"):
            if kind not in ONLY_OF[name]:
                del self.fields[name]

    @property
    def said(self) -> dict[str, Any]:
        """What is said beside the kind."""
        return {name: value for name, value in self.cleaned_data.items() if name != "kind"}
