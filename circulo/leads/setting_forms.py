"""What is typed in the settings of leads: how they are received, rules of score and way, forms."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from circulo.accounts.forms import Form
from circulo.accounts.models import BY_NAME, Team, User
from circulo.leads.form_fields import ASKABLE, LANGUAGES, PURPOSES
from circulo.leads.models import LeadDesk, RouteRule, ScoreRule, WebForm
from circulo.records.criteria import written
from circulo.records.criteria_forms import CriteriaForm
from circulo.web.picked import PickedField


class ScoreForm(CriteriaForm):
    """A rule of the score."""

    points = forms.IntegerField(
        label=gettext_lazy("Points"), min_value=-100, max_value=100,
        help_text=gettext_lazy("Less than nothing takes points away"),
    )  # fmt: skip
    is_active = forms.BooleanField(label=gettext_lazy("In use"), required=False, initial=True)

    def __init__(
        self, *args: Any, rule: ScoreRule | None = None, criteria: str | None = None
    ) -> None:
        begin: dict[str, Any] = {}
        if rule is not None:
            begin = {name: getattr(rule, name) for name in ("label", "points", "is_active")}
            begin["criteria"] = written(rule.criteria)
        super().__init__(*args, begin=begin, criteria=criteria)

    def clean_points(self) -> int:
        """A rule gives or takes something."""
        points: int = self.cleaned_data["points"]
        if points == 0:
            raise forms.ValidationError(_("Say how many points it gives or takes."))
        return points


class RouteForm(CriteriaForm):
    """A rule that says to whom leads go; its people one a line, with languages and skills."""

    way = forms.ChoiceField(label=gettext_lazy("How it is given"), choices=RouteRule.Way.choices)
    members = PickedField(label=gettext_lazy("To whom"), required=False)
    team = forms.ModelChoiceField(
        label=gettext_lazy("Team"),
        queryset=Team.objects.order_by("name"),
        required=False,
        empty_label="—",
    )
    answer_minutes = forms.IntegerField(
        label=gettext_lazy("Minutes until the first answer"), min_value=1, max_value=44_640,
        required=False, help_text=gettext_lazy("Within working hours; empty: as usual"),
    )  # fmt: skip
    needs_territory = forms.BooleanField(
        label=gettext_lazy("Only to who works in its territory"), required=False,
        help_text=gettext_lazy("Where nobody is named above: to everybody who works there"),
    )  # fmt: skip
    needs_language = forms.BooleanField(
        label=gettext_lazy("Only to who speaks its language"), required=False
    )
    needs_skill = forms.BooleanField(
        label=gettext_lazy("Only to who knows about its tags"), required=False
    )
    knowing = forms.CharField(
        label=gettext_lazy("Who speaks and knows what"), required=False, max_length=10_000,
        widget=forms.Textarea({"rows": 4, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "One person a line: address of theirs, languages, what they know about, as in "
            "“ana@example.com: es en; vino, aceite”"
        ),
    )  # fmt: skip
    is_active = forms.BooleanField(label=gettext_lazy("In use"), required=False, initial=True)

    def __init__(
        self, *args: Any, rule: RouteRule | None = None, criteria: str | None = None
    ) -> None:
        begin = _initial_of(rule) if rule is not None else {}
        super().__init__(*args, begin=begin, criteria=criteria)
        people = list(User.objects.filter(is_active=True).order_by(*BY_NAME))
        self.people = {one.opaque: one for one in people}
        control = self.fields["members"]
        assert isinstance(control, forms.MultipleChoiceField)
        control.choices = [(one.opaque, one.name) for one in people]

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        values["told"] = {}
        known = {one.email: one for one in self.people.values()}
        for line in filter(None, map(str.strip, self.data.get("knowing", "").splitlines())):
            email, _colon, rest = line.partition(":")
            languages, _sign, skills = rest.partition(";")
            user = known.get(email.strip().lower())
            if user is None:
                self.add_error("knowing", _("Nobody with the address %s works here.") % email[:60])
                break
            values["told"][user.pk] = {
                "languages": [one.strip().lower()[:5] for one in languages.split()][:20],
                "skills": [one.strip()[:50] for one in skills.split(",") if one.strip()][:50],
            }
        return values

    def values(self) -> dict[str, Any]:
        """The columns of the rule."""
        names = ("label", "criteria", "way", "team", "answer_minutes", "needs_territory",
                 "needs_language", "needs_skill", "is_active")  # fmt: skip
        return {name: self.cleaned_data[name] for name in names}

    def people_said(self) -> list[dict[str, Any]]:
        """Who gets leads, with what each speaks and knows."""
        nothing: dict[str, Any] = {"languages": [], "skills": []}
        keys = [self.people[one].pk for one in self.cleaned_data["members"]]
        return [{"user_id": key, **self.cleaned_data["told"].get(key, nothing)} for key in keys]


class DeskForm(Form):
    """How the house receives leads."""

    owner = forms.ModelChoiceField(
        label=gettext_lazy("Whoever gets what no rule takes"), required=False,
        queryset=User.objects.filter(is_active=True).order_by(*BY_NAME), empty_label="—",
    )  # fmt: skip
    team = forms.ModelChoiceField(
        label=gettext_lazy("Team"), required=False, queryset=Team.objects.order_by("name"),
        empty_label="—", help_text=gettext_lazy("In whose queue it waits where nobody is named"),
    )  # fmt: skip
    answer_minutes = forms.IntegerField(
        label=gettext_lazy("Minutes until the first answer"), min_value=1, max_value=44_640
    )
    first_hour = forms.IntegerField(label=gettext_lazy("Hours: from"), min_value=0, max_value=23)
    last_hour = forms.IntegerField(label=gettext_lazy("until"), min_value=1, max_value=24)
    works_saturdays = forms.BooleanField(label=gettext_lazy("Saturdays too"), required=False)

    def __init__(self, desk: LeadDesk, *args: Any, **named: Any) -> None:
        names = ("owner", "team", "answer_minutes", "first_hour", "last_hour", "works_saturdays")
        named["initial"] = {name: getattr(desk, name) for name in names}
        super().__init__(*args, **named)


class WebFormForm(Form):
    """A public form: what it says, what it asks in which order, what one agrees to."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    title = forms.CharField(label=gettext_lazy("Heading"), max_length=200)
    intro = forms.CharField(
        label=gettext_lazy("Introduction"), required=False, max_length=2_000,
        widget=forms.Textarea({"rows": 2}),
    )  # fmt: skip
    language = forms.ChoiceField(label=gettext_lazy("Language"))
    button = forms.CharField(label=gettext_lazy("Button"), required=False, max_length=60)
    source = forms.CharField(label=gettext_lazy("Source"), required=False, max_length=100)
    campaign = forms.CharField(label=gettext_lazy("Campaign"), required=False, max_length=100)
    tags = forms.CharField(
        label=gettext_lazy("Tags"), required=False, max_length=2_000,
        help_text=gettext_lazy("Parted by commas"),
    )  # fmt: skip
    thanks = forms.CharField(
        label=gettext_lazy("Thanks"), required=False, max_length=2_000,
        widget=forms.Textarea({"rows": 2}),
    )  # fmt: skip
    thanks_url = forms.CharField(
        label=gettext_lazy("Page after it"), required=False, max_length=500,
        help_text=gettext_lazy("On one of the sites below; empty: the thanks are shown"),
    )  # fmt: skip
    sites = forms.CharField(
        label=gettext_lazy("Sites that show it"), required=False, max_length=5_000,
        widget=forms.Textarea({"rows": 2, "spellcheck": "false"}),
        help_text=gettext_lazy("One a line, such as https://www.example.com"),
    )  # fmt: skip
    is_active = forms.BooleanField(label=gettext_lazy("In use"), required=False, initial=True)

    def __init__(self, *args: Any, form: WebForm | None = None, **named: Any) -> None:
        named["initial"] = _texts_of(form) if form else {"language": (get_language() or "es")[:2]}
        super().__init__(*args, **named)
        language = self.fields["language"]
        assert isinstance(language, forms.ChoiceField)
        language.choices = [(one, {"es": "Español", "en": "English"}[one]) for one in LANGUAGES]
        self.asked = [self._asked(form, place, name) for place, name in _order(form)]
        self.agreed = [self._agreed(form, purpose) for purpose in PURPOSES]

    def _asked(self, form: WebForm | None, place: int, name: str) -> dict[str, Any]:
        """What can be asked: whether it is, in which place, by which words, and if it must."""
        known = {one["name"]: one for one in form.fields} if form else _USUAL
        one = known.get(name)
        return {
            "name": name,
            "usual": ASKABLE[name],
            "is_asked": self._flag(f"ask-{name}", one is not None),
            "is_required": self._flag(f"must-{name}", bool(one and one["is_required"])),
            "label": self._text(f"label-{name}", str(one["label"]) if one else ""),
            "place": self._text(f"place-{name}", str(place)),
        }

    def _agreed(self, form: WebForm | None, purpose: str) -> dict[str, Any]:
        known = {one["purpose"]: one for one in form.consents} if form else {}
        one = known.get(purpose)
        return {
            "purpose": purpose,
            "usual": PURPOSES[purpose],
            "text": self._text(f"consent-{purpose}", one["text"] if one else ""),
            "is_required": self._flag(f"agree-{purpose}", bool(one and one["is_required"])),
            "version": one["version"] if one else 0,
        }

    def _flag(self, name: str, before: bool) -> bool:
        return name in self.data if self.is_bound else before

    def _text(self, name: str, before: str) -> str:
        return str(self.data.get(name, ""))[:2_000] if self.is_bound else before

    def said(self) -> dict[str, Any]:
        """What was typed, as the reader of forms takes it."""
        values = self.cleaned_data
        plain = ("name", "title", "intro", "language", "button", "source", "campaign", "thanks",
                 "thanks_url", "is_active")  # fmt: skip
        asked = sorted((one for one in self.asked if one["is_asked"]), key=_place)
        return {
            **{name: values[name] for name in plain},
            "tags": [tag.strip() for tag in values["tags"].split(",") if tag.strip()],
            "sites": values["sites"].split(),
            "fields": [
                {name: one[name] for name in ("name", "label", "is_required")} for one in asked
            ],
            "consents": [
                {name: one[name] for name in ("purpose", "text", "is_required")}
                for one in self.agreed
                if one["text"].strip()
            ],
        }


_USUAL = {
    name: {"name": name, "label": "", "is_required": name in ("name", "email")}
    for name in ("name", "email", "phone", "message")
}


def _order(form: WebForm | None) -> list[tuple[int, str]]:
    """What can be asked: first what is, in its order, then the rest."""
    asked = [one["name"] for one in form.fields] if form else list(_USUAL)
    return list(enumerate([*asked, *(name for name in ASKABLE if name not in asked)], 1))


def _place(one: dict[str, Any]) -> int:
    return int(one["place"]) if one["place"].isdecimal() and len(one["place"]) < 4 else 999


def _texts_of(form: WebForm) -> dict[str, Any]:
    names = ("name", "title", "intro", "language", "button", "source", "campaign", "thanks",
             "thanks_url", "is_active")  # fmt: skip
    found = {name: getattr(form, name) for name in names}
    return found | {"tags": ", ".join(form.tags), "sites": "\n".join(form.sites)}


def _initial_of(rule: RouteRule) -> dict[str, Any]:
    names = ("label", "way", "team", "answer_minutes", "needs_territory", "needs_language",
             "needs_skill", "is_active")  # fmt: skip
    members = list(rule.members.select_related("user").order_by("pk"))
    told = [
        f"{one.user.email}: {' '.join(one.languages)}; {', '.join(one.skills)}"
        for one in members
        if one.languages or one.skills
    ]
    return {
        **{name: getattr(rule, name) for name in names},
        "criteria": written(rule.criteria),
        "members": [one.user.opaque for one in members],
        "knowing": "\n".join(told),
    }
