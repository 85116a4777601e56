from datetime import timedelta

import pytest
from django.utils import timezone

from circulo.agenda import actions
from circulo.agenda.invariants import INVARIANTS
from circulo.agenda.models import Entry, Participant, Reminder
from circulo.testing.make import make_appointment, make_contact, make_task

pytestmark = pytest.mark.django_db


def broken():
    return {one.name: [found.key for found in one.find()] for one in INVARIANTS if one.find()}


def test_what_is_added_moved_done_and_repeated_breaks_nothing():
    task = make_task(due_on="2027-01-10", reminders=[0], party=make_contact(), repeat="FREQ=DAILY")
    meeting = make_appointment(reminders=[10])
    make_appointment(starts_on="2027-01-10", ends_on="2027-01-12")
    actions.move_entry(meeting, by=meeting.owner, start=timezone.now() + timedelta(days=40))
    actions.complete_entries([task.pk], by=task.owner)
    actions.drop_entries([meeting.pk], by=meeting.owner)

    assert broken() == {}


def test_what_is_not_as_it_must_be_is_found_and_reminders_are_mended():
    task = make_task(due_at=timezone.now() + timedelta(days=1), reminders=[0], party=make_contact())
    Entry.objects.update(span=None, state="dropped")
    Participant.objects.all().delete()

    assert broken() == dict.fromkeys(
        ("agenda.span", "agenda.party", "agenda.reminders"), [task.pk])  # fmt: skip
    (mend,) = [one.mend for one in INVARIANTS if one.mend]
    mend([task.pk])
    assert Reminder.objects.get().rings_at is None
