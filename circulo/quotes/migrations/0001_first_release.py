"""Quotes, their approval, and what customers answer."""

import decimal

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from circulo.lib.tables import CreateTables

# Immutable, as generated columns need; its schema is named so that a restore finds it.
NUMBER = """
CREATE FUNCTION circulo_quote_number(year smallint, serial integer, revision smallint)
RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT year || '-' || CASE WHEN serial < 10000 THEN lpad(serial::text, 4, '0')
  ELSE serial::text END || CASE WHEN revision = 1 THEN '' ELSE '/' || revision END $$;
"""
UNNUMBER = "DROP FUNCTION circulo_quote_number(smallint, integer, smallint);"

# What was sent stays as the customer got it, whatever asks for a change; but what the demo firm
# made up is set back to its days.
GUARD = """
CREATE FUNCTION circulo_sent_quote_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'what quote % says was sent and stays', OLD.number
    USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER sent_quote_stays BEFORE UPDATE ON quotes_quote FOR EACH ROW
WHEN (OLD.sent_at IS NOT NULL AND NOT OLD.is_demo AND (NEW.sent_at IS NULL OR
  (OLD.year, OLD.serial, OLD.revision, OLD.title, OLD.addressee, OLD.language, OLD.currency,
   OLD.coupon, OLD.withholding, OLD.valid_until, OLD.introduction, OLD.terms, OLD.net, OLD.tax,
   OLD.withheld, OLD.total, OLD.taxes, OLD.sha256)
  IS DISTINCT FROM
  (NEW.year, NEW.serial, NEW.revision, NEW.title, NEW.addressee, NEW.language, NEW.currency,
   NEW.coupon, NEW.withholding, NEW.valid_until, NEW.introduction, NEW.terms, NEW.net, NEW.tax,
   NEW.withheld, NEW.total, NEW.taxes, NEW.sha256)))
EXECUTE FUNCTION circulo_sent_quote_stays();
CREATE FUNCTION circulo_sent_line_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM public.quotes_quote q
             WHERE q.id IN (OLD.quote_id, NEW.quote_id) AND q.sent_at IS NOT NULL) THEN
    RAISE EXCEPTION 'the lines of a quote that was sent stay'
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER sent_line_stays BEFORE INSERT OR UPDATE OF quote_id, position, description,
  quantity, unit, price, discount, unit_price, listed, net, tax, tax_name, tax_rate, name, code,
  steps ON quotes_quoteline FOR EACH ROW EXECUTE FUNCTION circulo_sent_line_stays();
"""
UNGUARD = """
DROP TRIGGER sent_line_stays ON quotes_quoteline;
DROP FUNCTION circulo_sent_line_stays();
DROP TRIGGER sent_quote_stays ON quotes_quote;
DROP FUNCTION circulo_sent_quote_stays();
"""


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("quotes", "0001_quotes"),
        ("quotes", "0002_search"),
        ("quotes", "0003_total_at_home"),
        ("quotes", "0004_lines_have_room_between_them"),
        ("quotes", "0005_links_can_be_told_again"),
        ("quotes", "0006_own_fields"),
        ("quotes", "0007_one_index_each"),
        ("quotes", "0008_the_most_given_may_be_unknown"),
        ("quotes", "0009_what_was_replaced_says_so"),
    ]
    dependencies = [
        ("accounts", "0001_first_release"),
        ("records", "0001_first_release"),
        ("parties", "0001_first_release"),
        ("catalog", "0001_first_release"),
        ("sales", "0001_first_release"),
    ]

    operations = [
        migrations.RunSQL(NUMBER, UNNUMBER),
        CreateTables([
            migrations.CreateModel(
                name='Series',
                fields=[
                    ('year', models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                    ('last', models.PositiveIntegerField()),
                    ('gone', models.PositiveIntegerField(db_default=0, default=0)),
                ],
                options={
                    'verbose_name': 'series',
                },
            ),
            migrations.CreateModel(
                name='ApprovalRule',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=120, verbose_name='name')),
                    ('criterion', models.JSONField(verbose_name='conditions')),
                    ('who', models.CharField(choices=[('lead', 'The manager of the team'), ('role', 'Anybody of a role'), ('person', 'One person')], default='lead', max_length=6, verbose_name='who approves')),
                    ('allows_own', models.BooleanField(default=False, verbose_name='also one’s own')),
                    ('is_active', models.BooleanField(default=True, verbose_name='in use')),
                    ('is_demo', models.BooleanField(default=False, editable=False)),
                    ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                    ('role', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.role', verbose_name='role')),
                ],
                options={
                    'verbose_name': 'approval rule',
                    'constraints': [
                        models.UniqueConstraint(models.F('name'), name='approval_rule_name_once'),
                        models.CheckConstraint(condition=models.Q(models.Q(('person', None), ('role', None), ('who', 'lead')), models.Q(('person', None), ('role__isnull', False), ('who', 'role')), models.Q(('person__isnull', False), ('role', None), ('who', 'person')), _connector='OR'), name='approval_rule_says_who'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Quote',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('year', models.PositiveSmallIntegerField(editable=False)),
                    ('serial', models.PositiveIntegerField(editable=False)),
                    ('revision', models.PositiveSmallIntegerField(default=1, editable=False, verbose_name='revision')),
                    ('number', models.GeneratedField(db_persist=True, expression=models.Func(models.F('year'), models.F('serial'), models.F('revision'), function='circulo_quote_number'), output_field=models.CharField(db_collation='C', max_length=30))),
                    ('title', models.CharField(max_length=200, verbose_name='title')),
                    ('addressee', models.TextField(blank=True, default='', verbose_name='addressee')),
                    ('language', models.CharField(choices=[('es', 'Spanish'), ('en', 'English')], default='es', max_length=5, verbose_name='language')),
                    ('currency', models.CharField(default='EUR', max_length=3, verbose_name='currency')),
                    ('coupon', models.CharField(blank=True, default='', max_length=40, verbose_name='coupon')),
                    ('withholding', models.CharField(blank=True, default='', max_length=30, verbose_name='withholding')),
                    ('valid_until', models.DateField(verbose_name='valid until')),
                    ('introduction', models.TextField(blank=True, default='', verbose_name='introduction')),
                    ('terms', models.TextField(blank=True, default='', verbose_name='terms')),
                    ('net', models.DecimalField(decimal_places=4, default=decimal.Decimal, max_digits=22, verbose_name='without tax')),
                    ('tax', models.DecimalField(decimal_places=4, default=decimal.Decimal, max_digits=22, verbose_name='tax')),
                    ('withheld', models.DecimalField(decimal_places=4, default=decimal.Decimal, max_digits=22, verbose_name='withheld')),
                    ('total', models.DecimalField(decimal_places=4, default=decimal.Decimal, max_digits=22, verbose_name='total')),
                    ('taxes', models.JSONField(default=list)),
                    ('discount', models.DecimalField(decimal_places=3, default=decimal.Decimal, max_digits=9, verbose_name='discount')),
                    ('most_discount', models.DecimalField(decimal_places=3, default=decimal.Decimal, max_digits=9, null=True, verbose_name='highest discount by hand')),
                    ('cost', models.DecimalField(decimal_places=4, max_digits=22, null=True, verbose_name='cost')),
                    ('margin_rate', models.DecimalField(decimal_places=3, max_digits=9, null=True, verbose_name='margin')),
                    ('status', models.CharField(choices=[('draft', 'Draft'), ('waiting', 'Waits for approval'), ('approved', 'Approved'), ('sent', 'Sent'), ('accepted', 'Accepted'), ('refused', 'Refused'), ('expired', 'Expired'), ('replaced', 'Replaced'), ('withdrawn', 'Withdrawn')], default='draft', max_length=9, verbose_name='status')),
                    ('digest', models.CharField(blank=True, default='', editable=False, max_length=64)),
                    ('sha256', models.CharField(blank=True, default='', editable=False, max_length=64)),
                    ('sent_at', models.DateTimeField(editable=False, null=True, verbose_name='sent')),
                    ('seen_at', models.DateTimeField(editable=False, null=True, verbose_name='seen by the customer')),
                    ('decided_at', models.DateTimeField(editable=False, null=True, verbose_name='decided')),
                    ('decision_note', models.TextField(blank=True, default='', verbose_name='in their words')),
                    ('is_demo', models.BooleanField(default=False, editable=False)),
                    ('version', models.PositiveIntegerField(default=1, editable=False)),
                    ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                    ('updated_at', models.DateTimeField(auto_now=True, verbose_name='changed')),
                    ('contact', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='quotes_as_contact', to='parties.party', verbose_name='for the attention of')),
                    ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('deal', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='quotes', to='sales.deal', verbose_name='deal')),
                    ('file', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='records.attachment')),
                    ('owner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='quotes', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                    ('party', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='quotes', to='parties.party', verbose_name='contact')),
                    ('search', models.GeneratedField(db_persist=True, expression=models.Func(django.db.models.functions.text.Concat(models.Func(models.F('year'), models.F('serial'), models.F('revision'), function='circulo_quote_number', output_field=models.TextField()), models.Value(' '), models.F('title')), function='circulo_plain'), output_field=models.TextField(db_collation='C'))),
                    ('total_at_home', models.DecimalField(decimal_places=4, max_digits=22, null=True, verbose_name='total in the currency of the firm')),
                    ('seed', models.CharField(blank=True, default='', editable=False, max_length=43)),
                    ('custom', models.JSONField(blank=True, default=dict)),
                ],
                options={
                    'verbose_name': 'quote',
                    'indexes': [
                        models.Index(models.F('owner'), models.F('status'), name='quote_by_owner'),
                        models.Index(models.F('status'), models.F('valid_until'), name='quote_by_validity'),
                        models.Index(models.F('number'), models.F('id'), name='quote_by_number'),
                        models.Index(models.F('updated_at'), models.F('id'), name='quote_by_change'),
                        models.Index(models.F('created_at'), models.F('id'), name='quote_by_creation'),
                        models.Index(models.F('total'), models.F('id'), name='quote_by_total'),
                        models.Index(models.F('valid_until'), models.F('id'), name='quote_by_end'),
                        django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass('search', name='gin_trgm_ops'), name='quote_by_search'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(models.F('year'), models.F('serial'), models.F('revision'), name='quote_revision_once'),
                        models.UniqueConstraint(models.F('year'), models.F('serial'), condition=models.Q(('status', 'accepted')), name='quote_accepted_once'),
                        models.UniqueConstraint(models.F('digest'), condition=models.Q(('digest', ''), _negated=True), name='quote_key_once'),
                        models.CheckConstraint(condition=models.Q(('title', ''), _negated=True), name='quote_has_a_title'),
                        models.CheckConstraint(condition=models.Q(('total', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('net'), '+', models.F('tax')), '-', models.F('withheld')))), name='quote_total_is_net_and_tax_less_withheld'),
                        models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['sent', 'accepted']), _negated=True), models.Q(('sent_at__isnull', False), models.Q(('sha256', ''), _negated=True)), _connector='OR'), name='quote_sent_has_its_document'),
                        models.CheckConstraint(condition=models.Q(('digest', ''), ('status__in', ['sent', 'accepted', 'refused', 'expired', 'replaced']), _connector='OR'), name='quote_key_only_while_it_lies_there'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Approval',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('reason', models.CharField(max_length=120)),
                    ('people', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                    ('state', models.CharField(choices=[('waiting', 'Waiting'), ('approved', 'Approved'), ('returned', 'Sent back'), ('dropped', 'Asked no more')], default='waiting', max_length=8)),
                    ('asked_at', models.DateTimeField(auto_now_add=True)),
                    ('decided_at', models.DateTimeField(null=True)),
                    ('comment', models.TextField(blank=True, default='')),
                    ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('rule', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='quotes.approvalrule')),
                    ('quote', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='approvals', to='quotes.quote')),
                ],
                options={
                    'verbose_name': 'approval',
                    'indexes': [
                        django.contrib.postgres.indexes.GinIndex(models.F('people'), condition=models.Q(('state', 'waiting')), name='approval_by_people'),
                    ],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('state', 'waiting')), models.Q(models.Q(('state', 'waiting'), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='approval_decided_at_iff_decided'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Answer',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('commented', 'Comment'), ('accepted', 'Accepted'), ('refused', 'Refused')], max_length=9)),
                    ('name', models.CharField(max_length=150, verbose_name='name')),
                    ('text', models.TextField(blank=True, default='')),
                    ('at', models.DateTimeField(default=django.utils.timezone.now)),
                    ('address', models.GenericIPAddressField(null=True)),
                    ('agent', models.CharField(blank=True, default='', max_length=300)),
                    ('sha256', models.CharField(max_length=64)),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('quote', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='quotes.quote')),
                ],
                options={
                    'verbose_name': 'answer',
                    'constraints': [
                        models.UniqueConstraint(models.F('quote'), condition=models.Q(('kind', 'commented'), _negated=True), name='answer_decides_once'),
                        models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='answer_has_a_name'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='QuoteLine',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('position', models.FloatField(default=0, verbose_name='place')),
                    ('description', models.CharField(blank=True, default='', max_length=500, verbose_name='description')),
                    ('quantity', models.DecimalField(decimal_places=3, max_digits=13, verbose_name='quantity')),
                    ('unit', models.CharField(blank=True, default='', max_length=30, verbose_name='unit')),
                    ('price', models.DecimalField(blank=True, decimal_places=4, max_digits=18, null=True, verbose_name='price by hand')),
                    ('discount', models.DecimalField(blank=True, decimal_places=3, default=decimal.Decimal, max_digits=6, verbose_name='discount')),
                    ('unit_price', models.DecimalField(decimal_places=4, default=decimal.Decimal, max_digits=22, verbose_name='unit price')),
                    ('listed', models.DecimalField(decimal_places=4, default=decimal.Decimal, max_digits=22, verbose_name='before discounts')),
                    ('net', models.DecimalField(decimal_places=4, default=decimal.Decimal, max_digits=22, verbose_name='without tax')),
                    ('tax', models.DecimalField(decimal_places=4, default=decimal.Decimal, max_digits=22, verbose_name='tax')),
                    ('includes_tax', models.BooleanField(default=False)),
                    ('is_priced', models.BooleanField(default=False)),
                    ('tax_class', models.CharField(choices=[('general', 'General'), ('reduced', 'Reduced'), ('super_reduced', 'Super-reduced'), ('zero', 'Zero'), ('exempt', 'Exempt')], default='general', max_length=13)),
                    ('tax_name', models.CharField(blank=True, default='', max_length=20)),
                    ('tax_rate', models.DecimalField(decimal_places=3, max_digits=6, null=True)),
                    ('steps', models.JSONField(default=list)),
                    ('name', models.CharField(max_length=200, verbose_name='name')),
                    ('code', models.CharField(blank=True, default='', max_length=60, verbose_name='code')),
                    ('cost', models.DecimalField(decimal_places=4, max_digits=22, null=True)),
                    ('product', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='quote_lines', to='catalog.product', verbose_name='product')),
                    ('quote', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='quotes.quote')),
                ],
                options={
                    'verbose_name': 'line',
                    'abstract': False,
                    'indexes': [
                        models.Index(models.F('quote'), models.F('position'), name='line_of_quote'),
                    ],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='quoteline_is_of_something'),
                        models.CheckConstraint(condition=models.Q(('discount__gte', 0), ('discount__lte', 100)), name='quoteline_discount_is_a_percentage'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='QuotePaper',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('colour', models.CharField(default='#0f5f66', max_length=7, verbose_name='colour')),
                    ('days', models.PositiveSmallIntegerField(default=30, verbose_name='days that a quote holds')),
                    ('texts', models.JSONField(blank=True, default=dict)),
                ],
                options={
                    'verbose_name': 'paper of quotes',
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('pk', 1)), name='there_is_one_paper_of_quotes'),
                        models.CheckConstraint(condition=models.Q(('colour__regex', '^#[0-9a-f]{6}$')), name='quote_paper_colour_is_one'),
                    ],
                },
            ),
        ]),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
