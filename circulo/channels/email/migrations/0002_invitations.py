"""A mail may carry an appointment for the calendar of whoever reads it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("email", "0001_mails")]

    operations = [
        migrations.AddField("mail", "invitation", models.TextField(blank=True, db_default="", default="")),
    ]
