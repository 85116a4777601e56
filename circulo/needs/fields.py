"""Needs as lists, the API, exports and the criteria language see them; and contacts and companies
by what is known of them: `needs.like` contains "rioja", said within 90 days."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

import circulo.parties.fields  # noqa: F401 (its resources are extended here)
from circulo.accounts.models import User
from circulo.needs.answers import offered_marks
from circulo.needs.models import Answer, Interview, Preference, Sort, Topic
from circulo.records.resources import Field, Resource, Type, extend, named, register


def _sorts() -> dict[str, str | Promise]:
    return dict(Sort.choices)


def _answers() -> dict[str, str | Promise]:
    return dict(Answer.choices)


def _sources() -> dict[str, str | Promise]:
    return dict(Preference.Source.choices)


def _topics() -> dict[str, str | Promise]:
    return {topic.key: topic.name for topic in Topic.objects.in_order()}


def _marks() -> dict[str, str | Promise]:
    return {
        mark: label for topic in Topic.objects.in_order() for mark, label in offered_marks(topic)
    }


def _current(*sorts: str) -> Callable[[User], QuerySet[Any]]:
    rows = Preference.objects.current()
    return lambda user: rows.filter(sort__in=sorts) if sorts else rows.all()


def _need(name: str, label: str | Promise, type: Type = Type.TEXT, **more: Any) -> Field:
    """A field of a party that asks for one of its current preferences, by the day it was said."""
    known: dict[str, Any] = {
        "related": _current(),
        "when": "said_at",
        "of_kind": "preferences",
    } | more
    return Field(f"needs.{name}", label, type, back="party", is_column=False, **known)


PARTY_FIELDS = [
    _need("like", _("Likes"), path="wording", related=_current(Sort.LIKE)),
    _need("dislike", _("Dislikes"), path="wording", related=_current(Sort.DISLIKE)),
    _need("need", pgettext_lazy("somebody", "Needs"), path="wording", related=_current(Sort.NEED)),
    _need("words", _("Anything known of it"), path="wording"),
    _need("topic", _("Topic asked"), Type.CHOICE, path="topic__key", choices=_topics),
    _need("answer", _("Answer given"), Type.LIST, path="marks", choices=_marks),
    _need("source", _("How it is known"), Type.CHOICE, path="source", choices=_sources),
    _need("said_at", _("Last said"), Type.MOMENT, path="said_at", when=""),
]
for name in ("contacts", "companies"):
    extend(name, named(PARTY_FIELDS))

register(
    Resource(
        "preferences",
        "preferences",
        _("Needs and preferences"),
        lambda user: Preference.objects.visible_to(user),
        named(
            [
                Field("said_at", _("Said"), Type.MOMENT, sort_by="said_at"),
                Field("party", _("Contact"), Type.LINK, link="party"),
                Field("topic", _("Topic"), Type.CHOICE, path="topic__key", choices=_topics),
                Field("kind", _("Kind"), Type.CHOICE, path="sort", choices=_sorts),
                Field("words", _("In words"), path="wording"),
                Field("answer", _("Answer"), Type.LIST, path="marks", choices=_marks),
                Field("amount", _("Number"), Type.NUMBER),
                Field("is_so", _("Yes or no"), Type.YES_NO),
                Field("day", _("Day"), Type.DATE),
                Field("strength", _("Strength"), Type.NUMBER),
                Field("rank", _("Rank"), Type.NUMBER),
                Field("source", _("Source"), Type.CHOICE, choices=_sources),
                Field("by", _("By"), Type.LINK, link="user"),
                Field("noted_at", _("Noted"), Type.MOMENT, sort_by="pk"),
                Field("ended_at", _("Ended"), Type.MOMENT),
            ]
        ),
        "-said_at",
        model=Preference,
    )
)
register(
    Resource(
        "topics",
        "preferences",
        _("Topics"),
        lambda user: Topic.objects.all(),
        named(
            [
                Field("position", _("Place"), Type.NUMBER, sort_by="position"),
                Field("key", _("Key")),
                Field("kind", _("What it tells"), Type.CHOICE, path="sort", choices=_sorts),
                Field("answer", _("Answered with"), Type.CHOICE, choices=_answers),
                Field("weight", _("Weight"), Type.NUMBER),
                Field("retired_at", _("Retired"), Type.MOMENT),
            ]
        ),
        "position",
        model=Topic,
    )
)
register(
    Resource(
        "interviews",
        "preferences",
        _("Interviews"),
        lambda user: Interview.objects.all(),
        named(
            [
                Field("created_at", _("Created"), Type.MOMENT, sort_by="pk"),
                Field("retired_at", _("Retired"), Type.MOMENT),
            ]
        ),
        "created_at",
        model=Interview,
    )
)
