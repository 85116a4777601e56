from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0002_one_index_each'),
    ]

    operations = [
        migrations.AddField(
            model_name='letterhead',
            name='tax_id',
            field=models.CharField(blank=True, default='', max_length=30, verbose_name='tax id'),
        ),
    ]
