"""Hours that were booked, and the mails of them as whoever gets one has it."""

import re

from icalendar import Calendar

from circulo.agenda.models import Entry
from circulo.agenda.selectors.booking import free_slots
from circulo.channels.email import actions as email
from circulo.channels.email.models import Mail

ADDRESS, NAME = "b@duero.example", "Begoña Núñez"
OFFER = {"title": "Tasting", "place": "Cellar 3", "minutes": 30, "days_ahead": 10,
         "notice_hours": 1}  # fmt: skip
WHO = {"name": NAME, "email": ADDRESS, "consent": "on", "note": "We are six, with a child."}


def take(client, offered, start, **said):
    path = f"/b/{offered.token}"
    answer = client.post(path, {"start": start.isoformat(), **WHO, **said}, follow=True)
    assert answer.status_code == 200
    return answer


def taken(client, offered):
    """An hour that was booked, and the address of its page."""
    answer = take(client, offered, free_slots(offered)[0])
    return Entry.objects.latest("pk"), answer.redirect_chain[-1][0]


def link_in(text):
    """The page of an appointment, without the seal: that says when it was made."""
    (link,) = re.findall(r"http[^/]+//[^/]+(/b/[\w-]+/booked/\w+):", text)
    return link


def post(box):
    """Send what waits; what was sent by that: each with its text and its calendar."""
    sent = len(box.letters)
    for mail in Mail.objects.filter(state="waiting").order_by("pk"):
        email.send_mail(mail.pk)
    return [Letter(one) for one in box.letters[sent:]]


class Letter:
    """A mail as whoever gets it has it."""

    def __init__(self, message):
        self.message = message
        self.subject = message["Subject"].strip()  # where it is folded it begins on a new line
        self.text = message.get_body(("plain",)).get_content().replace("\r\n", "\n")
        (self.part,) = [p for p in message.walk() if p.get_content_type() == "text/calendar"]
        (file,) = message.iter_attachments()
        self.name, self.file = file.get_filename(), file.get_content().decode()
        self.calendar = Calendar.from_ical(self.file)
        (self.event,) = self.calendar.walk("VEVENT")

    @property
    def stands(self):
        """What the calendar is to do, of which entry, and after how many changes."""
        return self.calendar["METHOD"], str(self.event["UID"]), self.event["SEQUENCE"]
