"""Templates, letters and the paper they are printed on."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from circulo.lib.tables import CreateTables


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("documents", "0001_templates_and_letters"),
        ("documents", "0002_one_index_each"),
        ("documents", "0003_tax_id_of_the_firm"),
    ]
    dependencies = [
        ("accounts", "0001_first_release"),
        ("records", "0001_first_release"),
        ("parties", "0001_first_release"),
    ]

    operations = [
        CreateTables([
            migrations.CreateModel(
                name='Letterhead',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('address', models.TextField(blank=True, default='', max_length=500, verbose_name='address')),
                    ('contact', models.TextField(blank=True, default='', max_length=300, verbose_name='phone, e-mail, web')),
                    ('footer', models.CharField(blank=True, default='', max_length=200, verbose_name='last line')),
                    ('window', models.CharField(choices=[('left', 'Left (DIN, ISO)'), ('right', 'Right (usual in Spain)')], default='right', max_length=5, verbose_name='window of the envelope')),
                    ('paper', models.CharField(blank=True, choices=[('', 'By the firm’s country'), ('a4', 'A4'), ('us-letter', 'Letter (8½ × 11 inches)')], default='', max_length=9, verbose_name='paper')),
                    ('logo', models.BinaryField(null=True)),
                    ('logo_type', models.CharField(blank=True, default='', editable=False, max_length=20)),
                    ('tax_id', models.CharField(blank=True, default='', max_length=30, verbose_name='tax id')),
                ],
                options={
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('pk', 1)), name='there_is_one_letterhead'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Template',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('letter', 'Letter'), ('email', 'E-mail'), ('document', 'Document'), ('label', 'Label')], default='letter', max_length=8, verbose_name='kind')),
                    ('name', models.CharField(max_length=120, verbose_name='name')),
                    ('layout', models.CharField(choices=[('letter', 'With the address in the window'), ('plain', 'Without an address')], default='letter', max_length=6, verbose_name='layout')),
                    ('sharing', models.CharField(choices=[('all', 'Everybody'), ('team', 'My team'), ('own', 'Only me')], default='all', max_length=4, verbose_name='who may use it')),
                    ('is_active', models.BooleanField(default=True, verbose_name='in use')),
                    ('version', models.PositiveIntegerField(default=1, editable=False)),
                    ('is_demo', models.BooleanField(default=False, editable=False)),
                    ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                    ('updated_at', models.DateTimeField(auto_now=True, verbose_name='changed')),
                    ('owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='templates', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                ],
                options={
                    'indexes': [
                        models.Index(models.F('name'), models.F('id'), name='template_by_name'),
                    ],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='template_has_a_name'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Mailing',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('what', models.CharField(choices=[('letters', 'Letters'), ('labels', 'Labels')], max_length=7)),
                    ('keys', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                    ('done', models.PositiveIntegerField(default=0)),
                    ('skipped', models.JSONField(default=list)),
                    ('lacking', models.JSONField(default=list)),
                    ('is_sure', models.BooleanField(default=False)),
                    ('state', models.CharField(choices=[('running', 'Running'), ('asking', 'Waits for an answer'), ('done', 'Done'), ('failed', 'Failed'), ('cancelled', 'Cancelled')], default='running', max_length=10)),
                    ('error', models.TextField(blank=True, default='')),
                    ('path', models.CharField(blank=True, default='', max_length=100)),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('finished_at', models.DateTimeField(null=True)),
                    ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('template', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='documents.template')),
                ],
                options={
                    'indexes': [
                        models.Index(fields=['by', '-created_at'], name='mailing_by_author'),
                    ],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('done__lte', models.F('keys__len'))), name='mailing_done_is_within'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Letter',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('language', models.CharField(choices=[('es', 'Spanish'), ('en', 'English')], default='es', max_length=5)),
                    ('layout', models.CharField(choices=[('letter', 'With the address in the window'), ('plain', 'Without an address')], default='letter', max_length=6)),
                    ('subject', models.CharField(blank=True, default='', max_length=300, verbose_name='subject')),
                    ('body', models.TextField(verbose_name='text')),
                    ('written_on', models.DateField()),
                    ('state', models.CharField(choices=[('draft', 'Draft'), ('sent', 'Posted')], default='draft', max_length=5)),
                    ('sent_at', models.DateTimeField(null=True)),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('file', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='records.attachment')),
                    ('party', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='letters', to='parties.party')),
                    ('template', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='documents.template')),
                ],
                options={
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(models.Q(('sent_at', None), ('state', 'draft')), models.Q(('sent_at__isnull', False), ('state', 'sent')), _connector='OR'), name='letter_sent_has_its_moment'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='TemplateText',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('language', models.CharField(choices=[('es', 'Spanish'), ('en', 'English')], max_length=5)),
                    ('subject', models.CharField(blank=True, default='', max_length=300, verbose_name='subject')),
                    ('body', models.TextField(blank=True, default='', verbose_name='text')),
                    ('template', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='texts', to='documents.template')),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(models.F('template'), models.F('language'), name='template_text_once'),
                        models.CheckConstraint(condition=models.Q(('body', ''), _negated=True), name='template_text_has_a_body'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='TemplateVersion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.PositiveIntegerField()),
                    ('said', models.JSONField(default=dict)),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('template', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='documents.template')),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(models.F('template'), models.F('number'), name='template_version_once'),
                    ],
                },
            ),
        ]),
    ]
