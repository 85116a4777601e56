"""Rows of a table, read as what is known of parties; no row asks the database."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from circulo.lib import emails, ids, phones
from circulo.lib.errors import Invalid
from circulo.lib.readers import values
from circulo.lib.text import salvage
from circulo.needs import answers
from circulo.needs.answers import Said
from circulo.needs.models import Answer, Preference, Sort, Topic
from circulo.needs.models.preferences import FREE
from circulo.records.load_types import RefusedRow, Task
from circulo.records.load_types import Said as Cells
from circulo.records.mapping import folded, in_our_words


@dataclass
class Told:
    """One thing that a row says, before its party is looked up."""

    topic: Topic | None
    said: Said
    sort: str


@dataclass
class NeedsRow:
    """A row: of whom it speaks, and what it says."""

    party_key: int | None
    email: str
    phone: str
    name: str
    key: int | None = None
    told: list[Told] = field(default_factory=list)
    strength: int | None = None
    rank: int | None = None
    source: str = Preference.Source.IMPORTED
    said_at: datetime | None = None


class NeedsReader:
    """Reads the rows of one load, with the topics as they stand."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.began_at = timezone.now()
        self.topics = {topic.key: topic for topic in Topic.objects.all()}
        self.named = {
            folded(text): topic
            for topic in self.topics.values()
            for text in (topic.key, topic.short_es, topic.short_en, topic.label_es, topic.label_en)
        }
        self.sorts = in_our_words({sort.value: sort.label for sort in FREE})
        self.sources = in_our_words({one.value: one.label for one in Preference.Source})

    def row(self, record: Cells) -> NeedsRow:
        """One row, read and checked."""
        row = self._of_whom(record)
        if text := _one(record, "value"):
            row.told.append(self._told(self._topic(record), text, record))
        about = ((self.topics.get(key), cell) for cell, key in record.get("about", ()))
        row.told += [self._told(topic, cell, record) for topic, cell in about if topic]
        if not row.told:
            raise RefusedRow(_("It is not said what is known of them."))
        return row

    def _of_whom(self, record: Cells) -> NeedsRow:
        said = _one(record, "party_id")
        key = ids.decode("party", said) if said else None
        if said and key is None:
            raise RefusedRow(_("“%s” is not an identifier of ours.") % said[:40])
        email, phone = _one(record, "email"), _one(record, "phone")
        number = phones.parse(phone, self.task.country) if phone else None
        row = NeedsRow(
            key,
            emails.normalise(email) if email else "",
            number.e164 if number else phone,
            salvage(_one(record, "party"), limit=300),
        )
        if not (row.party_key or row.email or row.phone or row.name):
            raise RefusedRow(_("It is not said of whom this is known."))
        if noted := _one(record, "id"):
            row.key = ids.decode("preference", noted)
        self._circumstances(row, record)
        return row

    def _circumstances(self, row: NeedsRow, record: Cells) -> None:
        """How strongly, in which place, when and from whom it is known."""
        row.strength = _between(_one(record, "strength"), -2, 2, _("strength"))
        row.rank = _between(_one(record, "rank"), 1, 1000, _("rank"))
        if source := _one(record, "source"):
            row.source = _chosen(self.sources, source)
        when = _one(record, "said_at")
        moment = values.moment(when, self.task.date_order) if when else None
        if moment is not None:
            row.said_at = _placed(moment)
            if row.said_at.year < 1900 or row.said_at > self.began_at:
                raise RefusedRow(_("This date lies before 1900 or in the future."))

    def _topic(self, record: Cells) -> Topic | None:
        text = _one(record, "topic")
        if not text:
            return None
        topic = self.named.get(folded(text))
        if topic is None:
            raise RefusedRow(_("There is no topic “%s”.") % text[:60])
        return topic

    def _told(self, topic: Topic | None, text: str, record: Cells) -> Told:
        if topic is None:
            sort = _chosen(self.sorts, _one(record, "kind") or Sort.LIKE)
            return Told(None, Said(text=salvage(text, limit=answers.MOST_LETTERS)), sort)
        value: Any = text
        if topic.answer == Answer.NUMBER:
            value = values.number(text, self.task.decimal)
        try:
            return Told(topic, answers.read(topic, value, order=self.task.date_order), topic.sort)
        except Invalid as invalid:
            raise RefusedRow(f"{topic.name}: {invalid.fields['']}") from invalid


def _one(record: Cells, name: str) -> str:
    return next((cell for cell, _label in record.get(name, ())), "")


def _between(text: str, least: int, most: int, name: str) -> int | None:
    number = values.whole(text) if text else None
    if number is not None and not least <= number <= most:
        limits = {"name": name, "least": least, "most": most}
        raise RefusedRow(_("%(name)s: a number from %(least)d to %(most)d.") % limits)
    return number


def _chosen(known: dict[str, str], text: str) -> str:
    value = known.get(folded(text))
    if value is None:
        raise RefusedRow(_("Choose one of: %s.") % ", ".join(sorted(set(known.values()))))
    return value


def _placed(moment: datetime) -> datetime:
    """A moment without a zone is meant where the firm is."""
    return moment if timezone.is_aware(moment) else moment.replace(
        tzinfo=ZoneInfo(settings.TIME_ZONE)
    )  # fmt: skip
