"""What every record has: its files, loads, own fields, saved views, and the history of its changes."""

import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
import django.utils.timezone
from django.conf import settings
from django.contrib.postgres.operations import BtreeGinExtension, BtreeGistExtension, TrigramExtension, UnaccentExtension
from django.db import migrations, models

from circulo.lib.tables import CreateTables
from circulo.records.migrations import _functions


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("records", "0001_search_functions"),
        ("records", "0002_initial"),
        ("records", "0003_loads"),
        ("records", "0004_forms_that_were_sent"),
        ("records", "0005_folding_knows_every_alphabet"),
        ("records", "0006_history"),
        ("records", "0007_own_functions"),
        ("records", "0008_own_fields"),
        ("records", "0009_versions_of_files"),
        ("records", "0010_likely_duplicates"),
        ("records", "0011_saved_views_move_here"),
        ("records", "0012_saved_views_know_widths"),
        ("records", "0013_one_index_each"),
        ("records", "0014_loads_tell_repeated_rows"),
        ("records", "0015_loads_tell_what_was_not_taken_over"),
        ("records", "0016_own_fields_hold_times"),
        ("records", "0017_exports"),
    ]
    dependencies = [
        ("accounts", "0001_first_release"),
    ]

    operations = [
        UnaccentExtension(),
        TrigramExtension(),
        BtreeGinExtension(),
        BtreeGistExtension(),
        migrations.RunSQL(_functions.FOLDING, _functions.NO_FOLDING),
        migrations.RunSQL(_functions.OWN, _functions.NO_OWN),
        CreateTables([
            migrations.CreateModel(
                name='Attachment',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('record_kind', models.CharField(max_length=30)),
                    ('record_id', models.BigIntegerField()),
                    ('name', models.CharField(max_length=255, verbose_name='file name')),
                    ('content_type', models.CharField(max_length=100)),
                    ('size', models.BigIntegerField()),
                    ('sha256', models.CharField(max_length=64)),
                    ('path', models.CharField(max_length=100, unique=True)),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('number', models.PositiveIntegerField(default=1)),
                ],
                options={
                    'indexes': [
                        models.Index(models.F('record_kind'), models.F('record_id'), name='attachment_by_record'),
                    ],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('size__gte', 0)), name='attachment_has_a_size'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='SentForm',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(db_collation='C', max_length=80)),
                    ('made', models.BigIntegerField(null=True)),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'indexes': [
                        models.Index(models.F('created_at'), name='sent_form_by_age'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(models.F('by'), models.F('key'), name='form_counts_once'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='ChangeSet',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('edit', 'Edit'), ('import', 'Import'), ('bulk', 'Change of many'), ('delete', 'To the bin'), ('restore', 'Out of the bin'), ('merge', 'Merge'), ('automation', 'Automation'), ('undo', 'Undo')], db_default='edit', default='edit', max_length=10)),
                    ('through', models.CharField(choices=[('screen', 'on screen'), ('api', 'by API'), ('import', 'by import'), ('rule', 'by a rule'), ('command', 'by command'), ('database', 'in the database')], db_default='', default='', max_length=10)),
                    ('label', models.CharField(blank=True, db_default='', default='', max_length=300)),
                    ('state', models.CharField(choices=[('running', 'Running'), ('done', 'Done'), ('cancelled', 'Cancelled'), ('failed', 'Failed')], db_default='done', default='done', max_length=10)),
                    ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=django.utils.timezone.now)),
                    ('finished_at', models.DateTimeField(null=True)),
                    ('total', models.BigIntegerField(null=True)),
                    ('done', models.BigIntegerField(db_default=0, default=0)),
                    ('kept', models.BigIntegerField(db_default=0, default=0)),
                    ('refused', models.BigIntegerField(db_default=0, default=0)),
                    ('error', models.TextField(blank=True, db_default='', default='')),
                    ('undone_at', models.DateTimeField(null=True)),
                    ('takes_back', models.BooleanField(db_default=False, default=False)),
                    ('job', models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict)),
                    ('keys', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), null=True, size=None)),
                    ('by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('undoes', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='records.changeset')),
                    ('undone_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='records.changeset')),
                ],
                options={
                    'indexes': [
                        models.Index(fields=['-at', '-id'], name='change_set_by_time'),
                        models.Index(fields=['by', '-at', '-id'], name='change_set_by_author'),
                        models.Index(models.F('state'), condition=models.Q(('state', 'running')), name='change_set_at_work'),
                        models.Index(models.F('undoes'), condition=models.Q(('undoes__isnull', False)), name='change_set_undo'),
                        models.Index(models.F('undone_by'), condition=models.Q(('undone_by__isnull', False)), name='change_set_undone'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Load',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('type', models.CharField(max_length=30)),
                    ('name', models.CharField(max_length=255, verbose_name='file name')),
                    ('path', models.CharField(max_length=100, unique=True)),
                    ('size', models.BigIntegerField()),
                    ('sha256', models.CharField(max_length=64)),
                    ('shape', models.JSONField(default=dict)),
                    ('mapping', models.JSONField(default=dict)),
                    ('options', models.JSONField(default=dict)),
                    ('state', models.CharField(choices=[('new', 'New'), ('checking', 'Being checked'), ('ready', 'Checked'), ('running', 'Running'), ('done', 'Done'), ('failed', 'Failed'), ('cancelled', 'Cancelled')], default='new', max_length=10)),
                    ('rows', models.BigIntegerField(null=True)),
                    ('rows_done', models.BigIntegerField(default=0)),
                    ('created', models.BigIntegerField(default=0)),
                    ('updated', models.BigIntegerField(default=0)),
                    ('skipped', models.BigIntegerField(default=0)),
                    ('refused', models.BigIntegerField(default=0)),
                    ('error', models.TextField(blank=True, default='')),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('started_at', models.DateTimeField(null=True)),
                    ('finished_at', models.DateTimeField(null=True)),
                    ('by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('change_set', models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='load', to='records.changeset')),
                    ('alike', models.BigIntegerField(default=0)),
                    ('repeated', models.BigIntegerField(default=0)),
                    ('remarks', models.JSONField(default=dict)),
                ],
                options={
                    'indexes': [
                        models.Index(fields=['by', '-created_at'], name='load_by_author'),
                    ],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('rows_done', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('created'), '+', models.F('updated')), '+', models.F('skipped')), '+', models.F('refused')))), name='load_counts_every_row_once'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='LoadRefusal',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('row', models.BigIntegerField()),
                    ('reason', models.TextField()),
                    ('load', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='refusals', to='records.load')),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(models.F('load'), models.F('row'), name='load_refuses_a_row_once'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Change',
                fields=[
                    ('pk', models.CompositePrimaryKey('change_set_id', 'step', 'key', blank=True, editable=False, primary_key=True, serialize=False)),
                    ('step', models.BigIntegerField()),
                    ('key', models.BigIntegerField()),
                    ('kind', models.CharField(max_length=30)),
                    ('op', models.CharField(choices=[('i', 'added'), ('u', 'changed'), ('d', 'deleted')], max_length=1)),
                    ('keys', django.contrib.postgres.fields.ranges.BigIntegerRangeField(null=True)),
                    ('root_kind', models.CharField(max_length=30, null=True)),
                    ('root', models.BigIntegerField(null=True)),
                    ('at', models.DateTimeField()),
                    ('old', models.JSONField(null=True)),
                    ('new', models.JSONField(null=True)),
                    ('change_set', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='changes', to='records.changeset')),
                ],
                options={
                    'indexes': [
                        models.Index(models.F('root'), models.F('step'), condition=models.Q(('root__isnull', False)), name='change_of_root'),
                        django.contrib.postgres.indexes.GistIndex(django.contrib.postgres.indexes.OpClass('kind', name='gist_text_ops'), django.contrib.postgres.indexes.OpClass('keys', name='range_ops'), condition=models.Q(('op', 'i')), name='change_inserted'),
                        django.contrib.postgres.indexes.BrinIndex(fields=['at'], name='change_by_time'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Clash',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(max_length=30)),
                    ('key', models.BigIntegerField()),
                    ('root_kind', models.CharField(max_length=30)),
                    ('root', models.BigIntegerField()),
                    ('names', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=63), default=list, size=None)),
                    ('why', models.CharField(choices=[('changed', 'changed since'), ('gone', 'deleted since'), ('used', 'others were added to it since'), ('taken', 'its place is taken')], max_length=10)),
                    ('is_forced', models.BooleanField(default=False)),
                    ('undo', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='clashes', to='records.changeset')),
                ],
                options={
                    'indexes': [
                        models.Index(models.F('undo'), models.F('root'), name='clash_by_root'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(models.F('undo'), models.F('kind'), models.F('key'), name='clash_once'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='OwnField',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('resource', models.CharField(max_length=30)),
                    ('key', models.CharField(max_length=40, verbose_name='key')),
                    ('kind', models.CharField(choices=[('text', 'Text'), ('long_text', 'Long text'), ('number', 'Number'), ('money', 'Money'), ('date', 'Date'), ('moment', 'Date and time'), ('time', 'Time of day'), ('choice', 'Choice'), ('choices', 'Several choices'), ('yes_no', 'Yes or no'), ('link', 'Link to a record'), ('file', 'File'), ('computed', 'Computed')], max_length=10, verbose_name='holds')),
                    ('label_es', models.CharField(max_length=60, verbose_name='label in Spanish')),
                    ('label_en', models.CharField(blank=True, default='', max_length=60, verbose_name='label in English')),
                    ('help_es', models.CharField(blank=True, default='', max_length=200, verbose_name='help in Spanish')),
                    ('help_en', models.CharField(blank=True, default='', max_length=200, verbose_name='help in English')),
                    ('section', models.CharField(blank=True, default='', max_length=60, verbose_name='section of the form')),
                    ('position', models.PositiveIntegerField(default=0)),
                    ('choices', models.JSONField(default=list)),
                    ('default', models.JSONField(null=True)),
                    ('target', models.CharField(blank=True, choices=[('contact', 'A contact'), ('company', 'A company'), ('user', 'A colleague')], default='', max_length=7, verbose_name='link to')),
                    ('currency', models.CharField(blank=True, default='', max_length=3, verbose_name='currency')),
                    ('formula', models.TextField(blank=True, default='', verbose_name='formula')),
                    ('gives', models.CharField(blank=True, default='', max_length=6)),
                    ('is_required', models.BooleanField(default=False, verbose_name='required')),
                    ('is_searchable', models.BooleanField(default=False, verbose_name='found by search')),
                    ('is_fast', models.BooleanField(default=False, verbose_name='sorts and filters fast')),
                    ('index', models.TextField(default='')),
                    ('pending', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('convert', 'converting values'), ('remove', 'removing values'), ('search', 'preparing search'), ('index', 'preparing sorting and filtering')], max_length=7), default=list, size=None)),
                    ('was', models.JSONField(default=dict)),
                    ('done_up_to', models.BigIntegerField(default=0)),
                    ('trouble', models.TextField(default='')),
                    ('retired_at', models.DateTimeField(null=True)),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(models.F('resource'), models.F('key'), name='own_field_key_is_unique'),
                        models.CheckConstraint(condition=models.Q(('key__regex', '^[a-z][a-z0-9_]*$')), name='own_field_key_is_plain'),
                        models.CheckConstraint(condition=models.Q(('kind', 'computed'), ('formula', ''), _connector='XOR'), name='own_field_computes_iff_computed'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='AttachmentVersion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('record_kind', models.CharField(max_length=30)),
                    ('record_id', models.BigIntegerField()),
                    ('number', models.PositiveIntegerField()),
                    ('name', models.CharField(max_length=255)),
                    ('content_type', models.CharField(max_length=100)),
                    ('size', models.BigIntegerField()),
                    ('sha256', models.CharField(max_length=64)),
                    ('path', models.CharField(max_length=100)),
                    ('created_at', models.DateTimeField()),
                    ('attachment', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='records.attachment')),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(models.F('attachment'), models.F('number'), name='attachment_version_once'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='LoadDoubt',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('row', models.BigIntegerField()),
                    ('keys', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                    ('load', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='doubts', to='records.load')),
                    ('same_as', models.BigIntegerField(null=True)),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(models.F('load'), models.F('row'), name='load_doubts_a_row_once'),
                    ],
                },
            ),
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
                    ('shape', models.CharField(choices=[('table', 'Table'), ('board', 'Board'), ('calendar', 'Calendar'), ('map', 'Map'), ('groups', 'Groups')], default='table', max_length=8)),
                    ('by', models.CharField(blank=True, default='', max_length=60)),
                    ('for_roles', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), default=list, size=None)),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('owner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('widths', models.JSONField(default=dict)),
                    ('density', models.CharField(blank=True, choices=[('roomy', 'Roomy'), ('normal', 'Normal'), ('dense', 'Dense')], default='', max_length=8)),
                ],
                options={
                    'db_table': None,
                    'indexes': [
                        models.Index(models.F('resource'), models.F('sharing'), name='saved_view_by_list'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(models.F('owner'), models.F('resource'), models.F('name'), name='saved_view_name_once'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Export',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('type', models.CharField(max_length=30)),
                    ('format', models.CharField(choices=[('csv', 'CSV'), ('xlsx', 'XLSX'), ('jsonl', 'JSON Lines'), ('parquet', 'Parquet')], max_length=10)),
                    ('criterion', models.JSONField(null=True)),
                    ('state', models.CharField(choices=[('running', 'Running'), ('done', 'Done'), ('failed', 'Failed')], default='running', max_length=10)),
                    ('path', models.CharField(max_length=100, unique=True)),
                    ('rows', models.BigIntegerField(null=True)),
                    ('size', models.BigIntegerField(null=True)),
                    ('error', models.TextField(blank=True, default='')),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('finished_at', models.DateTimeField(null=True)),
                    ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'indexes': [
                        models.Index(fields=['by', '-created_at'], name='export_by_author'),
                    ],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(models.Q(('rows__isnull', False), ('size__isnull', False), ('state', 'done')), models.Q(models.Q(('state', 'done'), _negated=True), ('rows', None), ('size', None)), _connector='OR'), name='export_done_iff_counted'),
                    ],
                },
            ),
        ]),
        migrations.RunSQL(_functions.HISTORY, _functions.NO_HISTORY),
    ]
