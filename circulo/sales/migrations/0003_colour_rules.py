"""Colours of deals by rule."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('sales', '0002_lost_to'),
    ]

    operations = [
        migrations.CreateModel(
            name='ColourRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('label', models.CharField(max_length=40, verbose_name='what the card says')),
                ('criteria', models.JSONField(verbose_name='where')),
                ('tone', models.CharField(choices=[('bad', 'Red'), ('spark', 'Amber'), ('good', 'Green'), ('accent', 'Teal'), ('plain', 'Grey')], max_length=6, verbose_name='colour')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('is_active', models.BooleanField(default=True, verbose_name='in use')),
            ],
            options={
                'verbose_name': 'colour rule',
                'constraints': [models.CheckConstraint(condition=models.Q(('criteria', {}), _negated=True), name='colour_rule_asks_for_something'), models.CheckConstraint(condition=models.Q(('tone__in', ['bad', 'spark', 'good', 'accent', 'plain'])), name='colour_rule_has_a_colour')],
            },
        ),
    ]
