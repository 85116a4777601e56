"""Quotas and adjustments keep the fourth decimal that the Chilean UF has."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("forecasts", "0003_past_figures")]

    operations = [
        migrations.AlterField(
            model_name="quota",
            name="amount",
            field=models.DecimalField(decimal_places=4, max_digits=19, verbose_name="amount"),
        ),
        migrations.AlterField(
            model_name="adjustment",
            name="amount",
            field=models.DecimalField(decimal_places=4, max_digits=19, verbose_name="more or less"),
        ),
    ]
