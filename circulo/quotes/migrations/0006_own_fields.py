"""Quotes have own fields."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('quotes', '0005_links_can_be_told_again'),
    ]

    operations = [
        migrations.AddField(
            model_name='quote',
            name='custom',
            field=models.JSONField(blank=True, default=dict),
        ),
    ]
