"""Appointments: moved, alone or with their series; cancelled, answered, seen as busy."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from circulo.accounts.models import Notification
from circulo.agenda import actions, plans
from circulo.agenda.models import Entry
from circulo.agenda.selectors.free import busy_times
from circulo.agenda.times import occurrences
from circulo.lib.errors import Invalid, RuleBroken
from circulo.testing.make import make_appointment, make_contact, make_task, make_team, make_user
from circulo.timeline.kinds import Kind
from circulo.timeline.models import Interaction

pytestmark = pytest.mark.django_db
MADRID = ZoneInfo("Europe/Madrid")


def at(day, hour=9, minute=0):
    return datetime(2027, 3, day, hour, minute, tzinfo=MADRID)


def series(owner=None, **said):
    owner = owner or make_user(time_zone="Europe/Madrid")
    return make_appointment(owner=owner, starts_at=at(1), repeat="FREQ=DAILY;COUNT=5", **said)


def times(entry):
    entry.refresh_from_db()
    found = occurrences(entry, at(1, 0), at(30, 0), MADRID)
    return [f"{one.start.astimezone(MADRID):%d %H:%M}" for one in found]


def test_one_of_a_series_is_moved_and_the_others_stay():
    entry = series()

    single = actions.move_entry(
        entry, by=entry.owner, start=at(3, 17), instance="2027-03-03T09:00:00"
    )

    assert times(entry) == ["01 09:00", "02 09:00", "04 09:00", "05 09:00"]
    assert (single.series, single.starts_at, single.ends_at) == (entry, at(3, 17), at(3, 18))


def test_one_of_a_series_is_cancelled_and_no_other_time_can_be():
    entry = series()
    actions.cancel_occurrence(entry, "2027-03-02T09:00:00", by=entry.owner)

    assert times(entry) == ["01 09:00", "03 09:00", "04 09:00", "05 09:00"]
    for wrong in ("2027-03-02T09:00:00", "2027-03-03T10:00:00", "nonsense", ""):
        with pytest.raises(RuleBroken):
            actions.cancel_occurrence(entry, wrong, by=entry.owner)


def test_from_one_time_on_a_series_goes_its_own_way():
    colleague = make_user()
    entry = series(participants=[colleague.opaque], reminders=[30])
    actions.cancel_occurrence(entry, "2027-03-02T09:00:00", by=entry.owner)
    actions.move_entry(entry, by=entry.owner, start=at(4, 17), instance="2027-03-04T09:00:00")

    later = actions.part_series(entry, "2027-03-03T09:00:00", by=entry.owner)

    assert times(entry) == ["01 09:00"]
    assert times(later) == ["03 09:00", "05 09:00"]
    assert later.uid != entry.uid
    assert [one.user for one in later.participants.all()] == [colleague]
    assert [one.minutes for one in later.reminders.all()] == [30]
    moved = later.instances.get()
    assert (moved.starts_at, moved.instance, moved.uid) == (
        at(4, 17), "2027-03-04T09:00:00", later.uid,
    )  # fmt: skip
    assert not entry.instances.exists()


def test_a_series_is_parted_where_its_rule_gives_a_time_and_nowhere_else():
    entry = series()

    assert actions.part_series(entry, "2027-03-01T09:00:00", by=entry.owner) == entry
    for wrong in ("2027-03-03T10:00:00", "2027-03-09T09:00:00", "nonsense", ""):
        with pytest.raises(RuleBroken):
            actions.part_series(entry, wrong, by=entry.owner)
    assert times(entry) == ["01 09:00", "02 09:00", "03 09:00", "04 09:00", "05 09:00"]
    assert Entry.objects.get() == entry


def test_both_parts_of_a_series_are_as_the_whole_was():
    whole = {
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH": "2027-03-18T09:00:00",
        "FREQ=WEEKLY;BYDAY=MO,WE,FR;UNTIL=20270319": "2027-03-10T09:00:00",
        "FREQ=MONTHLY;BYDAY=1MO;COUNT=4": "2027-05-03T09:00:00",
        "FREQ=DAILY;INTERVAL=3": "2027-03-19T09:00:00",
    }
    for rule, instance in whole.items():
        entry = make_appointment(starts_at=at(1), repeat=rule, owner=make_user())
        until = at(1, 0) + timedelta(days=150)
        before = occurrences(entry, at(1, 0), until, MADRID)

        later = actions.part_series(entry, instance, by=entry.owner)

        entry.refresh_from_db()
        parts = [occurrences(one, at(1, 0), until, MADRID) for one in (entry, later)]
        assert all(parts), rule
        assert [one.start for part in parts for one in part] == [one.start for one in before], rule


def test_a_series_of_whole_days_is_parted_too():
    entry = make_appointment(owner=make_user(), starts_on="2027-03-01", repeat="FREQ=DAILY;COUNT=4")

    later = actions.part_series(entry, "2027-03-03T00:00:00", by=entry.owner)

    assert (str(later.starts_on), str(later.ends_on)) == ("2027-03-03", "2027-03-03")
    entry.refresh_from_db()
    assert [len(occurrences(one, at(1, 0), at(30, 0), MADRID)) for one in (entry, later)] == [2, 2]


def test_a_series_that_moves_takes_along_what_it_leaves_out():
    entry = series()
    actions.cancel_occurrence(entry, "2027-03-02T09:00:00", by=entry.owner)
    actions.move_entry(entry, by=entry.owner, start=at(3, 17), instance="2027-03-03T09:00:00")

    actions.move_entry(entry, by=entry.owner, start=at(1, 11))

    assert times(entry) == ["01 11:00", "04 11:00", "05 11:00"]
    assert entry.instances.get().instance == "2027-03-03T11:00:00"

    plan = plans.read({"starts_at": at(1, 8)}, is_appointment=True, by=entry.owner, entry=entry)
    actions.change_entry(entry, plan, by=entry.owner)
    assert times(entry) == ["01 08:00", "04 08:00", "05 08:00"]


def test_a_series_whose_date_is_taken_away_repeats_no_more():
    task = make_task(due_on="2027-03-01", repeat="FREQ=DAILY")
    plan = plans.read({"due_on": None}, is_appointment=False, by=task.owner, entry=task)

    actions.change_entry(task, plan, by=task.owner)

    task.refresh_from_db()
    assert (task.rule, task.span, task.starts_on) == ("", None, None)


def test_those_who_take_part_are_invited_and_hear_of_a_move_and_the_owner_of_an_answer():
    owner, mate = make_user(language="en"), make_user(language="en")
    entry = make_appointment(owner=owner, participants=[mate.opaque])
    actions.answer_invitation(entry, "maybe", by=mate)
    actions.move_entry(entry, by=owner, start=timezone.now() + timedelta(days=9))
    actions.drop_entries([entry.pk], by=owner)

    told = [(one.to, one.kind) for one in Notification.objects.order_by("pk")]
    assert told == [
        (mate, "agenda.invited"), (owner, "agenda.answered"),
        (mate, "agenda.moved"), (mate, "agenda.moved"),
    ]  # fmt: skip


def test_an_appointment_that_was_held_is_on_the_timeline_with_its_minutes():
    owner = make_user()
    ana, blas = make_contact(owner=owner), make_contact(owner=owner)
    entry = make_appointment(owner=owner, kind="visit", parties=[ana.public_id, blas.public_id])

    actions.complete_entries([entry.pk], by=owner)

    told = Interaction.objects.order_by("pk")
    assert [(one.kind, one.party, one.data["minutes"]) for one in told] == [
        (Kind.VISIT, ana, 60), (Kind.VISIT, blas, 60)]  # fmt: skip


def test_busy_is_whoever_owns_or_takes_part_unless_they_said_no_or_it_takes_no_time():
    owner, comes, refuses = make_user(), make_user(), make_user()
    entry = make_appointment(owner=owner, starts_at=at(3, 10), is_private=True,
                             participants=[comes.opaque, refuses.opaque])  # fmt: skip
    actions.answer_invitation(entry, "no", by=refuses)
    make_appointment(owner=owner, starts_at=at(3, 11))
    make_appointment(owner=owner, starts_at=at(3, 15), is_busy=False)

    busy = busy_times([owner.pk, comes.pk, refuses.pk], at(3, 0), at(4, 0))

    assert busy[owner.pk] == [(at(3, 10), at(3, 12))]  # two that touch are one
    assert busy[comes.pk] == [(at(3, 10), at(3, 11))]
    assert busy[refuses.pk] == []


def test_a_whole_day_stays_that_day_wherever_it_is_looked_at():
    entry = make_appointment(owner=make_user(), starts_on="2027-03-03", ends_on="2027-03-04")

    for zone in ("Pacific/Auckland", "Europe/Madrid", "America/Los_Angeles"):
        (one,) = occurrences(entry, at(1), at(9), ZoneInfo(zone))
        assert [str(day) for day in one.days or ()] == ["2027-03-03", "2027-03-04"]
        assert one.start.astimezone(ZoneInfo(zone)).hour == 0


def test_nobody_invites_a_party_out_of_their_reach():
    seller = make_user(team=make_team())
    hidden = make_contact(owner=make_user(team=make_team()))
    said = {"title": "x", "starts_at": at(3), "party": hidden.public_id}

    with pytest.raises(Invalid):
        plans.read(said, is_appointment=True, by=seller)


def test_given_to_somebody_who_brought_in_the_same_calendar_one_gives_way():
    ana, blas = make_user(), make_user()
    one, other = (make_appointment(owner=who, columns={"uid": "same@x"}) for who in (ana, blas))

    assert actions.assign_entries([one.pk], to=blas, by=ana) == 1

    uids = set(Entry.objects.filter(owner=blas).values_list("uid", flat=True))
    assert other.uid in uids and len(uids) == 2
