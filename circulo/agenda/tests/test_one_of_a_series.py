"""One time of what repeats: opened, changed, held and put off alone, on screen and by the API."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from circulo.agenda import actions, plans
from circulo.agenda.models import Entry
from circulo.api.tests.calls import Program
from circulo.lib.errors import RuleBroken
from circulo.testing.make import make_appointment, make_task, make_user

pytestmark = pytest.mark.django_db
MADRID = ZoneInfo("Europe/Madrid")
THIRD = "2027-03-03T09:00:00"


def at(day, hour=9):
    return datetime(2027, 3, day, hour, tzinfo=MADRID)


@pytest.fixture
def owner(client):
    user = make_user(role="admin", time_zone="Europe/Madrid", language="en", region="en-GB")
    client.force_login(user)
    return user


@pytest.fixture
def series(owner):
    return make_appointment(
        owner=owner, title="Tasting", place="Cellar", starts_at=at(1), repeat="FREQ=DAILY;COUNT=5"
    )


def test_what_is_said_of_one_time_leaves_the_series_as_it_was(owner, series):
    said = {"title": "Tasting abroad", "place": "Porto"}
    plan = plans.read(said, is_appointment=True, by=owner, entry=series)

    single = actions.change_occurrence(series, THIRD, plan, by=owner)

    series.refresh_from_db()
    assert (single.title, single.place, single.starts_at) == ("Tasting abroad", "Porto", at(3))
    assert (series.title, series.place, series.less_dates) == ("Tasting", "Cellar", [THIRD])
    with pytest.raises(RuleBroken):
        actions.change_occurrence(series, THIRD, plan, by=owner)


def test_the_page_of_one_time_is_of_that_day_and_a_form_changes_only_it(client, owner, series):
    address = series.get_absolute_url()

    shown = client.get(address, {"instance": THIRD}).content.decode()
    assert "Meeting · 3 Mar 2027, 09:00" in shown
    assert 'name="day" required value="2027-03-03"' in shown
    assert f"/edit?instance={THIRD}" in shown

    edit = f"{address}/edit?instance={THIRD}"
    form = client.get(edit).context["form"]
    assert "Only the one of 3 Mar 2027" in client.get(edit).content.decode()
    assert "repeat" not in form.fields
    said = {name: value for name, value in form.initial.items() if name in form.fields}
    said |= {"day": "2027-03-03", "time": "09:00", "end_time": "11:00", "end_day": "2027-03-03"}
    answer = client.post(edit, said | {"title": "Long tasting"})

    single = Entry.objects.get(series=series)
    assert answer["Location"] == single.get_absolute_url()
    assert (single.title, single.starts_at, single.ends_at) == ("Long tasting", at(3), at(3, 11))
    series.refresh_from_db()
    assert (series.title, series.starts_at, series.rule) == ("Tasting", at(1), "FREQ=DAILY;COUNT=5")
    assert client.get(address, {"instance": THIRD})["Location"] == single.get_absolute_url()
    assert address in client.get(single.get_absolute_url()).content.decode()


def test_one_time_is_held_or_put_off_and_the_series_stays_open(client, series):
    said = {"ids": series.public_id, "instance": THIRD}
    client.post("/tasks/act/complete", said)
    asked = client.post("/tasks/act/postpone", said | {"instance": "2027-03-04T09:00:00"})
    assert 'name="instance" value="2027-03-04T09:00:00"' in asked.content.decode()
    later = said | {"instance": "2027-03-04T09:00:00", "value": "2027-03-20"}
    client.post("/tasks/act/postpone", later)

    held, late = Entry.objects.filter(series=series).order_by("instance")
    assert (held.state, held.starts_at) == ("done", at(3))
    assert (late.state, late.starts_at) == ("open", at(20))
    series.refresh_from_db()
    assert (series.state, series.starts_at, len(series.less_dates)) == ("open", at(1), 2)


def test_a_series_of_appointments_is_not_held_as_a_whole(client, series):
    assert "It was held" not in client.get(series.get_absolute_url()).content.decode()
    assert (
        "It was held" in client.get(series.get_absolute_url(), {"instance": THIRD}).content.decode()
    )


def test_the_time_that_a_task_waits_for_is_the_task_itself(client, owner):
    task = make_task(owner=owner, due_on="2027-03-01", repeat="FREQ=DAILY;COUNT=3")
    client.post("/tasks/act/complete", {"ids": task.public_id, "instance": "2027-03-01T00:00:00"})

    task.refresh_from_db()
    assert (task.state, str(task.starts_on), task.rule) == (
        "open",
        "2027-03-02",
        "FREQ=DAILY;COUNT=2",
    )


def test_the_time_that_is_looked_at_stands_before_the_others_in_their_order(client, series):
    shown = client.get(series.get_absolute_url(), {"instance": THIRD}).content.decode()
    days = [shown.index(f'?instance=2027-03-0{day}T09:00:00">') for day in (1, 2, 4, 5)]
    assert days == sorted(days) and shown.index("<strong>3 Mar 2027") < days[0]


def test_the_api_makes_one_time_a_record_of_its_own(owner, series):
    program = Program(owner)
    address = f"appointments/{series.public_id}/single-out"

    answer = program.post(address, {"instance": THIRD})

    made = answer.json()
    assert (answer.status_code, made["title"], made["series"]) == (201, "Tasting", series.public_id)
    assert program.post(address, {"instance": THIRD}).status_code == 409


def test_each_link_of_the_calendar_has_a_name_of_its_own(client, owner, series):
    make_appointment(owner=owner, starts_on="2027-03-02", ends_on="2027-03-04", title="Fair")
    drawn = client.get("/calendar", {"view": "week", "day": "2027-03-03"}).content.decode()

    names = re.findall(r'<a id="(at-[^"]+)"', drawn)
    assert len(names) == len(set(names)) == 6 and drawn.count("Fair") == 3
