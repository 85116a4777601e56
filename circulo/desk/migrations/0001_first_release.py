"""How people like their lists, and what they put away from Today."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from circulo.lib.tables import CreateTables


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("desk", "0001_choices"),
        ("desk", "0002_saved_views"),
        ("desk", "0003_saved_views_move_away"),
        ("desk", "0004_one_index_each"),
    ]
    dependencies = [
        ("accounts", "0001_first_release"),
        ("records", "0001_first_release"),
    ]

    operations = [
        CreateTables([
            migrations.CreateModel(
                name='ListChoice',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=30)),
                    ('columns', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), default=list, size=None)),
                    ('sort', models.CharField(blank=True, default='', max_length=200)),
                    ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('view', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='records.savedview')),
                    ('widths', models.JSONField(default=dict)),
                    ('density', models.CharField(blank=True, choices=[('roomy', 'Roomy'), ('normal', 'Normal'), ('dense', 'Dense')], default='', max_length=8)),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(models.F('user'), models.F('name'), name='list_choice_once'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='PutAway',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=60)),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(models.F('user'), models.F('name'), name='put_away_once'),
                    ],
                },
            ),
        ]),
    ]
