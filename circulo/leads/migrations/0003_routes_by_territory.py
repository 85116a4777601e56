"""Leads are given to who works in their territory; whose turn it is is kept beside the rules."""

from django.db import migrations, models

TURNS = """
    UPDATE leads_routerule r SET turns = m.turns
    FROM (SELECT rule_id, jsonb_object_agg(user_id, turn) AS turns
          FROM leads_routemember GROUP BY rule_id) m
    WHERE m.rule_id = r.id
"""


class Migration(migrations.Migration):

    dependencies = [
        ('leads', '0002_postal_code'),
    ]

    operations = [
        migrations.AddField(
            model_name='routerule',
            name='needs_territory',
            field=models.BooleanField(db_default=False, default=False, verbose_name='only to who works in its territory'),
        ),
        migrations.AddField(
            model_name='routerule',
            name='turns',
            field=models.JSONField(db_default={}, default=dict, editable=False),
        ),
        migrations.RunSQL(TURNS, migrations.RunSQL.noop),
        migrations.RemoveIndex(
            model_name='routemember',
            name='route_member_by_turn',
        ),
        migrations.RemoveField(
            model_name='routemember',
            name='turn',
        ),
    ]
