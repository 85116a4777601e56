"""What somebody types: a need in one line, a topic, an interview."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from circulo.accounts.forms import Form
from circulo.lib.errors import Invalid, RuleBroken
from circulo.needs import answers
from circulo.needs.actions import Asked, Statement
from circulo.needs.answers import Said
from circulo.needs.models import Answer, Interview, Preference, Sort, Topic
from circulo.needs.models.preferences import FREE
from circulo.parties.models import Party

MOST_LINES = 3000
_STRONG = {Sort.LIKE: 2, Sort.DISLIKE: -2, Sort.NEED: 2}


class NoteForm(Form):
    """What somebody likes, dislikes or needs, or the answer to a topic, in one line."""

    what = forms.ChoiceField(label=gettext_lazy("What"))
    text = forms.CharField(label=gettext_lazy("In words"), max_length=300)
    source = forms.ChoiceField(
        label=gettext_lazy("How it is known"),
        choices=[(s.value, s.label) for s in Preference.Source if s != Preference.Source.IMPORTED],
        required=False,
    )
    is_strong = forms.BooleanField(label=gettext_lazy("Very much"), required=False)

    def __init__(self, party: Party, topics: list[Topic], *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.party, self.topics = party, {topic.key: topic for topic in topics}
        self.of_topic = [(key, topic.name) for key, topic in self.topics.items()]
        control = self.fields["what"]
        assert isinstance(control, forms.ChoiceField)
        free: list[Any] = [(sort.value, sort.label) for sort in FREE]
        control.choices = [*free, (_("Answer to"), self.of_topic)] if self.of_topic else free

    def tell_at_text(self, refused: Invalid | RuleBroken) -> None:
        """Say in the line itself what was refused of it."""
        if isinstance(refused, RuleBroken):
            self.add_error("text", str(refused.message))
        else:
            self.add_error("text", " ".join(map(str, refused.fields.values())))

    def statement(self) -> Statement:
        """What was said; Invalid where the answer does not fit the topic."""
        values = self.cleaned_data
        topic = self.topics.get(values["what"])
        sort = topic.sort if topic else values["what"]
        said = answers.read(topic, values["text"]) if topic else Said(text=values["text"])
        return Statement(
            self.party,
            topic,
            said,
            sort=sort,
            strength=_STRONG.get(Sort(sort)) if values["is_strong"] else None,
            source=values["source"] or Preference.Source.ASKED,
        )


class TopicForm(Form):
    """A topic; its choices one in each line, Spanish and English parted by a bar."""

    label_es = forms.CharField(label=gettext_lazy("Question in Spanish"), max_length=160)
    label_en = forms.CharField(label=gettext_lazy("Question in English"), max_length=160)
    short_es = forms.CharField(label=gettext_lazy("Name in Spanish"), max_length=60)
    short_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=60)
    sort = forms.ChoiceField(label=gettext_lazy("What it tells"), choices=Sort.choices)
    answer = forms.ChoiceField(label=gettext_lazy("Answered with"), choices=Answer.choices)
    choices = forms.CharField(
        label=gettext_lazy("Choices"),
        required=False,
        max_length=MOST_LINES,
        widget=forms.Textarea({"rows": 4}),
        help_text=gettext_lazy("One in each line, Spanish | English: Tinto | Red"),
    )
    is_for_contacts = forms.BooleanField(
        label=gettext_lazy("Asked of contacts"), required=False, initial=True
    )
    is_for_companies = forms.BooleanField(label=gettext_lazy("Asked of companies"), required=False)
    weight = forms.IntegerField(
        label=gettext_lazy("Weight"), min_value=1, max_value=10, initial=3,
        help_text=gettext_lazy("What knowing it is worth, from 1 to 10"),
    )  # fmt: skip
    half_life_days = forms.IntegerField(
        label=gettext_lazy("Half-life in days"), min_value=1, max_value=36500, initial=365,
        help_text=gettext_lazy("After so long an answer is only half as certain"),
    )  # fmt: skip
    rest_days = forms.IntegerField(
        label=gettext_lazy("Rest in days"), min_value=0, max_value=3650, initial=60,
        help_text=gettext_lazy("So long nobody is asked it again"),
    )  # fmt: skip

    def __init__(self, *args: Any, topic: Topic | None = None, **named: Any) -> None:
        super().__init__(*args, **named)
        self.known = {one["key"]: one for one in topic.choices} if topic else {}
        if topic is not None:
            del self.fields["answer"]

    def clean(self) -> dict[str, Any]:
        lines = self.cleaned_data.get("choices", "")
        raw = self.data.get("choices", lines) if lines else ""
        values = super().clean()
        values["choices"] = [self._choice(line) for line in raw[:MOST_LINES].splitlines()
                             if line.strip()]  # fmt: skip
        return values

    def _choice(self, line: str) -> dict[str, str]:
        """A line as a choice; one that is known by either of its words keeps its key."""
        spanish, _bar, english = (part.strip() for part in line.partition("|"))
        said = {"es": spanish, "en": english or spanish}
        same = (k for k, one in self.known.items()
                if one["es"] == said["es"] or one["en"] == said["en"])  # fmt: skip
        key = next(same, "")
        return {**said, "key": key} if key else said


def lines_of(topic: Topic) -> str:
    """The choices of a topic as its form shows them."""
    return "\n".join(f"{one['es']} | {one['en']}" for one in topic.choices)


class InterviewForm(Form):
    """An interview: its names, its order, and for whom it is."""

    name_es = forms.CharField(label=gettext_lazy("Name in Spanish"), max_length=100)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=100)
    order = forms.ChoiceField(label=gettext_lazy("Order"), choices=Interview.Order.choices)
    is_for_contacts = forms.BooleanField(
        label=gettext_lazy("Held with contacts"), required=False, initial=True
    )
    is_for_companies = forms.BooleanField(label=gettext_lazy("Held with companies"), required=False)


def questions_read(said: Any, topics: list[Topic], most: int) -> list[Asked]:
    """The questions that the lines of a form ask for; an empty line is none."""
    known = {topic.key: topic for topic in topics}
    found = []
    for place in range(most):
        topic = known.get(said.get(f"topic_{place}", ""))
        if topic is None:
            continue
        test = said.get(f"if_test_{place}", "")
        depends = known.get(said.get(f"if_topic_{place}", "")) if test else None
        value = said.get(f"if_value_{place}", "").strip()[:60] if test else ""
        found.append(Asked(topic, depends, test, _key_of(depends, value)))
    return found


def _key_of(topic: Topic | None, value: str) -> str:
    """The key of the answer that somebody wrote in words."""
    if topic is None:
        return value
    words = {label.lower(): key for key, label in topic.offered}
    words |= {_("Yes").lower(): "yes", _("No").lower(): "no"}
    return words.get(value.lower(), value)
