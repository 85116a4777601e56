"""Sending a quote by e-mail is undone while its mail waits for its moment, and never after."""

import re
from html import unescape

import pytest
from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from circulo.accounts.actions import add_token
from circulo.channels.email import actions as email
from circulo.channels.email.models import Mail
from circulo.quotes import actions
from circulo.quotes.models import Quote
from circulo.quotes.tests.steps import changed
from circulo.quotes.tests.test_mail_quote import deliver, typed
from circulo.records.models import Attachment, ChangeSet
from circulo.records.verify import verify
from circulo.testing.make import make_approval_rule, make_product, make_user
from circulo.timeline.models import Interaction

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def mailed(client, quote):
    """Send a quote from its page; the address that the toast undoes it by."""
    where = f"{quote.get_absolute_url()}/mail"
    assert client.post(where, typed(client.get(where))).status_code == 302
    shown = client.get(quote.get_absolute_url()).content.decode()
    assert "leaves in ten seconds" in shown
    found = re.search(r'data-undo="(/changes[^"]+)"', shown)
    assert found
    return unescape(found[1])


def as_it_was(quote):
    """All of a quote but for what every change of it counts on."""
    columns = Quote.objects.filter(pk=quote.pk).values().get()
    return {n: v for n, v in columns.items() if n not in ("version", "updated_at")}


def test_a_mail_called_back_leaves_a_quote_that_was_never_sent(client, quote, box):
    before, files = as_it_was(quote), Attachment.objects.count()
    undo = mailed(client, quote)
    mail = Mail.objects.get()
    email.send_mail(mail.pk)
    assert box.letters == []
    link = Quote.objects.get(pk=quote.pk).digest
    assert link

    assert client.post(undo).status_code == 302

    assert as_it_was(quote) == before
    assert Attachment.objects.count() == files
    assert not Mail.objects.exists()
    assert not Interaction.objects.filter(about_kind="quote", kind="quotes.quote_sent").exists()
    assert not verify()
    deliver()
    assert box.letters == []


def test_it_can_be_changed_and_sent_anew(client, quote, box):
    client.post(mailed(client, quote))
    quote = changed(Quote.objects.get(pk=quote.pk), title="Vino y queso")
    mailed(client, quote)
    deliver()
    quote.refresh_from_db()
    assert quote.status == "sent" and box.letters[0]["Subject"].endswith("Vino y queso")


def test_an_approved_one_is_approved_still(client, seller, quote, box):
    boss = make_user("manager", team=seller.team)
    make_approval_rule()
    product = make_product(price=100)
    line = {"product": product.public_id, "quantity": 1, "discount": 20}
    quote = changed(quote, lines=[line])
    assert actions.submit_quote(quote, by=seller).status == "waiting"
    actions.approve_quote(quote, by=boss)
    quote.refresh_from_db()
    assert quote.status == "approved"
    client.post(mailed(client, quote))
    quote.refresh_from_db()
    assert quote.status == "approved"
    assert quote.approvals.exists()


def test_what_it_replaced_lies_with_the_customer_again(client, seller, quote, box):
    first, url = actions.send_quote(quote, by=seller)
    second = actions.revise_quote(first, by=seller)
    undo = mailed(client, second)
    first.refresh_from_db()
    assert first.status == "replaced"
    client.post(undo)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == ("sent", "draft")
    assert client.get("/q/" + url.rsplit("/", 1)[1]).status_code == 200


def test_a_letter_that_went_out_again_is_called_back_alone(client, seller, quote, box):
    actions.send_quote(quote, by=seller)
    before = as_it_was(quote)
    told = Interaction.objects.count()
    client.post(mailed(client, Quote.objects.get(pk=quote.pk)))
    assert as_it_was(quote) == before
    assert not Mail.objects.exists()
    assert Interaction.objects.count() == told


def test_what_has_left_is_not_taken_back(client, quote, box):
    undo = mailed(client, quote)
    deliver()
    said = client.post(undo, follow=True).content.decode()
    assert "what has left is not taken back" in said
    quote.refresh_from_db()
    assert quote.status == "sent" and len(box.letters) == 1 and Mail.objects.get().state == "sent"


def test_what_a_sender_has_taken_up_is_not_taken_back(client, quote, box):
    undo = mailed(client, quote)
    Mail.objects.update(state="sending", attempts=1, lease_until=Now())
    assert "not taken back" in client.post(undo, follow=True).content.decode()
    quote.refresh_from_db()
    assert quote.status == "sent" and Mail.objects.exists()


def test_a_customer_who_answered_meanwhile_has_the_last_word(client, quote, box):
    undo = mailed(client, quote)
    Quote.objects.filter(pk=quote.pk).update(
        status="withdrawn", decided_at=Now(), digest="", seed=""
    )
    assert "not taken back" in client.post(undo, follow=True).content.decode()
    assert Mail.objects.exists()


def test_what_was_called_back_is_not_sent_by_another_undo(client, quote, box):
    client.post(mailed(client, quote))
    undone = ChangeSet.objects.filter(kind="undo").latest("pk")
    said = client.post(f"/changes/{undone.public_id}/undo", follow=True).content.decode()
    assert "send it anew from its page" in said
    quote.refresh_from_db()
    assert quote.status == "draft" and not Mail.objects.exists()


def test_nobody_else_unseals_what_was_sent(client, seller, quote, box):
    mailed(client, quote)
    with pytest.raises(IntegrityError), transaction.atomic():
        Quote.objects.filter(pk=quote.pk).update(status="draft", sent_at=None)


def test_a_program_does_not_wait(client, seller, quote, box):
    token = add_token(seller, name="x")
    where = f"/api/v1/quotes/{quote.public_id}/mail"
    sent = client.post(
        where, "{}", "application/json", headers={"Authorization": f"Bearer {token}"}
    )
    assert sent.status_code == 200
    email.send_mail(Mail.objects.get().pk)
    assert len(box.letters) == 1
