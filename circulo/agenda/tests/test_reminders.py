"""Reminders ring at the right minute, once, wherever the clocks change and whoever dies."""

import threading
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.utils import timezone

from circulo.accounts.models import Notification
from circulo.agenda import actions, plans
from circulo.agenda.actions.reminders import ring_reminders
from circulo.agenda.models import Reminder
from circulo.testing.make import make_appointment, make_task, make_user

pytestmark = pytest.mark.django_db
SPRING, AUTUMN = date(2027, 3, 27), date(2027, 10, 30)


def minutes_of(user, first, days):
    """The clock times at which something rings in some days: not a second before, and once."""
    zone = ZoneInfo(user.time_zone)
    rang = []
    end = datetime(first.year, first.month, first.day, tzinfo=zone) + timedelta(days=days)
    while following := Reminder.objects.filter(rings_at__lt=end).order_by("rings_at").first():
        now = following.rings_at or end
        assert ring_reminders(now - timedelta(seconds=1)) == 0
        assert ring_reminders(now) == 1
        assert ring_reminders(now) == 0
        rang.append(f"{now.astimezone(zone):%m-%d %H:%M}")
    return rang


@pytest.mark.parametrize(("zone", "first"), [
    ("Europe/Madrid", SPRING), ("Europe/Madrid", AUTUMN),
    ("America/Santiago", date(2027, 4, 2)), ("America/Santiago", date(2027, 9, 3)),
])  # fmt: skip
def test_a_daily_appointment_rings_ten_minutes_before_nine_whatever_the_clocks_do(zone, first):
    user = make_user(time_zone=zone)
    start = datetime(first.year, first.month, first.day, 9, 0, tzinfo=ZoneInfo(zone))
    make_appointment(owner=user, starts_at=start, repeat="FREQ=DAILY", reminders=[10])

    rang = minutes_of(user, first, 4)

    days = [first + timedelta(days=n) for n in range(4)]
    assert rang == [f"{day:%m-%d} 08:50" for day in days]


def test_an_hour_that_the_clocks_leave_out_rings_an_hour_later():
    user = make_user(time_zone="Europe/Madrid")
    start = datetime(2027, 3, 27, 2, 30, tzinfo=ZoneInfo("Europe/Madrid"))
    make_appointment(owner=user, starts_at=start, repeat="FREQ=DAILY;COUNT=3", reminders=[0])

    assert minutes_of(user, SPRING, 4) == ["03-27 02:30", "03-28 03:30", "03-29 02:30"]


def test_a_whole_day_rings_in_the_morning():
    user = make_user(time_zone="America/Santiago")
    make_task(owner=user, due_on="2027-04-04", reminders=[0])

    assert minutes_of(user, date(2027, 4, 3), 3) == ["04-04 09:00"]


def test_it_rings_for_everybody_who_takes_part_but_not_for_whoever_said_no():
    owner, comes, refuses = make_user(), make_user(), make_user()
    entry = make_appointment(
        owner=owner, starts_at=timezone.now() + timedelta(minutes=5), reminders=[4],
        participants=[comes.opaque, refuses.opaque],
    )  # fmt: skip
    actions.answer_invitation(entry, "no", by=refuses)

    ring_reminders(timezone.now() + timedelta(minutes=2))

    rung = Notification.objects.filter(kind="agenda.reminded")
    assert set(rung.values_list("to", flat=True)) == {owner.pk, comes.pk}


def test_moved_it_rings_at_the_new_time_and_not_at_the_old_one():
    user = make_user()
    start = timezone.now() + timedelta(hours=1)
    entry = make_appointment(owner=user, starts_at=start, reminders=[10])

    actions.move_entry(entry, by=user, start=start + timedelta(hours=3))

    assert ring_reminders(start) == 0
    assert ring_reminders(start + timedelta(hours=3, minutes=-10)) == 1


def test_what_is_done_or_dropped_rings_no_more_and_again_once_it_is_open_again():
    user = make_user()
    due = timezone.now() + timedelta(hours=1)
    task = make_task(owner=user, due_at=due, reminders=[0])

    actions.complete_entries([task.pk], by=user)
    assert ring_reminders(due) == 0
    actions.reopen_entries([task.pk], by=user)
    assert ring_reminders(due) == 1


def test_a_change_of_the_reminder_takes_the_place_of_the_old_one():
    user = make_user()
    entry = make_appointment(owner=user, reminders=[10])
    plan = plans.read({"reminders": [30]}, is_appointment=True, by=user, entry=entry)

    actions.change_entry(entry, plan, by=user)

    assert [one.minutes for one in entry.reminders.all()] == [30]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_the_same_moment_ring_once():
    due = timezone.now() + timedelta(hours=1)
    for _ in range(5):
        make_task(due_at=due, reminders=[0])
    barrier = threading.Barrier(4)

    def work():
        barrier.wait()
        ring_reminders(due)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Notification.objects.count() == 5


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_dies_on_the_way_has_rung_nothing_and_the_next_one_does():
    due = timezone.now() + timedelta(hours=1)
    make_task(due_at=due, reminders=[0])

    with pytest.raises(RuntimeError), transaction.atomic():
        ring_reminders(due)
        raise RuntimeError("the worker dies before its transaction ends")

    assert not Notification.objects.exists()
    assert ring_reminders(due) == 1


def test_what_rang_long_ago_while_nobody_was_at_work_rings_for_nobody():
    start = timezone.now() + timedelta(hours=1)
    make_appointment(starts_at=start, reminders=[0])

    assert ring_reminders(start + timedelta(days=9)) == 0
