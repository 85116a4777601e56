"""Importing tasks and appointments from tables: what is read, whom it finds, what is refused."""

from datetime import UTC, date, datetime

import pytest

from circulo.agenda.dumps import columns_of
from circulo.agenda.models import Entry
from circulo.agenda.plans import fields_of
from circulo.records.actions import loads, running
from circulo.records.actions.undoing import undo_changes
from circulo.testing.make import (
    make_appointment,
    make_contact,
    make_deal,
    make_task,
    make_team,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def boss(settings, tmp_path):
    settings.HOME = tmp_path
    return make_user("admin", name="Ana Ruiz", time_zone="Europe/Madrid")


def load(tmp_path, by, name, *lines, **options):
    path = tmp_path / "table.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with path.open("rb") as file:
        made = loads.start_load(file, path.name, name, by=by)
    made = loads.map_columns(made, options=options) if options else made
    return running.run_load(made)


def counts(done):
    return done.created, done.updated, done.skipped, done.refused


def test_what_other_programs_hand_out_comes_in_by_its_headings(boss, tmp_path):
    eva = make_contact(given_name="Eva", emails=["eva@example.com"], owner=boss)
    done = load(
        tmp_path, boss, "tasks",
        "Task Title,Due date,Task Type,Task Status,Priority,Assigned to,Contact email,Notes",
        "Ring Eva,05/02/2027,CALL,NOT_STARTED,HIGH,Ana Ruiz,eva@example.com,About wine",
        "Write,06/02/2027 10:30,Correo,Completada,Baja,,,",
    )  # fmt: skip

    assert counts(done) == (2, 0, 0, 0), [one.reason for one in done.refusals.all()]
    ring, write = Entry.objects.order_by("pk")
    assert (ring.title, ring.kind, ring.state, ring.starts_on) == (
        "Ring Eva", "call", "open", date(2027, 2, 5))  # fmt: skip
    assert (ring.priority, ring.owner, ring.party, ring.notes) == (1, boss, eva, "About wine")
    assert write.starts_at == datetime(2027, 2, 6, 9, 30, tzinfo=UTC)
    assert (write.kind, write.state, write.priority, write.done_by) == ("email", "done", 9, boss)


def test_a_calendar_of_outlook_has_its_times_in_columns_of_their_own(boss, tmp_path):
    done = load(
        tmp_path, boss, "appointments",
        "Asunto,Fecha de comienzo,Hora de comienzo,Fecha de finalización,Hora de finalización,"
        "Ubicación,Privado",
        "Cata,1/2/2027,9:00:00,1/2/2027,11:30:00,Bodega,Falso",
        "Feria,3/2/2027,,4/2/2027,,Rueda,Verdadero",
    )  # fmt: skip

    assert counts(done) == (2, 0, 0, 0), [one.reason for one in done.refusals.all()]
    tasting, fair = Entry.objects.order_by("pk")
    assert (tasting.starts_at, tasting.ends_at) == (
        datetime(2027, 2, 1, 8, tzinfo=UTC), datetime(2027, 2, 1, 10, 30, tzinfo=UTC))  # fmt: skip
    assert (fair.starts_on, fair.ends_on) == (date(2027, 2, 3), date(2027, 2, 4))
    assert (tasting.place, tasting.is_private, fair.is_private) == ("Bodega", False, True)


def test_the_same_table_twice_adds_nothing_and_a_changed_one_changes_what_it_says(boss, tmp_path):
    mate, deal = make_user(name="Bea Sanz"), make_deal(title="Oven", owner=boss)
    head = "uid,title,due_at,participants,reminders,deal,place"
    row = f"1@x,Ring,2027-02-01T09:00:00Z,{mate.email};Leo <leo@x.example>,10;60,{deal.public_id},"
    first = load(tmp_path, boss, "tasks", head, row)
    again = load(tmp_path, boss, "tasks", head, row)
    task = Entry.objects.get()
    guest = task.participants.get(email="leo@x.example")
    task.participants.filter(pk=guest.pk).update(answer="yes")
    third = load(tmp_path, boss, "tasks", head, row.replace("10;60", "10") + "Loft")

    assert [counts(one) for one in (first, again, third)] == [
        (1, 0, 0, 0), (0, 0, 1, 0), (0, 1, 0, 0)]  # fmt: skip
    task.refresh_from_db()
    assert (task.place, task.deal_step.deal, task.version) == ("Loft", deal, 2)
    assert [one.minutes for one in task.reminders.all()] == [10]
    assert task.participants.get(email="leo@x.example").answer == "yes"
    assert task.participants.get(user=mate)

    undo_changes(third.change_set, by=boss)
    task.refresh_from_db()
    assert task.place == "" and task.reminders.count() == 2


def test_a_table_without_identifiers_comes_in_once(boss, tmp_path):
    lines = "title,due_on", "Ring,2027-02-01", "Ring,2027-02-01", "Ring,2027-02-02"

    assert counts(load(tmp_path, boss, "tasks", *lines)) == (2, 0, 1, 0)
    assert counts(load(tmp_path, boss, "tasks", *lines)) == (0, 0, 3, 0)


@pytest.mark.parametrize(("name", "head", "row", "why"), [
    ("tasks", "due_on", "2027-02-01", "a few words"),
    ("tasks", "title,owner", "Ring,Nobody", "works here"),
    ("tasks", "title,party", "Ring,Nobody", "more than one"),
    ("tasks", "title,kind", "Ring,meeting", "is no kind"),
    ("tasks", "title,state", "Ring,half", "is no state"),
    ("tasks", "title,priority", "Ring,urgent-ish", "is no priority"),
    ("tasks", "title,repeat", "Ring,FREQ=DAILY", "from when on"),
    ("tasks", "title,due_on,repeat", "Ring,2027-02-01,FREQ=SECONDLY", "daily"),
    ("tasks", "title,due_on", "Ring,1450-02-01", "1900"),
    ("tasks", "title,reminders", "Ring,-5", "at most"),
    ("tasks", "title,time_zone", "Ring,Atlantis/Poseidonis", "time zone"),
    ("tasks", "id,title", "zz,Ring", "identifier"),
    ("appointments", "title", "Cata", "begins"),
    ("appointments", "title,starts_on,ends_on", "Cata,2027-02-02,2027-02-01", "ends before"),
])  # fmt: skip
def test_what_cannot_be_kept_is_refused_with_its_reason(boss, tmp_path, name, head, row, why):
    done = load(tmp_path, boss, name, head, row)

    assert counts(done) == (0, 0, 0, 1)
    assert why in done.refusals.get().reason
    assert not Entry.objects.exists()


def test_nobody_changes_by_a_table_what_they_may_not_change(boss, tmp_path):
    team = make_team()
    seller, mate = make_user(team=team, time_zone="Europe/Madrid"), make_user(team=team)
    theirs = make_task(owner=mate, by=mate, participants=[seller.opaque], title="Theirs")
    hidden = make_task(owner=boss, by=boss, is_private=True)
    lines = [f"{one.public_id},{one.uid},Mine now" for one in (theirs, hidden)]

    done = load(tmp_path, seller, "tasks", "id,uid,title", *lines)

    assert (done.updated, done.refused) == (0, 1)
    theirs.refresh_from_db()
    hidden.refresh_from_db()
    assert "Mine now" not in (theirs.title, hidden.title)


def test_an_appointment_that_moves_keeps_its_length_and_who_is_told_of_it_is_nobody(boss, tmp_path):
    one = make_appointment(owner=boss, starts_at="2027-02-01T09:00:00Z",
                           ends_at="2027-02-01T11:00:00Z")  # fmt: skip
    load(tmp_path, boss, "appointments", "id,starts_at", f"{one.public_id},2027-02-03T09:00:00Z")

    one.refresh_from_db()
    assert one.ends_at == datetime(2027, 2, 3, 11, tzinfo=UTC)
    assert one.falls_at == one.starts_at and one.span.lower == one.starts_at


def test_a_series_and_its_single_times_come_in_elsewhere_as_they_were(boss, tmp_path):
    lines = ("uid,instance,title,starts_at,repeat,except,time_zone",
             "s@x,2027-02-02T10:00:00,Moved,2027-02-02T16:00:00Z,,,Europe/Madrid",
             "s@x,,Daily,2027-02-01T09:00:00Z,FREQ=DAILY;COUNT=3,2027-02-02T10:00:00,"
             "Europe/Madrid")  # fmt: skip
    assert counts(load(tmp_path, boss, "appointments", *lines)) == (2, 0, 0, 0)

    series = Entry.objects.get(instance="")
    assert series.instances.get().title == "Moved"
    assert counts(load(tmp_path, boss, "appointments", *lines)) == (0, 0, 2, 0)


def test_a_table_says_what_the_api_takes():
    for name, is_appointment in (("tasks", False), ("appointments", True)):
        assert set(fields_of(is_appointment)) - {"waits_for"} <= set(columns_of(name))


def test_what_a_task_waits_for_comes_in_with_it_and_again_changes_nothing(boss, tmp_path):
    here = make_task(owner=boss, title="Ask", by=boss)
    other = make_task(owner=boss, title="Wait")
    rows = (
        "id,uid,title,waits_for",
        f",one@x,Answer,{here.public_id}",
        f"{other.public_id},two@x,Cook,0000000001",
        "0000000001,three@x,Shop,",
    )  # the second and third of another installation, in which they have other identifiers
    done = load(tmp_path, boss, "tasks", *rows)

    assert counts(done)[0] == 3, [one.reason for one in done.refusals.all()]
    named = {one.title: one for one in Entry.objects.all()}
    assert [one.title for one in named["Answer"].waits_for.all()] == ["Ask"]
    assert [one.title for one in named["Cook"].waits_for.all()] == ["Shop"]
    assert counts(load(tmp_path, boss, "tasks", *rows)) == (0, 0, 3, 0)

    empty = load(tmp_path, boss, "tasks", "uid,waits_for", f"one@x,{other.public_id}")
    assert counts(empty) == (0, 1, 0, 0)
    assert [one.title for one in named["Answer"].waits_for.all()] == ["Wait"]
    wrong = load(tmp_path, boss, "tasks", "uid,title,waits_for", "four@x,Eat,abcdefghjk")
    assert counts(wrong) == (0, 0, 0, 1)
