"""Calendars as programs read and write them, through the same acts as the screens."""

import pytest
from django.utils import timezone

from circulo.accounts.models import Notification
from circulo.agenda import actions
from circulo.agenda.models import Entry
from circulo.dav.tests.programs import Program, c, calendar, d, event, todo
from circulo.records.models import ChangeSet
from circulo.testing.make import make_appointment, make_contact, make_task, make_team, make_user
from circulo.timeline.models import Interaction

pytestmark = pytest.mark.django_db
HERE = "appointments/"


@pytest.fixture
def seller():
    return make_user(team=make_team(), language="en")


def test_a_program_finds_its_way_from_the_host_to_the_collections(client, seller):
    assert client.get("/.well-known/caldav").headers["Location"] == "/dav/"
    assert client.generic("PROPFIND", "/.well-known/carddav").status_code == 301
    program = Program(seller)

    root = program.props("/dav/", "D:current-user-principal")["/dav/"]
    assert root.text(d("current-user-principal")) == program.home
    homes = program.props(program.home, "C:calendar-home-set", "CR:addressbook-home-set",
                          "C:calendar-user-address-set", "C:nothing")[program.home]  # fmt: skip
    assert homes.text(c("calendar-home-set")) == program.home
    assert f"mailto:{seller.email}" in homes.text(c("calendar-user-address-set"))
    assert homes.missing == [c("nothing")]
    found = program.props(program.home, "D:resourcetype", "D:displayname", depth="1")
    kinds = {path: [one.tag for one in told.there[d("resourcetype")]]
             for path, told in found.items()}  # fmt: skip
    assert kinds[f"{program.home}appointments/"] == [d("collection"), c("calendar")]
    assert set(kinds) == {program.home} | {
        f"{program.home}{name}/" for name in ("appointments", "tasks", "contacts")
    }


@pytest.mark.parametrize(("language", "name"), [("en", "appointments"), ("es", "citas")])
def test_a_calendar_is_called_in_the_language_of_its_person(language, name):
    program = Program(make_user(language=language))
    for path, depth in (("", "1"), (HERE, "0"), (HERE, "1")):
        told = program.props(path, "D:displayname", depth=depth)[program.home + HERE]
        assert told.text(d("displayname")) == f"Círculo: {name}"


def test_a_calendar_holds_what_one_owns_or_takes_part_in_and_nothing_else(seller):
    mate = make_user(team=seller.team)
    mine = make_appointment(owner=seller, is_private=True)
    invited = make_appointment(owner=mate, participants=[seller.opaque])
    make_appointment(owner=mate)
    actions.drop_entries([make_appointment(owner=seller).pk], by=seller)
    program = Program(seller)

    found = program.props(HERE, "D:getetag", "D:getcontenttype", depth="1")

    paths = {f"{program.home}{HERE}{one.public_id}.ics" for one in (mine, invited)}
    assert set(found) == paths | {program.home + HERE}


def test_what_is_read_has_its_version_and_is_told_once(seller):
    entry = make_appointment(owner=seller, title="Cata a ciegas")
    program = Program(seller)
    path = f"{HERE}{entry.public_id}.ics"

    answer = program.ask("GET", path)

    assert "SUMMARY:Cata a ciegas" in answer.content.decode()
    etag = answer.headers["ETag"]
    assert program.ask("GET", path, If_None_Match=etag).status_code == 304
    head = program.ask("HEAD", path)
    assert (head.content, head.headers["Content-Length"]) == (b"", str(len(answer.content)))
    listed = program.props(HERE, "D:getetag", depth="1")[f"{program.home}{path}"]
    assert listed.text(d("getetag")) == etag


def test_a_task_was_done_when_its_program_says_and_never_in_the_future(seller):
    program, party = Program(seller), make_contact(owner=seller)
    for said, told in (("20260102T030405Z", "2026-01-02T03:04:05+00:00"), ("29990101T000000Z", "")):
        task = make_task(owner=seller, party=party)
        path = f"tasks/{task.public_id}.ics"
        text = program.ask("GET", path).content.decode()
        done = text.replace("END:VTODO", f"STATUS:COMPLETED\r\nCOMPLETED:{said}\r\nEND:VTODO")

        answer = program.ask("PUT", path, done, If_Match=program.etag(path))

        assert answer.status_code < 300, answer.content
        task.refresh_from_db()
        assert task.done_at is not None and task.done_at <= timezone.now()
        assert not told or task.done_at.isoformat() == told
        happened = Interaction.objects.filter(about_kind="entry", about_id=task.pk).get()
        assert happened.occurred_at == task.done_at


def test_what_a_program_adds_is_an_appointment_of_its_person_by_the_api(seller):
    mate = make_user(team=seller.team)
    program = Program(seller)
    body = event("one@phone", f"ATTENDEE;CN=X:mailto:{mate.email}", "X-OWN;A=b:kept",
                 "BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-PT15M", "END:VALARM")  # fmt: skip

    answer = program.ask("PUT", f"{HERE}a b.ics", body, If_None_Match="*")

    assert answer.status_code == 201
    entry = Entry.objects.get()
    assert (entry.title, entry.uid, entry.owner) == ("Cata", "one@phone", seller)
    assert [one.user for one in entry.participants.all()] == [mate]
    assert Notification.objects.filter(to=mate).count() == 1
    kept = ChangeSet.objects.latest("pk")
    assert (kept.by, kept.through) == (seller, "api")
    told = program.ask("GET", f"{HERE}a b.ics").content.decode()
    assert "X-OWN;A=b:kept" in told and "TRIGGER:-PT15M" in told
    assert f"{program.home}{HERE}a%20b.ics" in program.props(HERE, "D:getetag", depth="1")


def test_a_change_is_refused_where_another_version_stands(seller):
    program = Program(seller)
    program.ask("PUT", f"{HERE}x.ics", event())
    etag = program.etag(f"{HERE}x.ics")

    assert program.ask("PUT", f"{HERE}x.ics", event(), If_None_Match="*").status_code == 412
    changed = event(title="Cena")
    assert program.ask("PUT", f"{HERE}x.ics", changed, If_Match=etag).status_code == 204
    assert program.ask("PUT", f"{HERE}x.ics", changed, If_Match=etag).status_code == 412
    assert program.ask("DELETE", f"{HERE}x.ics", If_Match=etag).status_code == 412
    assert program.ask("PUT", f"{HERE}y.ics", event("z"), If_Match='"1"').status_code == 412
    assert Entry.objects.get().title == "Cena"


def test_what_a_calendar_has_no_word_for_stays_when_a_program_changes_the_rest(seller):
    contact = make_contact(owner=seller)
    entry = make_appointment(owner=seller, party=contact, kind="visit")
    program = Program(seller)
    path = f"{HERE}{entry.public_id}.ics"
    told = program.ask("GET", path).content.decode()

    program.ask("PUT", path, told.replace(f"SUMMARY:{entry.title}", "SUMMARY:Otra cosa"))

    entry.refresh_from_db()
    assert (entry.title, entry.kind, entry.party) == ("Otra cosa", "visit", contact)


def test_what_is_deleted_is_dropped_and_may_be_sent_again(seller):
    program = Program(seller)
    program.ask("PUT", f"{HERE}x.ics", event())

    assert program.ask("DELETE", f"{HERE}x.ics").status_code == 204

    assert program.ask("GET", f"{HERE}x.ics").status_code == 404
    assert Entry.objects.get().state == "dropped"
    assert program.ask("PUT", f"{HERE}other.ics", event(title="Again")).status_code == 201
    entry = Entry.objects.get()
    assert (entry.state, entry.title) == ("open", "Again")
    assert program.ask("PUT", f"{HERE}third.ics", event()).status_code == 409


def test_one_time_of_a_series_is_moved_added_and_taken_back(seller):
    series = ["UID:s@phone", "SUMMARY:Weekly", "DTSTART:20270301T090000Z",
              "DTEND:20270301T100000Z", "RRULE:FREQ=WEEKLY;COUNT=4"]  # fmt: skip
    moved = ["UID:s@phone", "SUMMARY:Moved", "RECURRENCE-ID:20270308T090000Z",
             "DTSTART:20270309T090000Z", "DTEND:20270309T100000Z"]  # fmt: skip
    program = Program(seller)

    assert program.ask("PUT", f"{HERE}s.ics", calendar("VEVENT", series, moved)).status_code == 201
    told = program.ask("GET", f"{HERE}s.ics").content.decode()
    assert "RECURRENCE-ID:20270308T090000Z" in told and "EXDATE" not in told
    assert Entry.objects.count() == 2
    assert len(program.props(HERE, "D:getetag", depth="1")) == 2

    program.ask("PUT", f"{HERE}s.ics", calendar("VEVENT", [*series, "EXDATE:20270315T090000Z"]))
    told = program.ask("GET", f"{HERE}s.ics").content.decode()
    assert "Moved" not in told and "EXDATE:20270315T090000Z" in told and "0308" not in told


def test_a_task_is_done_and_opened_again_and_the_timeline_hears_of_it(seller):
    contact = make_contact(owner=seller)
    task = make_task(owner=seller, party=contact, title="Llamar", due_on="2027-03-01")
    program = Program(seller)
    path = f"tasks/{task.public_id}.ics"
    told = program.ask("GET", path).content.decode()

    done = told.replace("END:VTODO", "STATUS:COMPLETED\r\nEND:VTODO")
    assert program.ask("PUT", path, done).status_code == 204

    task.refresh_from_db()
    assert task.state == "done" and contact.interactions.count() == 1
    assert "STATUS:COMPLETED" in program.ask("GET", path).content.decode()
    assert program.ask("DELETE", path).status_code == 403
    program.ask("PUT", path, told)
    task.refresh_from_db()
    assert task.state == "open"


def test_one_time_of_a_repeating_task_is_done_and_the_next_one_stands(seller):
    task = make_task(owner=seller, due_on="2027-03-01", repeat="FREQ=DAILY;COUNT=3")
    program = Program(seller)
    path = f"tasks/{task.public_id}.ics"
    told = program.ask("GET", path).content.decode()
    due = ["RECURRENCE-ID;VALUE=DATE:20270301", "DUE;VALUE=DATE:20270301", "STATUS:COMPLETED"]
    done = ["BEGIN:VTODO", f"UID:{task.uid}", *due, "END:VTODO", "END:VCALENDAR"]

    answer = program.ask("PUT", path, told.replace("END:VCALENDAR", "\r\n".join(done)))

    assert answer.status_code == 204
    task.refresh_from_db()
    assert (task.state, str(task.starts_on)) == ("open", "2027-03-02")
    assert [(one.state, one.instance[:10]) for one in task.instances.all()] == [
        ("done", "2027-03-01")
    ]
    assert "DTSTART;VALUE=DATE:20270302" in program.ask("GET", path).content.decode()


def test_who_is_invited_may_answer_and_change_nothing_else(seller):
    mate = make_user(team=seller.team)
    entry = make_appointment(owner=mate, title="Theirs", participants=[seller.opaque])
    program = Program(seller)
    path = f"{HERE}{entry.public_id}.ics"
    before = program.etag(path)
    told = program.ask("GET", path).content.decode()

    yes = told.replace("NEEDS-ACTION", "ACCEPTED").replace("Theirs", "Mine")
    assert program.ask("PUT", path, yes).status_code == 204
    assert program.ask("PUT", path, yes).status_code == 403

    entry.refresh_from_db()
    assert (entry.title, entry.participants.get().answer) == ("Theirs", "yes")
    assert program.etag(path) != before
    assert program.ask("DELETE", path).status_code == 403


WRONG = c("valid-calendar-object-resource")


@pytest.mark.parametrize(
    ("path", "body", "condition"),
    [
        ("appointments/x.ics", todo(), c("supported-calendar-component")),
        ("tasks/x.ics", event(), c("supported-calendar-component")),
        ("appointments/x.ics", "nothing", c("valid-calendar-data")),
        ("appointments/x.ics", event("u", "EXRULE:FREQ=DAILY"), WRONG),
        ("appointments/x.ics", event("u", "RRULE:FREQ=SECONDLY"), WRONG),
        ("appointments/x.ics", event(""), WRONG),
        ("appointments/x.ics", event(title="x" * 301), WRONG),
        ("appointments/x.ics", event("u", f"X-A:{'x' * 10_001}"), WRONG),
    ],
)
def test_what_cannot_be_kept_whole_is_refused_with_its_reason(seller, path, body, condition):
    answer = Program(seller).ask("PUT", path, body)

    assert answer.status_code == 403
    assert condition.rpartition("}")[2] in answer.content.decode()
    assert not Entry.objects.exists()


def test_what_is_a_colleagues_is_not_there(seller):
    other = make_user(team=make_team())
    entry = make_appointment(owner=other)
    program = Program(seller)

    for path in (f"{HERE}{entry.public_id}.ics", f"/dav/{other.opaque}/",
                 f"/dav/{other.opaque}/{HERE}{entry.public_id}.ics"):  # fmt: skip
        for method in ("GET", "PUT", "DELETE", "PROPFIND", "REPORT"):
            answer = program.ask(
                method, path, event(entry.uid) if method == "PUT" else "", Depth="0"
            )
            named = method == "PUT" and path.startswith(HERE)
            assert answer.status_code == (403 if named else 404) or method == "REPORT", path
    entry.refresh_from_db()
    assert entry.state == "open"
