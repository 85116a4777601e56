"""Groups by two fields fit into a saved view."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0001_first_release'),
    ]

    operations = [
        migrations.AlterField(
            model_name='savedview',
            name='by',
            field=models.CharField(blank=True, default='', max_length=121),
        ),
    ]
