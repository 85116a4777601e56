"""Won deals of a time by their keys, for the shares of them."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('sales', '0004_stage_acts'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='deal',
            name='deal_won',
        ),
        migrations.AddIndex(
            model_name='deal',
            index=models.Index(models.F('closed_at'), condition=models.Q(('binned_at', None), ('outcome', 'won')), include=('id', 'owner', 'amount', 'currency', 'opened_at'), name='deal_won'),
        ),
    ]
