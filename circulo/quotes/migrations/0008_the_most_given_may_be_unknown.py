"""What was given by hand is unknown where no list says what would have been asked."""

import decimal

from django.db import migrations, models

# What was sent stays as it was approved; the others are looked at before they go.
_FORGET = """
    UPDATE quotes_quote q SET most_discount = NULL
    WHERE q.sent_at IS NULL AND EXISTS (
        SELECT FROM quotes_quoteline l, jsonb_array_elements(l.steps) step
        WHERE l.quote_id = q.id AND step ->> 'kind' = 'given'
          AND NOT COALESCE(step -> 'numbers', '{}') ? 'listed')
"""
_RECALL = "UPDATE quotes_quote SET most_discount = 0 WHERE most_discount IS NULL"


class Migration(migrations.Migration):

    dependencies = [("quotes", "0007_one_index_each")]

    operations = [
        migrations.AlterField(
            model_name="quote",
            name="most_discount",
            field=models.DecimalField(
                decimal_places=3, default=decimal.Decimal, max_digits=9, null=True,
                verbose_name="highest discount by hand",
            ),
        ),
        migrations.RunSQL(_FORGET, _RECALL),
    ]
