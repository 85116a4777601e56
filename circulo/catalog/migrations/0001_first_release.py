"""What the firm sells, its prices, and the taxes on them."""

from datetime import date

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

from circulo.lib.tables import CreateTables

# Immutable, as generated columns need; schemas are named so that a restore finds them.
FUNCTIONS = """
CREATE FUNCTION circulo_product_key(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT regexp_replace(public.circulo_plain($1), '\\s+', '', 'g') $$;

CREATE FUNCTION circulo_product_search(code text, name text, family text, translations jsonb)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT public.circulo_plain(code || ' ' || name || ' '
  || regexp_replace(name, '\\s+', '', 'g') || ' ' || family || ' '
  || COALESCE(translations #>> '{es,name}', '') || ' '
  || COALESCE(translations #>> '{en,name}', '')) $$;
"""
DROPS = """
DROP FUNCTION circulo_product_search(text, text, text, jsonb);
DROP FUNCTION circulo_product_key(text);
"""

# Whoever sells does not see what it cost.
HIDE_COSTS = """
UPDATE accounts_role SET hidden = hidden || '{"products": ["cost"]}'
WHERE name IN ('seller', 'agent', 'marketer');
"""
SHOW_COSTS = "UPDATE accounts_role SET hidden = hidden - 'products';"

# The rates in force when this was written.
IVA, IGIC = "IVA", "IGIC"
# Region, tax, class, percent, since. Ceuta and Melilla set the IPSI of each kind of good themselves:
# whoever sells there states the rates of what they sell.
RATES = [
    ("ES", IVA, "general", 21, date(2012, 9, 1)),
    ("ES", IVA, "reduced", 10, date(2012, 9, 1)),
    ("ES", IVA, "super_reduced", 4, date(1995, 1, 1)),
    ("ES", IVA, "zero", 0, date(1995, 1, 1)),
    ("ES", IVA, "exempt", 0, date(1995, 1, 1)),
    ("ES-CN", IGIC, "general", 7, date(2020, 1, 1)),
    ("ES-CN", IGIC, "reduced", 3, date(2012, 7, 1)),
    ("ES-CN", IGIC, "super_reduced", 0, date(2012, 7, 1)),
    ("ES-CN", IGIC, "zero", 0, date(2012, 7, 1)),
    ("ES-CN", IGIC, "exempt", 0, date(2012, 7, 1)),
    ("MX", IVA, "general", 16, date(2014, 1, 1)),
    ("MX", IVA, "zero", 0, date(2014, 1, 1)),
    ("MX", IVA, "exempt", 0, date(2014, 1, 1)),
]
WITHHELD = [
    ("ES", "professional", "IRPF, profesionales", 15, date(2015, 7, 12)),
    ("ES", "new-professional", "IRPF, profesionales que empiezan", 7, date(2015, 7, 12)),
    ("ES", "rent", "IRPF, alquileres", 19, date(2016, 1, 1)),
    ("MX", "professional", "ISR, servicios profesionales", 10, date(2014, 1, 1)),
]


def write_rates(apps, schema_editor):
    TaxRate = apps.get_model("catalog", "TaxRate")
    Withholding = apps.get_model("catalog", "Withholding")
    TaxRate.objects.bulk_create(
        TaxRate(region=region, tax=tax, tax_class=name, rate=rate, starts_on=since)
        for region, tax, name, rate, since in RATES
    )
    Withholding.objects.bulk_create(
        Withholding(region=region, key=key, name=name, rate=rate, starts_on=since)
        for region, key, name, rate, since in WITHHELD
    )


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("catalog", "0001_functions"),
        ("catalog", "0002_initial"),
        ("catalog", "0003_rates"),
        ("catalog", "0004_products_as_listed"),
        ("catalog", "0005_coupons_are_counted"),
    ]
    dependencies = [
        ("accounts", "0001_first_release"),
        ("records", "0001_first_release"),
        ("parties", "0001_first_release"),
    ]

    operations = [
        migrations.RunSQL(FUNCTIONS, DROPS),
        CreateTables([
            migrations.CreateModel(
                name='Coupon',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.CharField(max_length=40, verbose_name='code')),
                    ('starts_on', models.DateField(blank=True, null=True, verbose_name='from')),
                    ('ends_on', models.DateField(blank=True, null=True, verbose_name='to')),
                    ('is_active', models.BooleanField(default=True, verbose_name='in use')),
                    ('most_uses', models.PositiveIntegerField(blank=True, null=True, verbose_name='uses at most')),
                    ('uses', models.PositiveIntegerField(default=0, editable=False, verbose_name='uses')),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(django.db.models.functions.text.Upper('code'), name='coupon_code_once'),
                        models.CheckConstraint(condition=models.Q(('code', ''), _negated=True), name='coupon_has_a_code'),
                        models.CheckConstraint(condition=models.Q(('starts_on', None), ('ends_on', None), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='coupon_ends_after_it_began'),
                        models.CheckConstraint(condition=models.Q(('most_uses', None), ('most_uses__gte', 1), _connector='OR'), name='coupon_is_good_for_some'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='ExchangeRate',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('currency', models.CharField(max_length=3, verbose_name='currency')),
                    ('target', models.CharField(max_length=3, verbose_name='into')),
                    ('day', models.DateField(verbose_name='day')),
                    ('rate', models.DecimalField(decimal_places=10, max_digits=20, verbose_name='rate')),
                ],
                options={
                    'ordering': ['currency', 'target', '-day'],
                    'constraints': [
                        models.UniqueConstraint(models.F('currency'), models.F('target'), models.F('day'), name='exchange_rate_once_a_day'),
                        models.CheckConstraint(condition=models.Q(('currency__regex', '^[A-Z]{3}$'), ('rate__gt', 0), ('target__regex', '^[A-Z]{3}$'), models.Q(('currency', models.F('target')), _negated=True)), name='exchange_rate_is_between_currencies'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='PriceList',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=100, verbose_name='name')),
                    ('currency', models.CharField(max_length=3, verbose_name='currency')),
                    ('includes_tax', models.BooleanField(default=False, verbose_name='tax included')),
                    ('for_contacts', models.JSONField(blank=True, null=True, verbose_name='for these contacts')),
                    ('for_companies', models.JSONField(blank=True, null=True, verbose_name='for these companies')),
                    ('starts_on', models.DateField(blank=True, null=True, verbose_name='from')),
                    ('ends_on', models.DateField(blank=True, null=True, verbose_name='to')),
                    ('rank', models.PositiveSmallIntegerField(default=100, verbose_name='rank')),
                    ('is_default', models.BooleanField(default=False, verbose_name='default list')),
                    ('is_active', models.BooleanField(default=True, verbose_name='in use')),
                    ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(django.db.models.functions.text.Lower('name'), name='price_list_name_once'),
                        models.UniqueConstraint(models.F('currency'), condition=models.Q(('is_default', True)), name='price_list_one_default'),
                        models.CheckConstraint(condition=models.Q(('currency__regex', '^[A-Z]{3}$')), name='price_list_has_a_currency'),
                        models.CheckConstraint(condition=models.Q(('starts_on', None), ('ends_on', None), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='price_list_ends_after_it_began'),
                        models.CheckConstraint(condition=models.Q(('is_default', False), models.Q(('ends_on', None), ('for_companies', None), ('for_contacts', None), ('is_active', True), ('starts_on', None)), _connector='OR'), name='price_list_default_is_for_everybody'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Product',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.CharField(blank=True, default='', max_length=60, verbose_name='code')),
                    ('name', models.CharField(max_length=200, verbose_name='name')),
                    ('kind', models.CharField(choices=[('product', 'Product'), ('service', 'Service'), ('bundle', 'Bundle')], default='product', max_length=7, verbose_name='kind')),
                    ('unit', models.CharField(blank=True, default='', max_length=30, verbose_name='unit')),
                    ('family', models.CharField(blank=True, default='', max_length=100, verbose_name='family')),
                    ('description', models.TextField(blank=True, default='', verbose_name='description')),
                    ('translations', models.JSONField(blank=True, default=dict, verbose_name='in other languages')),
                    ('tax_class', models.CharField(choices=[('general', 'General'), ('reduced', 'Reduced'), ('super_reduced', 'Super-reduced'), ('zero', 'Zero'), ('exempt', 'Exempt')], default='general', max_length=13, verbose_name='tax class')),
                    ('cost', models.DecimalField(blank=True, decimal_places=4, max_digits=18, null=True, verbose_name='cost')),
                    ('cost_currency', models.CharField(blank=True, default='', max_length=3)),
                    ('is_active', models.BooleanField(default=True, verbose_name='sold')),
                    ('attributes', models.JSONField(blank=True, default=dict, verbose_name='attributes')),
                    ('custom', models.JSONField(blank=True, default=dict)),
                    ('sort_key', models.GeneratedField(db_persist=True, expression=models.Func(models.F('name'), function='circulo_sort_key'), output_field=models.TextField(db_collation='C'))),
                    ('name_key', models.GeneratedField(db_persist=True, expression=models.Func(models.F('name'), function='circulo_product_key'), output_field=models.TextField(db_collation='C'))),
                    ('search', models.GeneratedField(db_persist=True, expression=models.Func(models.F('code'), models.F('name'), models.F('family'), models.F('translations'), function='circulo_product_search'), output_field=models.TextField(db_collation='C'))),
                    ('is_demo', models.BooleanField(default=False, editable=False)),
                    ('version', models.PositiveIntegerField(default=1, editable=False)),
                    ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                    ('updated_at', models.DateTimeField(auto_now=True, verbose_name='changed')),
                    ('variant_of', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='variants', to='catalog.product', verbose_name='variant of')),
                ],
                options={
                    'verbose_name': 'product',
                    'indexes': [
                        models.Index(models.F('sort_key'), models.F('id'), name='product_by_name'),
                        models.Index(models.F('name_key'), name='product_by_key'),
                        models.Index(models.F('family'), models.F('sort_key'), name='product_by_family'),
                        django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass('search', name='gin_trgm_ops'), name='product_by_search'),
                        models.Index(models.OrderBy(models.F('is_active'), descending=True), models.F('sort_key'), models.F('id'), name='product_as_listed'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(django.db.models.functions.text.Upper('code'), condition=models.Q(('code', ''), _negated=True), name='product_code_once'),
                        models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='product_has_a_name'),
                        models.CheckConstraint(condition=models.Q(models.Q(('cost', None), ('cost_currency', '')), models.Q(('cost__gte', 0), ('cost_currency__regex', '^[A-Z]{3}$')), _connector='OR'), name='product_cost_has_its_currency'),
                        models.CheckConstraint(condition=models.Q(('variant_of', None), models.Q(('variant_of', models.F('id')), _negated=True), _connector='OR'), name='product_is_not_its_own_variant'),
                        models.CheckConstraint(condition=models.Q(('variant_of__isnull', False), ('attributes', {}), _connector='OR'), name='product_only_variants_have_attributes'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='PriceRule',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=100, verbose_name='name')),
                    ('kind', models.CharField(choices=[('percent', 'Percentage off'), ('amount', 'Amount off each unit'), ('price', 'Fixed price of a unit'), ('nth_free', 'Every nth unit free')], max_length=8, verbose_name='what it does')),
                    ('value', models.DecimalField(blank=True, decimal_places=4, max_digits=18, null=True, verbose_name='value')),
                    ('nth', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='which unit is free')),
                    ('currency', models.CharField(blank=True, default='', max_length=3, verbose_name='currency')),
                    ('family', models.CharField(blank=True, default='', max_length=100, verbose_name='family')),
                    ('for_contacts', models.JSONField(blank=True, null=True, verbose_name='for these contacts')),
                    ('for_companies', models.JSONField(blank=True, null=True, verbose_name='for these companies')),
                    ('from_quantity', models.DecimalField(blank=True, decimal_places=3, max_digits=12, null=True, verbose_name='from quantity')),
                    ('from_amount', models.DecimalField(blank=True, decimal_places=4, max_digits=18, null=True, verbose_name='from a total of')),
                    ('starts_on', models.DateField(blank=True, null=True, verbose_name='from')),
                    ('ends_on', models.DateField(blank=True, null=True, verbose_name='to')),
                    ('rank', models.PositiveSmallIntegerField(default=100, verbose_name='rank')),
                    ('is_combinable', models.BooleanField(default=False, verbose_name='goes with other rules')),
                    ('is_active', models.BooleanField(default=True, verbose_name='in use')),
                    ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                    ('coupon', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='rules', to='catalog.coupon', verbose_name='coupon')),
                    ('party', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='parties.party', verbose_name='contact')),
                    ('product', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='rules', to='catalog.product', verbose_name='product')),
                ],
                options={
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(models.Q(('kind', 'percent'), ('nth', None), ('value__gt', 0), ('value__lte', 100)), models.Q(('kind', 'amount'), ('nth', None), ('value__gt', 0)), models.Q(('kind', 'price'), ('nth', None), ('value__gte', 0)), models.Q(('kind', 'nth_free'), ('nth__gte', 2), ('value', None)), _connector='OR'), name='price_rule_has_the_value_of_its_kind'),
                        models.CheckConstraint(condition=models.Q(('currency__regex', '^[A-Z]{3}$'), models.Q(('currency', ''), ('from_amount', None), ('kind__in', ('percent', 'nth_free'))), _connector='OR'), name='price_rule_amounts_have_a_currency'),
                        models.CheckConstraint(condition=models.Q(('product', None), ('family', ''), _connector='OR'), name='price_rule_is_of_one_product_or_family'),
                        models.CheckConstraint(condition=models.Q(('party', None), models.Q(('for_companies', None), ('for_contacts', None)), _connector='OR'), name='price_rule_is_for_one_or_by_criteria'),
                        models.CheckConstraint(condition=models.Q(('starts_on', None), ('ends_on', None), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='price_rule_ends_after_it_began'),
                        models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='price_rule_has_a_name'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Price',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('from_quantity', models.DecimalField(decimal_places=3, default=0, max_digits=12, verbose_name='from quantity')),
                    ('amount', models.DecimalField(decimal_places=4, max_digits=18, verbose_name='price')),
                    ('list', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='prices', to='catalog.pricelist')),
                    ('product', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='prices', to='catalog.product')),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(models.F('list'), models.F('product'), models.F('from_quantity'), name='price_once_per_quantity'),
                        models.CheckConstraint(condition=models.Q(('amount__gte', 0), ('from_quantity__gte', 0)), name='price_is_not_negative'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='BundleItem',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('quantity', models.DecimalField(decimal_places=3, default=1, max_digits=12)),
                    ('position', models.PositiveSmallIntegerField(default=0)),
                    ('bundle', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='items', to='catalog.product')),
                    ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='in_bundles', to='catalog.product')),
                ],
                options={
                    'ordering': ['position', 'pk'],
                    'constraints': [
                        models.UniqueConstraint(models.F('bundle'), models.F('item'), name='bundle_holds_an_item_once'),
                        models.CheckConstraint(condition=models.Q(('bundle', models.F('item')), _negated=True), name='bundle_does_not_hold_itself'),
                        models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='bundle_holds_some'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='ProductNote',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('benefit', 'Benefit'), ('objection', 'Objection'), ('competitor', 'Competitor'), ('note', 'Note')], max_length=10, verbose_name='kind')),
                    ('language', models.CharField(blank=True, default='', max_length=2, verbose_name='language')),
                    ('text', models.CharField(max_length=500, verbose_name='text')),
                    ('answer', models.TextField(blank=True, default='', verbose_name='answer')),
                    ('position', models.PositiveSmallIntegerField(default=0)),
                    ('product', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='catalog.product')),
                ],
                options={
                    'ordering': ['position', 'pk'],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='product_note_says_something'),
                        models.CheckConstraint(condition=models.Q(models.Q(('kind', 'objection'), models.Q(('answer', ''), _negated=True)), ('kind', 'competitor'), models.Q(('answer', ''), ('kind__in', ('benefit', 'note'))), _connector='OR'), name='product_objection_has_its_answer'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='ProductTie',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('compatible', 'Compatible'), ('substitute', 'Substitute'), ('accessory', 'Accessory')], max_length=10, verbose_name='kind')),
                    ('position', models.PositiveSmallIntegerField(default=0)),
                    ('other', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tied_to', to='catalog.product')),
                    ('product', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='ties', to='catalog.product')),
                ],
                options={
                    'ordering': ['position', 'pk'],
                    'constraints': [
                        models.UniqueConstraint(models.F('product'), models.F('kind'), models.F('other'), name='product_tie_once'),
                        models.CheckConstraint(condition=models.Q(('product', models.F('other')), _negated=True), name='product_tie_is_with_another'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='TaxRate',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('region', models.CharField(max_length=6, verbose_name='region')),
                    ('tax', models.CharField(max_length=20, verbose_name='tax')),
                    ('tax_class', models.CharField(choices=[('general', 'General'), ('reduced', 'Reduced'), ('super_reduced', 'Super-reduced'), ('zero', 'Zero'), ('exempt', 'Exempt')], max_length=13, verbose_name='tax class')),
                    ('rate', models.DecimalField(decimal_places=3, max_digits=6, verbose_name='rate')),
                    ('starts_on', models.DateField(verbose_name='from')),
                    ('ends_on', models.DateField(blank=True, null=True, verbose_name='to')),
                ],
                options={
                    'ordering': ['region', '-rate', 'tax_class', '-starts_on'],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('rate__gte', 0), ('rate__lte', 100)), name='tax_rate_is_a_percentage'),
                        models.CheckConstraint(condition=models.Q(('region__regex', '^[A-Z]{2}(-[A-Z]{2,3})?$')), name='tax_rate_has_a_region'),
                        models.CheckConstraint(condition=models.Q(models.Q(('tax_class__in', ('zero', 'exempt')), _negated=True), ('rate', 0), _connector='OR'), name='tax_rate_of_nothing_is_nothing'),
                        django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('region', '='), ('tax_class', '='), (models.Func('starts_on', 'ends_on', models.Value('[]'), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='tax_rate_one_at_a_time'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Withholding',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('region', models.CharField(max_length=6, verbose_name='region')),
                    ('key', models.SlugField(max_length=30, verbose_name='key')),
                    ('name', models.CharField(max_length=60, verbose_name='name')),
                    ('rate', models.DecimalField(decimal_places=3, max_digits=6, verbose_name='rate')),
                    ('starts_on', models.DateField(verbose_name='from')),
                    ('ends_on', models.DateField(blank=True, null=True, verbose_name='to')),
                ],
                options={
                    'ordering': ['region', '-rate', '-starts_on'],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('rate__gt', 0), ('rate__lte', 100)), name='withholding_is_a_percentage'),
                        django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('region', '='), ('key', '='), (models.Func('starts_on', 'ends_on', models.Value('[]'), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='withholding_one_at_a_time'),
                    ],
                },
            ),
        ]),
        migrations.RunPython(write_rates, migrations.RunPython.noop),
        migrations.RunSQL(HIDE_COSTS, SHOW_COSTS),
    ]
