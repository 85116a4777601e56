import re
import socket
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from circulo.accounts import actions
from circulo.accounts.jobs import mail_a_link
from circulo.accounts.models import OneTimeLink, Session
from circulo.testing.make import make_user

pytestmark = pytest.mark.django_db
CHOOSE = "/password/choose"
PASSWORD = "caballo grapa ñandú 64 🐎"


class Box:
    """A mail server that keeps what it gets."""

    def __init__(self):
        self.letters = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802  # the server's own name
        self.letters.append((envelope.rcpt_tos, envelope.content.decode()))
        return "250 OK"


@pytest.fixture
def box(settings):
    box = Box()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = port
    yield box
    server.stop()


def do_jobs():
    for job in ProcrastinateJob.objects.order_by("id"):
        mail_a_link(**job.args)


def link_in(letter):
    text = letter[1].replace("=\r\n", "").replace("=3D", "=")
    return re.findall(r"http://127\.0\.0\.1:8000(/password/[\w-]+)", text)[0]


def ask(client, email, **headers):
    return client.post(reverse("accounts:ask_for_reset"), {"email": email}, headers=headers)


def test_the_link_in_the_mail_lets_one_choose_a_password(client, box):
    user = make_user(password="the one forgotten")
    ask(client, user.email)
    do_jobs()

    [(receivers, _text)] = box.letters
    assert receivers == [user.email]
    address = link_in(box.letters[0])
    assert client.get(address, follow=True).status_code == 200
    said = {"new": PASSWORD, "again": PASSWORD}
    assert client.post(CHOOSE, said).status_code == 302
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    assert Client().get(address).status_code == 400
    assert client.post(CHOOSE, said).status_code == 400


def test_the_first_administrator_is_asked_what_firm_it_is_for(client):
    link = actions.first_administrator_link()
    client.get(_path(link))
    answer = client.post(CHOOSE, {"new": PASSWORD, "again": PASSWORD})
    assert answer["Location"] == reverse("accounts:firm")


def test_without_a_link_nobody_chooses_a_password(client):
    assert client.post(CHOOSE, {"new": PASSWORD, "again": PASSWORD}).status_code == 400


def test_the_link_leaves_the_address_and_is_in_no_log(client, caplog):
    link = actions.make_link(make_user(), "reset")
    token = link.rpartition("/")[2]
    assert client.get(_path(link))["Location"] == CHOOSE
    client.post(CHOOSE, {"new": "short", "again": "short"})
    assert token not in caplog.text
    assert token not in str(list(Session.objects.values()))
    assert token not in str(client.session.items())


def test_the_address_in_the_mail_is_ours_whatever_the_browser_says(client, box):
    user = make_user()
    assert ask(client, user.email, Host="evil.test").status_code == 400
    ask(client, user.email, **{"X-Forwarded-Host": "evil.test"})
    do_jobs()
    assert "evil.test" not in box.letters[0][1]
    assert link_in(box.letters[0])


def test_who_asks_learns_nothing(client):
    known, unknown = make_user().email, "nobody@example.com"
    pages = [ask(Client(), known), ask(Client(), unknown)]
    assert len({page.content for page in pages}) == 1
    assert [job.args["user_id"] > 0 for job in ProcrastinateJob.objects.order_by("id")] == [
        True,
        False,
    ]


def test_at_most_three_mails_a_minute_go_to_one_address(box):
    user = make_user()
    pages = [ask(Client(), user.email) for _number in range(10)]
    do_jobs()
    assert {page.status_code for page in pages} == {200}
    assert len(box.letters) == 3


def test_no_queue_and_no_table_holds_the_link(client, box):
    user = make_user()
    ask(client, user.email)
    do_jobs()
    token = link_in(box.letters[0]).rpartition("/")[2]
    assert token not in str(list(ProcrastinateJob.objects.values()))
    assert token not in str(list(OneTimeLink.objects.values()))


def test_a_link_ends_after_an_hour_with_a_new_one_and_with_a_new_password():
    user = make_user(password=PASSWORD)
    old = actions.make_link(user, "reset")
    new = actions.make_link(user, "reset")
    assert Client().get(_path(old)).status_code == 400
    actions.change_password(user, old=PASSWORD, new="another long one 77")
    assert Client().get(_path(new)).status_code == 400
    late = actions.make_link(user, "reset")
    OneTimeLink.objects.filter(used_at=None).update(expires_at=timezone.now())
    assert Client().get(_path(late)).status_code == 400
    life = OneTimeLink.objects.latest("created_at")
    assert timedelta() < timezone.now() - life.created_at < timedelta(minutes=1)


def test_a_link_of_a_disabled_person_opens_nothing():
    user = make_user()
    link = actions.make_link(user, "invitation")
    user.is_active = False
    user.save()
    assert Client().get(_path(link)).status_code == 400


@pytest.mark.parametrize(
    "password", ["short", "1234567890", "password123", "Contraseña2026!", "madridmadrid"]
)
def test_a_password_that_everybody_guesses_is_refused(password):
    user = make_user()
    address, client = _path(actions.make_link(user, "invitation")), Client()
    client.get(address)
    assert client.post(CHOOSE, {"new": password, "again": password}).status_code == 422
    assert client.get(address, follow=True).status_code == 200


def test_choosing_a_password_ends_every_session(client):
    user = make_user()
    client.force_login(user)
    token = actions.make_link(user, "reset").rpartition("/")[2]
    actions.use_link(OneTimeLink.digest_of(token), PASSWORD)
    assert client.get(reverse("accounts:profile")).status_code == 302


def _path(link):
    return link.removeprefix("http://127.0.0.1:8000")
