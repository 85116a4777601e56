"""Acts on many tasks or appointments of a list: done at once, and taken back whole."""

import csv
import io
from datetime import date

import pytest

from circulo.agenda.models import Entry
from circulo.records.actions.undoing import undo_changes
from circulo.records.models import ChangeSet
from circulo.records.verify import verify
from circulo.testing.make import make_appointment, make_contact, make_task, make_team, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller(client):
    seller = make_user(team=make_team(), language="en")
    client.force_login(seller)
    return seller


def act(client, name, entries, of="tasks", **said):
    ticked = {"ids": [entry.public_id for entry in entries]}
    return client.post(f"/{of}/bulk/{name}", ticked | said)


def states():
    return list(Entry.objects.order_by("pk").values_list("state", flat=True))


def test_done_needs_one_click_and_comes_back_whole(client, seller):
    party = make_contact(owner=seller)
    tasks = [make_task(owner=seller, party=party, due_on="2027-02-01") for _ in range(3)]

    assert act(client, "complete", tasks[:2], filter="").status_code == 302
    assert states() == ["done", "done", "open"] and party.interactions.count() == 2
    page = client.get("/tasks").content.decode()
    assert "Done: 2 tasks." in page
    undo_changes(ChangeSet.objects.get(kind="bulk"), by=seller)

    assert states() == ["open"] * 3
    assert not Entry.objects.exclude(done_at=None).exists() and not verify()


def test_every_row_of_a_list_is_asked_about_first(client, seller):
    for _ in range(3):
        make_task(owner=seller)

    answer = client.post("/tasks/bulk/complete", {"every": "1"})
    assert answer.status_code == 200 and "Mark 3 tasks as done" in answer.content.decode()
    assert states() == ["open"] * 3
    client.post("/tasks/bulk/complete", {"every": "1", "sure": "1"})
    assert states() == ["done"] * 3


def test_what_waits_or_repeats_is_left_as_it_was(client, seller):
    first = make_task(owner=seller)
    second = make_task(owner=seller, waits_for=[first.public_id])
    series = make_appointment(owner=seller, repeat="FREQ=DAILY")

    refused = act(client, "complete", [second])
    assert refused.status_code == 422 and "do those first" in refused.content.decode()
    assert act(client, "complete", [series], "appointments").status_code == 422
    act(client, "complete", [first, second])
    assert states() == ["done", "done", "open"]
    assert act(client, "complete", [first]).status_code == 422


def test_many_are_postponed_to_a_choice_or_to_any_day(client, seller):
    tasks = [make_task(owner=seller), make_task(owner=seller, due_on="2027-02-01")]

    asked = act(client, "postpone", tasks).content.decode()
    assert "To which day" in asked and "Or another day" in asked
    act(client, "postpone", tasks, sure="1", value="week", other="2027-03-04")
    assert {task.starts_on for task in Entry.objects.all()} == {date(2027, 3, 4)}
    assert act(client, "postpone", tasks, sure="1", value="nonsense").status_code == 422


def test_many_are_given_away_dropped_and_opened_again(client, seller):
    mate = make_user(team=seller.team)
    tasks = [make_task(owner=seller) for _ in range(2)]

    act(client, "assign", tasks, sure="1", value=mate.opaque)
    assert {task.owner for task in Entry.objects.all()} == {mate}
    undo_changes(ChangeSet.objects.get(kind="bulk"), by=seller)
    assert {task.owner for task in Entry.objects.all()} == {seller}
    act(client, "drop", tasks, sure="1")
    assert states() == ["dropped"] * 2
    act(client, "reopen", tasks)
    assert states() == ["open"] * 2
    assert act(client, "assign", tasks, sure="1", value="nobody").status_code == 422


def test_what_lies_out_of_reach_is_left_out(client, seller):
    mine, theirs = make_task(owner=seller), make_task(owner=make_user(team=seller.team))

    told = act(client, "complete", [mine, theirs]).content.decode()
    assert "1 of the selected records is left out" in told and states() == ["open"] * 2
    act(client, "drop", [mine, theirs], sure="1")

    assert states() == ["dropped", "open"]


def test_ticked_rows_are_handed_out_to_whoever_may(client, seller):
    manager = make_user("manager", team=seller.team)
    tasks = [make_task(owner=seller, title=title) for title in ("One", "Two", "Three")]
    assert act(client, "export", tasks[:2], sure="1", value="csv").status_code == 403

    client.force_login(manager)
    answer = act(client, "export", tasks[:2], sure="1", value="csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert [row["title"] for row in csv.DictReader(io.StringIO(text))] == ["One", "Two"]
