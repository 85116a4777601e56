from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0015_loads_tell_what_was_not_taken_over"),
    ]

    operations = [
        migrations.AlterField(
            model_name="ownfield",
            name="kind",
            field=models.CharField(
                choices=[
                    ("text", "Text"),
                    ("long_text", "Long text"),
                    ("number", "Number"),
                    ("money", "Money"),
                    ("date", "Date"),
                    ("moment", "Date and time"),
                    ("time", "Time of day"),
                    ("choice", "Choice"),
                    ("choices", "Several choices"),
                    ("yes_no", "Yes or no"),
                    ("link", "Link to a record"),
                    ("file", "File"),
                    ("computed", "Computed"),
                ],
                max_length=10,
                verbose_name="holds",
            ),
        ),
    ]
