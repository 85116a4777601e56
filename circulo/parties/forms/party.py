"""The form of a contact or a company: the shape of what is typed, read further by `drafts`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.forms.utils import ErrorDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from circulo.accounts.models import BY_NAME, User
from circulo.accounts.rights import Reach
from circulo.accounts.territory_tree import offered
from circulo.lib import countries, ids
from circulo.lib import format as fmt
from circulo.lib.errors import Invalid, Text
from circulo.parties.drafts import ADDRESS_FIELDS
from circulo.parties.forms.rows import PhoneRows, Rows, RowsField
from circulo.parties.languages import LANGUAGES
from circulo.parties.links import territories_for
from circulo.parties.models import RESOURCES, Party, PartyKind
from circulo.parties.selectors import named_parties
from circulo.records.own.forms import OwnFields

WHO = {
    "person": ("given_name", "first_surname", "second_surname", "title", "preferred_name",
               "job_title", "company_name"),
    "organisation": ("name", "legal_name", "industry", "size", "annual_revenue", "founded",
                     "company_name"),
}  # fmt: skip
ABOUT = (
    "lifecycle",
    "owner",
    "territory",
    "source",
    "tags",
    "language",
    "form_of_address",
    "birthday",
    "notes",
)
LABELS: dict[str, Any] = {
    "title": _("Title"), "given_name": _("Given name"), "first_surname": _("First surname"),
    "second_surname": _("Second surname"), "preferred_name": _("Goes by"),
    "job_title": _("Job title"), "name": _("Name"), "legal_name": _("Legal name"),
    "industry": _("Industry"), "size": _("Employees"), "annual_revenue": _("Annual revenue"),
    "founded": _("Founded in"), "tax_id": _("Tax id"), "source": _("Source"), "tags": _("Tags"),
}  # fmt: skip
LONGEST = {"title": 30, "name": 200, "legal_name": 200, "job_title": 120, "tags": 2000}


def hidden_parts(user: User, kind: str) -> set[str]:
    """What a form keeps from a person whose role does not see it, with what goes along."""
    hidden = set(user.hidden_fields("contacts" if kind == PartyKind.PERSON else "companies"))
    hidden |= {"faxes"} if "phones" in hidden else set()
    return hidden | ({"tax_country"} if "tax_id" in hidden else set())


def _point(kind: str, hint: str = "") -> Rows:
    return Rows("parties/_point_rows.html", ("value", "label"), type=kind, hint=hint)


def _numbers() -> PhoneRows:
    return PhoneRows("parties/_point_rows.html", ("value", "label"), type="tel")


class PartyForm(OwnFields):
    """Everything one says of a party. Fields that the role does not see are not there."""

    tax_country = forms.ChoiceField(label=_("Country"), required=False)
    emails = RowsField(_("E-mail"), _point("email"))
    phones = RowsField(_("Phones"), _numbers())
    faxes = RowsField(_("Fax"), _numbers())
    website = RowsField(_("Web"), _point("text", "www.example.com"))
    social = RowsField(_("Social networks"), _point("text", "@name"))
    addresses = RowsField(
        _("Addresses"), Rows("parties/_address_rows.html", (*ADDRESS_FIELDS, "country"))
    )
    lifecycle = forms.ChoiceField(label=_("Lifecycle"), choices=Party.Lifecycle.choices)
    owner = forms.ChoiceField(label=_("Owner"), required=False)
    territory = forms.ChoiceField(label=_("Territory"), required=False)
    language = forms.ChoiceField(label=_("Language"), required=False)
    form_of_address = forms.ChoiceField(
        label=_("Form of address"), choices=[("", "—"), *Party.Address.choices], required=False
    )
    birthday = forms.CharField(
        label=_("Birthday"),
        required=False,
        max_length=10,
        widget=forms.TextInput(attrs={"type": "date"}),
    )
    notes = forms.CharField(
        label=_("About"), required=False, max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    company_name = forms.CharField(label=_("Company"), required=False, max_length=300)

    def __init__(
        self, kind: str, user: User, *arguments: Any, party: Party | None = None, **named: Any
    ) -> None:
        super().__init__(*arguments, **named)
        self.kind, self.user = kind, user
        self.alike_companies: list[Party] = []
        self.names_new_company = False
        for name, label in LABELS.items():
            longest = LONGEST.get(name, 100)
            self.fields[name] = forms.CharField(label=label, required=False, max_length=longest)
        self._choose()
        self._hide()
        self.add_own(RESOURCES[PartyKind(kind)], user, ("party", party.pk) if party else None)

    @property
    def own_sections(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The own fields by the section of the form they stand in, each in its order."""
        sections: dict[str, list[forms.BoundField]] = {}
        for name, one in self.own.items():
            sections.setdefault(one.section, []).append(self[name])
        return list(sections.items())

    def _choose(self) -> None:
        """The choices that depend on who asks."""
        language = get_language() or "es"
        said = self.initial.get
        self._offer("tax_country", countries.choices(language))
        self._offer("language", [("", "—"), *((c, name()) for c, name in LANGUAGES.items())],
                    said("language"))  # fmt: skip
        people = get_user_model().objects.filter(is_active=True).order_by(*BY_NAME)
        owners = [(ids.encode("user", user.pk), user.name) for user in people]
        nobody = [("", _("nobody yet"))] if self._may_leave_it_to_nobody else []
        self._offer("owner", [*nobody, *owners], said("owner"))
        self._offer_territories(said("territory"))
        self.fields["addresses"].widget.more["countries"] = countries.choices(language)
        self.fields["addresses"].widget.more["home"] = fmt.current().country
        self.fields["company_name"].widget.attrs |= {
            "list": "companies-known", "autocomplete": "off", "hx-get": "/parties/names",
            "hx-trigger": "input changed delay:200ms", "hx-target": "#companies-known",
            "hx-swap": "innerHTML",
        }  # fmt: skip
        if self.kind == PartyKind.ORGANISATION:
            self.fields["company_name"].label = _("Parent company")

    def _offer_territories(self, kept: str | None) -> None:
        """By hand, or as the rules say; nothing where there is nothing to choose."""
        known = offered()
        choices = territories_for(self.user, RESOURCES[PartyKind(self.kind)])
        if kept and kept in known and kept not in dict(choices):
            choices = [*(choices or [("", _("As the rules say"))]), (kept, known[kept])]
        if not choices:
            del self.fields["territory"]
        else:
            self.fields["territory"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField

    def _offer(self, name: str, choices: list[tuple[str, Any]], kept: str | None = "") -> None:
        """Offer choices, and the present value too where it is none of them any more."""
        if kept and kept not in dict(choices):
            choices = [*choices, (kept, kept)]
        self.fields[name].choices = choices  # type: ignore[attr-defined]  # a ChoiceField

    def _hide(self) -> None:
        other = WHO["organisation" if self.kind == PartyKind.PERSON else "person"]
        gone = {*other} - {*WHO[self.kind]}
        if self.kind == PartyKind.ORGANISATION:
            gone |= {"birthday", "form_of_address"}
        for name in (gone | hidden_parts(self.user, self.kind)) & self.fields.keys():
            del self.fields[name]

    @property
    def _may_leave_it_to_nobody(self) -> bool:
        """Whoever sees only what somebody of their own owns would lose a record without owner."""
        resource = "contacts" if self.kind == PartyKind.PERSON else "companies"
        return self.user.reach(resource) == Reach.ALL

    def clean_owner(self) -> str:
        owner = self.cleaned_data["owner"]
        if owner or self._may_leave_it_to_nobody:
            return str(owner)
        return str(self.initial.get("owner", ""))

    def clean_annual_revenue(self) -> str:
        text = self.cleaned_data["annual_revenue"]
        try:
            fmt.parse_number(text, 2)
        except Invalid as invalid:
            raise forms.ValidationError(str(next(iter(invalid.fields.values())))) from invalid
        return str(text)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        values["company"] = self._company(values.pop("company_name", "") or "")
        return values

    def _company(self, name: str) -> str:
        """The identifier of the company that was named; the one it had, while its name stays."""
        kept = self.initial.get("company", "")
        if not name or name == self.initial.get("company_name"):
            return kept if name else ""
        found = named_parties(self.user, name, PartyKind.ORGANISATION)
        if len(found) == 1:
            return found[0].public_id
        self.alike_companies, self.names_new_company = found, not found
        if self.chosen_company in {party.public_id for party in found}:
            return self.chosen_company
        if found:
            self.add_error("company_name", _("Several companies go by this name: choose one."))
        elif self.data.get("add_company") != "1":
            self.add_error("company_name", _("No company goes by this name yet."))
        return "" if found else f"new:{name}"

    @property
    def chosen_company(self) -> str:
        """The one that was chosen of several companies with one name."""
        return str(self.data.get("company_choice") or "")

    @property
    def may_add_company(self) -> bool:
        """Whether the company that was named is new and may be added with the same form."""
        return self.names_new_company and self.user.may("companies", "create")

    def refuse(self, invalid: Invalid) -> None:
        """Say at the fields what the rules refused."""
        for name, text in invalid.fields.items():
            self.add_error(name if name in self.fields else None, str(text))

    def refuse_besides(self, faults: Mapping[str, Text]) -> None:
        """Say the rest at the fields that nothing is wrong with yet."""
        known = set(self.errors)
        self.refuse(Invalid({name: text for name, text in faults.items() if name not in known}))

    def grow(self, name: str) -> None:
        """Two more empty rows for a field of several; nothing is judged yet."""
        self._errors = ErrorDict()
        if name in self.fields and isinstance(self.fields[name], RowsField):
            self.fields[name].widget.spare = 3
