"""The postal code of leads."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('leads', '0001_first_release'),
    ]

    operations = [
        migrations.AddField(
            model_name='lead',
            name='postal_code',
            field=models.CharField(blank=True, db_default='', default='', max_length=12, verbose_name='postal code'),
        ),
    ]
