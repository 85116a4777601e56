"""Amounts keep the fourth decimal that the Chilean UF has.

A column of another scale has the table written anew, and so does a generated one: both in one
statement, so that this is done once. 500,000 deals took 13 seconds.
"""

from decimal import Decimal

import django.db.models.functions.comparison
from django.db import migrations, models

_ALTER = """
    ALTER TABLE sales_deal
        DROP COLUMN amount_key,
        ALTER COLUMN amount TYPE numeric({size}),
        ADD COLUMN amount_key numeric({size})
            GENERATED ALWAYS AS (COALESCE(amount, -1)) STORED;
    CREATE INDEX deal_by_amount ON sales_deal (amount_key, id) WHERE binned_at IS NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("sales", "0004_forecast_categories")]

    operations = [
        migrations.RunSQL(
            _ALTER.format(size="19, 4"),
            _ALTER.format(size="18, 3"),
            state_operations=[
                migrations.AlterField(
                    model_name="deal",
                    name="amount",
                    field=models.DecimalField(
                        blank=True, decimal_places=4, max_digits=19, null=True,
                        verbose_name="amount",
                    ),
                ),
                migrations.AlterField(
                    model_name="deal",
                    name="amount_key",
                    field=models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.comparison.Coalesce(
                            models.F("amount"), models.Value(Decimal(-1))
                        ),
                        output_field=models.DecimalField(decimal_places=4, max_digits=19),
                    ),
                ),
            ],
        )
    ]
