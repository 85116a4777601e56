"""Whoever booked an hour is told by mail: booked, moved, cancelled, whoever did it and however."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone, translation

from circulo.accounts.models import Notification
from circulo.agenda import actions
from circulo.agenda.models import Booking, Entry
from circulo.agenda.plans import Plan
from circulo.agenda.selectors.booking import free_slots
from circulo.channels.email import actions as email
from circulo.channels.email.models import Mail
from circulo.lib.acting import acting
from circulo.lib.errors import RuleBroken
from circulo.portal.tests.booked import ADDRESS, NAME, OFFER, link_in, post, take, taken
from circulo.records.actions.undoing import undo_changes
from circulo.records.models import ChangeSet
from circulo.records.verify import verify
from circulo.testing.make import make_user

pytestmark = pytest.mark.django_db


def test_whoever_booked_is_told_what_when_where_and_how_to_change_it(client, box, offered):
    entry, path = taken(client, offered)

    (letter,) = post(box)

    assert letter.message["To"].addresses[0].addr_spec == ADDRESS
    assert letter.message["Reply-To"].addresses[0].addr_spec == offered.user.email
    when = f"{timezone.localtime(entry.starts_at):%A}, "
    assert letter.subject.startswith(f"Booked: Tasting, {when}")
    assert letter.message["Auto-Submitted"] == "auto-generated"
    assert f"Hello {NAME}," in letter.text and "your appointment is booked." in letter.text
    assert "What: Tasting, with Eva Gil" in letter.text and "Where: Cellar 3" in letter.text
    assert f"When: {when}" in letter.text and "09:00–09:30 (hour of Madrid)" in letter.text
    assert "You wrote:\nWe are six, with a child." in letter.text
    assert link_in(letter.text) == path.split(":")[0]
    assert client.get(re.findall(r"http\S+(/b/\S+)", letter.text)[0]).status_code == 200
    mail = Mail.objects.get()
    assert "/booked/" not in mail.text + mail.invitation  # known to whoever booked alone


def test_the_mail_carries_the_appointment_as_calendars_take_it(client, box, offered):
    entry, path = taken(client, offered)

    (letter,) = post(box)

    assert letter.part.get_param("method") == "REQUEST" and letter.name == "invite.ics"
    assert letter.part.get_content().replace("\r\n", "\n") == letter.file.replace("\r\n", "\n")
    assert letter.stands == ("REQUEST", entry.uid, 0)
    assert letter.calendar["PRODID"].startswith("-//Circulo")
    assert letter.event.decoded("DTSTART") == entry.starts_at
    assert letter.event.decoded("DTEND") == entry.ends_at and letter.event["STATUS"] == "CONFIRMED"
    assert letter.event["ORGANIZER"] == f"mailto:{offered.user.email}"
    attendee = letter.event["ATTENDEE"]
    assert (attendee, attendee.params["CN"]) == (f"mailto:{ADDRESS}", NAME)
    assert attendee.params["PARTSTAT"] == "ACCEPTED"
    assert link_in(letter.event["DESCRIPTION"]) == path.split(":")[0]
    assert "with a child" in letter.event["DESCRIPTION"]
    assert all(len(line.encode()) <= 75 for line in letter.file.split("\r\n"))


def test_it_is_told_in_the_language_and_by_the_clock_of_the_page_it_was_booked_on(client, box):
    user = make_user(time_zone="Atlantic/Canary", language="es", name="Eva Gil")
    offered = actions.open_booking(user, OFFER)
    entry, _path = taken(client, offered)
    (booked,) = post(box)
    user.language, user.time_zone = "en", "Asia/Tokyo"
    user.save()
    actions.move_entry(entry, by=user, start=entry.starts_at + timedelta(days=7))

    (moved,) = post(box)

    assert booked.subject.startswith("Reservado: Tasting, ")
    assert "09:00–09:30 (hora de Canarias)" in booked.text and "Hola, " in booked.text
    assert "09:00–09:30 (hora de Canarias)" in moved.text and "Antes: " in moved.text


def test_giving_the_hour_back_cancels_it_in_the_calendar_too(client, box, offered):
    entry, path = taken(client, offered)

    post(box)
    client.post(path)

    (gone,) = post(box)
    assert gone.stands == ("CANCEL", entry.uid, 1) and gone.event["STATUS"] == "CANCELLED"
    assert gone.subject.startswith("Cancelled: Tasting, ")
    assert "your appointment was cancelled." in gone.text and f"/b/{offered.token}\n" in gone.text
    assert "/booked/" not in gone.text and "/booked/" not in gone.file


def by_move(entry, user):
    actions.move_entry(entry, by=user, start=entry.starts_at + timedelta(days=1))


def by_form(entry, user):
    later = {"starts_at": entry.starts_at + timedelta(days=1),
             "ends_at": entry.ends_at + timedelta(days=1)}  # fmt: skip
    actions.change_entry(entry, Plan(True, later), by=user)


def by_putting_off(entry, user):
    day = timezone.localtime(entry.starts_at).date() + timedelta(days=1)
    actions.postpone_entries([entry.pk], to=day, by=user)


def by_file(entry, user):
    later = {"starts_at": entry.starts_at + timedelta(days=1),
             "ends_at": entry.ends_at + timedelta(days=1)}  # fmt: skip
    actions.entries.change_entries([(entry, Plan(True, later))], by=user)


@pytest.mark.parametrize("act", [by_move, by_form, by_putting_off, by_file])
def test_where_the_owner_moves_it_whoever_booked_is_told_the_new_time(client, box, offered, act):
    entry, path = taken(client, offered)
    before = timezone.localtime(entry.starts_at)
    post(box)

    act(entry, offered.user)

    (moved,) = post(box)
    entry.refresh_from_db()
    assert moved.stands == ("REQUEST", entry.uid, 1)
    assert moved.event.decoded("DTSTART") == entry.starts_at != before
    assert moved.subject.startswith("Moved: Tasting, ")
    assert f"Before: {before:%A}, " in moved.text
    assert link_in(moved.text) == path.split(":")[0]


def test_what_the_owner_cancels_opens_again_and_takes_back_is_told_each_time(client, box, offered):
    entry, _path = taken(client, offered)
    letters = post(box)
    actions.drop_entries([entry.pk], by=offered.user)
    letters += post(box)
    actions.reopen_entries([entry.pk], by=offered.user)
    letters += post(box)
    with acting(offered.user.pk, "screen") as act:
        by_move(Entry.objects.get(), offered.user)
    letters += post(box)
    undo_changes(ChangeSet.objects.get(pk=act.change_set or 0), by=offered.user)

    letters += post(box)
    told = [letter.stands[0::2] for letter in letters]

    assert told == [("REQUEST", 0), ("CANCEL", 1), ("REQUEST", 2), ("REQUEST", 3), ("REQUEST", 4)]
    entry.refresh_from_db()
    assert letters[-1].event.decoded("DTSTART") == entry.starts_at
    assert letters[-2].event.decoded("DTSTART") != entry.starts_at


def test_a_booking_is_cancelled_and_never_undone_for_nobody_would_be_told(client, box, offered):
    admin, start = make_user("admin", language="en"), free_slots(offered)[0]
    with acting(None, "screen") as act:
        actions.book(offered, start=start, name=NAME, email=ADDRESS)

    with translation.override("en"), pytest.raises(RuleBroken, match="cancel the appointment"):
        undo_changes(ChangeSet.objects.get(pk=act.change_set or 0), by=admin)

    assert Booking.objects.get().entry.starts_at == start and verify() == []


def test_a_mail_that_was_overtaken_before_it_left_stays(client, box, offered):
    entry, _path = taken(client, offered)
    by_move(entry, offered.user)

    (letter,) = post(box)

    assert letter.stands == ("REQUEST", entry.uid, 1)
    assert sorted(Mail.objects.values_list("state", flat=True)) == ["refused", "sent"]
    assert not Notification.objects.filter(kind="agenda.untold").exists()


def test_what_changes_nothing_for_whoever_booked_is_not_told(client, box, offered):
    entry, _path = taken(client, offered)
    post(box)

    actions.change_entry(
        entry, Plan(True, {"notes": "He pays late", "title": "X"}), by=offered.user
    )
    actions.complete_entries([entry.pk], by=offered.user)
    actions.reopen_entries([entry.pk], by=offered.user)
    assert post(box) == []

    actions.change_entry(entry, Plan(True, {"place": "Cellar 4"}), by=offered.user)
    (letter,) = post(box)
    assert "Where: Cellar 4" in letter.text and "He pays late" not in letter.text + letter.file


def test_what_is_over_is_told_to_nobody(client, box, offered):
    entry, _path = taken(client, offered)
    post(box)
    past = timezone.now() - timedelta(days=3)
    Entry.objects.update(starts_at=past, ends_at=past, span=None, falls_at=past)
    told = dict(Booking.objects.get().told, starts_at=past.isoformat(), ends_at=past.isoformat())
    Booking.objects.update(told=told)

    actions.drop_entries([entry.pk], by=offered.user)

    assert post(box) == []


def test_a_name_and_a_note_are_words_and_nothing_else(client, box, offered):
    name = 'Ana <x@y.example>, "B"; C'
    take(client, offered, free_slots(offered)[0], name=name,
         note="{{ link }} {% now %}\nMETHOD:CANCEL\nBEGIN:VEVENT <b>x</b>")  # fmt: skip

    (letter,) = post(box)

    assert box.taken_for == [[ADDRESS]] and len(letter.message["To"].addresses) == 1
    assert "{% now %}\nMETHOD:CANCEL\nBEGIN:VEVENT <b>x</b>" in letter.text
    assert "&lt;b&gt;" in letter.message.get_body(("html",)).get_content()
    assert letter.calendar["METHOD"] == "REQUEST" and letter.part.get_param("method") == "REQUEST"
    assert letter.event["ATTENDEE"].params["CN"].replace("'", '"') == name.replace("'", '"')


def test_the_mails_stand_on_the_page_of_the_appointment_for_who_sees_it(client, box, offered):
    entry, _path = taken(client, offered)
    post(box)
    client.force_login(offered.user)
    page = client.get(entry.get_absolute_url()).content.decode()
    assert (
        'id="mails"' in page and f"{NAME} &lt;{ADDRESS}&gt;" in page and "Booked: Tasting" in page
    )

    mail = Mail.objects.get()
    client.force_login(make_user(role="seller"))
    assert client.get(entry.get_absolute_url()).status_code == 404
    assert client.post(f"/mails/{mail.public_id}/again").status_code == 404


def test_where_the_mail_is_refused_the_owner_is_told(client, box, offered):
    box.readers[ADDRESS] = ["550 5.1.1 No such user here"]
    entry, _path = taken(client, offered)

    for mail in Mail.objects.all():
        email.send_mail(mail.pk)

    told = Notification.objects.filter(to=offered.user).latest("pk")
    assert told.kind == "agenda.untold" and NAME in told.text
    assert told.url == entry.get_absolute_url()
