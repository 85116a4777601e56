"""The reports that programs ask of calendars: several at once, by filter, by time, when busy."""

from datetime import UTC, datetime

import icalendar
import pytest

from circulo.agenda import actions
from circulo.dav.tests.programs import SPACES, Program, c, d, todo
from circulo.testing.cost import query_cost
from circulo.testing.make import make_appointment, make_task, make_user

pytestmark = pytest.mark.django_db
DATA = "<D:prop><D:getetag/><C:calendar-data/></D:prop>"


@pytest.fixture
def program():
    return Program(make_user())


def titles(found):
    """What the calendars of an answer are called."""
    texts = [one.text(c("calendar-data")) for one in found.values() if one.there]
    parts = [part for text in texts for part in icalendar.Calendar.from_ical(text).subcomponents]
    return sorted(str(part["SUMMARY"]) for part in parts if part.name != "VTIMEZONE")


def query(program, collection, inside, data=DATA):
    component = "VEVENT" if collection == "appointments/" else "VTODO"
    asked = f'<C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="{component}">{inside}'
    asked += "</C:comp-filter></C:comp-filter></C:filter>"
    return program.report(collection, "C:calendar-query", data + asked)


def test_several_are_fetched_at_once_and_what_is_not_there_is_told(program):
    mine = make_appointment(owner=program.user, title="Mine")
    theirs = make_appointment()
    paths = [f"{program.home}appointments/{one.public_id}.ics" for one in (mine, theirs)]
    paths.append("/elsewhere/x.ics")

    hrefs = "".join(f"<D:href>{path}</D:href>" for path in paths)
    found = program.report("appointments/", "C:calendar-multiget", DATA + hrefs)

    assert titles(found) == ["Mine"]
    assert [found[path].status for path in paths[1:]] == ["HTTP/1.1 404 Not Found"] * 2


def test_a_calendar_is_searched_by_time_series_and_their_changed_times_included(program):
    user = program.user
    make_appointment(owner=user, title="In", starts_at="2027-03-10T09:00:00Z")
    make_appointment(owner=user, title="Out", starts_at="2027-04-10T09:00:00Z")
    make_appointment(owner=user, title="Day", starts_on="2027-03-10")
    make_appointment(owner=user, title="Weekly", starts_at="2027-01-06T09:00:00Z",
                     repeat="FREQ=WEEKLY")  # fmt: skip
    make_appointment(owner=user, title="Tuesdays", starts_at="2027-01-05T09:00:00Z",
                     repeat="FREQ=WEEKLY")  # fmt: skip
    moved = make_appointment(owner=user, title="Moved", starts_at="2027-05-01T09:00:00Z",
                             repeat="FREQ=WEEKLY;COUNT=2")  # fmt: skip
    wednesday = datetime(2027, 3, 10, 9, tzinfo=UTC)
    actions.move_entry(moved, by=user, start=wednesday, instance="2027-05-08T11:00:00")

    window = '<C:time-range start="20270310T000000Z" end="20270311T000000Z"/>'
    found = query(program, "appointments/", window)

    assert titles(found) == ["Day", "In", "Moved", "Moved", "Weekly"]
    late = query(program, "appointments/", '<C:time-range start="20270601T000000Z"/>')
    assert titles(late) == ["Tuesdays", "Weekly"]


def test_tasks_are_searched_by_when_they_are_due_and_by_what_they_say(program):
    user = program.user
    due = make_task(owner=user, title="Due", due_at="2027-03-10T09:00:00Z")
    make_task(owner=user, title="Later", due_on="2027-03-20")
    make_task(owner=user, title="Some day")
    actions.complete_entries([due.pk], by=user)
    open_ones = '<C:prop-filter name="COMPLETED"><C:is-not-defined/></C:prop-filter>'

    assert titles(query(program, "tasks/", open_ones)) == ["Later", "Some day"]
    window = '<C:time-range start="20270310T000000Z" end="20270311T000000Z"/>'
    assert titles(query(program, "tasks/", window)) == ["Due", "Some day"]
    named = '<C:prop-filter name="SUMMARY"><C:text-match>SÓME</C:text-match></C:prop-filter>'
    assert titles(query(program, "tasks/", named)) == ["Some day"]


def test_a_series_is_told_time_by_time_to_who_does_not_count(program):
    make_appointment(owner=program.user, title="Weekly", starts_at="2027-03-22T09:00:00+01:00",
                     ends_at="2027-03-22T10:00:00+01:00", repeat="FREQ=WEEKLY")  # fmt: skip
    span = 'start="20270320T000000Z" end="20270401T000000Z"'
    data = f"<D:prop><C:calendar-data><C:expand {span}/></C:calendar-data></D:prop>"

    found = query(program, "appointments/", f"<C:time-range {span}/>", data)

    (told,) = found.values()
    text = told.text(c("calendar-data"))
    assert "RRULE" not in text and text.count("RECURRENCE-ID") == 2
    assert "DTSTART:20270322T080000Z" in text and "DTSTART:20270329T070000Z" in text


@pytest.mark.parametrize(
    ("name", "inside", "condition"),
    [
        ("C:calendar-query", '<C:filter><C:comp-filter name="X"/></C:filter>', "valid-filter"),
        ("C:calendar-query", "", "valid-filter"),
        ("CR:addressbook-query", "", "supported-report"),
        ("D:expand-property", "", "supported-report"),
        ("D:sync-collection", "<D:sync-token>urn:x:1</D:sync-token>", "valid-sync-token"),
    ],
)
def test_what_is_not_understood_is_refused_with_its_condition(program, name, inside, condition):
    answer = program.ask("REPORT", "appointments/", f"<{name} {SPACES}>{inside}</{name}>")

    assert answer.status_code == 403 and f":{condition}/>" in answer.content.decode()


def test_others_learn_when_one_is_busy_and_not_why(program):
    user = program.user
    make_appointment(owner=user, title="Secret", starts_at="2027-03-10T09:00:00Z",
                     ends_at="2027-03-10T10:00:00Z")  # fmt: skip
    make_appointment(owner=user, starts_at="2027-03-10T09:30:00Z", ends_at="2027-03-10T11:00:00Z")
    make_appointment(owner=user, starts_at="2027-03-10T15:00:00Z", is_busy=False)
    span = '<C:time-range start="20270310T000000Z" end="20270311T000000Z"/>'
    body = f"<C:free-busy-query {SPACES}>{span}</C:free-busy-query>"
    text = program.ask("REPORT", "appointments/", body).content.decode()

    assert "FREEBUSY:20270310T090000Z/20270310T110000Z\r\n" in text
    assert text.count("FREEBUSY:") == 1 and "Secret" not in text


def test_who_knows_a_token_hears_what_changed_and_what_is_gone(program):
    user = program.user
    stays, goes = make_task(owner=user), make_task(owner=user)
    found, first = program.sync("tasks/")
    assert len(found) == 2

    assert program.sync("tasks/", first) == ({}, first)
    actions.assign_entries([goes.pk], to=make_user(), by=user)
    program.ask("PUT", "tasks/new.ics", todo())
    found, second = program.sync("tasks/", first)

    home = f"{program.home}tasks/"
    assert found[f"{home}{goes.public_id}.ics"] == "HTTP/1.1 404 Not Found"
    assert found[f"{home}new.ics"] == program.etag("tasks/new.ics")
    assert f"{home}{stays.public_id}.ics" not in found
    program.ask("DELETE", "tasks/new.ics")
    program.ask("PUT", "tasks/new.ics", todo("another@phone"))
    found, third = program.sync("tasks/", second)
    assert found == {f"{home}new.ics": program.etag("tasks/new.ics")}
    assert program.sync("tasks/", third)[0] == {}
    assert (
        program.props("tasks/", "D:sync-token", "CS:getctag")[home].text(d("sync-token")) == third
    )


def test_a_long_list_of_changes_is_told_in_parts(program):
    for _ in range(3):
        make_task(owner=program.user)

    def part(token):
        inside = f"<D:sync-token>{token}</D:sync-token><D:sync-level>1</D:sync-level>"
        inside += "<D:limit><D:nresults>2</D:nresults></D:limit><D:prop><D:getetag/></D:prop>"
        body = f"<D:sync-collection {SPACES}>{inside}</D:sync-collection>"
        text = program.ask("REPORT", "tasks/", body).content_whole.decode()
        return text, text.partition("<D:sync-token>")[2].partition("<")[0]

    first, token = part("")
    assert first.count(".ics") == 2 and "507 Insufficient Storage" in first
    rest, _token = part(token)
    assert rest.count(".ics") == 1 and "507" not in rest


@pytest.mark.parametrize("names", [("D:getetag",), ("D:getetag", "C:calendar-data")])
def test_a_calendar_costs_the_same_for_one_as_for_many(program, names):
    def more():
        make_appointment(owner=program.user, reminders=[10], repeat="FREQ=DAILY",
                         participants=[make_user().opaque])  # fmt: skip

    def ask():
        program.props("appointments/", *names, "D:getlastmodified", depth="1")

    more()
    ask()
    cost = query_cost(ask)
    for _ in range(4):
        more()
    ask()
    assert query_cost(ask) == cost
    assert cost < 25
