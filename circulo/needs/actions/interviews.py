"""Interviews: which topics are asked, and when; each change of the questions is a new version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.lib.errors import Invalid, Text
from circulo.lib.text import clean
from circulo.needs.answers import SCALE
from circulo.needs.models import Answer, Interview, Question, Topic
from circulo.needs.selectors.sittings import questions_of

MOST_QUESTIONS = 40
VALUES = ("name_es", "name_en", "order", "is_for_contacts", "is_for_companies")
SIZED = (Answer.SCALE, Answer.NUMBER)
NEVER_TESTED = (Answer.TEXT, Answer.DATE)


@dataclass(frozen=True)
class Asked:
    """One question of an interview, with the earlier answer it depends on."""

    topic: Topic
    if_topic: Topic | None = None
    if_test: str = ""
    if_value: str = ""

    @property
    def if_topic_id(self) -> int | None:
        return self.if_topic.pk if self.if_topic else None

    @property
    def value_shown(self) -> str:
        """The answer that it depends on, in words."""
        words = dict(self.if_topic.offered) if self.if_topic else {}
        words |= {"yes": _("Yes"), "no": _("No")}
        return words.get(self.if_value, self.if_value)


@transaction.atomic
def add_interview(
    values: Mapping[str, Any], asked: Sequence[Asked], *, by: User | None, is_demo: bool = False
) -> Interview:
    """Add a questionnaire with its questions in order."""
    interview = Interview(is_demo=is_demo)
    _set(interview, values)
    _check(asked)
    interview.save()
    _ask(interview, asked)
    return interview


@transaction.atomic
def change_interview(
    interview: Interview,
    values: Mapping[str, Any],
    asked: Sequence[Asked] | None = None,
    *,
    by: User | None,
) -> Interview:
    """Change its name, order or questions; sittings that began go on with those they had."""
    interview = Interview.objects.select_for_update().get(pk=interview.pk)
    _set(interview, values)
    if asked is not None and list(asked) != questions_asked(interview):
        _check(asked)
        interview.version += 1
        _ask(interview, asked)
    interview.save()
    return interview


@transaction.atomic
def retire_interview(interview: Interview, *, by: User | None) -> Interview:
    """Begin it no more; what was answered stays."""
    interview.retired_at = timezone.now()
    interview.save(update_fields=["retired_at"])
    return interview


@transaction.atomic
def restore_interview(interview: Interview, *, by: User | None) -> Interview:
    """Offer it again."""
    interview.retired_at = None
    interview.save(update_fields=["retired_at"])
    return interview


def questions_asked(interview: Interview) -> list[Asked]:
    """The questions of its present version, in order."""
    rows = questions_of([interview]).get(interview.pk, [])
    return [Asked(row.topic, row.if_topic, row.if_test, row.if_value) for row in rows]


def _set(interview: Interview, values: Mapping[str, Any]) -> None:
    refused: dict[str, Text] = {}
    for name in VALUES:
        if name in values:
            setattr(interview, name, values[name])
    for name in ("name_es", "name_en"):
        try:
            setattr(interview, name, _named(getattr(interview, name)))
        except Invalid as invalid:
            refused[name] = invalid.fields[""]
    if interview.order not in Interview.Order.values:
        refused["order"] = _("Choose one of: %s.") % ", ".join(Interview.Order.values)
    if not (interview.is_for_contacts or interview.is_for_companies):
        refused["is_for_contacts"] = _("Say whom it is held with: contacts, companies or both.")
    if refused:
        raise Invalid(refused)


def _named(text: str) -> str:
    name = clean(text or "", limit=100)
    if not name:
        raise Invalid({"": _("This is needed.")})
    return name


def _check(asked: Sequence[Asked]) -> None:
    if not 1 <= len(asked) <= MOST_QUESTIONS:
        raise Invalid({"questions": _("Give from 1 to %d questions.") % MOST_QUESTIONS})
    earlier: set[int] = set()
    for number, one in enumerate(asked, 1):
        why = _fault(one, earlier)
        if why:
            text = _("Question %(number)s: %(why)s") % {"number": number, "why": why}
            raise Invalid({"questions": text})
        earlier.add(one.topic.pk)


def _fault(one: Asked, earlier: set[int]) -> str:
    """What is wrong with a question, where it stands."""
    if one.topic.pk in earlier:
        return _("it is asked twice.")
    if one.if_topic is None:
        return "" if not (one.if_test or one.if_value) else _("say which answer it depends on.")
    if one.if_topic.pk not in earlier:
        return _("it can only depend on a question before it.")
    return _fault_of_test(one.if_topic, one.if_test, one.if_value)


def _fault_of_test(topic: Topic, test: str, value: str) -> str:
    if topic.answer in NEVER_TESTED:
        return _("nothing can depend on words or on a day.")
    is_sized = topic.answer in SIZED
    if test not in (("at_least", "at_most") if is_sized else ("is", "is_not")):
        return _("this comparison does not fit the answer.")
    known = [one["key"] for one in topic.choices]
    fits = {
        Answer.YES_NO: value in ("yes", "no"),
        Answer.SCALE: value in SCALE,
        Answer.NUMBER: value.lstrip("-").isdigit() and len(value) < 15,
    }.get(Answer(topic.answer), value in known)
    return "" if fits else _("no answer can be “%s”.") % value


def _ask(interview: Interview, asked: Sequence[Asked]) -> None:
    Question.objects.bulk_create(
        Question(
            interview=interview, version=interview.version, position=place, topic=one.topic,
            if_topic=one.if_topic, if_test=one.if_test, if_value=one.if_value,
        )
        for place, one in enumerate(asked)
    )  # fmt: skip
