"""The lists of tasks and of appointments: views of the house, criteria, shapes, cells and cards."""

import json
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from circulo.accounts.models import Role
from circulo.agenda.models import Entry
from circulo.desk import conditions
from circulo.records.models import SavedView
from circulo.records.resources import resource
from circulo.testing.cost import query_cost
from circulo.testing.make import (
    make_appointment,
    make_contact,
    make_task,
    make_team,
    make_user,
)
from circulo.timeline.models import Interaction

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
OPEN = {"field": "state", "op": "is", "value": "open"}


@pytest.fixture
def seller(client):
    seller = make_user(team=make_team(), language="en")
    client.force_login(seller)
    return seller


def titles(client, path, **said):
    answer = client.get(path, said)
    assert answer.status_code == 200, answer.status_code
    return {row.values["title"] for row in answer.context["table"].rows}


def in_days(days):
    return timezone.localdate() + timedelta(days=days)


def card(client, entry, by, value):
    answer = client.post(f"{entry.get_absolute_url()}/card", {"by": by, "value": value})
    entry.refresh_from_db()
    return answer


def cell(client, entry, column, value, **said):
    answer = client.post(
        f"{entry.get_absolute_url()}/cell/{column}", {"value": value, **said},
        headers={"HX-Request": "true"},
    )  # fmt: skip
    entry.refresh_from_db()
    return answer


def test_the_views_of_the_house_show_what_their_names_say(client, seller):
    mate = make_user(team=seller.team)
    make_task(owner=seller, title="Mine", due_on=in_days(3))
    make_task(owner=seller, title="Late", due_on=in_days(-3), kind="promise")
    make_task(owner=seller, title="Far", due_on=in_days(30))
    make_task(owner=mate, title="Theirs")
    done, dropped = make_task(owner=seller, title="Did"), make_task(owner=seller, title="Not")
    card(client, done, "state", "done")
    card(client, dropped, "state", "dropped")

    assert titles(client, "/tasks") == {"Mine", "Late", "Far"}
    assert titles(client, "/tasks", show="overdue") == {"Late"}
    assert titles(client, "/tasks", show="week") == {"Mine", "Late"}
    assert titles(client, "/tasks", show="promises") == {"Late"}
    assert titles(client, "/tasks", show="team") == {"Mine", "Late", "Far", "Theirs"}
    assert titles(client, "/tasks", show="done") == {"Did"}
    assert titles(client, "/tasks", show="dropped") == {"Not"}
    assert len(titles(client, "/tasks", view="none")) == 6


def test_the_views_of_appointments_tell_what_comes_from_what_is_past(client, seller):
    mate, now = make_user(team=seller.team), timezone.now()
    make_appointment(owner=seller, title="Mine")
    make_appointment(owner=mate, title="Invited", participants=[seller.opaque])
    make_appointment(owner=mate, title="Theirs")
    make_appointment(owner=seller, title="Past", starts_at=now - timedelta(days=3))
    make_appointment(owner=seller, title="Weekly", starts_at=now - timedelta(days=30),
                     repeat="FREQ=WEEKLY")  # fmt: skip

    assert titles(client, "/appointments") == {"Mine", "Invited", "Weekly"}
    assert titles(client, "/appointments", show="team") == {"Mine", "Invited", "Theirs", "Weekly"}
    assert titles(client, "/appointments", show="past") == {"Past", "Weekly"}
    assert titles(client, "/appointments", show="dropped") == set()
    assert [chip["text"] for chip in client.get("/appointments").context["chips"]] == [
        f"Owner or Takes part is {seller.name}",
        "State is Open",
        "Ends is not before now",
    ]


def test_addresses_of_before_lead_where_they_led(client, seller):
    make_task(owner=seller, title="Soon", due_on=in_days(1))
    make_task(owner=seller, title="Later", due_on=in_days(9))
    make_task(owner=make_user(team=seller.team), title="Sooner", due_on=in_days(1))
    soon = json.dumps({"field": "title", "op": "starts", "value": "Soon"})

    assert titles(client, "/tasks", filter=soon) == {"Soon"}
    assert titles(client, "/tasks", filter=soon, show="team") == {"Soon", "Sooner"}
    assert titles(client, "/tasks", q="soon", show="nonsense") == {"Soon"}
    answer = client.get("/tasks?show=mine&sort=-when&columns=title,when")
    assert answer.url == "/tasks?show=mine&sort=-due_at&columns=title%2Cdue_at"
    rows = client.get(answer.url).context["table"].rows
    assert [row.values["title"] for row in rows] == ["Later", "Soon"]


def test_a_condition_of_a_view_of_the_house_is_taken_away_like_any_other(client, seller):
    make_task(owner=seller, title="Mine")
    make_task(owner=make_user(team=seller.team), title="Theirs")

    page = client.get("/tasks")
    assert [chip["text"] for chip in page.context["chips"]] == [
        f"Owner is {seller.name}", "State is Open"]  # fmt: skip
    wider = client.get("/tasks" + page.context["chips"][0]["off"])
    assert {row.values["title"] for row in wider.context["table"].rows} == {"Mine", "Theirs"}
    current = [tab["url"] for tab in wider.context["views"]["tabs"] if tab["current"]]
    assert current == ["/tasks?show=team"]
    every = client.get("/tasks" + wider.context["chips"][0]["off"])
    assert every.context["chips"] == [] and len(every.context["table"].rows) == 2


def test_what_a_role_does_not_see_is_asked_by_no_view_of_the_house(client):
    Role.objects.filter(pk="seller").update(hidden={"tasks": ["state"]})
    user = make_user(team=make_team(), language="en")
    client.force_login(user)
    make_task(owner=user, title="Mine")

    assert titles(client, "/tasks") == {"Mine"}
    assert [tab["label"] for tab in client.get("/tasks").context["views"]["tabs"]] == []


def test_a_view_is_kept_shared_and_opened_within_the_rights_of_each(client, seller):
    mate = make_user(team=seller.team, language="en")
    stranger = make_user(team=make_team())
    make_task(owner=seller, title="Shared", due_on=in_days(1))
    make_task(owner=seller, title="Secret", is_private=True, due_on=in_days(1))
    make_task(owner=stranger, title="Strange", due_on=in_days(1))
    said = {"name": "Open ones", "filter": json.dumps(OPEN), "sharing": "team",
            "shape": "groups", "by": "kind", "view": "none"}  # fmt: skip
    assert client.post("/tasks/views/save", said).status_code == 302
    view = SavedView.objects.get()

    client.force_login(mate)
    client.post("/tasks/views/begin", {"view": view.public_id})
    opened = client.get("/tasks", follow=True)
    assert opened.context["shape"]["groups"].whole.count == 1
    assert titles(client, "/tasks", view=view.public_id, filter=json.dumps(OPEN)) == {"Shared"}


def test_a_card_is_done_dropped_and_opened_again_by_the_usual_acts(client, seller):
    party = make_contact(owner=seller)
    task = make_task(owner=seller, party=party, title="Ring", kind="call")

    page = client.get("/tasks", {"view": "none", "shape": "board", "by": "state"}).content.decode()
    assert page.index('data-value="open"') < page.index("Ring") < page.index('data-value="done"')
    card(client, task, "state", "done")
    assert (task.state, task.done_by) == ("done", seller)
    assert Interaction.objects.get(party=party).subject == "Ring"
    card(client, task, "state", "dropped")
    assert (task.state, task.done_at) == ("dropped", None)
    card(client, task, "state", "open")
    assert task.is_open
    card(client, task, "kind", "visit")
    assert task.kind == "visit"


def test_a_card_that_may_not_move_stays_and_says_why(client, seller):
    first = make_task(owner=seller, title="First")
    task = make_task(owner=seller, title="Second", waits_for=[first.public_id])
    series = make_appointment(owner=seller, repeat="FREQ=DAILY")

    for entry, state in ((task, "done"), (series, "done"), (task, "nonsense")):
        assert card(client, entry, "state", state).status_code == 302
        assert entry.is_open
    assert "waits for" in client.get("/tasks").content.decode()
    Role.objects.filter(pk="seller").update(rights={"tasks": {"delete": "none"}})
    card(client, first, "state", "dropped")
    assert first.is_open
    stranger = make_task(owner=make_user(team=seller.team))
    assert card(client, stranger, "state", "done").status_code == 404


def test_a_cell_moves_a_task_to_another_day_at_its_hour(client, seller):
    task = make_task(owner=seller, due_at="2027-02-01T08:30:00Z")
    whole = make_task(owner=seller)

    assert cell(client, task, "due_at", "2027-07-01").status_code == 200
    assert str(task.starts_at) == "2027-07-01 07:30:00+00:00"
    cell(client, whole, "due_at", "2027-07-01")
    assert str(whole.starts_on) == "2027-07-01"
    assert 'value="2027-07-01"' in client.get(
        f"{whole.get_absolute_url()}/cell/due_at", headers={"HX-Request": "true"}
    ).content.decode()  # fmt: skip
    cell(client, whole, "due_at", "")
    assert not whole.has_date
    assert cell(client, whole, "due_at", "soon").status_code == 422
    assert cell(client, whole, "title", "", version=whole.version).status_code == 422
    assert cell(client, whole, "title", "New", version=1).status_code == 409
    assert cell(client, whole, "title", "New", version=whole.version).status_code == 200
    assert whole.title == "New"


def test_only_what_one_may_edit_is_offered_to_be_edited(client, seller):
    mate = make_user(team=seller.team)
    make_task(owner=seller, title="Mine")
    make_task(owner=mate, by=seller, title="Given")
    make_task(owner=mate, title="Theirs")

    rows = client.get("/tasks", {"view": "none"}).context["table"].rows
    assert {row.values["title"] for row in rows if row.edit} == {"Mine", "Given"}


def test_the_calendar_shows_an_entry_on_its_day(client, seller):
    make_task(owner=seller, title="Whole", due_on="2027-02-03")
    make_task(owner=seller, title="Hour", due_at="2027-02-03T22:30:00Z")
    make_appointment(owner=seller, title="Met", starts_on="2027-02-03")

    def on(path, by):
        said = {"view": "none", "shape": "calendar", "by": by, "month": "2027-02"}
        weeks = client.get(path, said).context["shape"]["weeks"]
        return {row.name: str(day.day) for week in weeks for day in week for row in day.rows}

    assert on("/tasks", "due_at") == {"Whole": "2027-02-03", "Hour": "2027-02-03"}
    assert on("/appointments", "starts_at") == {"Met": "2027-02-03"}


def test_a_closer_look_tells_of_it_and_of_nothing_out_of_sight(client, seller):
    hidden = make_contact(owner=make_user(team=make_team()), given_name="Escondida")
    task = make_task(owner=seller, title="Ring", notes="Ask for the vintage")
    task.participants.create(party=hidden)
    Entry.objects.update(party=hidden)

    page = client.get(f"/tasks/{task.public_id}/peek").content.decode()
    assert "Ask for the vintage" in page and "Escondida" not in page
    stranger = make_task(owner=make_user(team=make_team()))
    assert client.get(f"/tasks/{stranger.public_id}/peek").status_code == 404
    assert client.get(f"/appointments/{task.public_id}/peek").status_code == 404


def test_what_is_asked_of_the_contact_is_asked_of_those_in_sight(client, seller):
    hidden = make_contact(owner=make_user(team=make_team()), lifecycle="customer")
    make_task(owner=seller, title="Seen", party=make_contact(owner=seller, lifecycle="customer"))
    make_task(owner=seller, title="Lead", party=make_contact(owner=seller, lifecycle="lead"))
    make_task(owner=seller, title="Unseen")
    Entry.objects.filter(title="Unseen").update(party=hidden)
    customers = json.dumps({"field": "party.lifecycle", "op": "is", "value": "customer"})

    assert titles(client, "/tasks", filter=customers) == {"Seen"}


@pytest.mark.parametrize("name", ["tasks", "appointments"])
@pytest.mark.parametrize("said", [
    {}, {"view": "none"}, {"shape": "board", "by": "kind"}, {"shape": "board", "by": "state"},
    {"shape": "calendar"}, {"shape": "groups", "by": "kind,owner"},
])  # fmt: skip
def test_every_shape_costs_the_same_for_one_as_for_many(client, seller, name, said):
    make = make_task if name == "tasks" else make_appointment

    def more():
        party = make_contact(owner=seller)
        make(owner=seller, party=party, kind="call")
        make(owner=seller, by=make_user("admin"))

    more()
    client.get(f"/{name}", said)
    cost = query_cost(client.get, f"/{name}", said)
    for _ in range(3):
        more()
    assert query_cost(client.get, f"/{name}", said) == cost
    if "shape" not in said:
        assert cost <= (7 if "view" in said else 10)


def test_the_column_of_a_board_says_how_many_it_holds(client, seller):
    for _ in range(3):
        make_task(owner=seller, kind="call")

    page = client.get("/tasks", {"shape": "board", "by": "kind"}).content.decode()
    assert re.search(r'data-value="call">.*?<small class="num">3</small>', page, re.S)


@pytest.mark.parametrize("name", ["tasks", "appointments"])
def test_the_panel_asks_for_a_value_of_every_field(client, seller, name):
    task = make_task(owner=seller, title="Ring the cellar")
    fields = resource(name).criteria_for(seller)
    assert len(fields) > 18

    for field in fields:
        for op in conditions.offered(fields[field]):
            said = {"field": field, "op": op, "find": "ring the"}
            answer = client.get(f"/{name}/condition", said)
            assert answer.status_code == 200, said
            if field == "waits_for" and op == "in":
                assert task.public_id in answer.content.decode()


def test_what_is_cancelled_is_not_called_dropped(client, seller):
    meeting = make_appointment(owner=seller)
    card(client, meeting, "state", "dropped")

    page = client.get("/appointments", {"show": "dropped", "columns": "title,state"})
    (row,) = page.context["table"].rows
    assert row.values["state"] == [("Cancelled", "line")]


def test_a_list_remembers_its_columns_but_not_the_order_of_a_view_of_the_house(client, seller):
    make_task(owner=seller, title="First", due_on=in_days(1))
    make_task(owner=seller, title="Second", due_on=in_days(2))

    said = {"show": "done", "remember": "1", "columns": "title,kind", "sort": "-due_at"}
    assert "filter=" in client.get("/tasks", said).url
    page = client.get("/tasks").context["table"]
    assert [column.name for column in page.columns] == ["title", "kind"]
    assert [row.values["title"] for row in page.rows] == ["First", "Second"]
    client.get("/tasks", {"remember": "1", "sort": "-due_at"})
    rows = client.get("/tasks").context["table"].rows
    assert [row.values["title"] for row in rows] == ["Second", "First"]
