"""What somebody types about leads: the shape of it, read further by `drafts` and `conversions`."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from circulo.accounts.forms import Form
from circulo.accounts.models import BY_NAME, User
from circulo.accounts.rights import Reach
from circulo.leads.drafts import LENGTHS, MOST_MESSAGE, MOST_PHONE
from circulo.leads.models import Lead, LeadReason
from circulo.lib import format as fmt
from circulo.lib import money, phones
from circulo.lib.errors import Text
from circulo.parties.doubts import phone_doubts
from circulo.records.models import OWN
from circulo.records.own.forms import OwnFields, own_typed
from circulo.sales.drafts import usual_currency
from circulo.sales.models import Stage
from circulo.timeline.kinds import LOOKS, Kind
from circulo.web.meeting import Meeting

TYPED = ("given_name", "first_surname", "second_surname", "company", "job_title", "email", "phone",
         "postal_code", "city", "region", "country", "language", "source", "campaign",
         "message")  # fmt: skip
HOW = (Kind.CALL, Kind.EMAIL, Kind.VISIT, Kind.CHAT, Kind.SOCIAL, Kind.LETTER)


def _line(label: Any, name: str, **attributes: Any) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=LENGTHS[name],
        widget=forms.TextInput(attrs={"autocomplete": "off", **attributes}),
    )  # fmt: skip


class LeadForm(OwnFields, Meeting):
    """A lead, as it is written down by hand or put right."""

    given_name = _line(_("Given name"), "given_name")
    first_surname = _line(_("First surname"), "first_surname")
    second_surname = _line(_("Second surname"), "second_surname")
    company = _line(_("Company"), "company")
    job_title = _line(_("Job title"), "job_title")
    email = forms.CharField(
        label=_("E-mail"), required=False, max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    phone = forms.CharField(
        label=_("Phone"), required=False, max_length=MOST_PHONE,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )  # fmt: skip
    postal_code = _line(_("Postal code"), "postal_code")
    city = _line(_("City"), "city")
    region = _line(_("Province or state"), "region")
    country = forms.CharField(
        label=_("Country"), required=False, max_length=2, help_text=_("Two letters, such as ES")
    )
    language = forms.CharField(
        label=_("Language"), required=False, max_length=5, help_text=_("Two letters, such as es")
    )
    message = forms.CharField(
        label=_("In their words"), required=False, max_length=MOST_MESSAGE,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    source = _line(_("Source"), "source")
    campaign = _line(_("Campaign"), "campaign")
    owner = forms.ChoiceField(label=_("Owner"), required=False)
    tags = forms.CharField(
        label=_("Tags"), required=False, max_length=2000, help_text=_("Parted by commas")
    )

    def __init__(self, user: User, *args: Any, lead: Lead | None = None, **more: Any) -> None:
        super().__init__(*args, **more)
        self.user, self.lead = user, lead
        control = self.fields["owner"]
        assert isinstance(control, forms.ChoiceField)
        control.choices = _owners(user, lead)
        for name in user.hidden_fields("leads") & set(self.fields):
            del self.fields[name]
        self.add_own("leads", user, ("lead", lead.pk) if lead else None)

    @property
    def doubts(self) -> list[str]:
        """What looks wrong with the phone, and is kept all the same."""
        return phone_doubts([str(self["phone"].value() or "")]) if "phone" in self.fields else []

    def said(self) -> dict[str, Any]:
        """What was typed anew, as the reader of drafts takes it."""
        values = self.cleaned_data
        said: dict[str, Any] = {n: values[n] for n in (*TYPED, "owner") if n in values}
        said["tags"] = [tag.strip() for tag in values["tags"].split(",") if tag.strip()]
        if self.own:
            said["custom"] = self.own_said(self.user, anew=self.lead is None)
        if self.lead is None:
            return {n: v for n, v in said.items() if n != "owner" or v}
        changed = {"custom" if name.startswith(OWN) else name for name in self.changed_data}
        return {name: value for name, value in said.items() if name in changed}


def initial_of(lead: Lead, user: User) -> dict[str, Any]:
    """What the form of a lead begins with."""
    return {
        **{name: getattr(lead, name) for name in TYPED},
        "phone": phones.shown(lead.phone, user.region[-2:]) if lead.phone else "",
        "owner": lead.owner.opaque if lead.owner else "",
        "tags": ", ".join(lead.tags),
        **own_typed("leads", user, lead.custom),
    }


def _owners(user: User, lead: Lead | None) -> list[tuple[str, Any]]:
    """Those whom this person may give a lead to, and whoever has it."""
    kept = lead.owner_id if lead else user.pk
    people = User.objects.filter(Q(is_active=True) | Q(pk=kept))
    people = people.select_related("team").order_by(*BY_NAME)
    given = (one for one in people if one.pk == kept or user.may_give("leads", one))
    found = [(one.opaque, one.name) for one in given]
    if lead is None:
        return [("", _("Whoever the rules say")), *found]
    is_nobodys = lead.owner_id is None or user.reach("leads", "edit") not in (Reach.NONE, Reach.OWN)
    return [("", _("Nobody")), *found] if is_nobodys else found


class DiscardForm(Form):
    """Why nothing comes of a lead."""

    reason = forms.ChoiceField(label=_("Reason"))
    note = forms.CharField(
        label=_("Why exactly"), required=False, max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def __init__(self, reasons: list[LeadReason], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.reasons = {one.public_id: one for one in reasons}
        control = self.fields["reason"]
        assert isinstance(control, forms.ChoiceField)
        control.choices = [("", "—"), *((key, one.label) for key, one in self.reasons.items())]

    @property
    def chosen(self) -> LeadReason | None:
        """The reason that was chosen."""
        return self.reasons.get(self.cleaned_data.get("reason", ""))


class AnswerForm(Form):
    """How somebody answered a lead, and what came of it."""

    how = forms.ChoiceField(
        label=_("How"), choices=[(kind.value, LOOKS[kind].label) for kind in HOW]
    )
    note = forms.CharField(
        label=_("What came of it"), required=False, max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


class ConvertForm(OwnFields, Form):
    """What a lead is to become."""

    contact = forms.ChoiceField(label=_("Contact"), required=False)
    company = forms.ChoiceField(label=_("Company"), required=False)
    begins_deal = forms.BooleanField(label=_("A deal begins"), required=False, initial=True)
    title = forms.CharField(label=_("What is to be sold"), required=False, max_length=200)
    stage = forms.ChoiceField(label=_("Stage"), required=False)
    amount = forms.CharField(
        label=_("Amount"), required=False, max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )  # fmt: skip
    expected_on = forms.DateField(
        label=_("Expected on"), required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )  # fmt: skip

    def __init__(
        self,
        user: User,
        contacts: list[tuple[str, Text]],
        companies: list[tuple[str, Text]],
        *args: Any,
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        self.user = user
        self._offer("contact", contacts)
        self._offer("company", companies)
        self._offer("stage", _stages())
        if not user.may("deals", "create"):
            for name in ("begins_deal", "title", "stage", "amount", "expected_on"):
                del self.fields[name]
            return
        for name in user.hidden_fields("deals") & set(self.fields):
            del self.fields[name]
        self.add_own("deals", user, is_brief=True)
        for name in self.own:  # whoever begins no deal says nothing of it
            self.fields[name].required = False

    def _offer(self, name: str, pairs: list[tuple[str, Text]]) -> None:
        control = self.fields[name]
        assert isinstance(control, forms.ChoiceField)
        control.choices = pairs
        if not pairs:
            del self.fields[name]

    def said(self) -> dict[str, Any]:
        """What was chosen, as the reader of conversions takes it."""
        values = self.cleaned_data
        said: dict[str, Any] = {}
        for name in ("contact", "company"):
            chosen = values.get(name, "")
            said[f"adds_{name}"] = chosen != "none" and name in self.fields
            if chosen not in ("", "new", "none"):
                said[name] = chosen
        if values.get("begins_deal"):
            said["deal"] = self._deal(values)
        return said

    def _deal(self, values: dict[str, Any]) -> dict[str, Any]:
        day = values.get("expected_on")
        said = {n: values[n] for n in ("title", "stage") if values.get(n)}
        if values.get("amount"):
            places = money.decimals_of(usual_currency())
            said["amount"] = str(fmt.parse_number(values["amount"], places))
        if self.own:
            said["custom"] = self.own_said(self.user, anew=True)
        return said | ({"expected_on": day.isoformat()} if day else {})


def _stages() -> list[tuple[str, Text]]:
    """The stages of the pipelines in use, those for new deals first."""
    rows = Stage.objects.filter(pipeline__is_active=True).select_related("pipeline")
    found = rows.order_by("-pipeline__is_default", "pipeline__position", "position", "pk")
    return [(one.public_id, f"{one.pipeline.name}: {one.name}") for one in found]
