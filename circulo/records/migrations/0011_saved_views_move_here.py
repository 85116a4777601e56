"""Saved views are known here from now on; the table stays where it is until the next step."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0010_likely_duplicates'),
        ('desk', '0002_saved_views'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name='SavedView',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=60, verbose_name='name')),
                        ('resource', models.CharField(max_length=30)),
                        ('sharing', models.CharField(choices=[('own', 'Only me'), ('team', 'My team'), ('all', 'Everybody')], default='own', max_length=4, verbose_name='who sees it')),
                        ('criterion', models.JSONField(null=True)),
                        ('search', models.CharField(blank=True, default='', max_length=200)),
                        ('columns', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), default=list, size=None)),
                        ('sort', models.CharField(blank=True, default='', max_length=200)),
                        ('shape', models.CharField(choices=[('table', 'Table'), ('board', 'Board'), ('calendar', 'Calendar'), ('groups', 'Groups')], default='table', max_length=8)),
                        ('by', models.CharField(blank=True, default='', max_length=60)),
                        ('for_roles', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), default=list, size=None)),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                        ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={'db_table': 'desk_savedview'},
                ),
                migrations.AddIndex(
                    model_name='savedview',
                    index=models.Index(models.F('resource'), models.F('sharing'), name='saved_view_by_list'),
                ),
                migrations.AddConstraint(
                    model_name='savedview',
                    constraint=models.UniqueConstraint(models.F('owner'), models.F('resource'), models.F('name'), name='saved_view_name_once'),
                ),
            ],
        ),
    ]
