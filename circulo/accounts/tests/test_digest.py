"""What is new comes by mail once a day, in the morning of whoever reads it."""

import socket
from datetime import UTC, datetime

import pytest
from aiosmtpd.controller import Controller
from django.core import mail
from django.utils import timezone

from circulo.accounts import actions
from circulo.accounts.actions import Notice
from circulo.accounts.letters import mail_digest
from circulo.accounts.selectors import whose_morning_it_is
from circulo.testing.make import make_user

pytestmark = pytest.mark.django_db


def tell(user, kind="agenda.assigned"):
    actions.notify([Notice(kind, user.pk, {"who": "Eva", "title": "Cata"})], by=None)


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


def test_it_is_morning_where_the_reader_is():
    madrid, santiago = make_user(time_zone="Europe/Madrid"), make_user(time_zone="America/Santiago")
    for user in (madrid, santiago):
        tell(user)

    assert whose_morning_it_is(datetime(2027, 1, 11, 7, 3, tzinfo=UTC)) == [madrid]
    assert whose_morning_it_is(datetime(2027, 1, 11, 11, 3, tzinfo=UTC)) == [santiago]


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
