"""A mail knows the act that it is a part of, and is called back with it while it waits."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("email", "0002_invitations")]

    operations = [
        migrations.AddField("mail", "change_set", models.BigIntegerField(null=True)),
        migrations.AddIndex(
            "mail",
            models.Index(
                "change_set", name="mail_change_set", condition=Q(change_set__isnull=False)
            ),
        ),
    ]
