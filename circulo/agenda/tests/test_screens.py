"""Lists, pages and forms of tasks and appointments: who sees what, and what it costs."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from circulo.agenda.models import Entry
from circulo.testing.cost import query_cost
from circulo.testing.make import (
    make_appointment,
    make_contact,
    make_interaction,
    make_task,
    make_team,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller(client):
    seller = make_user(team=make_team(), language="en")
    client.force_login(seller)
    return seller


def text_of(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.content.decode()


def test_a_task_is_added_by_its_form_and_stands_in_the_list(client, seller):
    party = make_contact(owner=seller, given_name="Begoña", first_surname="Núñez")
    assert "Begoña" in text_of(client, f"/tasks/new?party={party.public_id}")

    said = {"title": "Send the offer", "kind": "email", "day": "2027-02-01", "time": "09:30",
            "other": "begona nunez", "owner": seller.opaque, "priority": "high", "remind": "10",
            "repeat": "FREQ=WEEKLY", "until": "2027-03-01", "once": "k"}  # fmt: skip
    for _twice in range(2):
        answer = client.post("/tasks/new", said)

    task = Entry.objects.get()
    assert answer.status_code == 302 and answer.url == task.get_absolute_url()
    assert (task.party, task.rule) == (party, "FREQ=WEEKLY;UNTIL=20270301T235959")
    assert task.reminders.get().minutes == 10
    page = text_of(client, "/tasks")
    assert "Send the offer" in page and party.get_absolute_url() in page
    assert "every week" in text_of(client, task.get_absolute_url())


def test_an_appointment_is_added_and_edited_without_losing_what_the_form_does_not_show(
    client, seller
):
    mate = make_user(team=seller.team)
    said = {"title": "Tasting", "kind": "visit", "day": "2027-02-01", "time": "10:00",
            "end_time": "11:30", "owner": seller.opaque, "priority": "normal", "place": "Peñafiel",
            "people": [mate.opaque], "remind": "60"}  # fmt: skip
    assert client.post("/appointments/new", said).status_code == 302
    entry = Entry.objects.get()
    assert (str(entry.starts_at)[11:16], str(entry.ends_at)[11:16]) == ("09:00", "10:30")
    assert entry.participants.get().user == mate

    said |= {"title": "Tasting of the new vintage"}
    path = f"{entry.get_absolute_url()}/edit"
    assert "Peñafiel" in text_of(client, path)
    assert client.post(path, said).status_code == 302

    changed = Entry.objects.get()
    assert changed.title == "Tasting of the new vintage"
    assert (changed.starts_at, changed.ends_at) == (entry.starts_at, entry.ends_at)


@pytest.mark.parametrize("said", [
    {}, {"title": ""}, {"title": "x", "time": "10:00"}, {"title": "x", "other": "nobody at all"},
    {"title": "x", "repeat": "FREQ=DAILY"}, {"title": "x", "day": "not a day"},
])  # fmt: skip
def test_a_form_that_is_not_right_says_so_and_keeps_what_was_typed(client, seller, said):
    full = {"kind": "todo", "owner": seller.opaque, "priority": "normal", "notes": "kept"} | said

    answer = client.post("/tasks/new", full)

    assert answer.status_code == 422 and "kept" in answer.content.decode()
    assert not Entry.objects.exists()


def test_one_line_adds_a_task_on_the_page_of_a_party(client, seller):
    party = make_contact(owner=seller)
    said = {"title": "Call again", "kind": "call", "day": "2027-01-10", "party": party.public_id}

    answer = client.post("/tasks/add", said, headers={"HX-Request": "true"})

    assert answer.status_code == 200 and Entry.objects.get().party == party
    assert "Call again" in text_of(client, party.get_absolute_url())


def test_done_postponed_and_dropped_from_the_list_come_back_by_the_toast(client, seller):
    tasks = [make_task(owner=seller) for _ in range(3)]
    keys = [task.public_id for task in tasks]

    client.post("/tasks/act/complete", {"ids": keys[:2]})
    assert Entry.objects.filter(state="done").count() == 2
    page = text_of(client, "/tasks")
    assert "/tasks/act/reopen?ids=" in page
    client.post(f"/tasks/act/reopen?ids={keys[0]}&ids={keys[1]}")
    assert Entry.objects.filter(state="open").count() == 3

    assert "To which day" in client.post("/tasks/act/postpone", {"ids": keys}).content.decode()
    client.post("/tasks/act/postpone", {"ids": keys, "value": "week"})
    days = {task.starts_on for task in Entry.objects.all()}
    assert days == {timezone.localdate() + timedelta(days=7)}

    client.post("/tasks/act/drop", {"ids": keys[:1]})
    assert Entry.objects.get(state="dropped").pk == tasks[0].pk


def test_today_tells_what_is_late_what_is_for_today_and_what_comes(client, seller):
    now = timezone.now()
    party = make_contact(owner=seller)
    make_task(owner=seller, title="Late one", due_at=now - timedelta(days=3), party=party)
    make_task(owner=seller, title="One for today", due_on=timezone.localdate())
    make_task(owner=seller, title="Comes soon", due_on=timezone.localdate() + timedelta(days=3))
    make_task(owner=seller, title="Far away", due_on=timezone.localdate() + timedelta(days=30))
    make_appointment(owner=seller, title="A tasting", starts_on=timezone.localdate())

    page = text_of(client, "/")

    order = [page.index(text) for text in ("Late one", "A tasting", "Comes soon")]
    assert order == sorted(order) and "One for today" in page and "Far away" not in page
    assert party.get_absolute_url() in page


def test_of_a_colleague_one_sees_the_task_but_not_a_party_out_of_reach(client, seller):
    stranger = make_user(team=make_team())
    hidden = make_contact(owner=stranger, given_name="Escondida")
    make_task(owner=seller, by=stranger, title="Help out", due_on=timezone.localdate())
    entry = Entry.objects.get()
    entry.participants.create(party=hidden)
    Entry.objects.update(party=hidden)

    for path in ("/tasks", "/", entry.get_absolute_url(), f"{entry.get_absolute_url()}/edit"):
        page = text_of(client, path)
        assert "Help out" in page and "Escondida" not in page


def test_a_private_appointment_of_a_colleague_is_only_time_that_is_taken(client, seller):
    mate = make_user(team=seller.team)
    secret = make_appointment(owner=mate, title="Doctor", is_private=True,
                              starts_at=timezone.localtime().replace(hour=12))  # fmt: skip

    assert client.get(secret.get_absolute_url()).status_code == 404
    assert "Doctor" not in text_of(client, "/appointments?show=team")
    for view in ("day", "week", "month", "team"):
        page = text_of(client, f"/calendar?view={view}&who=team")
        assert "Doctor" not in page and 'class="item busy' in page, view
        assert secret.public_id not in page


@pytest.mark.parametrize("path", ["", "/edit"])
def test_the_task_of_a_stranger_is_not_there(client, seller, path):
    task = make_task(owner=make_user(team=make_team()))

    assert client.get(f"{task.get_absolute_url()}{path}").status_code == 404
    assert client.post("/tasks/act/complete", {"ids": [task.public_id]}).status_code == 404


def test_the_task_of_a_colleague_is_seen_but_not_changed(client, seller):
    task = make_task(owner=make_user(team=seller.team))

    assert client.get(task.get_absolute_url()).status_code == 200
    assert client.get(f"{task.get_absolute_url()}/edit").status_code == 403
    assert client.post("/tasks/act/complete", {"ids": [task.public_id]}).status_code == 404
    task.refresh_from_db()
    assert task.is_open


@pytest.mark.parametrize("path", [
    "/tasks", "/tasks?show=promises", "/appointments", "/", "/calendar?view=month",
    "/calendar?view=week", "/calendar?view=team", "/notifications",
])  # fmt: skip
def test_a_page_costs_the_same_for_one_as_for_many(client, seller, path):
    def more():
        party = make_contact(owner=seller)
        make_interaction(party=party, by=seller)
        make_task(owner=seller, party=party, due_on=timezone.localdate(), kind="promise")
        make_appointment(owner=seller, party=party, starts_at=timezone.now(), repeat="FREQ=DAILY")
        make_task(owner=seller, by=make_user("admin"))

    more()
    text_of(client, path)
    cost_of_one = query_cost(client.get, path)
    for _ in range(4):
        more()
    assert query_cost(client.get, path) == cost_of_one


def test_the_overview_tells_what_comes_next_within_its_one_statement(client, seller):
    party = make_contact(owner=seller)
    client.get(party.get_absolute_url())
    before = query_cost(client.get, party.get_absolute_url())

    make_task(owner=seller, party=party, title="Send the samples")
    make_task(owner=make_user(team=make_team()), party=party, title="Not for the seller")

    assert query_cost(client.get, party.get_absolute_url()) == before
    page = text_of(client, party.get_absolute_url())
    assert "Send the samples" in page and "Not for the seller" not in page


def test_the_lists_go_on_by_key_in_both_directions(client, seller):
    for number in range(55):
        make_task(owner=seller, title=f"Number {number:02d}", due_on=timezone.localdate()
                  + timedelta(days=number))  # fmt: skip

    first = client.get("/tasks")
    table = first.context["table"]
    second = client.get("/tasks" + table.older)

    assert "Number 49" in first.content.decode() and "Number 50" in second.content.decode()
    assert second.context["table"].newer


def test_search_and_palette_find_what_is_open(client, seller):
    make_task(owner=seller, title="Añejo para la feria")

    for path in ("/search?q=anejo", "/search?q=anejo&palette=1"):
        assert "Añejo para la feria" in text_of(client, path)


def test_moving_by_the_form_and_back_by_the_toast(client, seller):
    entry = make_appointment(owner=seller, starts_at="2027-05-03T08:00:00Z")
    path = reverse("agenda:move", args=[entry.public_id])

    client.post(path, {"day": "2027-05-04", "time": "12:00"})
    entry.refresh_from_db()
    assert str(entry.starts_at) == "2027-05-04 10:00:00+00:00"

    client.post(f"{path}?day=2027-05-03&time=10:00")
    entry.refresh_from_db()
    assert str(entry.starts_at) == "2027-05-03 08:00:00+00:00"


def test_the_next_task_is_set_where_a_call_is_logged_and_once(client, seller):
    party = make_contact(owner=seller)
    assert "next_title" in text_of(client, party.get_absolute_url())
    said = {"kind": "call", "text": "Wants samples", "once": "k", "next_title": "Send samples",
            "next_kind": "todo", "next_day": "2027-02-03"}  # fmt: skip

    for _twice in range(2):
        answer = client.post(f"{party.history_url}/log", said, headers={"HX-Request": "true"})

    task = Entry.objects.get()
    assert answer.status_code == 200
    assert (task.title, task.party, str(task.starts_on)) == ("Send samples", party, "2027-02-03")


def test_a_next_task_that_is_not_right_takes_the_log_back_with_it(client, seller):
    party = make_contact(owner=seller)
    said = {"kind": "call", "text": "x", "next_title": "y", "next_day": "nonsense"}

    answer = client.post(f"{party.history_url}/log", said, headers={"HX-Request": "true"})

    assert answer.status_code == 422 and not party.interactions.exists()
    assert not Entry.objects.exists()


@pytest.mark.parametrize(("query", "times"), [
    ("?day=2027-02-01", ('value="10:00"', 'value="11:00"')),
    ("?day=2027-02-01&time=23:30", ('value="23:30"', 'value="00:30"')),
    ("?day=nonsense&time=99:99", ()),
])  # fmt: skip
def test_a_new_appointment_begins_as_its_address_says(client, seller, query, times):
    page = text_of(client, f"/appointments/new{query}")

    assert all(time in page for time in times)


def test_what_the_form_does_not_offer_is_said_in_words_and_kept(client, seller):
    task = make_task(owner=seller, due_at="2027-02-01T09:00:00Z", reminders=[45],
                     repeat="FREQ=WEEKLY;INTERVAL=3")  # fmt: skip

    page = client.get(f"{task.get_absolute_url()}/edit").content.decode()

    assert "45 minutes before" in page and "Every 3 weeks" in page


def test_a_week_of_the_calendar_says_its_month_once(client, seller):
    page = client.get("/calendar?view=week&day=2026-11-25").content.decode()

    assert "23–29 Nov 2026" in page.replace("\u2009", "")


def test_a_time_of_a_series_that_no_text_can_name_is_none_of_it(client, seller):
    one = make_appointment(owner=seller, title="Tasting", repeat="FREQ=WEEKLY;COUNT=3")

    page = client.get(one.get_absolute_url(), {"instance": "\0"})

    assert page.status_code == 200 and "Tasting" in page.content.decode()
