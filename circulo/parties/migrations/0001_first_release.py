"""The people and organisations we relate to, and who may be the same."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

from circulo.lib.tables import CreateTables


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("parties", "0001_initial"),
        ("parties", "0002_more_indexes"),
        ("parties", "0003_lists_by_index"),
        ("parties", "0004_without_doubled_indexes"),
        ("parties", "0005_duplicates_and_merges"),
        ("parties", "0006_follows"),
        ("parties", "0007_provinces"),
        ("parties", "0008_territories"),
        ("parties", "0009_one_index_each"),
    ]
    dependencies = [
        ("accounts", "0001_first_release"),
        ("records", "0001_first_release"),
    ]

    operations = [
        CreateTables([
            migrations.CreateModel(
                name='Party',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('person', 'Person'), ('organisation', 'Organisation')], max_length=12)),
                    ('given_name', models.CharField(blank=True, default='', max_length=100, verbose_name='given name')),
                    ('first_surname', models.CharField(blank=True, default='', max_length=100, verbose_name='first surname')),
                    ('second_surname', models.CharField(blank=True, default='', max_length=100, verbose_name='second surname')),
                    ('preferred_name', models.CharField(blank=True, default='', max_length=100, verbose_name='preferred name')),
                    ('title', models.CharField(blank=True, default='', max_length=30, verbose_name='title')),
                    ('trade_name', models.CharField(blank=True, default='', max_length=200, verbose_name='name')),
                    ('legal_name', models.CharField(blank=True, default='', max_length=200, verbose_name='legal name')),
                    ('name', models.GeneratedField(db_persist=True, expression=models.Func(models.F('given_name'), models.F('first_surname'), models.F('second_surname'), models.F('trade_name'), function='circulo_name'), output_field=models.CharField(max_length=600, verbose_name='name'))),
                    ('sort_key', models.GeneratedField(db_persist=True, expression=models.Func(models.F('first_surname'), models.F('second_surname'), models.F('given_name'), models.F('trade_name'), function='circulo_party_sort_key'), output_field=models.TextField(db_collation='C'))),
                    ('search', models.TextField(db_collation='C', default='', editable=False)),
                    ('tax_id', models.CharField(blank=True, default='', max_length=30, verbose_name='tax id')),
                    ('tax_country', models.CharField(blank=True, default='', max_length=2)),
                    ('has_valid_tax_id', models.BooleanField(editable=False, null=True)),
                    ('job_title', models.CharField(blank=True, default='', max_length=120, verbose_name='job title')),
                    ('industry', models.CharField(blank=True, default='', max_length=100, verbose_name='industry')),
                    ('size', models.PositiveIntegerField(blank=True, null=True, verbose_name='employees')),
                    ('annual_revenue', models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True, verbose_name='annual revenue')),
                    ('founded', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='founded in')),
                    ('birthday', models.DateField(blank=True, null=True, verbose_name='birthday')),
                    ('language', models.CharField(blank=True, default='', max_length=5, verbose_name='language')),
                    ('form_of_address', models.CharField(blank=True, choices=[('formal', 'Formal (usted)'), ('familiar', 'Familiar (tú)')], default='', max_length=8, verbose_name='form of address')),
                    ('lifecycle', models.CharField(choices=[('contact', 'Contact'), ('lead', 'Lead'), ('prospect', 'Prospect'), ('customer', 'Customer'), ('former', 'Former customer'), ('partner', 'Partner'), ('supplier', 'Supplier'), ('member', 'Member'), ('other', 'Other')], default='contact', max_length=10, verbose_name='lifecycle')),
                    ('source', models.CharField(blank=True, default='', max_length=100, verbose_name='source')),
                    ('tags', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=50), blank=True, default=list, size=None, verbose_name='tags')),
                    ('notes', models.TextField(blank=True, default='', verbose_name='about')),
                    ('custom', models.JSONField(blank=True, default=dict)),
                    ('is_demo', models.BooleanField(default=False, editable=False)),
                    ('version', models.PositiveIntegerField(default=1, editable=False)),
                    ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                    ('updated_at', models.DateTimeField(auto_now=True, verbose_name='changed')),
                    ('binned_at', models.DateTimeField(editable=False, null=True)),
                    ('company', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='people', to='parties.party', verbose_name='company')),
                    ('owner', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parties', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                    ('merged_into', models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='merged', to='parties.party')),
                    ('pinned_territory', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='pinned_parties', to='accounts.territory', verbose_name='territory by hand')),
                    ('territory', models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parties', to='accounts.territory', verbose_name='territory')),
                ],
                options={
                    'verbose_name': 'contact',
                    'indexes': [
                        models.Index(models.F('kind'), models.F('sort_key'), models.F('id'), condition=models.Q(('binned_at', None)), name='party_by_name'),
                        models.Index(models.F('owner'), models.F('kind'), models.F('sort_key'), models.F('id'), condition=models.Q(('binned_at', None)), name='party_by_owner'),
                        models.Index(models.F('kind'), models.F('created_at'), models.F('id'), name='party_by_creation'),
                        models.Index(models.F('kind'), models.F('updated_at'), models.F('id'), name='party_by_change'),
                        models.Index(models.F('kind'), models.F('lifecycle'), models.F('sort_key'), models.F('id'), name='party_by_lifecycle'),
                        models.Index(models.F('tax_id'), condition=models.Q(('tax_id', ''), _negated=True), name='party_by_tax_id'),
                        django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass('search', name='gin_trgm_ops'), name='party_by_search'),
                        django.contrib.postgres.indexes.GinIndex(models.F('tags'), name='party_by_tag'),
                        models.Index(models.F('owner'), django.db.models.functions.datetime.ExtractMonth('birthday'), django.db.models.functions.datetime.ExtractDay('birthday'), condition=models.Q(('birthday__isnull', False)), name='party_by_birthday'),
                        models.Index(models.F('binned_at'), condition=models.Q(('binned_at__isnull', False)), name='party_in_bin'),
                        models.Index(models.F('birthday'), condition=models.Q(('birthday__isnull', False)), name='party_by_birth'),
                        models.Index(models.F('merged_into'), condition=models.Q(('merged_into__isnull', False)), name='party_by_merge'),
                        models.Index(models.F('territory'), models.F('kind'), models.F('sort_key'), models.F('id'), condition=models.Q(('binned_at', None), ('territory__isnull', False)), name='party_by_territory'),
                        models.Index(models.F('pinned_territory'), condition=models.Q(('pinned_territory__isnull', False)), name='party_by_pin'),
                    ],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(models.Q(('kind', 'person'), ('trade_name', ''), models.Q(models.Q(('given_name', ''), _negated=True), models.Q(('first_surname', ''), _negated=True), _connector='OR')), models.Q(('first_surname', ''), ('given_name', ''), ('kind', 'organisation'), ('second_surname', ''), models.Q(('trade_name', ''), _negated=True)), _connector='OR'), name='party_name_fits_its_kind'),
                        models.CheckConstraint(condition=models.Q(('company', None), models.Q(('company', models.F('id')), _negated=True), _connector='OR'), name='party_is_not_its_own_company'),
                        models.CheckConstraint(condition=models.Q(('merged_into', None), models.Q(('binned_at__isnull', False), models.Q(('merged_into', models.F('id')), _negated=True)), _connector='OR'), name='party_merged_is_away'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Point',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('email', 'E-mail'), ('phone', 'Phone'), ('fax', 'Fax'), ('web', 'Web'), ('social', 'Social network')], max_length=6)),
                    ('value', models.CharField(db_collation='C', max_length=254)),
                    ('label', models.CharField(blank=True, default='', max_length=30)),
                    ('is_primary', models.BooleanField(default=False)),
                    ('position', models.PositiveSmallIntegerField(default=0)),
                    ('party', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='points', to='parties.party')),
                ],
                options={
                    'ordering': ['position', 'pk'],
                    'indexes': [
                        models.Index(models.F('kind'), models.F('value'), name='point_by_value'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(models.F('party'), models.F('kind'), models.F('value'), name='point_once_per_party'),
                        models.UniqueConstraint(models.F('party'), models.F('kind'), condition=models.Q(('is_primary', True)), name='point_one_primary'),
                        models.CheckConstraint(condition=models.Q(('value', ''), _negated=True), name='point_has_a_value'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='PostalAddress',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('label', models.CharField(blank=True, default='', max_length=30)),
                    ('street', models.CharField(blank=True, default='', max_length=200, verbose_name='street and number')),
                    ('unit', models.CharField(blank=True, default='', max_length=100, verbose_name='floor, door')),
                    ('district', models.CharField(blank=True, default='', max_length=100, verbose_name='district')),
                    ('postal_code', models.CharField(blank=True, default='', max_length=12, verbose_name='postal code')),
                    ('city', models.CharField(blank=True, default='', max_length=100, verbose_name='city')),
                    ('region', models.CharField(blank=True, default='', max_length=100, verbose_name='province or state')),
                    ('country', models.CharField(blank=True, default='', max_length=2, verbose_name='country')),
                    ('is_primary', models.BooleanField(default=False)),
                    ('position', models.PositiveSmallIntegerField(default=0)),
                    ('party', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='addresses', to='parties.party')),
                    ('province', models.GeneratedField(db_persist=True, expression=models.Case(models.When(country='ES', postal_code__regex='^(0[1-9]|[1-4][0-9]|5[0-2])[0-9]{3}$', then=django.db.models.functions.text.Left('postal_code', 2)), default=models.Value('')), output_field=models.CharField(max_length=2, verbose_name='Spanish province'))),
                ],
                options={
                    'ordering': ['position', 'pk'],
                    'indexes': [
                        models.Index(django.db.models.functions.text.Upper('city'), name='address_by_city'),
                        models.Index(models.F('province'), models.F('party'), condition=models.Q(('province', ''), _negated=True), name='address_by_province'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(models.F('party'), condition=models.Q(('is_primary', True)), name='address_one_primary'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Relationship',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('works_at', 'works at'), ('household', 'lives with'), ('referred_by', 'was referred by'), ('parent_company', 'belongs to'), ('member_of', 'is a member of'), ('related', 'is related to')], max_length=15)),
                    ('role', models.CharField(blank=True, default='', max_length=120, verbose_name='role')),
                    ('since', models.DateField(blank=True, null=True, verbose_name='since')),
                    ('until', models.DateField(blank=True, null=True, verbose_name='until')),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('other', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='inverse_relationships', to='parties.party')),
                    ('party', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='relationships', to='parties.party')),
                ],
                options={
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('party', models.F('other')), _negated=True), name='relationship_is_with_another'),
                        models.CheckConstraint(condition=models.Q(('since', None), ('until', None), ('until__gte', models.F('since')), _connector='OR'), name='relationship_ends_after_it_began'),
                        models.UniqueConstraint(models.F('party'), models.F('kind'), models.F('other'), condition=models.Q(('until', None)), name='relationship_once_at_a_time'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Duplicate',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('probability', models.FloatField()),
                    ('reasons', models.JSONField(default=dict)),
                    ('is_different', models.BooleanField(default=False)),
                    ('found_at', models.DateTimeField(auto_now_add=True)),
                    ('decided_at', models.DateTimeField(null=True)),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('first', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='parties.party')),
                    ('second', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='parties.party')),
                ],
                options={
                    'indexes': [
                        models.Index(models.OrderBy(models.F('probability'), descending=True), models.F('id'), condition=models.Q(('is_different', False)), name='duplicate_queue'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(models.F('first'), models.F('second'), name='duplicate_once'),
                        models.CheckConstraint(condition=models.Q(('first__lt', models.F('second'))), name='duplicate_in_order'),
                        models.CheckConstraint(condition=models.Q(('probability__gte', 0), ('probability__lte', 1)), name='duplicate_is_probable'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='DuplicateSearch',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('person', 'Person'), ('organisation', 'Organisation')], max_length=12)),
                    ('state', models.CharField(choices=[('waiting', 'Waiting'), ('running', 'Running'), ('done', 'Done'), ('failed', 'Failed')], default='waiting', max_length=8)),
                    ('step', models.CharField(blank=True, default='', max_length=200)),
                    ('records', models.BigIntegerField(default=0)),
                    ('looked_at', models.BigIntegerField(default=0)),
                    ('pairs', models.BigIntegerField(default=0)),
                    ('added', models.BigIntegerField(default=0)),
                    ('merged', models.BigIntegerField(default=0)),
                    ('error', models.TextField(blank=True, default='')),
                    ('started_at', models.DateTimeField(auto_now_add=True)),
                    ('finished_at', models.DateTimeField(null=True)),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'indexes': [
                        models.Index(models.F('kind'), models.OrderBy(models.F('started_at'), descending=True), name='duplicate_search_by_age'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(models.F('kind'), condition=models.Q(('state__in', ('waiting', 'running'))), name='duplicate_search_one_at_a_time'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='MergeRule',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('person', 'Person'), ('organisation', 'Organisation')], max_length=12, unique=True)),
                    ('is_on', models.BooleanField(default=False)),
                    ('least', models.FloatField(default=0.99, verbose_name='least probability')),
                    ('agreements', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('name', 'Name'), ('tax_id', 'Tax id'), ('emails', 'E-mail'), ('phones', 'Phone'), ('birthday', 'Birthday')], max_length=10), blank=True, default=list, size=None)),
                ],
                options={
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('least__gte', 0.9), ('least__lte', 1)), name='merge_rule_is_careful'),
                        models.CheckConstraint(condition=models.Q(('is_on', False), models.Q(('agreements', []), _negated=True), _connector='OR'), name='merge_rule_asks_for_agreement'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Follow',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('since', models.DateTimeField(auto_now_add=True)),
                    ('party', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='follows', to='parties.party')),
                    ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='follows', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'indexes': [
                        models.Index(fields=['user', '-id'], name='follow_newest'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(models.F('party'), models.F('user'), name='follow_once'),
                    ],
                },
            ),
        ]),
    ]
