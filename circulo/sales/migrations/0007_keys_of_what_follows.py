"""The keys by which deals are sorted by what they are worth and by their days in a stage."""

import datetime
from decimal import Decimal

import django.db.models.functions.comparison
from django.db import migrations, models
from django.db.models import Case, F, Func, Value, When

_MICROS = {
    'arg_joiner': ' - ',
    'output_field': models.BigIntegerField(),
    'template': '(extract(epoch FROM %(expressions)s) * 1000000)::bigint',
}
_FAR_OFF = datetime.datetime(2200, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)


class Migration(migrations.Migration):

    dependencies = [
        ('sales', '0006_how_likely'),
    ]

    operations = [
        migrations.AddField(
            model_name='deal',
            name='weighted_key',
            field=models.GeneratedField(
                db_persist=True,
                expression=django.db.models.functions.comparison.Coalesce(
                    F('amount') * F('probability') / Value(Decimal('100')), Value(Decimal('-1'))
                ),
                output_field=models.DecimalField(decimal_places=6, max_digits=21),
            ),
        ),
        migrations.AddField(
            model_name='deal',
            name='in_stage_key',
            field=models.GeneratedField(
                db_persist=True,
                expression=Case(
                    When(closed_at=None, then=Func(Value(_FAR_OFF), F('stage_since'), **_MICROS)),
                    default=Func(F('closed_at'), F('stage_since'), **_MICROS) - Value(10**16),
                ),
                output_field=models.BigIntegerField(),
            ),
        ),
        migrations.AddIndex(
            model_name='deal',
            index=models.Index(models.F('weighted_key'), models.F('id'), condition=models.Q(('binned_at', None)), name='deal_by_weight'),
        ),
        migrations.AddIndex(
            model_name='deal',
            index=models.Index(models.F('probability'), models.F('id'), condition=models.Q(('binned_at', None)), name='deal_by_probability'),
        ),
        migrations.AddIndex(
            model_name='deal',
            index=models.Index(models.F('in_stage_key'), models.F('id'), condition=models.Q(('binned_at', None)), name='deal_by_days_in_stage'),
        ),
    ]
