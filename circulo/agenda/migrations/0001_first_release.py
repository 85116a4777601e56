"""Tasks and appointments, who takes part, reminders, booking pages."""

import datetime

import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models

import circulo.agenda.models
from circulo.lib.tables import CreateTables


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("agenda", "0001_initial"),
        ("agenda", "0002_one_index_each"),
        ("agenda", "0003_words_of_changes"),
    ]
    dependencies = [
        ("accounts", "0001_first_release"),
        ("parties", "0001_first_release"),
    ]

    operations = [
        CreateTables([
            migrations.CreateModel(
                name='Entry',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('is_appointment', models.BooleanField(default=False)),
                    ('kind', models.CharField(choices=[('todo', 'To do'), ('call', 'Call'), ('email', 'E-mail'), ('visit', 'Visit'), ('letter', 'Letter'), ('promise', 'Promise'), ('meeting', 'Meeting'), ('other', 'Other')], default='todo', max_length=8, verbose_name='kind')),
                    ('title', models.CharField(max_length=300, verbose_name='title')),
                    ('notes', models.TextField(blank=True, default='', verbose_name='notes')),
                    ('place', models.CharField(blank=True, default='', max_length=300, verbose_name='place')),
                    ('priority', models.PositiveSmallIntegerField(choices=[(1, 'High'), (5, 'Normal'), (9, 'Low')], default=5, verbose_name='priority')),
                    ('starts_at', models.DateTimeField(blank=True, null=True, verbose_name='when')),
                    ('ends_at', models.DateTimeField(blank=True, null=True, verbose_name='until')),
                    ('starts_on', models.DateField(blank=True, null=True, verbose_name='day')),
                    ('ends_on', models.DateField(blank=True, null=True, verbose_name='last day')),
                    ('time_zone', models.CharField(default='Europe/Madrid', max_length=50, verbose_name='time zone')),
                    ('falls_at', models.DateTimeField(default=datetime.datetime(9999, 1, 1, 0, 0, tzinfo=datetime.timezone.utc), editable=False)),
                    ('due', models.GeneratedField(db_persist=True, expression=django.db.models.functions.comparison.NullIf(models.F('falls_at'), models.Value(datetime.datetime(9999, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), output_field=models.DateTimeField(null=True, verbose_name='when'))),
                    ('span', django.contrib.postgres.fields.ranges.DateTimeRangeField(editable=False, null=True)),
                    ('is_private', models.BooleanField(default=False, verbose_name='only for me')),
                    ('is_busy', models.BooleanField(default=True, verbose_name='takes my time')),
                    ('state', models.CharField(choices=[('open', 'Open'), ('done', 'Done'), ('dropped', 'Dropped')], default='open', max_length=7, verbose_name='state')),
                    ('done_at', models.DateTimeField(editable=False, null=True, verbose_name='done on')),
                    ('rule', models.CharField(blank=True, default='', max_length=500, verbose_name='repetition')),
                    ('more_dates', models.JSONField(blank=True, default=list, verbose_name='days added')),
                    ('less_dates', models.JSONField(blank=True, default=list, verbose_name='days left out')),
                    ('instance', models.CharField(blank=True, db_collation='C', default='', max_length=25)),
                    ('uid', models.CharField(db_collation='C', default=circulo.agenda.models.fresh_uid, max_length=255)),
                    ('sequence', models.PositiveIntegerField(default=0)),
                    ('brought', models.JSONField(blank=True, default=dict)),
                    ('search', models.GeneratedField(db_persist=True, expression=models.Func(models.F('title'), function='circulo_plain'), output_field=models.TextField(db_collation='C'))),
                    ('version', models.PositiveIntegerField(default=1, editable=False)),
                    ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                    ('updated_at', models.DateTimeField(auto_now=True, verbose_name='changed')),
                    ('created_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='made by')),
                    ('done_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='done by')),
                    ('owner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                    ('party', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='entries', to='parties.party', verbose_name='contact')),
                    ('series', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='instances', to='agenda.entry')),
                    ('waits_for', models.ManyToManyField(related_name='holds_up', to='agenda.entry')),
                ],
                options={
                    'verbose_name': 'task',
                    'indexes': [
                        models.Index(models.F('owner'), models.F('state'), models.F('falls_at'), models.F('id'), name='entry_by_owner'),
                        models.Index(models.F('is_appointment'), models.F('state'), models.F('falls_at'), models.F('id'), name='entry_by_date'),
                        models.Index(models.F('created_by'), name='entry_by_maker'),
                        models.Index(models.F('updated_at'), models.F('id'), name='entry_by_change'),
                        django.contrib.postgres.indexes.GistIndex(models.F('span'), name='entry_by_span'),
                        django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass('search', name='gin_trgm_ops'), name='entry_by_search'),
                    ],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(models.Q(('is_appointment', False), ('kind__in', ['todo', 'call', 'email', 'visit', 'letter', 'promise'])), models.Q(('is_appointment', True), ('kind__in', ['meeting', 'visit', 'call', 'other'])), _connector='OR'), name='entry_kind_fits'),
                        models.CheckConstraint(condition=models.Q(models.Q(('ends_on', None), ('starts_on', None)), models.Q(('ends_at', None), ('starts_at', None)), _connector='OR'), name='entry_is_at_a_moment_or_on_a_day'),
                        models.CheckConstraint(condition=models.Q(('is_appointment', False), models.Q(('ends_at__isnull', False), ('starts_at__isnull', False)), models.Q(('ends_on__isnull', False), ('starts_on__isnull', False)), _connector='OR'), name='appointment_takes_its_time'),
                        models.CheckConstraint(condition=models.Q(models.Q(('ends_at', None), ('ends_at__gte', models.F('starts_at')), _connector='OR'), models.Q(('ends_on', None), ('ends_on__gte', models.F('starts_on')), _connector='OR')), name='entry_ends_after_it_began'),
                        models.CheckConstraint(condition=models.Q(models.Q(('done_at__isnull', False), ('state', 'done')), models.Q(models.Q(('state', 'done'), _negated=True), ('done_at', None)), _connector='OR'), name='entry_done_at_iff_done'),
                        models.CheckConstraint(condition=models.Q(models.Q(('more_dates', []), ('rule', '')), models.Q(('span', None), _negated=True), _connector='OR'), name='entry_repeats_from_a_start'),
                        models.CheckConstraint(condition=models.Q(models.Q(('instance', ''), ('series', None)), models.Q(models.Q(('series', None), _negated=True), models.Q(('instance', ''), _negated=True)), _connector='OR'), name='entry_instance_of_a_series'),
                        models.UniqueConstraint(models.F('owner'), models.F('uid'), models.F('instance'), name='entry_once_per_calendar'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Feed',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('digest', models.CharField(db_collation='C', max_length=64, unique=True)),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('read_at', models.DateTimeField(null=True)),
                    ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='calendar_feed', to=settings.AUTH_USER_MODEL)),
                ],
            ),
            migrations.CreateModel(
                name='Participant',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('email', models.CharField(blank=True, default='', max_length=254, verbose_name='e-mail')),
                    ('name', models.CharField(blank=True, default='', max_length=200, verbose_name='name')),
                    ('answer', models.CharField(blank=True, choices=[('', 'has not answered'), ('yes', 'comes'), ('maybe', 'may come'), ('no', 'does not come')], default='', max_length=5, verbose_name='answer')),
                    ('position', models.PositiveSmallIntegerField(default=0)),
                    ('entry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='participants', to='agenda.entry')),
                    ('party', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='participations', to='parties.party', verbose_name='contact')),
                    ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='participations', to=settings.AUTH_USER_MODEL, verbose_name='colleague')),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(models.F('entry'), models.F('user'), condition=models.Q(('user__isnull', False)), name='user_takes_part_once'),
                        models.UniqueConstraint(models.F('entry'), models.F('party'), condition=models.Q(('party__isnull', False)), name='party_takes_part_once'),
                        models.CheckConstraint(condition=models.Q(models.Q(('user', None), ('party', None), _connector='OR'), models.Q(('email', ''), models.Q(('party', None), ('user', None)), _connector='OR')), name='participant_is_one'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Reminder',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('minutes', models.IntegerField(default=0, verbose_name='minutes before')),
                    ('rings_at', models.DateTimeField(null=True)),
                    ('entry', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='reminders', to='agenda.entry')),
                ],
                options={
                    'indexes': [
                        models.Index(models.F('rings_at'), condition=models.Q(('rings_at__isnull', False)), name='reminder_by_time'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(models.F('entry'), models.F('minutes'), name='reminder_rings_once'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='BookingPage',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('token', models.CharField(db_collation='C', max_length=40, unique=True)),
                    ('title', models.CharField(max_length=150, verbose_name='what for')),
                    ('place', models.CharField(blank=True, default='', max_length=300, verbose_name='place')),
                    ('minutes', models.PositiveSmallIntegerField(default=30, verbose_name='minutes')),
                    ('first_hour', models.PositiveSmallIntegerField(default=9, verbose_name='from')),
                    ('last_hour', models.PositiveSmallIntegerField(default=18, verbose_name='until')),
                    ('days_ahead', models.PositiveSmallIntegerField(default=14, verbose_name='days ahead')),
                    ('notice_hours', models.PositiveSmallIntegerField(default=4, verbose_name='hours of notice')),
                    ('is_open', models.BooleanField(default=True, verbose_name='open')),
                    ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='booking_page', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('first_hour__lt', models.F('last_hour')), ('last_hour__lte', 24)), name='booking_hours_are_of_a_day'),
                        models.CheckConstraint(condition=models.Q(('minutes__gte', 5), ('minutes__lte', 480)), name='booking_lasts_a_while'),
                    ],
                },
            ),
        ]),
    ]
