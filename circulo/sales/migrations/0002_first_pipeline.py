from django.conf import settings
from django.db import migrations

# What arrives in a column takes the next place; see circulo/lib/ranks.py.
SEQUENCE = "CREATE SEQUENCE sales_deal_rank_seq MINVALUE 1 START 500000000000"
PIPELINE = {"es": "Ventas", "en": "Sales"}
# Name in Spanish and in English, probability, days until a deal in it is stale.
STAGES = [
    ("Primer contacto", "First contact", 10, 14),
    ("Necesidad clara", "Need understood", 25, 21),
    ("Propuesta enviada", "Proposal sent", 50, 14),
    ("Negociación", "Negotiation", 75, 14),
    ("Acuerdo verbal", "Verbal agreement", 90, 7),
]
ADVICE = {
    "es": [
        "Llame, preséntese y averigüe quién decide.",
        "Visita o entrevista: qué necesitan, para cuándo y con qué presupuesto.",
        "Llame a los dos días: ¿la han leído?, ¿qué les falta para decidir?",
        "Cierre las dudas una a una y acuerde una fecha para decidir.",
        "Envíe el pedido para firmar y fije el siguiente paso.",
    ],
    "en": [
        "Call, introduce yourself and find out who decides.",
        "Visit or interview: what they need, by when and with what budget.",
        "Call after two days: have they read it, and what do they need to decide?",
        "Settle the doubts one by one and agree on a day to decide.",
        "Send the order to be signed and fix the next step.",
    ],
}
REASONS = [
    ("won", "La mejor solución", "The best solution"),
    ("won", "El precio", "The price"),
    ("won", "La confianza y el trato", "Trust and service"),
    ("won", "El plazo", "The delivery time"),
    ("lost", "El precio", "The price"),
    ("lost", "Eligió a un competidor", "Chose a competitor"),
    ("lost", "No hay presupuesto", "No budget"),
    ("lost", "Ya no lo necesita", "Not needed any more"),
    ("lost", "No contesta", "No answer"),
    ("lost", "El plazo", "The delivery time"),
]


def add_first_pipeline(apps, schema_editor):
    """A pipeline to begin with and the usual reasons, in the language of the installation."""
    firm = apps.get_model("accounts", "Firm").objects.first()
    language = (firm.language if firm else settings.LANGUAGE_CODE)[:2]
    language = language if language in PIPELINE else "es"
    at = 0 if language == "es" else 1
    pipeline = apps.get_model("sales", "Pipeline").objects.create(
        name=PIPELINE[language], is_default=True
    )
    apps.get_model("sales", "Stage").objects.bulk_create(
        apps.get_model("sales", "Stage")(
            pipeline=pipeline, name=stage[at], position=place, probability=stage[2],
            stale_after=stage[3], advice=ADVICE[language][place],
        )
        for place, stage in enumerate(STAGES)
    )  # fmt: skip
    apps.get_model("sales", "Reason").objects.bulk_create(
        apps.get_model("sales", "Reason")(
            outcome=reason[0], label=reason[1 + at], position=place
        )
        for place, reason in enumerate(REASONS)
    )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        ("sales", "0001_initial"),
        ("accounts", "0008_notices_everywhere"),
    ]
    operations = [
        migrations.RunSQL(SEQUENCE, "DROP SEQUENCE sales_deal_rank_seq"),
        migrations.RunPython(add_first_pipeline, migrations.RunPython.noop),
    ]
