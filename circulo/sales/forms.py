"""What somebody types about deals: the shape of it, read further by `drafts`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from circulo.accounts.forms import Form, offer_currencies
from circulo.accounts.models import BY_NAME, User
from circulo.lib import format as fmt
from circulo.lib import money
from circulo.lib.errors import Invalid
from circulo.lib.names import plain
from circulo.parties.models import Party
from circulo.parties.selectors import named_parties
from circulo.records.models import OWN
from circulo.records.own.forms import OwnFields, own_typed
from circulo.sales.drafts import LENGTHS, MOST_NOTES
from circulo.sales.models import Deal, DealPerson, ForecastAs, Reason, Rival, Stage
from circulo.sales.selectors.deals import pipelines_in_order
from circulo.web.meeting import Meeting


class DealForm(OwnFields, Meeting):
    """A deal. Amounts are written as in the region of whoever types them."""

    pairs = (("amount", "currency"),)
    tails: ClassVar = {"other": "other_id"}
    places: ClassVar = {"party": "other", "pipeline": "stage"}

    title = forms.CharField(label=_("What is to be sold"), max_length=LENGTHS["title"])
    other = forms.CharField(label=_("To whom"), required=False, max_length=300)
    amount = forms.CharField(
        label=_("Amount"), required=False, max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )  # fmt: skip
    currency = forms.ChoiceField(label=_("Currency"))
    stage = forms.ChoiceField(label=_("Stage"))
    expected_on = forms.DateField(
        label=_("Expected on"), required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )  # fmt: skip
    forecast_as = forms.ChoiceField(
        label=_("In the forecast"), required=False,
        choices=[("", _("As its stage says")), *ForecastAs.choices],
    )  # fmt: skip
    owner = forms.ChoiceField(label=_("Owner"))
    source = forms.CharField(label=_("Source"), required=False, max_length=LENGTHS["source"])
    campaign = forms.CharField(label=_("Campaign"), required=False, max_length=LENGTHS["campaign"])
    reference = forms.CharField(
        label=_("Reference"), required=False, max_length=LENGTHS["reference"],
        help_text=_("The number by which other systems know it"),
    )  # fmt: skip
    tags = forms.CharField(
        label=_("Tags"), required=False, max_length=2000, help_text=_("Parted by commas")
    )
    notes = forms.CharField(
        label=_("About"), required=False, max_length=MOST_NOTES,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def __init__(self, user: User, *args: Any, deal: Deal | None = None, **more: Any) -> None:
        super().__init__(*args, **more)
        self.user, self.deal = user, deal
        self.alike: list[Party] = []
        self._offer("stage", _stages(deal))
        self._offer("owner", _owners(user, deal))
        offer_currencies(self, "currency")
        self.fields["other"].widget.attrs |= {
            "list": "others", "autocomplete": "off", "hx-get": "/parties/names",
            "hx-trigger": "input changed delay:200ms", "hx-target": "#others",
            "hx-swap": "innerHTML",
        }  # fmt: skip
        for name in user.hidden_fields("deals") & set(self.fields):
            del self.fields[name]
        if "amount" not in self.fields:
            del self.fields["currency"]
        elif deal is not None and deal.amount_from_lines:
            del self.fields["amount"]
        self.add_own("deals", user, ("deal", deal.pk) if deal else None)

    def _offer(self, name: str, pairs: Iterable[Any]) -> None:
        control = self.fields[name]
        assert isinstance(control, forms.ChoiceField)
        control.choices = list(pairs)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("amount") and "currency" in values:
            try:
                places = money.decimals_of(values["currency"])
                values["amount"] = fmt.parse_number(values["amount"], places)
            except Invalid as invalid:
                self.add_error("amount", str(next(iter(invalid.fields.values()))))
        self._find_party(values)
        return values

    def _find_party(self, values: dict[str, Any]) -> None:
        text, values["party"] = values.get("other", "").strip(), None
        if not text:
            return
        before = self.data.get("other_id", "")
        found = named_parties(self.user, before) if before else []
        if not (len(found) == 1 and plain(str(found[0])) == plain(text)):
            found = named_parties(self.user, text)
        if len(found) == 1:
            values["party"] = found[0].public_id
            return
        self.alike = found
        several = _("Several go by this name: choose one.")
        self.add_error("other", several if found else _("Nobody you can see goes by this name."))

    def said(self) -> dict[str, Any]:
        """What was typed anew, as the reader of drafts takes it."""
        values = self.cleaned_data
        names = [n for n in self.fields if n not in self.own and n not in ("other", "amount")]
        said: dict[str, Any] = {name: values[name] for name in names}
        if "amount" in values:
            said["amount"] = None if values["amount"] in ("", None) else str(values["amount"])
        said["party"] = values["party"]
        said["tags"] = [tag.strip() for tag in values["tags"].split(",") if tag.strip()]
        if "expected_on" in said:
            said["expected_on"] = values["expected_on"] and values["expected_on"].isoformat()
        if self.own:
            said["custom"] = self.own_said(self.user, anew=self.deal is None)
        return said if self.deal is None else self._changed(said)

    def _changed(self, said: dict[str, Any]) -> dict[str, Any]:
        """Only what differs from what stood there, so that nobody's other change is undone."""
        changed = {"party" if name == "other" else name for name in self.changed_data}
        if any(name.startswith(OWN) for name in changed):
            changed.add("custom")
        return {name: value for name, value in said.items() if name in changed}


def initial_of(deal: Deal, user: User, party: dict[str, Any] | None) -> dict[str, Any]:
    """What the form of a deal begins with."""
    names = (
        "title",
        "currency",
        "expected_on",
        "forecast_as",
        "source",
        "campaign",
        "reference",
        "notes",
    )
    amount = deal.amount
    return {
        **{name: getattr(deal, name) for name in names},
        "other": party["name"] if party else "",
        "other_id": party["id"] if party else "",
        "amount": "" if amount is None else fmt.typed_number(
            round(amount, money.decimals_of(deal.currency))
        ),
        "stage": deal.stage.public_id,
        "owner": deal.owner.opaque,
        "tags": ", ".join(deal.tags),
        **own_typed("deals", user, deal.custom),
    }  # fmt: skip


def _stages(deal: Deal | None) -> list[Any]:
    """Every stage of the pipelines in use and of the one where the deal is, by pipeline where there
    are several."""
    kept = deal.pipeline_id if deal else None
    rows = [one for one in pipelines_in_order() if one.is_active or one.pk == kept]
    groups = [(one.name, [(s.public_id, s.name) for s in _sorted(one.stages.all())])
              for one in rows]  # fmt: skip
    return groups if len(groups) > 1 else groups[0][1] if groups else []


def _sorted(stages: Iterable[Stage]) -> list[Stage]:
    return sorted(stages, key=lambda stage: (stage.position, stage.pk))


def _owners(user: User, deal: Deal | None) -> list[tuple[str, str]]:
    """Those whom this person may give a deal to, and whoever has it."""
    kept = deal.owner_id if deal else user.pk
    people = User.objects.filter(Q(is_active=True) | Q(pk=kept))
    people = people.select_related("team").order_by(*BY_NAME)
    given = (one for one in people if one.pk == kept or user.may_give("deals", one))
    return [(one.opaque, one.name) for one in given]


class EndForm(Form):
    """Why a deal was won or lost, and to whom."""

    reason = forms.ChoiceField(label=_("Reason"), required=False)
    note = forms.CharField(
        label=_("In their words"), required=False, max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    lost_to = forms.CharField(
        label=_("Lost to which competitor?"), required=False, max_length=120,
        help_text=_("So that figures tell against whom one loses"),
        widget=forms.TextInput(attrs={"list": "rivals", "autocomplete": "off"}),
    )  # fmt: skip

    def __init__(
        self, outcome: str, reasons: Iterable[Reason], rivals: Sequence[str] | None,
        *args: Any, **more: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **more)
        self.reasons = {one.public_id: one for one in reasons}
        self.rivals = rivals or ()
        if rivals is None or outcome != Deal.Outcome.LOST:
            del self.fields["lost_to"]
        elif (chosen := self.reasons.get(self.data.get("reason", ""))) and chosen.asks_rival:
            self.fields["lost_to"].required = True
            missing = _("Say to which competitor it was lost.")
            self.fields["lost_to"].error_messages["required"] = missing
        control = self.fields["reason"]
        assert isinstance(control, forms.ChoiceField)
        control.required = outcome == Deal.Outcome.LOST
        control.choices = [("", "—"), *((key, one.label) for key, one in self.reasons.items())]

    @property
    def chosen(self) -> Reason | None:
        """The reason that was chosen."""
        return self.reasons.get(self.cleaned_data.get("reason", ""))


class PersonForm(Form):
    """Somebody who has a part in a deal."""

    who = forms.CharField(label=_("Who"), max_length=300)
    part = forms.ChoiceField(label=_("Part"), choices=DealPerson.Part.choices)


class RivalForm(Form):
    """A competitor at a deal."""

    name = forms.CharField(label=_("Name"), max_length=120)
    strength = forms.ChoiceField(
        label=_("Strength"), initial="equal",
        choices=[(level.name.lower(), level.label) for level in Rival.Strength],
    )  # fmt: skip
    note = forms.CharField(label=_("Note"), max_length=500, required=False)


class ShareForm(Form):
    """A colleague's part of a deal."""

    user = forms.ChoiceField(label=_("Colleague"))
    percent = forms.IntegerField(label=_("Percent"), min_value=1, max_value=100)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        people = User.objects.filter(is_active=True).order_by(*BY_NAME)
        control = self.fields["user"]
        assert isinstance(control, forms.ChoiceField)
        control.choices = [(one.opaque, one.name) for one in people]
