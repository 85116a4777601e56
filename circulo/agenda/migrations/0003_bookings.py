"""Who took an hour on a booking page is kept beside the appointment, and what they were told of it.

Of what was booked until now the name of the contact is known, and no address to which anything was
promised: nobody is mailed of it.
"""

import django.db.models.deletion
from django.db import migrations, models

CARRY = """
    INSERT INTO agenda_booking
        (entry_id, page_id, name, email, note, language, time_zone, is_mailed, booked_at)
    SELECT e.id, p.id, COALESCE(left(c.name, 300), ''), '', '', u.language, u.time_zone, false,
        COALESCE((e.brought ->> 'booked_at')::timestamptz, e.created_at)
    FROM agenda_entry e JOIN agenda_bookingpage p ON p.user_id = e.owner_id
    JOIN accounts_user u ON u.id = e.owner_id LEFT JOIN parties_party c ON c.id = e.party_id
    WHERE e.brought ? 'booked_at' AND e.series_id IS NULL;
    SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_first_release"),
        ("agenda", "0002_hours_of_booking_pages"),
        ("parties", "0001_first_release"),
    ]

    operations = [
        migrations.CreateModel(
            name="Booking",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=300, verbose_name="name")),
                ("email", models.CharField(blank=True, default="", max_length=254, verbose_name="e-mail")),
                ("note", models.TextField(blank=True, default="", verbose_name="notes")),
                ("language", models.CharField(max_length=5)),
                ("time_zone", models.CharField(max_length=50)),
                ("is_mailed", models.BooleanField(default=True)),
                ("booked_at", models.DateTimeField(auto_now_add=True)),
                ("told", models.JSONField(editable=False, null=True)),
                ("sequence", models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                ("entry", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name="booking", to="agenda.entry")),
                ("page", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="bookings", to="agenda.bookingpage")),
            ],
        ),
        migrations.RunSQL(CARRY, migrations.RunSQL.noop),
    ]
