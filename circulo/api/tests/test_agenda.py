"""Tasks and appointments over the API."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from circulo.accounts.rights import Reach, RoleName
from circulo.agenda.models import Entry
from circulo.api.tests.calls import Program
from circulo.testing.cost import query_cost
from circulo.testing.make import make_appointment, make_contact, make_task, make_team, make_user
from circulo.timeline.models import Interaction

pytestmark = pytest.mark.django_db


@pytest.fixture
def program():
    return Program(make_user("seller", team=make_team(), language="en"))


def test_a_task_is_added_read_changed_done_and_opened_again(program):
    party = make_contact(owner=program.user)
    said = {"title": "Call back", "kind": "call", "due_at": "2027-03-01T09:30:00+01:00",
            "party": party.public_id, "reminders": [10], "priority": "high"}  # fmt: skip

    added = program.post("tasks", said)
    task = added.json()
    where = f"tasks/{task['id']}"
    assert added.status_code == 201 and added.headers["Location"] == f"/api/v1/{where}"
    assert (task["due_at"], task["party_name"]) == ("2027-03-01T08:30:00+00:00", party.name)
    assert program.get(where).json() == task

    changed = program.patch(where, {"title": "Call them back", "due_on": "2027-03-02"})
    assert (changed.json()["due_at"], changed.json()["due_on"]) == (None, "2027-03-02")
    done = program.post(f"{where}/complete", {"note": "Reached her"})
    assert done.json()["state"] == "done" and "Reached her" in Interaction.objects.get().body
    assert program.post(f"{where}/reopen").json()["state"] == "open"
    moved = program.post(f"{where}/postpone", {"to": "2027-04-01"})
    assert moved.json()["due_on"] == "2027-04-01"
    assert program.delete(where).status_code == 204
    assert program.get(where).json()["state"] == "dropped"


def test_an_appointment_has_its_people_and_their_answers(program):
    mate = Program(make_user(team=program.user.team))
    said = {"title": "Tasting", "kind": "visit", "starts_at": "2027-03-01T10:00:00Z",
            "repeat": "FREQ=WEEKLY;UNTIL=20270401", "participants": [mate.user.opaque]}  # fmt: skip

    made = program.post("appointments", said).json()

    assert made["ends_at"] == "2027-03-01T11:00:00+00:00"
    answered = mate.post(f"appointments/{made['id']}/answer", {"answer": "yes"}).json()
    assert answered["participants"][0]["answer"] == "yes"
    assert program.post(f"appointments/{made['id']}/answer", {"answer": "yes"}).status_code == 409


def test_a_list_is_filtered_sorted_and_paged_at_the_same_cost(program):
    now = timezone.now()

    def more():
        party = make_contact(owner=program.user)
        for n in range(3):
            make_task(owner=program.user, party=party, kind="call", reminders=[5],
                      due_at=now + timedelta(days=n + 1), title="Añada")  # fmt: skip

    late = make_task(owner=program.user, due_at=now - timedelta(days=1))
    make_task(owner=program.user, title="Whenever")
    more()
    overdue = {"all": [{"field": "due_at", "op": "lt", "value": now.isoformat()},
                       {"field": "state", "op": "is", "value": "open"}]}  # fmt: skip

    found = program.get("tasks", filter=json.dumps(overdue)).json()
    assert [row["id"] for row in found["items"]] == [late.public_id]
    undated = program.get("tasks", filter=json.dumps({"field": "due_at", "op": "empty"})).json()
    assert [row["title"] for row in undated["items"]] == ["Whenever"]
    assert program.get("tasks", q="anada").json()["count"] == 3
    page = program.get("tasks", sort="-due_at", limit="2").json()
    assert page["next"] and page["items"][0]["title"] == "Whenever"
    program.get("tasks")
    cost = query_cost(program.get, "tasks")
    more()
    assert query_cost(program.get, "tasks") == cost


def test_a_stale_change_is_refused_with_both_values(program):
    task = make_task(owner=program.user, title="First")
    where = f"tasks/{task.public_id}"
    etag = program.get(where).headers["ETag"]
    program.patch(where, {"title": "Second"})

    refused = program.patch(where, {"title": "Third"}, If_Match=etag)

    assert refused.status_code == 409
    assert "Second" in refused.content.decode() and "Third" in refused.content.decode()


@pytest.mark.parametrize("said", [
    {}, {"title": 3}, {"title": "x", "due_at": "soon"}, {"title": "x", "party": "nobody"},
    {"title": "x", "owner": "nobody"}, {"title": "x", "waits_for": ["nothing"]},
    {"title": "x", "reminders": "10"}, {"title": "x", "time_zone": "Nowhere/Land"},
    {"title": "x", "repeat": "FREQ=HOURLY", "due_on": "2027-01-01"},
    {"title": "x", "starts_at": "2027-01-01T00:00:00Z"},
])  # fmt: skip
def test_what_cannot_be_is_refused_by_field(program, said):
    answer = program.post("tasks", said)

    assert answer.status_code == 422 and answer.json()["error"]["fields"]
    assert not Entry.objects.exists()


@pytest.mark.parametrize("role", RoleName, ids=lambda role: role.value)
def test_nobody_reaches_further_than_their_role(role):
    team = make_team()
    program = Program(make_user(role, team=team))
    mate, other = make_user(team=make_team(parent=team)), make_user(team=make_team())
    tasks = {"own": make_task(owner=program.user), "team": make_task(owner=mate),
             "other": make_task(owner=other)}  # fmt: skip
    private = make_appointment(owner=mate, is_private=True)
    within = {Reach.NONE: set(), Reach.OWN: {"own"}, Reach.TEAM: {"own", "team"},
              Reach.ALL: {"own", "team", "other"}}  # fmt: skip
    seen, edited = (within[program.user.reach("tasks", act)] for act in ("view", "edit"))

    listed = {row["id"] for row in program.get("tasks").json()["items"]}

    assert listed == {tasks[whose].public_id for whose in seen}
    assert program.get(f"appointments/{private.public_id}").status_code == 404
    for whose, task in tasks.items():
        answer = program.patch(f"tasks/{task.public_id}", {"notes": "x"}).status_code
        assert answer == (404 if whose not in seen else 200 if whose in edited else 403), whose


@pytest.mark.usefixtures("in_english")
def test_the_end_of_a_repetition_that_is_no_date_is_told_how_one_is_written():
    seller = Program(make_user(language="en"))

    refused = seller.post("tasks", {
        "title": "x", "due_on": "2027-01-01", "repeat": "FREQ=DAILY;UNTIL=tomorrow",
    })  # fmt: skip

    assert refused.status_code == 422
    assert "UNTIL=20260214" in refused.json()["error"]["fields"]["repeat"]
