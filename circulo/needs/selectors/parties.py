"""What is known of one party: what holds, what held before, and what could be asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from circulo.accounts.models import User
from circulo.lib import ids
from circulo.needs.answers import Said, headed, told
from circulo.needs.certainty import HALF_LIFE, certainty, fading
from circulo.needs.models import Preference, Sort, Topic
from circulo.parties.models import Party

MOST_OF_HISTORY = 200


@dataclass(frozen=True)
class Known:
    """One thing that is known, as a page shows it."""

    id: str
    name: str
    words: str
    sort: str
    source: str
    by: str
    said_at: datetime
    fading: str
    strength: int
    ended_at: datetime | None = None
    was_withdrawn: bool = False

    @property
    def mark(self) -> str:
        """The icon of its kind."""
        return MARKS[Sort(self.sort)]


MARKS = {
    Sort.LIKE: "thumbs-up",
    Sort.DISLIKE: "thumbs-down",
    Sort.NEED: "lightbulb",
    Sort.PREFERENCE: "star",
    Sort.FACT: "info",
}


def needs_of(user: User, party: Party) -> tuple[list[Known], list[Known]]:
    """What holds of a party, ranked, and what held before, the latest first."""
    rows = Preference.objects.visible_to(user).filter(party=party)
    rows = rows.select_related("topic", "by")
    now = timezone.now()
    before = rows.exclude(ended_at=None).order_by("-ended_at", "-pk")[:MOST_OF_HISTORY]
    return [known_of(row, now) for row in rows.current().ranked()], [
        known_of(row, now) for row in before
    ]


def known_of(row: Preference, now: datetime) -> Known:
    """A preference in words, as sure as its age leaves it."""
    topic = row.topic
    sure = certainty(row.said_at, topic.half_life_days if topic else HALF_LIFE, now)
    return Known(
        id=row.public_id,
        name=topic.name if topic else str(Sort(row.sort).label),
        words=headed(topic, told(topic, Said.of(row))),
        sort=row.sort,
        source=str(Preference.Source(row.source).label),
        by=row.by.name if row.by else "",
        said_at=row.said_at,
        fading=fading(sure),
        strength=row.strength,
        ended_at=row.ended_at,
        was_withdrawn=row.ended_at is not None and row.successor_id is None,
    )


def preference_of(user: User, identifier: str, act: str = "view") -> Preference | None:
    """The preference of this identifier, where the person may do this with it."""
    rows = Preference.objects.visible_to(user, act).select_related("party", "topic", "by")
    return rows.filter(pk=ids.decode("preference", identifier) or 0).first()


def topic_of(key: Any) -> Topic | None:
    """The topic with this key, or this identifier."""
    if not isinstance(key, str):
        return None
    found = Topic.objects.filter(key=key).first() if len(key) <= 40 else None
    return found or Topic.objects.filter(pk=ids.decode("topic", key) or 0).first()


def topics_about(party: Party) -> list[Topic]:
    """What is asked of a party of this kind."""
    return list(Topic.objects.in_use().about(party.kind).in_order())


def topics_in_use() -> list[Topic]:
    """What is asked, in order."""
    return list(Topic.objects.in_use().in_order())


def every_topic() -> QuerySet[Topic]:
    """Every topic: who works here may know what is asked."""
    return Topic.objects.all()


def topics_in_order() -> list[Topic]:
    """Every topic, those in use first."""
    return sorted(Topic.objects.in_order(), key=lambda topic: topic.retired_at is not None)
