"""What is new comes by mail once a day, in the morning of whoever reads it."""

import socket
from datetime import UTC, datetime, time, timedelta

import pytest
from aiosmtpd.controller import Controller
from django.core import mail
from django.utils import timezone

from circulo.accounts import actions, digests, jobs
from circulo.accounts.actions import Notice
from circulo.accounts.digests import mail_digest
from circulo.accounts.models import Notification
from circulo.accounts.selectors import whose_morning_it_is
from circulo.testing.make import make_task, make_user

pytestmark = pytest.mark.django_db


def tell(user, kind="agenda.assigned", about=None):
    actions.notify([Notice(kind, user.pk, {"who": "Eva", "title": "Cata"}, about)], by=None)


def set_back(when):
    Notification.objects.update(created_at=when)


def test_it_is_mailed_once_in_the_readers_language_and_not_what_was_read():
    user = make_user(language="es")
    tell(user)
    actions.read_notices(user)
    tell(user)

    counts = [mail_digest(user, now=timezone.now()) for _ in range(2)]

    (letter,) = mail.outbox
    assert counts == [1, 0] and letter.to == [user.email]
    assert "Eva le ha pasado: Cata" in letter.body and letter.extra_headers["Auto-Submitted"]


def test_only_kinds_that_one_wants_by_mail_are_mailed():
    user = make_user()
    tell(user, "agenda.reminded")

    assert mail_digest(user, now=timezone.now()) == 0


def test_what_the_reader_may_not_see_any_more_is_not_in_it():
    user = make_user()
    tell(user, about=make_task(owner=make_user()))

    assert mail_digest(user, now=timezone.now()) == 0
    assert mail.outbox == []


def test_it_is_morning_where_the_reader_is():
    madrid, santiago = make_user(time_zone="Europe/Madrid"), make_user(time_zone="America/Santiago")
    for user in (madrid, santiago):
        tell(user)
    early, late = datetime(2027, 1, 11, 7, 3, tzinfo=UTC), datetime(2027, 1, 11, 11, 3, tzinfo=UTC)
    set_back(early - timedelta(hours=8))

    assert whose_morning_it_is(early - timedelta(hours=1)) == []
    assert whose_morning_it_is(early) == [madrid]
    mail_digest(madrid, now=early)
    tell(madrid)
    assert whose_morning_it_is(late) == [santiago]


def test_it_waits_for_the_end_of_the_quiet_hours_and_is_made_up_for_after_an_outage():
    user = make_user(quiet_from=time(22), quiet_until=time(10))
    tell(user)
    # The day on which Madrid puts the clock forward: ten there is eight in Greenwich.
    ten = datetime(2027, 3, 28, 8, 0, tzinfo=UTC)
    set_back(ten - timedelta(hours=9))

    assert whose_morning_it_is(ten - timedelta(minutes=57)) == []
    assert whose_morning_it_is(ten + timedelta(minutes=3)) == [user]
    assert whose_morning_it_is(ten + timedelta(hours=5)) == [user]


def test_what_comes_after_the_morning_waits_for_the_next_one():
    user = make_user()
    tell(user)
    now = datetime(2027, 1, 11, 15, 3, tzinfo=UTC)
    set_back(now - timedelta(hours=1))

    assert mail_digest(user, now=now, told_before=datetime(2027, 1, 11, 7, tzinfo=UTC)) == 0
    assert mail_digest(user, now=now + timedelta(days=1)) == 1


def test_a_worker_that_dies_before_it_noted_the_letter_sends_the_same_letter_again(monkeypatch):
    user = make_user()
    tell(user)
    now = timezone.now()

    class Died(BaseException):
        """The process is gone."""

    def dies():
        raise Died

    with monkeypatch.context() as patch, pytest.raises(Died):
        patch.setattr(digests, "_letter", _sending(then=dies))
        mail_digest(user, now=now)
    tell(user)

    assert mail_digest(user, now=now) == 1
    first, second = mail.outbox
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]
    assert first.body == second.body
    assert mail_digest(user, now=now) == 0


def _sending(*, then):
    """A letter that is sent, after which something happens."""
    letter = digests._letter

    class Sent:
        def __init__(self, *said):
            self.mail = letter(*said)

        def send(self):
            self.mail.send()
            then()

    return Sent


def test_the_worker_finds_whose_morning_it_is(monkeypatch):
    user = make_user()
    tell(user)
    asked = []
    monkeypatch.setattr(jobs, "later", lambda job, **ids: asked.append((job, ids)))

    jobs.mail_digests(int(datetime(2027, 1, 11, 7, 3, tzinfo=UTC).timestamp()))

    assert asked == [("accounts.mail_digest", {"user_id": user.pk})]


def test_a_real_server_gets_it_and_one_that_is_away_gets_it_later(settings):
    user = make_user(language="en")
    tell(user)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    with pytest.raises(OSError):
        mail_digest(user, now=timezone.now())

    taken = []

    class Handler:
        async def handle_DATA(self, server, session, envelope):  # noqa: N802 (its name there)
            taken.append(envelope.content.decode())
            return "250 OK"

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        settings.EMAIL_PORT = probe.getsockname()[1]
    server = Controller(Handler(), hostname="127.0.0.1", port=settings.EMAIL_PORT)
    server.start()
    try:
        assert mail_digest(user, now=timezone.now()) == 1
    finally:
        server.stop()
    assert len(taken) == 1 and "Eva gave you: Cata" in taken[0]
