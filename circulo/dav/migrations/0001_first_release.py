"""What programs of calendars and address books know of a person's records."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from circulo.lib.tables import CreateTables

STEPS = "CREATE SEQUENCE dav_step"
DROPS = "DROP SEQUENCE dav_step"


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("dav", "0001_initial"),
        ("dav", "0002_one_index_each"),
    ]
    dependencies = [
        ("accounts", "0001_first_release"),
        ("parties", "0001_first_release"),
    ]

    operations = [
        CreateTables([
            migrations.CreateModel(
                name='Member',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('collection', models.CharField(db_collation='C', max_length=12)),
                    ('key', models.BigIntegerField()),
                    ('name', models.CharField(db_collation='C', max_length=255)),
                    ('version', models.CharField(blank=True, db_collation='C', default='', max_length=40)),
                    ('step', models.BigIntegerField()),
                    ('is_gone', models.BooleanField(default=False)),
                    ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'indexes': [
                        models.Index(models.F('user'), models.F('collection'), models.F('step'), name='member_by_step'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(models.F('user'), models.F('collection'), models.F('key'), name='member_once'),
                        models.UniqueConstraint(models.F('user'), models.F('collection'), models.F('name'), condition=models.Q(('is_gone', False)), name='member_has_a_name_of_its_own'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='CardRest',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('uid', models.CharField(blank=True, db_collation='C', default='', max_length=255)),
                    ('lines', models.TextField(blank=True, default='')),
                    ('party', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='parties.party')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(models.F('party'), models.F('user'), name='card_rest_once'),
                    ],
                },
            ),
        ]),
        migrations.RunSQL(STEPS, DROPS),
    ]
