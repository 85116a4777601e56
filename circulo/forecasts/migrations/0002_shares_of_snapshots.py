"""What of snapshots was shared."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('forecasts', '0001_first_release'),
    ]

    operations = [
        migrations.AddField(
            model_name='snapshotrow',
            name='shared_deals',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), db_default=models.Value([], django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)), default=list, size=None),
        ),
        migrations.AddField(
            model_name='snapshotrow',
            name='shared_percents',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.SmallIntegerField(), db_default=models.Value([], django.contrib.postgres.fields.ArrayField(base_field=models.SmallIntegerField(), size=None)), default=list, size=None),
        ),
    ]
