"""A quote that was replaced keeps its key: its page on line says that there is a newer one."""

from django.db import migrations, models
from django.db.models import Q

_NAME = "quote_key_only_while_it_lies_there"


class Migration(migrations.Migration):

    dependencies = [("quotes", "0008_the_most_given_may_be_unknown")]

    operations = [
        migrations.RemoveConstraint("quote", _NAME),
        migrations.AddConstraint(
            "quote",
            models.CheckConstraint(
                name=_NAME,
                condition=Q(digest="")
                | Q(status__in=["sent", "accepted", "refused", "expired", "replaced"]),
            ),
        ),
    ]
