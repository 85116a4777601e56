"""Saved views are known to records; the desk keeps how people like a list, now with its widths."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('desk', '0002_saved_views'),
        ('records', '0011_saved_views_move_here'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name='listchoice',
                    name='view',
                    field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='records.savedview'),
                ),
                migrations.DeleteModel(name='SavedView'),
            ],
        ),
        migrations.AddField(
            model_name='listchoice',
            name='widths',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='listchoice',
            name='density',
            field=models.CharField(blank=True, choices=[('roomy', 'Roomy'), ('normal', 'Normal'), ('dense', 'Dense')], default='', max_length=8),
        ),
    ]
