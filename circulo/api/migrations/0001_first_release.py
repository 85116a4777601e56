"""The answers kept for calls that are sent twice."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from circulo.lib.tables import CreateTables


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("api", "0001_stored_answers"),
        ("api", "0002_one_index_each"),
    ]
    dependencies = [
        ("accounts", "0001_first_release"),
    ]

    operations = [
        CreateTables([
            migrations.CreateModel(
                name='StoredAnswer',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(db_collation='C', max_length=255)),
                    ('asked', models.CharField(db_collation='C', max_length=64)),
                    ('status', models.PositiveSmallIntegerField(default=0)),
                    ('headers', models.JSONField(default=dict)),
                    ('content', models.BinaryField(default=b'')),
                    ('created_at', models.DateTimeField()),
                    ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'indexes': [
                        models.Index(models.F('created_at'), name='stored_answer_by_age'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(models.F('user'), models.F('key'), name='stored_answer_once_per_key'),
                    ],
                },
            ),
        ]),
    ]
