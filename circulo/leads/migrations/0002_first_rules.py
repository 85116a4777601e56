from django.conf import settings
from django.db import migrations

REASONS = [
    ("No es para nosotros", "Not for us"),
    ("No contesta", "No answer"),
    ("Solo pedía información", "Only wanted information"),
    ("Sin presupuesto", "No budget"),
    ("Ya es cliente", "Is a customer already"),
    ("Datos falsos o publicidad", "False data or spam"),
]
# Label in Spanish and in English, points, criterion.
SCORES = [
    ("Viene recomendado", "Was recommended", 30,
     {"field": "source", "op": "contains", "value": "recomenda"}),
    ("Dice de qué empresa es", "Names a company", 20,
     {"field": "company", "op": "empty", "value": False}),
    ("Ha dejado un teléfono", "Left a phone", 15,
     {"field": "phone", "op": "empty", "value": False}),
    ("Ha escrito qué busca", "Wrote what they look for", 15,
     {"field": "has_message", "op": "is", "value": True}),
]  # fmt: skip


def add_first_rules(apps, schema_editor):
    """The usual reasons and rules, in the language of the installation."""
    firm = apps.get_model("accounts", "Firm").objects.first()
    language = (firm.language if firm else settings.LANGUAGE_CODE)[:2]
    at = 1 if language == "en" else 0
    apps.get_model("leads", "LeadDesk").objects.create(pk=1)
    reason = apps.get_model("leads", "LeadReason")
    reason.objects.bulk_create(
        reason(label=labels[at], position=place) for place, labels in enumerate(REASONS)
    )
    rule = apps.get_model("leads", "ScoreRule")
    rule.objects.bulk_create(
        rule(label=one[at], points=one[2], criteria=one[3], position=place)
        for place, one in enumerate(SCORES)
    )


class Migration(migrations.Migration):
    dependencies = [("leads", "0001_initial"), ("accounts", "0008_notices_everywhere")]
    operations = [migrations.RunPython(add_first_rules, migrations.RunPython.noop)]
