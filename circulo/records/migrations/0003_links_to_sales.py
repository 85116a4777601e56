"""Own fields link to leads, deals, quotes and products too."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0002_wider_groups'),
    ]

    operations = [
        migrations.AlterField(
            model_name='ownfield',
            name='target',
            field=models.CharField(blank=True, choices=[('contact', 'A contact'), ('company', 'A company'), ('user', 'A colleague'), ('lead', 'A lead'), ('deal', 'A deal'), ('quote', 'A quote'), ('product', 'A product')], default='', max_length=7, verbose_name='link to'),
        ),
    ]
