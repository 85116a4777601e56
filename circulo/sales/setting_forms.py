"""What an administrator types of pipelines: a pipeline, a stage, a reason."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from circulo.accounts.forms import Form
from circulo.agenda.kinds import choices
from circulo.records.criteria import written
from circulo.records.criteria_forms import CriteriaForm
from circulo.records.resources import resource
from circulo.sales.models import ColourRule, ForecastAs, Pipeline, Reason, Stage, StageAct
from circulo.sales.models.acts import MOST_DAYS

# What a stage may ask for that no form of a deal can fill.
_NOT_ASKED = frozenset(
    ("title", "pipeline", "stage", "currency", "probability", "weighted", "outcome", "closed_at",
     "days_in_stage", "stage_since", "is_stale", "created_by", "opened_at", "created_at",
     "updated_at", "owner", "reason", "reason_note", "lost_to", "agent", "forecast")
)  # fmt: skip


class ColourForm(CriteriaForm):
    """A colour rule: what the card says, and in which colour."""

    label = forms.CharField(
        label=gettext_lazy("What the card says"), max_length=40,
        help_text=gettext_lazy("So that nothing is said by colour alone"),
    )  # fmt: skip
    tone = forms.ChoiceField(label=gettext_lazy("Colour"), choices=ColourRule.Tone.choices)
    is_active = forms.BooleanField(label=gettext_lazy("In use"), required=False, initial=True)

    def __init__(
        self, *args: Any, rule: ColourRule | None = None, criteria: str | None = None
    ) -> None:
        begin: dict[str, Any] = {}
        if rule is not None:
            begin = {name: getattr(rule, name) for name in ("label", "tone", "is_active")}
            begin["criteria"] = written(rule.criteria)
        super().__init__(*args, begin=begin, criteria=criteria)


class PipelineForm(Form):
    """A pipeline: its name, and whether new deals begin there."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    is_default = forms.BooleanField(label=gettext_lazy("New deals begin here"), required=False)
    is_active = forms.BooleanField(label=gettext_lazy("In use"), required=False, initial=True)

    def __init__(self, *args: Any, pipeline: Pipeline | None = None, **named: Any) -> None:
        super().__init__(*args, **named)
        if pipeline is None:
            del self.fields["is_active"]


class StageForm(Form):
    """A stage: how likely a deal in it is won, what it asks for, and what it advises."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    probability = forms.IntegerField(
        label=gettext_lazy("Probability"), min_value=0, max_value=100, initial=50,
        help_text=gettext_lazy("How many of a hundred deals in this stage are won"),
    )  # fmt: skip
    stale_after = forms.IntegerField(
        label=gettext_lazy("Stale after days"), min_value=1, max_value=3650, required=False,
        help_text=gettext_lazy("So long in this stage, and a deal is shown as stale"),
    )  # fmt: skip
    forecast_as = forms.ChoiceField(
        label=gettext_lazy("In the forecast"), required=False,
        choices=[("", gettext_lazy("By probability")), *ForecastAs.choices],
        help_text=gettext_lazy("How surely a forecast counts on the deals of this stage"),
    )  # fmt: skip
    required = forms.MultipleChoiceField(
        label=gettext_lazy("What must be filled in"), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    advice = forms.CharField(
        label=gettext_lazy("What to do in this stage"), required=False, max_length=1_000,
        widget=forms.Textarea({"rows": 2}),
    )  # fmt: skip

    def __init__(self, *args: Any, stage: Stage | None = None, **named: Any) -> None:
        if stage is not None:
            names = ("name", "probability", "stale_after", "forecast_as", "required", "advice")
            named["initial"] = {name: getattr(stage, name) for name in names}
        super().__init__(*args, **named)
        control = self.fields["required"]
        assert isinstance(control, forms.MultipleChoiceField)
        kept = stage.required if stage else ()
        control.choices = [
            (name, field.label)
            for name, field in resource("deals").every_field().items()
            if name in kept or (name not in _NOT_ASKED and "party." not in name)
        ]

    def values(self) -> dict[str, Any]:
        """The columns of the stage."""
        return dict(self.cleaned_data)


class ActForm(Form):
    """Something that a stage suggests to do."""

    title = forms.CharField(label=gettext_lazy("What is to be done"), max_length=300)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=lambda: [*choices(False).items()])
    after_days = forms.IntegerField(
        label=gettext_lazy("Due after days"), min_value=0, max_value=MOST_DAYS, initial=0,
        help_text=gettext_lazy("So many days after it is planned; 0 is the same day"),
    )  # fmt: skip

    def __init__(self, *args: Any, act: StageAct | None = None, **named: Any) -> None:
        if act is not None:
            names = ("title", "kind", "after_days")
            named["initial"] = {name: getattr(act, name) for name in names}
        super().__init__(*args, **named)


class ReasonForm(Form):
    """Why deals are won, or lost."""

    outcome = forms.ChoiceField(label=gettext_lazy("For"), choices=Reason.Outcome.choices)
    label = forms.CharField(label=gettext_lazy("Reason"), max_length=120)
    asks_rival = forms.BooleanField(label=gettext_lazy("Asks which competitor won"), required=False)

    def clean(self) -> dict[str, Any]:
        """A deal that was won was lost to nobody."""
        said = dict(super().clean() or self.cleaned_data)
        said["asks_rival"] = said.get("asks_rival") and said.get("outcome") == Reason.Outcome.LOST
        return said
