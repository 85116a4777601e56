"""To which competitor a deal was lost, and which reasons ask for it."""

import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

# The reason that every installation began with; whoever renamed it says so on its page.
ASKS = """
    UPDATE sales_reason SET asks_rival = true
    WHERE outcome = 'lost' AND label = 'Eligió a un competidor'
"""


class Migration(migrations.Migration):

    dependencies = [
        ('parties', '0001_first_release'),
        ('sales', '0001_first_release'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='deal',
            name='lost_to',
            field=models.CharField(blank=True, db_default='', default='', max_length=120, verbose_name='lost to'),
        ),
        migrations.AddField(
            model_name='reason',
            name='asks_rival',
            field=models.BooleanField(db_default=False, default=False, verbose_name='asks which competitor'),
        ),
        migrations.AddIndex(
            model_name='deal',
            index=models.Index(django.db.models.functions.text.Upper('lost_to'), condition=models.Q(('lost_to', ''), _negated=True), name='deal_by_lost_to'),
        ),
        migrations.AddIndex(
            model_name='rival',
            index=models.Index(django.db.models.functions.text.Upper('name'), name='rival_by_name'),
        ),
        migrations.AddConstraint(
            model_name='deal',
            constraint=models.CheckConstraint(condition=models.Q(('lost_to', ''), ('outcome', 'lost'), _connector='OR'), name='deal_lost_to_only_when_lost'),
        ),
        migrations.AddConstraint(
            model_name='reason',
            constraint=models.CheckConstraint(condition=models.Q(('asks_rival', False), ('outcome', 'lost'), _connector='OR'), name='reason_asks_of_lost_deals_only'),
        ),
        migrations.RunSQL(ASKS, migrations.RunSQL.noop),
    ]
