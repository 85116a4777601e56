"""The people who work here, their teams, territories and roles, and what they are told."""

import datetime

import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from circulo.lib.tables import CreateTables

ROLES = """
INSERT INTO accounts_role (name, rights, hidden)
SELECT name, '{}', '{}' FROM unnest(ARRAY[
  'admin', 'manager', 'seller', 'agent', 'marketer', 'analyst', 'auditor', 'treasurer']) AS name;
"""
GUARD = """
CREATE FUNCTION circulo_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are never changed or deleted', TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE ON accounts_audit
FOR EACH ROW EXECUTE FUNCTION circulo_append_only();
"""
UNGUARD = """
DROP TRIGGER audit_is_append_only ON accounts_audit;
DROP FUNCTION circulo_append_only();
"""


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("accounts", "0001_initial"),
        ("accounts", "0002_roles"),
        ("accounts", "0003_api_tokens"),
        ("accounts", "0004_entrances_audit_firm"),
        ("accounts", "0005_audit_is_append_only"),
        ("accounts", "0006_notifications"),
        ("accounts", "0007_definitions"),
        ("accounts", "0008_notices_everywhere"),
        ("accounts", "0009_territories"),
        ("accounts", "0010_fiscal_year"),
        ("accounts", "0011_one_index_each"),
    ]
    dependencies = []

    operations = [
        CreateTables([
            migrations.CreateModel(
                name='Role',
                fields=[
                    ('name', models.CharField(choices=[('admin', 'admin'), ('manager', 'manager'), ('seller', 'seller'), ('agent', 'agent'), ('marketer', 'marketer'), ('analyst', 'analyst'), ('auditor', 'auditor'), ('treasurer', 'treasurer')], max_length=20, primary_key=True, serialize=False)),
                    ('rights', models.JSONField(default=dict)),
                    ('hidden', models.JSONField(default=dict)),
                ],
            ),
            migrations.CreateModel(
                name='Team',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=100, verbose_name='name')),
                    ('path', models.CharField(db_collation='C', default='', editable=False, max_length=400)),
                    ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='accounts.team')),
                ],
                options={
                    'indexes': [
                        models.Index(models.F('path'), name='team_by_path'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(models.F('name'), name='team_name_is_unique'),
                        models.CheckConstraint(condition=models.Q(('parent', models.F('id')), _negated=True), name='team_is_not_its_own_parent'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='User',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('password', models.CharField(max_length=128, verbose_name='password')),
                    ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                    ('email', models.EmailField(max_length=254, unique=True, verbose_name='e-mail')),
                    ('name', models.CharField(max_length=150, verbose_name='name')),
                    ('language', models.CharField(default='es', max_length=5, verbose_name='language')),
                    ('region', models.CharField(default='es-ES', max_length=10, verbose_name='region')),
                    ('time_zone', models.CharField(default='Europe/Madrid', max_length=50, verbose_name='time zone')),
                    ('theme', models.CharField(choices=[('system', 'Like the system'), ('light', 'Light'), ('dark', 'Dark')], default='system', max_length=8, verbose_name='theme')),
                    ('density', models.CharField(choices=[('roomy', 'Roomy'), ('normal', 'Normal'), ('dense', 'Dense')], default='normal', max_length=8, verbose_name='density')),
                    ('has_shortcuts', models.BooleanField(default=True, verbose_name='single-letter shortcuts')),
                    ('is_active', models.BooleanField(default=True, verbose_name='may log in')),
                    ('is_demo', models.BooleanField(default=False, editable=False)),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('role', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='users', to='accounts.role', verbose_name='role')),
                    ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='users', to='accounts.team', verbose_name='team')),
                    ('quiet_from', models.TimeField(blank=True, default=datetime.time(21, 0), null=True, verbose_name='quiet from')),
                    ('quiet_until', models.TimeField(blank=True, default=datetime.time(8, 0), null=True, verbose_name='quiet until')),
                ],
                options={
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('email', django.db.models.functions.text.Lower('email'))), name='user_email_is_lower_case'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='ApiToken',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(blank=True, default='', max_length=100, verbose_name='name')),
                    ('hash', models.CharField(db_collation='C', max_length=64, unique=True)),
                    ('may_write', models.BooleanField(default=True, verbose_name='may write')),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('last_used_on', models.DateField(null=True)),
                    ('revoked_at', models.DateTimeField(null=True)),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tokens', to=settings.AUTH_USER_MODEL)),
                ],
            ),
            migrations.CreateModel(
                name='Attempt',
                fields=[
                    ('key', models.CharField(max_length=80, primary_key=True, serialize=False)),
                    ('count', models.PositiveIntegerField(default=0)),
                    ('since', models.DateTimeField()),
                    ('last_at', models.DateTimeField()),
                ],
                options={
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('since__lte', models.F('last_at'))), name='attempt_began_before_it_ended'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Firm',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(blank=True, default='', max_length=150, verbose_name='name')),
                    ('country', models.CharField(default='ES', max_length=2, verbose_name='country')),
                    ('currency', models.CharField(default='EUR', max_length=3, verbose_name='currency')),
                    ('language', models.CharField(default='es', max_length=5, verbose_name='language')),
                    ('region', models.CharField(default='es-ES', max_length=10, verbose_name='region')),
                    ('time_zone', models.CharField(default='Europe/Madrid', max_length=50, verbose_name='time zone')),
                    ('definitions', models.CharField(blank=True, default='', editable=False, max_length=32)),
                    ('year_begins', models.PositiveSmallIntegerField(default=1, verbose_name='first month of the year')),
                ],
                options={
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('pk', 1)), name='there_is_one_firm'),
                        models.CheckConstraint(condition=models.Q(('year_begins__gte', 1), ('year_begins__lte', 12)), name='firm_year_begins_in_a_month'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='OneTimeLink',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('purpose', models.CharField(choices=[('invitation', 'Invitation'), ('reset', 'Password reset')], max_length=10)),
                    ('digest', models.CharField(max_length=64, unique=True)),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('expires_at', models.DateTimeField()),
                    ('used_at', models.DateTimeField(null=True)),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links', to=settings.AUTH_USER_MODEL)),
                ],
            ),
            migrations.CreateModel(
                name='Session',
                fields=[
                    ('session_key', models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name='session key')),
                    ('session_data', models.TextField(verbose_name='session data')),
                    ('expire_date', models.DateTimeField(db_index=True, verbose_name='expire date')),
                    ('address', models.GenericIPAddressField(null=True)),
                    ('agent', models.CharField(blank=True, max_length=200)),
                    ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                    ('last_seen_at', models.DateTimeField(default=django.utils.timezone.now)),
                    ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='sessions', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': 'session',
                    'verbose_name_plural': 'sessions',
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='Audit',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('at', models.DateTimeField(auto_now_add=True)),
                    ('what', models.CharField(choices=[('logged_in', 'Logged in'), ('login_failed', 'Failed to log in'), ('logged_out', 'Logged out'), ('denied', 'Was refused'), ('password_changed', 'Changed the password'), ('link_made', 'Made a one-time link'), ('session_ended', 'Ended a session'), ('user_added', 'Added a user'), ('user_changed', 'Changed a user'), ('team_changed', 'Changed the teams'), ('rights_changed', 'Changed the rights of a role'), ('firm_changed', 'Changed the firm'), ('field_changed', 'Changed an own field'), ('token_made', 'Made an API token'), ('token_revoked', 'Revoked an API token')], max_length=20)),
                    ('who', models.CharField(blank=True, max_length=254)),
                    ('address', models.GenericIPAddressField(null=True)),
                    ('about', models.CharField(blank=True, max_length=254)),
                    ('details', models.JSONField(default=dict)),
                    ('by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='audited', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'indexes': [
                        models.Index(fields=['-at', '-id'], name='audit_by_time'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='NotificationChoice',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(max_length=40)),
                    ('is_shown', models.BooleanField(default=True, verbose_name='here')),
                    ('is_mailed', models.BooleanField(default=False, verbose_name='by e-mail')),
                    ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='notification_choices', to=settings.AUTH_USER_MODEL)),
                    ('is_pushed', models.BooleanField(default=False, verbose_name='on my devices')),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(models.F('user'), models.F('kind'), name='notification_choice_once'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Digest',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('day', models.DateField()),
                    ('message_id', models.CharField(max_length=200)),
                    ('made_at', models.DateTimeField(auto_now_add=True)),
                    ('sent_at', models.DateTimeField(null=True)),
                    ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='digests', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(models.F('user'), models.F('day'), name='digest_once_a_day'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Notification',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(max_length=40)),
                    ('words', models.JSONField(default=dict)),
                    ('about_kind', models.CharField(blank=True, default='', max_length=30)),
                    ('about_id', models.BigIntegerField(null=True)),
                    ('url', models.CharField(blank=True, default='', max_length=300)),
                    ('source_key', models.CharField(db_collation='C', max_length=200, null=True)),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('read_at', models.DateTimeField(null=True)),
                    ('mailed_at', models.DateTimeField(null=True)),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('to', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='notifications', to=settings.AUTH_USER_MODEL)),
                    ('digest', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='notifications', to='accounts.digest')),
                ],
                options={
                    'indexes': [
                        models.Index(fields=['to', '-id'], name='notification_newest'),
                        models.Index(models.F('to'), condition=models.Q(('read_at', None)), name='notification_unread'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(models.F('to'), models.F('source_key'), name='notification_told_once'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='PushDevice',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('endpoint', models.CharField(db_collation='C', max_length=1000, unique=True)),
                    ('p256dh', models.CharField(max_length=100)),
                    ('auth', models.CharField(max_length=40)),
                    ('agent', models.CharField(blank=True, default='', max_length=200)),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('told_at', models.DateTimeField(null=True)),
                    ('session', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='devices', to='accounts.session')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='devices', to=settings.AUTH_USER_MODEL)),
                ],
            ),
            migrations.CreateModel(
                name='Territory',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=100, verbose_name='name')),
                    ('path', models.CharField(db_collation='C', default='', editable=False, max_length=400)),
                    ('position', models.PositiveSmallIntegerField(default=0, editable=False)),
                    ('rule', models.JSONField(blank=True, default=dict, verbose_name='companies')),
                    ('people_rule', models.JSONField(blank=True, default=dict, verbose_name='contacts')),
                    ('claims_people', models.BooleanField(default=False, verbose_name='also those of companies elsewhere')),
                    ('is_active', models.BooleanField(default=True, verbose_name='in use')),
                    ('is_demo', models.BooleanField(default=False, editable=False)),
                    ('version', models.PositiveIntegerField(default=1, editable=False)),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('updated_at', models.DateTimeField(auto_now=True)),
                    ('manager', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='managed_territories', to=settings.AUTH_USER_MODEL, verbose_name='manager')),
                    ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='accounts.territory', verbose_name='lies within')),
                    ('members', models.ManyToManyField(related_name='territories', through='accounts.TerritoryMember', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': 'territory',
                    'indexes': [
                        models.Index(models.F('path'), name='territory_by_path'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(models.F('name'), name='territory_name_is_unique'),
                        models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='territory_has_a_name'),
                        models.CheckConstraint(condition=models.Q(('parent', models.F('id')), _negated=True), name='territory_is_not_its_own_parent'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='TerritoryMember',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('territory', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to='accounts.territory')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(models.F('territory'), models.F('user'), name='territory_member_once'),
                    ],
                },
            ),
        ]),
        migrations.RunSQL(ROLES, migrations.RunSQL.noop),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
