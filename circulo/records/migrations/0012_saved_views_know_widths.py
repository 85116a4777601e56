"""The table of saved views by its new name, with widths of columns, density and the map."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0011_saved_views_move_here'),
        ('desk', '0003_saved_views_move_away'),
    ]

    operations = [
        migrations.AlterModelTable(name='savedview', table=None),
        migrations.AddField(
            model_name='savedview',
            name='widths',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='savedview',
            name='density',
            field=models.CharField(blank=True, choices=[('roomy', 'Roomy'), ('normal', 'Normal'), ('dense', 'Dense')], default='', max_length=8),
        ),
        migrations.AlterField(
            model_name='savedview',
            name='shape',
            field=models.CharField(choices=[('table', 'Table'), ('board', 'Board'), ('calendar', 'Calendar'), ('map', 'Map'), ('groups', 'Groups')], default='table', max_length=8),
        ),
    ]
