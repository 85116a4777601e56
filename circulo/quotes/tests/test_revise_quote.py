"""Revisions: what lies with the customer holds until the next one is sent, and then says so."""

import pytest
from django.urls import reverse

from circulo.lib.errors import RuleBroken
from circulo.quotes import actions
from circulo.quotes.actions.answering import Said
from circulo.quotes.keys import link_of
from circulo.quotes.models import Answer, Quote
from circulo.quotes.tests.steps import sent
from circulo.records.verify import verify
from circulo.testing.make import make_approval_rule, make_quote, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
YES = {"act": "accept", "name": "Begoña Núñez", "agreed": "on"}


def path_of(quote):
    return "/q/" + link_of(quote).rsplit("/", 1)[1]


def revised(quote):
    return actions.revise_quote(quote, by=quote.owner)


def statuses():
    return list(Quote.objects.order_by("revision").values_list("status", flat=True))


def test_what_was_sent_is_answered_while_the_next_revision_is_a_draft(client):
    quote = sent(make_quote(language="en"))
    newer = revised(quote)
    assert client.get(path_of(quote)).status_code == 200
    assert statuses() == ["sent", "draft"] and not verify()

    assert client.post(path_of(quote), YES).status_code == 302

    assert statuses() == ["accepted", "withdrawn"] and not verify()
    newer.refresh_from_db()
    for one in (quote, newer):
        with pytest.raises(RuleBroken):
            revised(one)


def test_a_draft_that_waits_for_approval_is_withdrawn_too_where_the_older_one_is_accepted():
    quote = sent(make_quote())
    make_approval_rule(criterion={"field": "net", "op": "gt", "value": 1})
    newer = revised(quote)
    actions.submit_quote(newer, by=quote.owner)
    actions.accept_quote(quote, Said("Ana"), by=quote.owner)
    assert statuses() == ["accepted", "withdrawn"]
    assert newer.approvals.get().state == "dropped" and not verify()


def test_once_the_next_revision_is_sent_the_older_page_says_so_and_whom_to_ask(client):
    quote = sent(make_quote(language="en"))
    old = path_of(quote)
    newer = sent(revised(quote))
    assert statuses() == ["replaced", "sent"] and not verify()

    for answer in (client.get(old), client.get(f"{old}/pdf"), client.post(old, YES)):
        page = answer.content.decode()
        assert answer.status_code == 410 and "This quote was replaced" in page
        assert quote.owner.email in page and "<form" not in page
    assert not Answer.objects.exists()
    assert client.get(path_of(newer)).status_code == 200
    quote.refresh_from_db()
    assert link_of(quote) == ""
    actions.revoke_link(quote, by=quote.owner)
    assert client.get(old).status_code == 404


def test_a_revision_that_is_withdrawn_before_it_is_sent_leaves_the_older_one_as_it_is(client):
    quote = sent(make_quote())
    newer = revised(quote)
    actions.withdraw_quotes([newer.pk], by=quote.owner)
    assert client.get(path_of(quote)).status_code == 200

    third = revised(quote)

    assert (third.revision, statuses()) == (3, ["sent", "withdrawn", "draft"])
    sent(third)
    assert statuses() == ["replaced", "withdrawn", "sent"] and not verify()


def test_what_was_refused_stays_refused_until_another_is_sent():
    quote = sent(make_quote())
    actions.refuse_quote(quote, Said("Ana", "Caro"))
    newer = revised(quote)
    assert statuses() == ["refused", "draft"] and not verify()
    sent(newer)
    assert statuses() == ["replaced", "sent"] and not verify()


def test_a_withdrawn_quote_is_begun_anew_as_another_version(client):
    quote = make_quote()
    actions.withdraw_quotes([quote.pk], by=quote.owner)
    client.force_login(quote.owner)
    where = reverse("quotes:revise", args=[quote.public_id])
    assert where in client.get(quote.get_absolute_url()).content.decode()

    answer = client.post(where)

    newer = Quote.objects.get(revision=2)
    assert answer.url == newer.get_absolute_url() and newer.net == quote.net
    assert statuses() == ["withdrawn", "draft"] and not verify()
    assert where not in client.get(quote.get_absolute_url()).content.decode()
    with pytest.raises(RuleBroken):
        actions.revise_quote(quote, by=make_user("admin"))
