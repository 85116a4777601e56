"""Importing calendars: what is read of them, what is refused, and that nothing is doubled."""

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from circulo.accounts.models import User
from circulo.agenda.ical import calendar_text
from circulo.agenda.models import Entry
from circulo.agenda.tests.files import brought, event
from circulo.agenda.times import occurrences
from circulo.lib.errors import RuleBroken
from circulo.records.actions import loads
from circulo.testing.make import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _home(settings, tmp_path):
    settings.HOME = tmp_path
    with translation.override("en"):
        yield


def at_utc(year, month, day, hour=0, minute=0):
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def test_nine_in_the_morning_stays_nine_across_the_change_of_the_clocks(tmp_path):
    user = make_user("admin", time_zone="America/Santiago")
    brought(tmp_path, event("DTSTART;TZID=Europe/Madrid:20270326T090000",
                            "DTEND;TZID=Europe/Madrid:20270326T100000",
                            "RRULE:FREQ=DAILY;COUNT=4"), user)  # fmt: skip

    entry = Entry.objects.get()
    zone = ZoneInfo("Europe/Madrid")
    found = occurrences(entry, at_utc(2027, 3, 25), at_utc(2027, 4, 5), zone)
    assert [f"{one.start.astimezone(zone):%d %H:%M}" for one in found] == [
        "26 09:00", "27 09:00", "28 09:00", "29 09:00"]  # fmt: skip
    assert [one.start.hour for one in found] == [8, 8, 7, 7]


def test_one_of_a_series_moved_elsewhere_stands_on_its_own_and_the_series_leaves_it_out(tmp_path):
    text = event("DTSTART:20270201T090000Z", "DTEND:20270201T100000Z", "RRULE:FREQ=DAILY;COUNT=3")
    moved = event("RECURRENCE-ID:20270202T090000Z", "DTSTART:20270202T150000Z",
                  "DTEND:20270202T160000Z")  # fmt: skip
    brought(tmp_path, text + moved)

    series = Entry.objects.get(instance="")
    found = occurrences(series, at_utc(2027, 1, 1), at_utc(2027, 3, 1), ZoneInfo("UTC"))
    assert [one.start.day for one in found] == [1, 3]
    assert series.instances.get().starts_at == at_utc(2027, 2, 2, 15)
    assert "EXDATE" not in calendar_text(Entry.objects.all())


def test_brought_twice_it_is_there_once_and_what_changed_is_changed(tmp_path):
    user = make_user("admin")
    first = brought(tmp_path, event("DTSTART:20270201T090000Z"), user)
    second = brought(tmp_path, event("DTSTART:20270201T090000Z"), user)
    third = brought(tmp_path, event("DTSTART:20270201T110000Z", "LOCATION:Bodega"), user)

    assert [(one.created, one.updated, one.skipped) for one in (first, second, third)] == [
        (1, 0, 0), (0, 0, 1), (0, 1, 0)]  # fmt: skip
    assert Entry.objects.get().place == "Bodega"


@pytest.mark.parametrize(("lines", "why"), [
    ((), "begins"),
    (("DTSTART:yesterday",), "no date"),
    (("DTSTART;TZID=Atlantis/Poseidonis:20270101T090000",), "time zone"),
    (("DTSTART:20270102T090000Z", "DTEND:20270101T090000Z"), "ends before"),
    (("DTSTART:20270102T090000Z", "RRULE:FREQ=SECONDLY"), "daily"),
    (("DTSTART:20270102T090000Z", "RRULE:FREQ=DAILY;BYHOUR=9,17"), "BYHOUR"),
    (("DTSTART:20270102T090000Z", "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"), "not possible"),
    (("DTSTART:18800102T090000Z",), "1900"),
])  # fmt: skip
def test_what_cannot_be_kept_is_refused_with_its_reason(tmp_path, lines, why):
    done = brought(tmp_path, event(*lines))

    assert done.refused == 1 and why in done.refusals.get().reason
    assert not Entry.objects.exists()


def test_journals_and_free_times_are_refused_one_by_one_and_the_rest_comes_in(tmp_path):
    done = brought(tmp_path, event("DTSTART:20270102T090000Z") + event(kind="VJOURNAL"))

    assert (done.created, done.refused) == (1, 1)
    assert "VJOURNAL" in done.refusals.get().reason
    path = loads.error_file(done)
    text = path.read_text(encoding="utf-8") if path else ""
    assert "VJOURNAL" in text and "X-CIRCULO-REASON" in text


def test_a_colleague_who_takes_part_is_known_by_their_address(tmp_path):
    mate = make_user()
    lines = (f"ATTENDEE;CN=Eva;PARTSTAT=ACCEPTED:mailto:{mate.email}",
             "ATTENDEE;PARTSTAT=DECLINED;ROLE=OPT-PARTICIPANT:mailto:guest@x.example")  # fmt: skip
    brought(tmp_path, event("DTSTART:20270102T090000Z", *lines))

    people = Entry.objects.get().participants.order_by("position")
    assert [(one.user, one.email, one.answer) for one in people] == [
        (mate, "", "yes"), (None, "guest@x.example", "no")]  # fmt: skip
    assert "ROLE=OPT-PARTICIPANT" in calendar_text(Entry.objects.all())


def test_alarms_come_in_as_reminders(tmp_path):
    lines = ("BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-PT15M", "END:VALARM",
             "BEGIN:VALARM", "ACTION:EMAIL", "TRIGGER;RELATED=END:PT5M", "END:VALARM")  # fmt: skip
    brought(tmp_path, event("DTSTART:20470102T090000Z", *lines))

    reminder = Entry.objects.get().reminders.get()
    assert (reminder.minutes, reminder.rings_at) == (15, at_utc(2047, 1, 2, 8, 45))
    assert calendar_text(Entry.objects.all()).count("BEGIN:VALARM") == 2


LINES = st.lists(
    st.one_of(
        st.sampled_from([
            "BEGIN:VEVENT", "END:VEVENT", "BEGIN:VTODO", "END:VTODO", "BEGIN:VALARM", "END:VALARM",
            "DTSTART:20270101T090000Z", "DTSTART;VALUE=DATE:20270101", "DTEND:20270101T100000Z",
            "DUE:20270101T090000", "DURATION:PT1H", "DURATION:-P9999W", "TRIGGER:-PT5M",
            "RRULE:FREQ=DAILY;COUNT=3", "RRULE:FREQ=MONTHLY;BYDAY=5FR;BYSETPOS=-1",
            "RRULE:FREQ=YEARLY;UNTIL=99991231", "EXDATE:20270101T090000Z,x", "RDATE:20270105",
            "RECURRENCE-ID:20270101T090000Z", "SUMMARY:ñandú", "UID:1", "STATUS:COMPLETED",
            "ATTENDEE:mailto:a@b.example", "PRIORITY:99", "SEQUENCE:-3", "CLASS:PRIVATE",
            "DTSTART;TZID=Europe/Madrid:20270328T023000", "DTSTART:00010101T000000Z",
        ]),
        st.text(max_size=60),
    ),
    max_size=30,
)  # fmt: skip


@settings(max_examples=80, suppress_health_check=list(HealthCheck))
@given(lines=LINES)
def test_whatever_a_file_holds_it_comes_in_or_is_refused_with_words(lines, tmp_path_factory):
    text = "\r\n".join(["BEGIN:VCALENDAR", *lines, "END:VCALENDAR"])
    somebody = User.objects.filter(role="admin").first() or make_user("admin")
    try:
        done = brought(tmp_path_factory.mktemp("fuzz"), text, somebody)
    except RuleBroken as refused:
        assert str(refused.message)
        return
    assert done.state == "done"
    assert all(refusal.reason for refusal in done.refusals.all())
    calendar_text(Entry.objects.all())


@pytest.mark.parametrize("kind", ["appointments", "tasks"])
def test_the_command_brings_a_calendar_in_for_the_administrator(tmp_path, capsys, kind):
    chief = make_user("admin")
    path = tmp_path / "calendar.ics"
    todo = event("DUE:20270102T090000Z", kind="VTODO").replace("1@test", "2@test")
    path.write_text(event("DTSTART:20270102T090000Z") + todo + event(kind="VJOURNAL"))

    call_command("load", str(path), "--as", kind, "--json")

    said = json.loads(capsys.readouterr().out)
    assert (said["rows"], said["created"], said["refused"]) == (3, 2, 1)
    assert {(one.owner, one.is_appointment) for one in Entry.objects.all()} == {
        (chief, True), (chief, False)}  # fmt: skip


def test_a_calendar_comes_in_by_the_page_of_imports_after_it_was_looked_at(client):
    user = make_user(language="en")
    client.force_login(user)
    file = SimpleUploadedFile("calendar.ics", event("DTSTART:20270102T090000Z").encode())

    answer = client.post("/imports", {"type": "appointments", "file": file})

    assert answer.status_code == 302
    assert "Cata" in client.get(answer.url).content.decode()
    assert not Entry.objects.exists()
