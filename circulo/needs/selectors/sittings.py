"""Where an interview stands: the question to ask now, and what was answered so far."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.utils import timezone

from circulo.accounts.models import User
from circulo.lib import ids
from circulo.needs.answers import Said, told, valued
from circulo.needs.models import (
    Asking,
    Interview,
    Preference,
    Question,
    Sitting,
    Topic,
)
from circulo.needs.selectors.worth import LEAST, questions
from circulo.parties.models import Party

MOST_FREE = 5  # questions of a sitting without a template


@dataclass(frozen=True)
class Given:
    """A question that was put in this sitting."""

    topic: Topic
    words: str
    was_answered: bool


@dataclass(frozen=True)
class Stand:
    """The question that comes now (none at the end), and those before it."""

    sitting: Sitting
    topic: Any = None
    known: Preference | None = None
    given: list[Given] = field(default_factory=list)
    left: int = 0

    @property
    def number(self) -> int:
        """Which question this is."""
        return len(self.given) + 1

    @property
    def total(self) -> int:
        """How many there will be, as things stand: an answer can open or close others."""
        return len(self.given) + self.left

    @property
    def value(self) -> Any:
        """What is known of it already."""
        return valued(self.topic, Said.of(self.known)) if self.topic and self.known else None


def sitting_of(user: User, identifier: str) -> Sitting | None:
    """The sitting of this identifier, where the person may go on with it."""
    rows = Sitting.objects.visible_to(user).select_related("party", "interview", "by")
    return rows.filter(pk=ids.decode("sitting", identifier) or 0).first()


def interviews_for(party: Party) -> QuerySet[Interview]:
    """The interviews that can be held with a party."""
    return Interview.objects.in_use().about(party.kind).order_by("pk")


def interviews_in_use() -> QuerySet[Interview]:
    """The interviews that can be held."""
    return Interview.objects.in_use()


def every_interview() -> QuerySet[Interview]:
    """Every interview: who works here may know what is asked."""
    return Interview.objects.all()


def interviews_in_order() -> list[Any]:
    """Every interview with the number of its questions, those in use first."""
    asked = Question.objects.filter(interview=OuterRef("pk"), version=OuterRef("version"))
    counted = asked.order_by().values("interview").annotate(number=Count("pk")).values("number")
    rows = Interview.objects.annotate(asked=Subquery(counted))
    return sorted(rows.order_by("pk"), key=lambda one: one.retired_at is not None)


def questions_of(interviews: Sequence[Interview]) -> dict[int, list[Question]]:
    """The questions of the present version of each interview, in order: one statement for all."""
    versions = {one.pk: one.version for one in interviews}
    rows = Question.objects.filter(interview__in=list(versions)).order_by("position")
    found: dict[int, list[Question]] = {}
    for row in rows.select_related("topic", "if_topic"):
        if row.version == versions[row.interview_id]:
            found.setdefault(row.interview_id, []).append(row)
    return found


def left_open(user: User, party: Party) -> list[Sitting]:
    """Interviews with a party that were begun and not ended, the latest first."""
    rows = Sitting.objects.visible_to(user).open().filter(party=party)
    return list(rows.select_related("interview").order_by("-began_at"))


def stand(sitting: Sitting, *, again: str = "") -> Stand:
    """Where a sitting stands; `again` is the key of a question to be answered once more."""
    topics: dict[int, Any] = {t.pk: t for t in questions(sitting.party_id).about(  # type: ignore[attr-defined]  # a TopicQuerySet
        sitting.party.kind).in_order()}  # fmt: skip
    holding = Preference.objects.current().filter(party=sitting.party_id, topic__isnull=False)
    known = {row.topic_id: row for row in holding}
    asked = list(Asking.objects.filter(sitting=sitting).select_related("topic").order_by("pk"))
    left = _left(sitting, topics, known, {one.topic_id for one in asked})
    given = [_given(one, known) for one in asked]
    repeated = next((one.topic for one in asked if again and one.topic.key == again), None)
    topic = repeated or next(iter(left), None)
    return Stand(sitting, topic, known.get(topic.pk) if topic else None, given, len(left))


def _left(
    sitting: Sitting, topics: dict[int, Any], known: dict[int | None, Preference], asked: set[int]
) -> list[Any]:
    """The questions that are still to be put, the next one first."""
    if sitting.interview is None:
        worth = [t for t in topics.values() if t.worth >= LEAST and t.pk not in asked]
        return _by_worth(worth)[: max(0, MOST_FREE - len(asked))]
    rows = Question.objects.filter(interview=sitting.interview_id, version=sitting.version)
    now = timezone.now()
    open_to_ask = [
        topics[row.topic_id]
        for row in rows.select_related("if_topic").order_by("position")
        if row.topic_id in topics
        and row.topic_id not in asked
        and not _rests(topics[row.topic_id], now)
        and holds(row, known)
    ]
    is_by_worth = sitting.interview.order == Interview.Order.VALUE
    return _by_worth(open_to_ask) if is_by_worth else open_to_ask


def _by_worth(topics: Iterable[Any]) -> list[Any]:
    return sorted(topics, key=lambda topic: -topic.worth)


def _rests(topic: Any, now: datetime) -> bool:
    """Whether this was asked so lately that asking again would be a nuisance."""
    return bool(topic.asked_at and now - topic.asked_at < timedelta(days=topic.rest_days))


def holds(question: Question, known: dict[int | None, Preference]) -> bool:
    """Whether what is known fulfils the condition of a question; what nobody knows does not."""
    if question.if_topic is None:
        return True
    row = known.get(question.if_topic_id)
    if row is None:
        return False
    if question.if_test in (Question.Test.AT_LEAST, Question.Test.AT_MOST):
        return _is_sized(row, question)
    given = row.picked if row.is_so is None else ["yes" if row.is_so else "no"]
    return (question.if_value in given) == (question.if_test == Question.Test.IS)


def _is_sized(row: Preference, question: Question) -> bool:
    if row.amount is None:
        return False
    limit = Decimal(question.if_value)
    at_least = question.if_test == Question.Test.AT_LEAST
    return row.amount >= limit if at_least else row.amount <= limit


def _given(asking: Asking, known: dict[int | None, Preference]) -> Given:
    row = known.get(asking.topic_id) if asking.was_answered else None
    words = told(asking.topic, Said.of(row)) if row else ""
    return Given(asking.topic, words, asking.was_answered)
