"""A mail leaves once: refused, put off, in doubt; on a real mail server."""

import os
import signal
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F
from procrastinate.contrib.django.models import ProcrastinateJob

from circulo.accounts.models import Notification
from circulo.channels.email import actions
from circulo.channels.email.actions import Letter, Reader
from circulo.channels.email.invariants import INVARIANTS
from circulo.channels.email.models import Mail
from circulo.lib.errors import Invalid, RuleBroken
from circulo.quotes.actions import send_quote, withdraw_quotes
from circulo.testing.mailbox import mail_server
from circulo.testing.make import make_quote, make_user
from circulo.timeline.models import Interaction

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
ANA, LUIS = "ana@sol.example", "luis@sol.example"


@pytest.fixture
def box(settings):
    with mail_server(settings) as box:
        yield box


def make_mail(*to):
    """A mail about a quote that was sent on line."""
    by = make_user(language="en")
    quote, _url = send_quote(make_quote(), by=by)
    assert quote.file is not None
    readers = [Reader(one) for one in to or (ANA,)]
    text = "Dear Ana,\n\n.\n{{ link }}"
    letter = Letter(readers, "Quote", text, "en", quote.owner, [quote.file])
    return actions.queue_mail(letter, about=("quote", quote.pk), key=f"k{quote.pk}", by=by)


def send(mail):
    actions.send_mail(mail.pk)
    mail.refresh_from_db()
    return mail.state


def states(mail):
    return {one["address"]: one["state"] for one in mail.readers}


def later_on(mail, **span):
    """Time passes for a mail."""
    past = timedelta(**span)
    Mail.objects.filter(pk=mail.pk).update(
        due_at=F("due_at") - past, queued_at=F("queued_at") - past,
        lease_until=F("lease_until") - past,
    )  # fmt: skip


def _send_and_end(mail):
    """What a worker does, in a process of its own with its own connection."""
    connection.connection = None
    try:
        actions.send_mail(mail.pk)
    finally:
        os._exit(1)


def violations():
    return [found for one in INVARIANTS for found in one.find()]


def test_it_says_what_was_written_with_its_file_its_link_and_who_is_answered(box):
    mail = make_mail(ANA, LUIS)

    jobs = ProcrastinateJob.objects.filter(task_name="email.send_mail", args={"mail": mail.pk})
    assert jobs.count() == 1
    assert send(mail) == "sent"

    (letter,) = box.letters
    text = letter.get_body(("plain",)).get_content().replace("\r\n", "\n")
    page = letter.get_body(("html",)).get_content()
    (file,) = letter.iter_attachments()
    assert letter["Message-ID"] == mail.message_id and letter["To"] == f"{ANA}, {LUIS}"
    assert letter["Reply-To"].addresses[0].addr_spec == mail.reply_to
    assert letter["From"].addresses[0].addr_spec == "circulo@localhost"
    assert text.startswith("Dear Ana,\n\n.\nhttp") and "/q/" in text and '<a href="http' in page
    assert file.get_content().startswith(b"%PDF")
    assert mail.ended_at and violations() == []


def test_the_same_act_makes_one_mail_and_one_that_was_sent_is_not_sent_again(box):
    mail = make_mail()
    again = Letter([Reader(ANA)], "Other", "Text", "en", mail.by)
    assert actions.queue_mail(again, about=("quote", 1), key=mail.key, by=mail.by) == mail

    assert [send(mail), send(mail)] == ["sent", "sent"]
    assert len(box.letters) == 1
    with pytest.raises(RuleBroken):
        actions.send_again(mail, by=mail.by)


def test_one_recipient_is_refused_and_the_other_has_it(box):
    mail = make_mail(ANA, LUIS)
    box.readers[LUIS] = ["550 5.1.1 No such user here"]

    assert send(mail) == "sent"

    assert states(mail) == {ANA: "taken", LUIS: "refused"}
    assert mail.readers[1]["said"] == "550 5.1.1 No such user here"
    assert box.taken_for == [[ANA]] and violations() == []
    assert Notification.objects.filter(to=mail.by, kind="quotes.mail_refused").count() == 1


def test_who_is_refused_alone_ends_the_mail_with_the_words_of_the_server(box):
    mail = make_mail()
    box.readers[ANA] = ["550 5.1.1 No such user here"]

    assert send(mail) == "refused"
    assert (box.letters, mail.last_error) == ([], "550 5.1.1 No such user here")
    assert violations() == []

    actions.send_again(mail, by=mail.by)
    assert send(mail) == "sent" and len(box.letters) == 1


def test_who_is_put_off_gets_it_later_and_nobody_gets_it_twice(box):
    mail = make_mail(ANA, LUIS)
    box.readers[LUIS] = ["451 4.7.1 Greylisted"]

    assert send(mail) == "waiting"
    assert states(mail) == {ANA: "taken", LUIS: "waiting"}
    assert mail.last_error == "451 4.7.1 Greylisted"
    assert send(mail) == "waiting"  # not yet due

    later_on(mail, minutes=2)
    assert actions.settle_leases() == 1
    assert send(mail) == "sent"
    assert box.taken_for == [[ANA], [LUIS]]
    assert box.letters[0]["Message-ID"] == box.letters[1]["Message-ID"]


@pytest.mark.parametrize(
    ("answer", "state"), [("451 4.3.0 Try later", "waiting"), ("554 5.7.1 Spam", "refused")]
)
def test_the_answer_to_the_text_counts_for_all(box, answer, state):
    mail = make_mail(ANA, LUIS)
    box.texts = [answer]

    assert send(mail) == state
    assert mail.last_error == answer and set(states(mail).values()) == {state}


def test_without_a_server_it_waits_longer_and_longer_and_ends_after_a_day(settings):
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    mail = make_mail()

    assert send(mail) == "waiting" and "127.0.0.1:1" in mail.last_error
    waits = []
    for _attempt in range(3):
        later_on(mail, seconds=(mail.due_at - mail.queued_at).total_seconds() + 1)
        send(mail)
        waits.append(mail.attempts)
    assert waits == [2, 3, 4]
    later_on(mail, days=1)
    actions.settle_leases()
    mail.refresh_from_db()
    assert mail.state == "refused" and "127.0.0.1:1" in mail.last_error
    assert violations() == []


def test_a_line_that_is_cut_after_the_text_leaves_it_in_doubt_until_somebody_says(box):
    mail = make_mail()
    box.texts = [lambda: None]

    assert send(mail) == "in_doubt"
    later_on(mail, days=2)
    actions.settle_leases()
    assert send(mail) == "in_doubt" and len(box.letters) == 1
    assert Notification.objects.filter(to=mail.by, kind="quotes.mail_in_doubt").count() == 1

    actions.mark_arrived(mail, by=mail.by)
    mail.refresh_from_db()
    assert mail.state == "sent" and states(mail) == {ANA: "taken"} and violations() == []


def test_what_is_in_doubt_is_sent_again_under_the_same_message_id_where_somebody_asks(box):
    mail = make_mail()
    box.texts = [lambda: None]
    send(mail)

    actions.send_again(mail, by=mail.by)

    assert send(mail) == "sent"
    assert len({letter["Message-ID"] for letter in box.letters}) == 1


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_killed_before_the_answer_leaves_it_in_doubt(box):
    mail = make_mail()
    worker: list[int] = []
    box.texts = [lambda: os.kill(worker[0], signal.SIGKILL)]
    worker.append(os.fork())
    if not worker[0]:
        _send_and_end(mail)
    assert os.waitpid(worker[0], 0)[1] == signal.SIGKILL

    mail.refresh_from_db()
    assert mail.state == "sending" and mail.handed_at
    assert send(mail) == "sending" and actions.settle_leases() == 0
    later_on(mail, minutes=3)
    actions.settle_leases()
    mail.refresh_from_db()
    assert (mail.state, len(box.letters)) == ("in_doubt", 1)


def test_a_sender_that_died_before_the_text_is_followed_by_another(box):
    mail = make_mail()
    Mail.objects.filter(pk=mail.pk).update(state="sending", lease_until=F("due_at"), attempts=1)
    later_on(mail, minutes=5)

    assert actions.settle_leases() == 1
    assert send(mail) == "sent" and mail.attempts == 2


@pytest.mark.django_db(transaction=True)
def test_a_sender_that_lost_its_lease_hands_nothing_over(box):
    mail = make_mail()

    def slowly():
        later_on(mail, minutes=5)
        actions.settle_leases()
        connection.close()
        return "250 OK"

    box.readers[ANA] = [slowly]
    assert send(mail) == "waiting" and box.letters == []
    assert send(mail) == "sent" and len(box.letters) == 1


def test_what_was_taken_back_before_it_left_does_not_leave(box):
    mail = make_mail()
    withdraw_quotes([mail.about_id], by=mail.by)

    assert send(mail) == "refused"
    assert box.letters == [] and "withdrawn" in mail.last_error


def test_without_mail_nothing_is_queued_and_the_refusal_says_how_to_mend_it(settings):
    settings.EMAIL_HOST = ""
    with pytest.raises(RuleBroken, match="CIRCULO_SMTP_HOST"):
        make_mail()
    assert not Mail.objects.exists() and not Interaction.objects.filter(kind="email").exists()


@pytest.mark.parametrize("to", [[], ["ana"], ["ana@sol.example\nBcc: x@y.example"]])
def test_addresses_are_read_strictly(to):
    with pytest.raises(Invalid):
        actions.read_readers(to)
    assert [one.address for one in actions.read_readers([" Ana@Sol.example"], [ANA])] == [ANA]
