"""What becomes of a task: added, done, open again, later, somebody else's, dropped."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from circulo.accounts.models import Notification
from circulo.agenda import actions
from circulo.agenda.models import Entry
from circulo.lib.errors import Invalid, RuleBroken
from circulo.testing.make import make_contact, make_task, make_team, make_user
from circulo.timeline.kinds import Kind
from circulo.timeline.models import Interaction

pytestmark = pytest.mark.django_db
MADRID = ZoneInfo("Europe/Madrid")


def test_a_task_done_becomes_an_interaction_of_its_party():
    seller = make_user()
    party = make_contact(owner=seller)
    task = make_task(owner=seller, party=party, kind="call", title="Ask for the order")

    actions.complete_entries([task.pk], by=seller, note="Wants a hundred boxes")

    task.refresh_from_db()
    told = Interaction.objects.get()
    assert (task.state, task.done_by) == ("done", seller)
    assert (told.kind, told.party, told.by, told.subject) == (
        Kind.CALL, party, seller, "Ask for the order")  # fmt: skip
    assert "hundred boxes" in told.body and (told.about_kind, told.about_id) == ("entry", task.pk)


def test_done_twice_counts_once():
    seller = make_user()
    task = make_task(owner=seller, party=make_contact(owner=seller))

    counts = [actions.complete_entries([task.pk], by=seller) for _ in range(2)]

    assert counts == [1, 0] and Interaction.objects.count() == 1


def test_what_is_opened_again_is_to_be_done():
    task = make_task()
    actions.complete_entries([task.pk], by=task.owner)

    actions.reopen_entries([task.pk], by=task.owner)

    task.refresh_from_db()
    assert (task.state, task.done_at, task.done_by) == ("open", None, None)


def test_a_task_that_waits_for_another_is_done_after_it_or_with_it():
    seller = make_user()
    first = make_task(owner=seller)
    second = make_task(owner=seller, waits_for=[first.public_id])

    with pytest.raises(RuleBroken):
        actions.complete_entries([second.pk], by=seller)

    assert actions.complete_entries([first.pk, second.pk], by=seller) == 2


def test_tasks_never_wait_for_each_other_in_a_circle():
    seller = make_user()
    first = make_task(owner=seller)
    second = make_task(owner=seller, waits_for=[first.public_id])
    from circulo.agenda import plans

    plan = plans.read({"waits_for": [second.public_id]}, is_appointment=False, by=seller,
                      entry=first)  # fmt: skip
    with pytest.raises(Invalid):
        actions.change_entry(first, plan, by=seller)


def test_postponed_a_task_keeps_its_hour_across_the_change_of_the_clocks():
    seller = make_user(time_zone="Europe/Madrid")
    at = datetime(2027, 3, 26, 9, 0, tzinfo=MADRID)
    task = make_task(owner=seller, due_at=at)

    actions.postpone_entries([task.pk], to=date(2027, 3, 29), by=seller)

    task.refresh_from_db()
    assert task.starts_at == datetime(2027, 3, 29, 9, 0, tzinfo=MADRID)


def test_what_had_no_date_is_postponed_to_a_whole_day():
    task = make_task()

    actions.postpone_entries([task.pk], to=date(2027, 1, 4), by=task.owner)

    task.refresh_from_db()
    assert (task.starts_on, task.starts_at) == (date(2027, 1, 4), None)


def test_whoever_is_given_a_task_is_told_but_never_of_ones_own_acts():
    team = make_team()
    chief, seller = make_user("manager", team=team, name="Eva"), make_user(team=team)
    task = make_task(owner=chief, title="Visit the fair")
    assert not Notification.objects.exists()

    actions.assign_entries([task.pk], to=seller, by=chief)

    told = Notification.objects.get()
    assert (told.to, told.by, told.about_id) == (seller, chief, task.pk)
    assert "Eva" in told.text and "Visit the fair" in told.text


def test_a_repeating_task_goes_on_with_its_next_time_and_keeps_what_was_done():
    seller = make_user()
    party = make_contact(owner=seller)
    monday = timezone.localdate() - timedelta(days=timezone.localdate().weekday())
    task = make_task(owner=seller, party=party, due_on=monday, repeat="FREQ=WEEKLY;COUNT=2")

    actions.complete_entries([task.pk], by=seller)

    task.refresh_from_db()
    done = Entry.objects.get(series=task)
    assert (task.state, task.starts_on) == ("open", monday + timedelta(days=7))
    assert (done.state, done.starts_on, done.party) == ("done", monday, party)

    actions.complete_entries([task.pk], by=seller)

    task.refresh_from_db()
    assert task.state == "done" and Interaction.objects.count() == 2


@pytest.mark.parametrize(("days", "is_kept"), [(1, True), (-1, False)])
def test_a_promise_is_kept_or_broken_and_the_timeline_says_which(days, is_kept):
    seller = make_user()
    due = timezone.now() + timedelta(days=days)
    task = make_task(owner=seller, party=make_contact(owner=seller), kind="promise", due_at=due)

    actions.complete_entries([task.pk], by=seller)

    told = Interaction.objects.get()
    assert (told.kind, told.data["is_kept"]) == (Kind.PROMISE, is_kept)


@pytest.mark.parametrize("said", [
    {}, {"title": ""}, {"title": "x" * 301}, {"title": "x", "kind": "meeting"},
    {"title": "x", "due_at": "yesterday"}, {"title": "x", "due_on": "2026-02-30"},
    {"title": "x", "due_at": "2026-02-02T10:00:00Z", "due_on": "2026-02-02"},
    {"title": "x", "repeat": "FREQ=DAILY"}, {"title": "x", "owner": "nobody"},
    {"title": "x", "due_on": "2026-02-02", "repeat": "FREQ=SECONDLY"},
    {"title": "x", "due_on": "2026-02-02", "repeat": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"},
    {"title": "x", "reminders": [-1]}, {"title": "x", "nonsense": 1}, {"title": "a\0b"},
])  # fmt: skip
def test_what_cannot_be_is_refused_with_its_reason(said):
    from circulo.agenda import plans

    with pytest.raises(Invalid) as refused:
        plans.read(said, is_appointment=False, by=make_user())

    assert all(str(text) for text in refused.value.fields.values())
