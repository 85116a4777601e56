"""A booking page says its hours by day of the week, with a break or without, to the minute.

What pages offered until now, Monday to Friday from one hour to another, is carried over.
"""

import django.db.models.deletion
from django.db import migrations, models

CARRY = """
    INSERT INTO agenda_bookinghours (page_id, weekday, begins, ends)
    SELECT id, weekday, first_hour * 60, last_hour * 60
    FROM agenda_bookingpage, generate_series(0, 4) weekday;
    SET CONSTRAINTS ALL IMMEDIATE;
"""
# The way back knows whole hours alone, the same for each day: all that was offered lies in them.
BACK = """
    UPDATE agenda_bookingpage p SET first_hour = h.first, last_hour = h.last
    FROM (SELECT page_id, min(begins) / 60 AS first,
              ceil(max(COALESCE(ends_again, ends)) / 60.0) AS last
          FROM agenda_bookinghours GROUP BY page_id) h
    WHERE h.page_id = p.id;
    SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [("agenda", "0001_first_release")]

    operations = [
        migrations.CreateModel(
            name="BookingHours",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("weekday", models.PositiveSmallIntegerField()),
                ("begins", models.PositiveSmallIntegerField()),
                ("ends", models.PositiveSmallIntegerField()),
                ("begins_again", models.PositiveSmallIntegerField(null=True)),
                ("ends_again", models.PositiveSmallIntegerField(null=True)),
                ("page", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="hours", to="agenda.bookingpage")),
            ],
        ),
        migrations.RemoveConstraint("bookingpage", "booking_hours_are_of_a_day"),
        migrations.RunSQL(CARRY, BACK),
        migrations.RemoveField("bookingpage", "first_hour"),
        migrations.RemoveField("bookingpage", "last_hour"),
        migrations.AddField("bookingpage", "pause", models.PositiveSmallIntegerField(default=0, verbose_name="minutes of pause")),
        migrations.AddField("bookingpage", "most_a_day", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="at most a day")),
        migrations.AddConstraint("bookingpage", models.CheckConstraint(name="booking_pause_is_short", condition=models.Q(("pause__lte", 120)))),
        migrations.AddConstraint("bookingpage", models.CheckConstraint(name="booking_takes_some_a_day", condition=models.Q(("most_a_day", None), ("most_a_day__gte", 1), _connector="OR"))),
        migrations.AddConstraint("bookinghours", models.UniqueConstraint(models.F("page"), models.F("weekday"), name="booking_hours_once_a_day")),
        migrations.AddConstraint("bookinghours", models.CheckConstraint(name="booking_hours_are_of_a_day", condition=models.Q(("begins__lt", models.F("ends")), ("ends__lte", 1440), ("weekday__lte", 6)))),
        migrations.AddConstraint("bookinghours", models.CheckConstraint(name="booking_hours_go_on_after_a_break", condition=models.Q(models.Q(("begins_again", None), ("ends_again", None)), models.Q(("begins_again__gte", models.F("ends")), ("begins_again__isnull", False), ("begins_again__lt", models.F("ends_again")), ("ends_again__isnull", False), ("ends_again__lte", 1440)), _connector="OR"))),
    ]
