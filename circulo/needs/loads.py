"""Preferences, as they are brought in from tables and handed out again.

A table has a row for each contact with a column for each topic, named as the topic is in either
language; or a row for each thing known, with its topic or kind and its value.
"""

from __future__ import annotations

from collections.abc import ItemsView, Iterator, Mapping

from django.utils.translation import gettext_lazy as _

from circulo.needs.dumps import HOLDS, dump_preferences
from circulo.needs.loading import PreferenceImporter
from circulo.needs.models import Topic
from circulo.records.load_types import LoadField, LoadType, register


class TopicHeadings(Mapping[str, tuple[str, ...]]):
    """The headings of each topic, by its key, as the topics stand when somebody asks."""

    def __getitem__(self, key: str) -> tuple[str, ...]:
        return self._known()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._known())

    def __len__(self) -> int:
        return len(self._known())

    def items(self) -> ItemsView[str, tuple[str, ...]]:
        return self._known().items()

    def _known(self) -> dict[str, tuple[str, ...]]:
        return {
            topic.key: (topic.key, topic.short_es, topic.short_en, topic.label_es, topic.label_en)
            for topic in Topic.objects.in_use()
        }


FIELDS = (
    LoadField("id", _("Identifier"), ("identificador",)),
    LoadField("party_id", _("Identifier of the contact"), ("contact id", "id del contacto")),
    LoadField(
        "email",
        _("E-mail of the contact"),
        ("email", "correo", "correo electrónico", "e-mail", "contact email"),
    ),
    LoadField("phone", _("Phone of the contact"), ("phone", "teléfono", "móvil", "mobile")),
    LoadField(
        "party",
        _("Contact"),
        ("contacto", "contact", "cliente", "customer", "name", "nombre", "empresa", "company"),
    ),
    LoadField("topic", _("Topic"), ("tema", "pregunta", "question")),
    LoadField("kind", _("Kind"), ("tipo", "type")),
    LoadField("value", _("Answer"), ("respuesta", "valor", "texto", "text", "en palabras")),
    LoadField("strength", _("Strength"), ("intensidad", "fuerza")),
    LoadField("rank", _("Rank"), ("orden", "prioridad", "priority")),
    LoadField("said_at", _("Said"), ("fecha", "date", "dicho", "cuándo", "when")),
    LoadField("source", _("Source"), ("fuente", "origen")),
    LoadField("about", _("Answer to"), labelled=TopicHeadings()),
)

register(
    LoadType(
        "preferences",
        _("Needs and preferences"),
        "preferences",
        FIELDS,
        ("id",),
        PreferenceImporter,
        dumped=dump_preferences,
        holds=HOLDS,
    )
)
