"""Acts that a stage suggests, and which of them a step of a deal is."""

import django.db.models.deletion
from django.db import migrations, models

# By stage of the first pipeline: kind, title, days until it is due.
ACTS = {
    "Primer contacto": [
        ("call", "Llamar y presentarse", 0),
        ("email", "Enviar la presentación de la empresa", 1),
        ("todo", "Averiguar quién decide", 3),
    ],
    "Necesidad clara": [
        ("visit", "Visitar: qué necesitan, para cuándo y con qué presupuesto", 3),
        ("todo", "Preparar la propuesta", 5),
    ],
    "Propuesta enviada": [
        ("call", "Llamar: ¿han leído la propuesta?", 2),
        ("email", "Enviar lo que les falta para decidir", 5),
    ],
    "Negociación": [
        ("call", "Llamar para cerrar las dudas", 1),
        ("todo", "Acordar una fecha para decidir", 3),
    ],
    "Acuerdo verbal": [
        ("email", "Enviar el pedido para firmar", 0),
        ("call", "Llamar: ¿llegó el pedido?, ¿cuándo lo firman?", 2),
    ],
}


def add_first_acts(apps, schema_editor):
    """What the stages of the first pipeline suggest, where nobody works yet: a firm that is at work
    decides itself what its stages suggest.
    """
    if apps.get_model("accounts", "User").objects.exists():
        return
    StageAct = apps.get_model("sales", "StageAct")
    StageAct.objects.bulk_create(
        StageAct(stage=stage, kind=kind, title=title, after_days=days, position=place)
        for stage in apps.get_model("sales", "Stage").objects.filter(name__in=ACTS).order_by("pk")
        for place, (kind, title, days) in enumerate(ACTS[stage.name])
    )


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_first_release'),
        ('sales', '0003_colour_rules'),
    ]

    operations = [
        migrations.CreateModel(
            name='StageAct',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('todo', 'To do'), ('call', 'Call'), ('email', 'E-mail'), ('visit', 'Visit'), ('letter', 'Letter'), ('promise', 'Promise')], default='todo', max_length=8, verbose_name='kind')),
                ('title', models.CharField(max_length=300, verbose_name='title')),
                ('after_days', models.PositiveSmallIntegerField(default=0, verbose_name='due after days')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('stage', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='acts', to='sales.stage')),
            ],
            options={
                'verbose_name': 'suggested act',
            },
        ),
        migrations.AddField(
            model_name='dealstep',
            name='act',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='steps', to='sales.stageact'),
        ),
        migrations.AddConstraint(
            model_name='stageact',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['todo', 'call', 'email', 'visit', 'letter', 'promise'])), name='stage_act_is_a_task'),
        ),
        migrations.AddConstraint(
            model_name='stageact',
            constraint=models.CheckConstraint(condition=models.Q(('after_days__lte', 365)), name='stage_act_is_due_within_a_year'),
        ),
        migrations.RunPython(add_first_acts, migrations.RunPython.noop),
    ]
