"""Topics: what the firm wants to know. A key stays for good; a topic is retired, not deleted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.lib.errors import Invalid, RuleBroken, Text
from circulo.lib.text import clean, slug
from circulo.needs import answers
from circulo.needs.models import Preference, Topic
from circulo.needs.models.topics import CHOSEN

TEXTS = {"label_es": 160, "label_en": 160, "short_es": 60, "short_en": 60}
CHANGED = (*TEXTS, "sort", "choices", "is_for_contacts", "is_for_companies", "half_life_days",
           "weight", "rest_days", "position")  # fmt: skip
MOST_TOPICS, MOST_CHOICES = 100, 30


@transaction.atomic
def add_topic(values: Mapping[str, Any], *, by: User | None, is_demo: bool = False) -> Topic:
    """Add something to ask customers; Invalid says which values cannot be accepted."""
    if Topic.objects.in_use().count() >= MOST_TOPICS:
        raise RuleBroken(
            _("There are %d topics already: retire one that nobody asks.") % MOST_TOPICS
        )
    last = Topic.objects.aggregate(last=Max("position"))["last"]
    topic = Topic(position=0 if last is None else last + 1, is_demo=is_demo)
    topic.key = slug(values.get("key") or values.get("short_en") or "", 40)
    topic.answer = values.get("answer") or ""
    _set(topic, values)
    _check(topic)
    topic.save()
    return topic


@transaction.atomic
def change_topic(topic: Topic, values: Mapping[str, Any], *, by: User | None) -> Topic:
    """Change how something is asked; what it is called in filters changes with it."""
    topic = Topic.objects.select_for_update().get(pk=topic.pk)
    known = [one["key"] for one in topic.choices]
    _set(topic, values)
    _check(topic)
    _refuse_lost(topic, known)
    topic.save()
    _word_anew(topic)
    return topic


@transaction.atomic
def retire_topic(topic: Topic, *, by: User | None) -> Topic:
    """Ask it no more; what was answered stays."""
    topic.retired_at = timezone.now()
    topic.save(update_fields=["retired_at"])
    return topic


@transaction.atomic
def restore_topic(topic: Topic, *, by: User | None) -> Topic:
    """Ask it again."""
    topic.retired_at = None
    topic.save(update_fields=["retired_at"])
    return topic


def _set(topic: Topic, values: Mapping[str, Any]) -> None:
    for name in CHANGED:
        if name in values:
            setattr(topic, name, values[name])
    topic.choices = _choices(topic.choices)


def _choices(said: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Choices with a key each: the one given, or made of its English words."""
    found: list[dict[str, str]] = []
    taken: set[str] = set()
    for one in said:
        english, spanish = one.get("en") or one.get("es", ""), one.get("es") or one.get("en", "")
        key = slug(one.get("key") or english, 40)
        try:
            label = {"key": key, "es": clean(spanish, limit=60), "en": clean(english, limit=60)}
        except Invalid as invalid:
            raise Invalid({"choices": invalid.fields[""]}) from invalid
        if not key or key in taken:
            raise Invalid({"choices": _("Each choice needs words of its own: %s.") % spanish})
        taken.add(key)
        found.append(label)
    return found


def _check(topic: Topic) -> None:
    refused: dict[str, Text] = {}
    for name, limit in TEXTS.items():
        try:
            setattr(topic, name, clean(getattr(topic, name) or "", limit=limit))
        except Invalid as invalid:
            refused[name] = invalid.fields[""]
    try:
        topic.clean_fields(exclude=[*refused, "choices"])
        topic.validate_unique()
    except ValidationError as wrong:
        refused |= {name: " ".join(told) for name, told in wrong.message_dict.items()}
    refused |= _check_choices(topic)
    if not (topic.is_for_contacts or topic.is_for_companies):
        refused["is_for_contacts"] = _("Say whom this is asked: contacts, companies or both.")
    if refused:
        raise Invalid(refused)


def _check_choices(topic: Topic) -> dict[str, Text]:
    if topic.answer not in CHOSEN:
        topic.choices = []
    elif not 2 <= len(topic.choices) <= MOST_CHOICES:
        return {"choices": _("Give from 2 to %d choices, one in each line.") % MOST_CHOICES}
    return {}


def _refuse_lost(topic: Topic, known: list[str]) -> None:
    """A choice that somebody gave cannot go: their answer would have no words any more."""
    lost = set(known) - {one["key"] for one in topic.choices}
    given = Preference.objects.filter(topic=topic, picked__overlap=sorted(lost)) if lost else None
    if given is not None and (first := given.first()):
        raise Invalid({"choices": _("Somebody answered this choice: keep it (%s).")
                       % ", ".join(sorted(lost & set(first.picked)))})  # fmt: skip


def _word_anew(topic: Topic) -> None:
    """What filters find the answers by, in the words of today; one kind of answer at a time."""
    rows = Preference.objects.filter(topic=topic)
    said = []
    for row in rows.iterator(2000):
        row.wording, row.sort = answers.wording(topic, answers.Said.of(row)), topic.sort
        said.append(row)
    Preference.objects.bulk_update(said, ["wording", "sort"], batch_size=2000)
