"""The changes of one task or appointment: told field by field, and one value given back."""

import re

import pytest

from circulo.agenda import actions, plans
from circulo.api.tests.calls import Program
from circulo.lib.acting import acting
from circulo.records.actions.undoing import undo_changes
from circulo.records.models import ChangeSet
from circulo.records.verify import verify
from circulo.testing.make import make_appointment, make_contact, make_task, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def owner(client):
    user = make_user(role="admin", time_zone="Europe/Madrid", language="en", region="en-GB")
    client.force_login(user)
    return user


def change(entry, by, **said):
    plan = plans.read(said, is_appointment=entry.is_appointment, by=by, entry=entry)
    with acting(by.pk, "screen") as done:
        actions.change_entry(entry, plan, by=by)
    return ChangeSet.objects.get(pk=done.change_set or 0)


def put_back(client, entry, column):
    """Put the newest value of a column back; what the page of changes says then."""
    page = client.get(f"{entry.get_absolute_url()}/changes").content.decode()
    forms = re.findall(r'action="(/tasks/[^"]+put-back)".*?name="column" value="([^"]*)"', page)
    address = next(address for address, name in forms if name == column)
    client.post(address, {"column": column})
    entry.refresh_from_db()
    return client.get(f"{entry.get_absolute_url()}/changes").content.decode()


def test_the_page_of_an_entry_leads_to_who_changed_what_of_it(client, owner):
    contact = make_contact(given_name="Ana", first_surname="Ruiz")
    task = make_task(owner=owner, title="Ring", due_on="2027-02-01")
    change(task, owner, title="Ring Ana", party=contact.public_id, reminders=[60])

    assert (
        f'href="/tasks/{task.public_id}/changes"'
        in client.get(task.get_absolute_url()).content.decode()
    )
    page = client.get(f"{task.get_absolute_url()}/changes").content.decode()
    for said in ("<del>Ring</del>", "<ins>Ring Ana</ins>", "Ana Ruiz", "1 hour before", owner.name):
        assert said in page, said
    assert "falls_at" not in page and "Span" not in page
    told = Program(owner).get(f"tasks/{task.public_id}/history").json()["items"]
    assert ("Ring", "Ring Ana") in [(line["from"], line["to"]) for line in told]


def test_one_value_is_put_back_by_the_rules_of_the_agenda(client, owner):
    visit = make_appointment(owner=owner, title="Visit", starts_at="2027-02-01T09:00:00Z",
                             reminders=[30])  # fmt: skip
    before = (visit.starts_at, visit.ends_at, visit.falls_at, visit.span)
    rang = visit.reminders.get().rings_at
    change(visit, owner, title="Tasting", starts_at="2027-03-01T09:00:00Z")

    put_back(client, visit, "starts_at")

    assert visit.title == "Tasting"
    assert (visit.starts_at, visit.ends_at, visit.falls_at, visit.span) == before
    assert visit.reminders.get().rings_at == rang
    put_back(client, visit, "title")
    assert visit.title == "Visit"
    assert not verify()


def test_what_was_done_is_open_again_with_all_that_says_so(client, owner):
    task = make_task(owner=owner, title="Ring")
    actions.complete_entries([task.pk], by=owner)

    put_back(client, task, "state")

    assert (task.state, task.done_at, task.done_by) == ("open", None, None)
    assert not verify()


def test_what_a_task_waits_for_is_told_and_undone_too(client, owner):
    first = make_task(owner=owner, title="Ask the cellar")
    task = make_task(owner=owner, title="Answer")
    done = change(task, owner, waits_for=[first.public_id])
    said = client.get(f"{task.get_absolute_url()}/changes").content.decode()

    assert "Waits for" in said and "Ask the cellar" in said
    undo_changes(done, by=owner)
    assert not task.waits_for.exists()


def test_whoever_may_only_look_puts_nothing_back(client, owner):
    guest = make_user(role="agent", language="en")
    visit = make_appointment(owner=owner, title="Visit", participants=[guest.opaque])
    change(visit, owner, title="Tasting")
    client.force_login(guest)
    page = client.get(f"{visit.get_absolute_url()}/changes").content.decode()

    assert "<ins>Tasting</ins>" in page
    assert "put-back" not in page
    client.force_login(make_user(role="seller"))
    assert client.get(f"{visit.get_absolute_url()}/changes").status_code == 404
