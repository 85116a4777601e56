"""Quotas, adjustments, the weekly snapshots of the forecast, and the odds learnt from history."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from circulo.lib.tables import CreateTables


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("forecasts", "0001_initial"),
        ("forecasts", "0002_territories"),
        ("forecasts", "0003_past_figures"),
        ("forecasts", "0004_four_decimals"),
        ("forecasts", "0005_one_index_each"),
    ]
    dependencies = [
        ("accounts", "0001_first_release"),
        ("sales", "0001_first_release"),
    ]

    operations = [
        CreateTables([
            migrations.CreateModel(
                name='Snapshot',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('week', models.DateField(unique=True, verbose_name='week')),
                    ('taken_at', models.DateTimeField(verbose_name='taken')),
                    ('currency', models.CharField(max_length=3, verbose_name='currency')),
                ],
                options={
                    'verbose_name': 'snapshot',
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('week__iso_week_day', 1)), name='snapshot_is_of_a_monday'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Adjustment',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('starts_on', models.DateField(verbose_name='from')),
                    ('span', models.CharField(choices=[('month', 'Month'), ('quarter', 'Quarter'), ('year', 'Year')], max_length=7, verbose_name='period')),
                    ('category', models.CharField(choices=[('pipeline', 'Pipeline'), ('best_case', 'Best case'), ('commit', 'Commit'), ('omitted', 'Omitted')], max_length=9, verbose_name='category')),
                    ('amount', models.DecimalField(decimal_places=4, max_digits=19, verbose_name='more or less')),
                    ('currency', models.CharField(max_length=3, verbose_name='currency')),
                    ('comment', models.CharField(max_length=500, verbose_name='why')),
                    ('made_at', models.DateTimeField(auto_now_add=True, verbose_name='said')),
                    ('ended_at', models.DateTimeField(editable=False, null=True)),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                    ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='adjustments', to='accounts.team', verbose_name='team')),
                    ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='adjustments', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                    ('territory', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='adjustments', to='accounts.territory', verbose_name='territory')),
                ],
                options={
                    'verbose_name': 'adjustment',
                    'indexes': [
                        models.Index(models.F('starts_on'), name='adjustment_by_period'),
                    ],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('comment', ''), _negated=True), name='adjustment_says_why'),
                        models.CheckConstraint(condition=models.Q(('category__in', ['commit', 'best_case', 'pipeline'])), name='adjustment_has_a_category'),
                        models.CheckConstraint(condition=models.Q(('currency__regex', '^[A-Z]{3}$')), name='adjustment_has_a_currency'),
                        models.CheckConstraint(condition=models.Q(models.Q(('team', None), ('territory', None), ('user__isnull', False)), models.Q(('team__isnull', False), ('territory', None), ('user', None)), models.Q(('team', None), ('territory__isnull', False), ('user', None)), _connector='OR'), name='adjustment_of_one_subject'),
                        models.UniqueConstraint(models.F('user'), models.F('team'), models.F('territory'), models.F('starts_on'), models.F('span'), models.F('category'), models.F('by'), condition=models.Q(('ended_at', None)), name='adjustment_one_in_force', nulls_distinct=False),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Odds',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('stayed', models.PositiveSmallIntegerField()),
                    ('ended', models.PositiveIntegerField()),
                    ('won', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveIntegerField(), size=None)),
                    ('learnt_at', models.DateTimeField()),
                    ('stage', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='odds', to='sales.stage')),
                ],
                options={
                    'verbose_name': 'odds',
                    'verbose_name_plural': 'odds',
                    'constraints': [
                        models.UniqueConstraint(models.F('stage'), models.F('stayed'), name='odds_once'),
                        models.CheckConstraint(condition=models.Q(('ended__gte', 1)), name='odds_of_somebody'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Quota',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('starts_on', models.DateField(verbose_name='from')),
                    ('span', models.CharField(choices=[('month', 'Month'), ('quarter', 'Quarter'), ('year', 'Year')], max_length=7, verbose_name='period')),
                    ('amount', models.DecimalField(decimal_places=4, max_digits=19, verbose_name='amount')),
                    ('currency', models.CharField(max_length=3, verbose_name='currency')),
                    ('updated_at', models.DateTimeField(auto_now=True, verbose_name='changed')),
                    ('team', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='quotas', to='accounts.team', verbose_name='team')),
                    ('user', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='quotas', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                    ('territory', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='quotas', to='accounts.territory', verbose_name='territory')),
                ],
                options={
                    'verbose_name': 'quota',
                    'indexes': [
                        models.Index(models.F('starts_on'), name='quota_by_period'),
                    ],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('amount__gte', 0)), name='quota_is_not_negative'),
                        models.CheckConstraint(condition=models.Q(('starts_on__day', 1)), name='quota_begins_a_month'),
                        models.CheckConstraint(condition=models.Q(('currency__regex', '^[A-Z]{3}$')), name='quota_has_a_currency'),
                        models.UniqueConstraint(models.F('user'), models.F('starts_on'), models.F('span'), name='quota_once_per_person', nulls_distinct=True),
                        models.UniqueConstraint(models.F('team'), models.F('starts_on'), models.F('span'), name='quota_once_per_team', nulls_distinct=True),
                        models.CheckConstraint(condition=models.Q(models.Q(('team', None), ('territory', None), ('user__isnull', False)), models.Q(('team__isnull', False), ('territory', None), ('user', None)), models.Q(('team', None), ('territory__isnull', False), ('user', None)), _connector='OR'), name='quota_of_one_subject'),
                        models.UniqueConstraint(models.F('territory'), models.F('starts_on'), models.F('span'), name='quota_once_per_territory', nulls_distinct=True),
                    ],
                },
            ),
            migrations.CreateModel(
                name='SnapshotFigure',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('month', models.DateField(verbose_name='month')),
                    ('won', models.DecimalField(decimal_places=5, max_digits=24)),
                    ('committed', models.DecimalField(decimal_places=5, max_digits=24)),
                    ('adjusted', models.DecimalField(decimal_places=5, max_digits=24)),
                    ('weighted', models.DecimalField(decimal_places=5, max_digits=24)),
                    ('quota', models.DecimalField(decimal_places=5, max_digits=24, null=True)),
                    ('expected', models.DecimalField(decimal_places=5, max_digits=24, null=True)),
                    ('low', models.DecimalField(decimal_places=5, max_digits=24, null=True)),
                    ('high', models.DecimalField(decimal_places=5, max_digits=24, null=True)),
                    ('snapshot', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='figures', to='forecasts.snapshot')),
                    ('team', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.team')),
                    ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': 'figure of a snapshot',
                    'indexes': [
                        models.Index(models.F('month'), models.F('snapshot'), name='snapshot_figure_by_month'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(models.F('snapshot'), models.F('user'), models.F('team'), models.F('month'), name='snapshot_figure_once', nulls_distinct=False),
                        models.CheckConstraint(condition=models.Q(('user', None), ('team', None), _connector='OR'), name='snapshot_figure_of_one_subject'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='SnapshotRow',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('month', models.DateField(null=True, verbose_name='month')),
                    ('stage_name', models.CharField(max_length=80)),
                    ('category', models.CharField(max_length=9, verbose_name='category')),
                    ('count', models.PositiveIntegerField()),
                    ('amount', models.DecimalField(decimal_places=5, max_digits=24)),
                    ('weighted', models.DecimalField(decimal_places=5, max_digits=24)),
                    ('deals', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                    ('won_count', models.PositiveIntegerField(null=True)),
                    ('won_amount', models.DecimalField(decimal_places=5, max_digits=24, null=True)),
                    ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                    ('pipeline', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='sales.pipeline')),
                    ('snapshot', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='forecasts.snapshot')),
                    ('stage', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='sales.stage')),
                ],
                options={
                    'verbose_name': 'row of a snapshot',
                    'indexes': [
                        models.Index(models.F('month'), models.F('snapshot'), name='snapshot_row_by_month'),
                        models.Index(models.F('month'), condition=models.Q(('won_count', None), models.Q(('category', 'closed'), _negated=True)), name='snapshot_row_unsettled'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(models.F('snapshot'), models.F('owner'), models.F('month'), models.F('stage'), models.F('category'), name='snapshot_row_once', nulls_distinct=False),
                        models.CheckConstraint(condition=models.Q(models.Q(('won_amount', None), ('won_count', None)), models.Q(('won_amount__isnull', False), ('won_count__isnull', False)), _connector='OR'), name='snapshot_row_settled_whole'),
                    ],
                },
            ),
        ]),
    ]
