"""Interactions, as they are brought in from tables and mailboxes and handed out again."""

from django.utils.translation import gettext_lazy as _

from circulo.records.load_types import LoadField, LoadType, register
from circulo.timeline.dumps import HOLDS, dump_interactions
from circulo.timeline.loading import InteractionImporter

FIELDS = (
    LoadField("id", _("Identifier"), ("identificador",)),
    LoadField("kind", _("Kind"), ("tipo", "type", "activity type", "tipo de actividad", "clase")),
    LoadField(
        "occurred_at",
        _("When"),
        ("fecha", "date", "cuándo", "fecha y hora", "activity date", "due date", "start", "inicio"),
    ),
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
    LoadField("subject", _("Subject"), ("asunto", "subject", "título", "title", "summary")),
    LoadField(
        "body",
        _("What happened"),
        ("description", "descripción", "notas", "notes", "texto", "comments", "comentarios"),
    ),
    LoadField("channel", _("Channel"), ("canal", "channel")),
    LoadField("direction", _("Direction"), ("dirección", "sentido", "call direction")),
    LoadField(
        "by", _("By"), ("usuario", "user", "autor", "owner", "responsable", "assigned to", "por")
    ),
    LoadField("source_key", _("Key at the source"), ("source key", "external id", "id externo")),
)

register(
    LoadType(
        "interactions",
        _("Interactions"),
        "interactions",
        FIELDS,
        ("id", "source_key"),
        InteractionImporter,
        frozenset({"table", "mail"}),
        dumped=dump_interactions,
        holds=HOLDS,
    )
)
