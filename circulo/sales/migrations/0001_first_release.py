"""Deals, the pipelines they go through, and who and what hangs on them."""

import datetime
import decimal
from decimal import Decimal

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from circulo.lib.tables import CreateTables

# What arrives in a column takes the next place; see circulo/lib/ranks.py.
SEQUENCE = "CREATE SEQUENCE sales_deal_rank_seq MINVALUE 1 START 500000000000"

# Name, probability, days until a deal in it is stale, advice.
STAGES = [
    ("Primer contacto", 10, 14, "Llame, preséntese y averigüe quién decide."),
    ("Necesidad clara", 25, 21,
     "Visita o entrevista: qué necesitan, para cuándo y con qué presupuesto."),
    ("Propuesta enviada", 50, 14,
     "Llame a los dos días: ¿la han leído?, ¿qué les falta para decidir?"),
    ("Negociación", 75, 14, "Cierre las dudas una a una y acuerde una fecha para decidir."),
    ("Acuerdo verbal", 90, 7, "Envíe el pedido para firmar y fije el siguiente paso."),
]
REASONS = [
    ("won", "La mejor solución"),
    ("won", "El precio"),
    ("won", "La confianza y el trato"),
    ("won", "El plazo"),
    ("lost", "El precio"),
    ("lost", "Eligió a un competidor"),
    ("lost", "No hay presupuesto"),
    ("lost", "Ya no lo necesita"),
    ("lost", "No contesta"),
    ("lost", "El plazo"),
]


def add_first_pipeline(apps, schema_editor):
    """A pipeline to begin with and the usual reasons, in the language of an installation."""
    Stage, Reason = apps.get_model("sales", "Stage"), apps.get_model("sales", "Reason")
    pipeline = apps.get_model("sales", "Pipeline").objects.create(name="Ventas", is_default=True)
    Stage.objects.bulk_create(
        Stage(
            pipeline=pipeline, name=name, position=place, probability=probability,
            stale_after=days, advice=advice,
        )
        for place, (name, probability, days, advice) in enumerate(STAGES)
    )
    Reason.objects.bulk_create(
        Reason(outcome=outcome, label=label, position=place)
        for place, (outcome, label) in enumerate(REASONS)
    )


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("sales", "0001_initial"),
        ("sales", "0002_first_pipeline"),
        ("sales", "0003_lines"),
        ("sales", "0004_forecast_categories"),
        ("sales", "0005_four_decimals"),
        ("sales", "0006_how_likely"),
        ("sales", "0007_keys_of_what_follows"),
        ("sales", "0008_lines_have_room_between_them"),
        ("sales", "0009_one_index_each"),
    ]
    dependencies = [
        ("accounts", "0001_first_release"),
        ("parties", "0001_first_release"),
        ("catalog", "0001_first_release"),
        ("agenda", "0001_first_release"),
    ]

    operations = [
        CreateTables([
            migrations.CreateModel(
                name='Pipeline',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=80, verbose_name='name')),
                    ('position', models.PositiveSmallIntegerField(default=0)),
                    ('is_default', models.BooleanField(default=False, verbose_name='for new deals')),
                    ('is_active', models.BooleanField(default=True, verbose_name='in use')),
                ],
                options={
                    'verbose_name': 'pipeline',
                    'constraints': [
                        models.UniqueConstraint(models.F('name'), name='pipeline_name_is_unique'),
                        models.UniqueConstraint(models.F('is_default'), condition=models.Q(('is_default', True)), name='pipeline_one_default'),
                        models.CheckConstraint(condition=models.Q(('is_default', False), ('is_active', True), _connector='OR'), name='pipeline_default_is_in_use'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Reason',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('outcome', models.CharField(choices=[('won', 'Won'), ('lost', 'Lost')], max_length=4, verbose_name='for deals that are')),
                    ('label', models.CharField(max_length=120, verbose_name='reason')),
                    ('position', models.PositiveSmallIntegerField(default=0)),
                    ('is_active', models.BooleanField(default=True, verbose_name='in use')),
                ],
                options={
                    'verbose_name': 'reason',
                    'constraints': [
                        models.UniqueConstraint(models.F('outcome'), models.F('label'), name='reason_said_once'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Stage',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=80, verbose_name='name')),
                    ('position', models.PositiveSmallIntegerField(default=0)),
                    ('probability', models.PositiveSmallIntegerField(default=50, verbose_name='probability')),
                    ('entry', models.JSONField(blank=True, default=dict, verbose_name='conditions')),
                    ('required', models.JSONField(blank=True, default=list, verbose_name='required fields')),
                    ('stale_after', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='stale after days')),
                    ('advice', models.TextField(blank=True, default='', verbose_name='advice')),
                    ('pipeline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='stages', to='sales.pipeline')),
                    ('forecast_as', models.CharField(blank=True, choices=[('pipeline', 'Pipeline'), ('best_case', 'Best case'), ('commit', 'Commit'), ('omitted', 'Omitted')], default='', max_length=9, verbose_name='in the forecast')),
                ],
                options={
                    'verbose_name': 'stage',
                    'constraints': [
                        models.UniqueConstraint(models.F('pipeline'), models.F('name'), name='stage_name_once_per_pipeline'),
                        models.CheckConstraint(condition=models.Q(('probability__lte', 100)), name='stage_probability_is_a_percentage'),
                        models.CheckConstraint(condition=models.Q(('stale_after', None), ('stale_after__gte', 1), _connector='OR'), name='stage_stale_after_a_day_or_more'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Deal',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('title', models.CharField(max_length=200, verbose_name='title')),
                    ('title_key', models.GeneratedField(db_persist=True, expression=models.Func(models.F('title'), function='circulo_sort_key'), output_field=models.TextField(db_collation='C'))),
                    ('rank', models.TextField(db_collation='C', editable=False)),
                    ('amount', models.DecimalField(blank=True, decimal_places=4, max_digits=19, null=True, verbose_name='amount')),
                    ('currency', models.CharField(default='EUR', max_length=3, verbose_name='currency')),
                    ('outcome', models.CharField(choices=[('open', 'Open'), ('won', 'Won'), ('lost', 'Lost')], default='open', max_length=4, verbose_name='outcome')),
                    ('closed_at', models.DateTimeField(editable=False, null=True, verbose_name='closed')),
                    ('closed_key', models.GeneratedField(db_persist=True, expression=django.db.models.functions.comparison.Coalesce(models.F('closed_at'), models.Value(datetime.datetime(9999, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), output_field=models.DateTimeField())),
                    ('expected_on', models.DateField(blank=True, null=True, verbose_name='expected on')),
                    ('expected_key', models.GeneratedField(db_persist=True, expression=django.db.models.functions.comparison.Coalesce(models.F('expected_on'), models.Value(datetime.date(9999, 12, 31))), output_field=models.DateField())),
                    ('opened_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='begun')),
                    ('stage_since', models.DateTimeField(editable=False, verbose_name='in this stage since')),
                    ('agent', models.CharField(blank=True, default='', max_length=150, verbose_name='agent elsewhere')),
                    ('source', models.CharField(blank=True, default='', max_length=100, verbose_name='source')),
                    ('campaign', models.CharField(blank=True, default='', max_length=100, verbose_name='campaign')),
                    ('reason_note', models.TextField(blank=True, default='', verbose_name='in their words')),
                    ('tags', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=50), blank=True, default=list, size=None, verbose_name='tags')),
                    ('notes', models.TextField(blank=True, default='', verbose_name='about')),
                    ('reference', models.CharField(blank=True, db_collation='C', default='', max_length=100, verbose_name='reference')),
                    ('custom', models.JSONField(blank=True, default=dict)),
                    ('search', models.TextField(db_collation='C', default='', editable=False)),
                    ('is_demo', models.BooleanField(default=False, editable=False)),
                    ('version', models.PositiveIntegerField(default=1, editable=False)),
                    ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                    ('updated_at', models.DateTimeField(auto_now=True, verbose_name='changed')),
                    ('binned_at', models.DateTimeField(editable=False, null=True)),
                    ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('owner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='deals', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                    ('party', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='deals', to='parties.party', verbose_name='contact')),
                    ('pipeline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='deals', to='sales.pipeline', verbose_name='pipeline')),
                    ('reason', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deals', to='sales.reason', verbose_name='reason')),
                    ('stage', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='deals', to='sales.stage', verbose_name='stage')),
                    ('amount_from_lines', models.BooleanField(db_default=False, default=False, verbose_name='amount from lines')),
                    ('forecast_as', models.CharField(blank=True, choices=[('pipeline', 'Pipeline'), ('best_case', 'Best case'), ('commit', 'Commit'), ('omitted', 'Omitted')], default='', max_length=9, verbose_name='in the forecast')),
                    ('amount_key', models.GeneratedField(db_persist=True, expression=django.db.models.functions.comparison.Coalesce(models.F('amount'), models.Value(Decimal('-1'))), output_field=models.DecimalField(decimal_places=4, max_digits=19))),
                    ('probability', models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='probability')),
                    ('weighted_key', models.GeneratedField(db_persist=True, expression=django.db.models.functions.comparison.Coalesce(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('amount'), '*', models.F('probability')), '/', models.Value(Decimal('100'))), models.Value(Decimal('-1'))), output_field=models.DecimalField(decimal_places=6, max_digits=21))),
                    ('in_stage_key', models.GeneratedField(db_persist=True, expression=models.Case(models.When(closed_at=None, then=models.Func(models.Value(datetime.datetime(2200, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), models.F('stage_since'), arg_joiner=' - ', output_field=models.BigIntegerField(), template='(extract(epoch FROM %(expressions)s) * 1000000)::bigint')), default=django.db.models.expressions.CombinedExpression(models.Func(models.F('closed_at'), models.F('stage_since'), arg_joiner=' - ', output_field=models.BigIntegerField(), template='(extract(epoch FROM %(expressions)s) * 1000000)::bigint'), '-', models.Value(10000000000000000))), output_field=models.BigIntegerField())),
                ],
                options={
                    'verbose_name': 'deal',
                    'indexes': [
                        models.Index(models.F('stage'), models.F('rank'), models.F('id'), condition=models.Q(('binned_at', None), ('outcome', 'open')), name='deal_on_board'),
                        models.Index(models.F('owner'), models.F('outcome'), models.F('expected_key'), models.F('id'), name='deal_by_owner'),
                        models.Index(models.F('outcome'), models.F('expected_key'), models.F('id'), condition=models.Q(('binned_at', None)), name='deal_by_date'),
                        models.Index(models.F('amount_key'), models.F('id'), condition=models.Q(('binned_at', None)), name='deal_by_amount'),
                        models.Index(models.F('expected_key'), models.F('id'), condition=models.Q(('binned_at', None)), name='deal_by_expectation'),
                        models.Index(models.F('closed_key'), models.F('id'), condition=models.Q(('binned_at', None)), name='deal_by_end'),
                        models.Index(models.F('title_key'), models.F('id'), condition=models.Q(('binned_at', None)), name='deal_by_title'),
                        models.Index(models.F('created_at'), models.F('id'), name='deal_by_creation'),
                        models.Index(models.F('updated_at'), models.F('id'), name='deal_by_change'),
                        models.Index(models.F('party'), models.F('outcome'), name='deal_by_party'),
                        django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass('search', name='gin_trgm_ops'), name='deal_by_search'),
                        django.contrib.postgres.indexes.GinIndex(models.F('tags'), name='deal_by_tag'),
                        models.Index(models.F('binned_at'), condition=models.Q(('binned_at', None), _negated=True), name='deal_in_bin'),
                        models.Index(models.F('closed_at'), condition=models.Q(('binned_at', None), ('outcome', 'won')), include=('owner', 'amount', 'currency', 'opened_at'), name='deal_won'),
                        models.Index(models.F('weighted_key'), models.F('id'), condition=models.Q(('binned_at', None)), name='deal_by_weight'),
                        models.Index(models.F('probability'), models.F('id'), condition=models.Q(('binned_at', None)), name='deal_by_probability'),
                        models.Index(models.F('in_stage_key'), models.F('id'), condition=models.Q(('binned_at', None)), name='deal_by_days_in_stage'),
                    ],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('title', ''), _negated=True), name='deal_has_a_title'),
                        models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('outcome', 'open')), models.Q(models.Q(('outcome', 'open'), _negated=True), ('closed_at__isnull', False)), _connector='OR'), name='deal_closed_at_iff_over'),
                        models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'open'), _negated=True), models.Q(('reason', None), ('reason_note', '')), _connector='OR'), name='deal_reason_only_when_over'),
                        models.CheckConstraint(condition=models.Q(('amount', None), ('amount__gte', 0), _connector='OR'), name='deal_amount_is_not_negative'),
                        models.UniqueConstraint(models.F('reference'), condition=models.Q(models.Q(('reference', ''), _negated=True), ('binned_at', None)), name='deal_reference_is_unique'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='DealStep',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('deal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='sales.deal')),
                    ('entry', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='deal_step', to='agenda.entry')),
                ],
                options={
                    'verbose_name': 'step',
                },
            ),
            migrations.CreateModel(
                name='DealStay',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('outcome', models.CharField(choices=[('open', 'Open'), ('won', 'Won'), ('lost', 'Lost')], default='open', max_length=4)),
                    ('entered_at', models.DateTimeField()),
                    ('left_at', models.DateTimeField(null=True)),
                    ('deal', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='stays', to='sales.deal')),
                    ('stage', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='stays', to='sales.stage')),
                ],
                options={
                    'verbose_name': 'stay',
                    'indexes': [
                        models.Index(models.F('deal'), models.F('entered_at'), models.F('id'), name='stay_of_deal'),
                    ],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('left_at', None), ('left_at__gte', models.F('entered_at')), _connector='OR'), name='stay_ends_after_it_began'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='DealPerson',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('part', models.CharField(choices=[('decides', 'Decides'), ('buys', 'Buys'), ('uses', 'Uses it'), ('influences', 'Influences'), ('blocks', 'Blocks')], default='influences', max_length=10, verbose_name='part')),
                    ('deal', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='people', to='sales.deal')),
                    ('party', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deal_parts', to='parties.party', verbose_name='contact')),
                ],
                options={
                    'verbose_name': 'person involved',
                    'constraints': [
                        models.UniqueConstraint(models.F('deal'), models.F('party'), name='deal_person_once'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='DealShare',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('percent', models.PositiveSmallIntegerField(verbose_name='percent')),
                    ('deal', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='shares', to='sales.deal')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deal_shares', to=settings.AUTH_USER_MODEL, verbose_name='colleague')),
                ],
                options={
                    'verbose_name': 'share',
                    'constraints': [
                        models.UniqueConstraint(models.F('deal'), models.F('user'), name='deal_share_once'),
                        models.CheckConstraint(condition=models.Q(('percent__gte', 1), ('percent__lte', 100)), name='deal_share_is_a_percentage'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Rival',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=120, verbose_name='name')),
                    ('strength', models.PositiveSmallIntegerField(choices=[(1, 'Weak'), (2, 'As strong as we'), (3, 'Strong')], default=2, verbose_name='strength')),
                    ('note', models.CharField(blank=True, default='', max_length=500, verbose_name='note')),
                    ('deal', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='rivals', to='sales.deal')),
                ],
                options={
                    'verbose_name': 'competitor',
                    'constraints': [
                        models.UniqueConstraint(models.F('deal'), models.F('name'), name='rival_once_per_deal'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='DealLine',
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
                    ('deal', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='sales.deal')),
                    ('product', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deal_lines', to='catalog.product', verbose_name='product')),
                ],
                options={
                    'verbose_name': 'line',
                    'abstract': False,
                    'indexes': [
                        models.Index(models.F('deal'), models.F('position'), name='line_of_deal'),
                    ],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='dealline_is_of_something'),
                        models.CheckConstraint(condition=models.Q(('discount__gte', 0), ('discount__lte', 100)), name='dealline_discount_is_a_percentage'),
                    ],
                },
            ),
        ]),
        migrations.RunSQL(SEQUENCE, "DROP SEQUENCE sales_deal_rank_seq"),
        migrations.RunPython(add_first_pipeline, migrations.RunPython.noop),
    ]
