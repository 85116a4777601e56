"""Deals keep how likely they are, to be sorted by it."""

from django.db import migrations, models

_LIKELY = """
    UPDATE sales_deal d
    SET probability = CASE d.outcome WHEN 'won' THEN 100 WHEN 'lost' THEN 0 ELSE s.probability END
    FROM sales_stage s WHERE s.id = d.stage_id
"""


class Migration(migrations.Migration):

    dependencies = [
        ('sales', '0005_four_decimals'),
    ]

    operations = [
        migrations.AddField(
            model_name='deal',
            name='probability',
            field=models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='probability'),
        ),
        migrations.RunSQL(_LIKELY, migrations.RunSQL.noop),
    ]
