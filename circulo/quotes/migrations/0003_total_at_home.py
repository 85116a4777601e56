"""Quotes know their total in the currency of the firm, by which they can be compared."""

from django.db import migrations, models

# Quotes in other currencies know it as soon as they are priced again.
_FILL = """
    UPDATE quotes_quote SET total_at_home = total
    WHERE currency = COALESCE((SELECT currency FROM accounts_firm WHERE id = 1), 'EUR')
"""


class Migration(migrations.Migration):

    dependencies = [("accounts", "0010_fiscal_year"), ("quotes", "0002_search")]

    operations = [
        migrations.AddField(
            model_name="quote",
            name="total_at_home",
            field=models.DecimalField(
                decimal_places=4, max_digits=22, null=True,
                verbose_name="total in the currency of the firm",
            ),
        ),
        migrations.RunSQL(_FILL, migrations.RunSQL.noop),
    ]
