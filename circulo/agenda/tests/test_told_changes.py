"""What change sets say of tasks and appointments: field by field, on screen and over the API."""

import pytest
from django.utils import translation

from circulo.agenda import actions, plans
from circulo.agenda.models import Reminder
from circulo.api.tests.calls import Program
from circulo.lib.acting import acting
from circulo.records.models import ChangeSet
from circulo.records.wording import label_of
from circulo.testing.make import make_appointment, make_contact, make_task, make_team, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    user = make_user("admin", language="en", name="Ana Ruiz")
    client.force_login(user)
    return user


def kept(act, by):
    with acting(by.pk, "screen") as done:
        act()
    return ChangeSet.objects.get(pk=done.change_set or 0)


def change(entry, by, **said):
    plan = plans.read(said, is_appointment=entry.is_appointment, by=by, entry=entry)
    return kept(lambda: actions.change_entry(entry, plan, by=by), by)


def test_a_changed_task_says_each_field_before_and_after(client, admin):
    other, party = make_user(name="Bea Sanz"), make_contact(given_name="Eva", owner=admin)
    task = make_task(owner=admin, title="Call", due_at="2027-02-01T09:00:00Z", reminders=[10])
    done = change(
        task, admin, title="Ring up", due_at="2027-02-02T09:00:00Z", priority="high",
        owner=other.opaque, party=party.public_id, reminders=[10, 120],
        repeat="FREQ=WEEKLY",
    )  # fmt: skip

    for path in ("/changes", done.url):
        assert "Title" in client.get(path).content.decode(), path
    page = " ".join(client.get(done.url).content.decode().split())
    for said in ("<del>Call</del>", "Ring up", "Priority", "Normal", "High", "Ana Ruiz", "Bea Sanz",
                 "every week", "2 hours before", "Participant"):  # fmt: skip
        assert said in page, said
    for hidden in ("Sequence", "falls_at", "Span", "10 minutes before"):
        assert hidden not in page


def test_the_api_tells_what_a_change_set_changed_of_which_record(admin):
    appointment = make_appointment(owner=admin, title="Visit", starts_at="2027-02-01T09:00:00Z")
    done = change(appointment, admin, place="Bodega")

    said = Program(admin).get(f"change-sets/{done.public_id}").json()

    (record,) = said["records"]
    assert (record["id"], record["kind"], record["name"], record["more"]) == (
        appointment.public_id, "entry", "Visit", 0)  # fmt: skip
    (line,) = record["changes"]
    assert (line["field"], line["act"], line["from"], line["to"]) == (
        "place", "changed", None, "Bodega")  # fmt: skip


def test_days_and_answers_are_written_in_words(client, admin):
    guest = make_user(language="en", name="Bea Sanz")
    series = make_appointment(owner=admin, starts_at="2027-02-01T09:00:00Z", repeat="FREQ=DAILY",
                              participants=[guest.opaque])  # fmt: skip
    instance = "2027-02-03T10:00:00" if series.time_zone == "Europe/Madrid" else (
        "2027-02-03T09:00:00")  # fmt: skip
    without = kept(lambda: actions.cancel_occurrence(series, instance, by=admin), admin)
    answered = kept(lambda: actions.answer_invitation(series, "yes", by=guest), guest)

    page = client.get(without.url).content.decode()
    assert "Days left out" in page and "3 Feb 2027" in page
    page = client.get(answered.url).content.decode()
    assert "Participant · Answer" in page and "comes" in page


def test_fields_of_entries_out_of_sight_are_not_told(client, admin):
    seller = make_user(team=make_team(), language="en")
    task = make_task(owner=seller, by=seller, title="Secret", place="Cellar")
    done = change(task, seller, place="Loft")
    type(task).objects.filter(pk=task.pk).update(owner=admin, created_by=admin)
    client.force_login(seller)

    page = client.get(done.url).content.decode()

    assert "Loft" not in page and "Secret" not in page


def test_a_reminder_that_stays_is_not_set_anew(admin):
    task = make_task(owner=admin, due_at="2047-02-01T09:00:00Z", reminders=[10, 60])
    stays = Reminder.objects.get(minutes=10).pk

    change(task, admin, reminders=[10, 120])

    assert dict(Reminder.objects.values_list("minutes", "pk"))[10] == stays
    assert set(Reminder.objects.values_list("minutes", flat=True)) == {10, 120}


@pytest.mark.parametrize("kind", ["entry", "deal", "quote"])
def test_in_spanish_what_a_record_is_called_is_no_form_of_address(kind):
    with translation.override("es"):
        assert label_of(kind, "title") == "Título"
        assert label_of("party", "title") == "Tratamiento"
