"""The address of a quote's page on line can be told again: its key is made from a seed."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("quotes", "0004_lines_have_room_between_them")]

    operations = [
        migrations.AddField(
            model_name="quote",
            name="seed",
            field=models.CharField(blank=True, default="", editable=False, max_length=43),
        ),
    ]
