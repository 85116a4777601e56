"""A customer on line: sees a quote, asks, and answers it once, without a login."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from circulo.accounts.models import Notification
from circulo.lib.errors import Invalid, RuleBroken
from circulo.quotes import actions
from circulo.quotes.actions.answering import Said
from circulo.quotes.models import Answer, Quote
from circulo.records.verify import verify
from circulo.sales.actions import lose_deals, win_deals
from circulo.testing.make import make_deal, make_product, make_quote, make_reason, make_user
from circulo.timeline.kinds import Kind
from circulo.timeline.models import Interaction

pytestmark = pytest.mark.django_db
YES = {"act": "accept", "name": "Begoña Núñez", "agreed": "on"}
NO = {"act": "refuse", "name": "Begoña Núñez", "text": "Demasiado caro"}


def sent(**said):
    quote = make_quote(**{"language": "en"} | said)
    quote, url = actions.send_quote(quote, by=quote.owner)
    return quote, "/q/" + url.rsplit("/", 1)[1]


def of_a_deal():
    make_product(price=100, name="Tinto")
    deal = make_deal(lines=[{"product": "Tinto", "quantity": 2}], amount=5)
    quote = actions.quote_deal(deal, by=deal.owner)
    quote, url = actions.send_quote(quote, by=deal.owner)
    return deal, quote, "/q/" + url.rsplit("/", 1)[1]


def test_the_page_shows_lines_and_total_and_nothing_of_the_house(client):
    product = make_product(price=100, cost=60, name="Tinto")
    quote, path = sent(lines=[{"product": product.public_id, "quantity": 2, "discount": 10}])

    answer = client.get(path)

    page = answer.content.decode()
    assert answer.status_code == 200 and "Tinto" in page and "217.80" in page.replace(",", ".")
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert answer.headers["Referrer-Policy"] == "same-origin"
    for hidden in ("Margin", "60,00", "/products/", "/deals/", "/contacts/"):
        assert hidden not in page
    assert client.get(f"{path}/pdf").content.startswith(b"%PDF")


def test_that_it_was_opened_is_recorded_once_and_told_to_its_owner(client):
    quote, path = sent()
    assert client.head(path).status_code == 200  # as what looks links over does, and reads nothing
    quote.refresh_from_db()
    assert not quote.seen_at
    for _n in range(3):
        client.get(path)
    quote.refresh_from_db()
    assert quote.seen_at and Interaction.objects.of(Kind.QUOTE_OPENED).count() == 1
    assert Notification.objects.get(to=quote.owner).kind == "quotes.opened"


@pytest.mark.parametrize("headers", [
    {"HTTP_USER_AGENT": "Mozilla/5.0 (compatible; bingbot/2.0)"},
    {"HTTP_USER_AGENT": "WhatsApp/2.23.20.0"},
    {"HTTP_USER_AGENT": "Slackbot-LinkExpanding 1.0"},
    {"HTTP_USER_AGENT": "Mozilla/5.0 (X11) BarracudaCentral"},
    {"HTTP_USER_AGENT": "python-requests/2.32"},
    {"HTTP_USER_AGENT": "Firefox/140", "HTTP_SEC_PURPOSE": "prefetch;prerender"},
])  # fmt: skip
def test_a_machine_that_looks_is_no_customer(client, headers):
    quote, path = sent()
    assert client.get(path, **headers).status_code == 200
    assert client.head(path, HTTP_USER_AGENT="Firefox/140").status_code == 200
    quote.refresh_from_db()
    assert quote.seen_at is None and not Interaction.objects.of(Kind.QUOTE_OPENED).exists()


def test_somebody_of_the_firm_who_looks_is_no_customer(client):
    quote, path = sent()
    client.force_login(quote.owner)
    assert client.get(path).status_code == 200
    quote.refresh_from_db()
    assert quote.seen_at is None and not Notification.objects.exists()

    Client().get(path, HTTP_USER_AGENT="Mozilla/5.0 (iPhone) Safari/605")
    quote.refresh_from_db()
    assert quote.seen_at


def test_whoever_sends_a_quote_sees_it_as_the_customer_does_whatever_became_of_it(client):
    quote, path = sent()
    client.force_login(quote.owner)
    for act in (lambda: None, lambda: actions.refuse_quote(quote, Said("Ana"))):
        act()
        assert f'href="{path}"' in client.get(quote.get_absolute_url()).content.decode()
        assert "You see what the customer sees" in client.get(path).content.decode()
    quote.refresh_from_db()
    assert not quote.seen_at
    actions.revoke_link(quote, by=quote.owner)
    assert "/q/" not in client.get(quote.get_absolute_url()).content.decode()
    client.logout()
    _other, path = sent()
    assert "You see what" not in client.get(path).content.decode()


def test_who_accepts_wins_the_deal_for_what_was_accepted_at_once(client):
    deal, quote, path = of_a_deal()

    answer = client.post(path, YES, HTTP_USER_AGENT="Firefox/140")

    assert answer.status_code == 302 and answer.url.startswith(path)
    for _reload in range(2):
        page = client.get(answer.url)
        assert page.status_code == 200 and "Aceptado el" in page.content.decode()
    quote.refresh_from_db()
    deal.refresh_from_db()
    assert (quote.status, deal.outcome, deal.amount) == ("accepted", "won", 200)
    said = Answer.objects.get()
    assert (said.kind, said.name, said.agent, said.by) == (
        "accepted", "Begoña Núñez", "Firefox/140", None,
    )  # fmt: skip
    assert said.address and said.sha256 == quote.sha256
    assert Interaction.objects.of(Kind.QUOTE_ACCEPTED).get().party == quote.party
    assert Interaction.objects.of(Kind.DEAL_WON).exists()
    assert Notification.objects.filter(to=quote.owner, kind="quotes.accepted").exists()
    assert client.post(path, YES).status_code == 409 == client.post(path, NO).status_code


def test_who_refuses_says_why_and_the_deal_stays(client):
    deal, quote, path = of_a_deal()
    assert client.post(path, NO | {"text": ""}).status_code == 422
    assert client.post(path, NO).status_code == 302
    quote.refresh_from_db()
    deal.refresh_from_db()
    assert (quote.status, quote.decision_note, deal.outcome) == (
        "refused", "Demasiado caro", "open",
    )  # fmt: skip


def test_a_question_is_heard_and_decides_nothing(client):
    quote, path = sent()
    answer = client.post(path, {"act": "comment", "name": "Ana", "text": "¿Portes?"})
    assert answer.status_code == 302
    page = client.get(answer.url).content.decode()
    quote.refresh_from_db()
    assert quote.status == "sent" and "¿Portes?" in page
    assert f"{quote.owner.name} was told and will answer you." in page
    told = Interaction.objects.of(Kind.QUOTE_COMMENTED).get()
    assert "¿Portes?" in told.body and told.direction == "in"
    assert Notification.objects.filter(to=quote.owner, kind="quotes.commented").exists()


def test_a_question_that_is_sent_twice_in_a_row_counts_once(client):
    quote, path = sent()
    for text in ("¿Portes?", "¿Portes? ", "¿Plazo?", "¿Portes?"):
        client.post(path, {"act": "comment", "name": "Ana", "text": text})
    said = Answer.objects.order_by("pk").values_list("text", flat=True)
    assert list(said) == ["¿Portes?", "¿Plazo?", "¿Portes?"]
    assert Interaction.objects.of(Kind.QUOTE_COMMENTED).count() == 3


def test_a_question_is_answered_where_it_was_asked(client):
    quote, path = sent(title="Tinto")
    client.post(path, {"act": "comment", "name": "Ana", "text": "¿Portes?"})
    client.force_login(quote.owner)
    page = quote.get_absolute_url()
    assert f'action="{page}/reply"' in client.get(page).content.decode()
    for text in ("Van incluidos.", "Van incluidos. ", " "):
        assert client.post(f"{page}/reply", {"text": text}).status_code == 302

    client.logout()
    seen = client.get(path).content.decode()
    assert seen.index("¿Portes?") < seen.index("Van incluidos.") and seen.count("incluidos") == 1
    quote.refresh_from_db()
    assert quote.status == "sent"
    told = Interaction.objects.of(Kind.QUOTE_COMMENTED).latest("pk")
    assert (told.direction, told.by, told.body) == ("out", quote.owner, "Van incluidos.")
    with pytest.raises(Invalid):
        actions.reply_to_customer(quote, " ", by=quote.owner)
    client.post(path, {"act": "accept", "name": "Ana", "agreed": "on"})
    with pytest.raises(RuleBroken):
        actions.reply_to_customer(quote, "Gracias", by=quote.owner)


@pytest.mark.django_db(transaction=True)
def test_of_many_who_answer_at_once_one_is_heard():
    deal, quote, path = of_a_deal()
    barrier, codes = threading.Barrier(6), []

    def press(number):
        barrier.wait()
        codes.append(Client().post(path, (YES, NO)[number % 2]).status_code)
        connection.close()

    threads = [threading.Thread(target=press, args=[number]) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(codes) == [302, *[409] * 5] and Answer.objects.count() == 1
    quote.refresh_from_db()
    deal.refresh_from_db()
    assert (deal.outcome == "won") == (quote.status == "accepted")


@pytest.mark.parametrize("said", [
    {"name": ""}, {"agreed": ""}, {"name": "x" * 200}, {"name": "a\0b"},
])  # fmt: skip
def test_what_is_not_right_is_said_and_accepts_nothing(client, said):
    quote, path = sent()
    assert client.post(path, YES | said).status_code == 422
    assert not Answer.objects.exists()


def test_a_page_that_is_late_revoked_renewed_or_withdrawn_takes_no_answer(client):
    late, path = sent()
    tomorrow = timezone.localdate() + timedelta(days=40)
    assert actions.expire_quotes(tomorrow) == 1
    assert client.get(path).status_code == 200 and client.post(path, YES).status_code == 409
    late.refresh_from_db()
    assert late.status == "expired" and Interaction.objects.of(Kind.QUOTE_EXPIRED).exists()

    for act in (
        lambda quote: actions.revoke_link(quote, by=quote.owner),
        lambda quote: actions.renew_link(quote, by=quote.owner),
        lambda quote: actions.withdraw_quotes([quote.pk], by=quote.owner),
    ):
        quote, path = sent()
        act(quote)
        assert client.get(path).status_code == client.post(path, YES).status_code == 404
    assert not Answer.objects.exists()


def test_another_link_opens_the_same_quote(client):
    quote, _path = sent()
    url = actions.renew_link(quote, by=quote.owner)
    assert client.get("/q/" + url.rsplit("/", 1)[1]).status_code == 200


def test_no_key_that_is_guessed_opens_anything_and_who_answers_without_an_end_is_slowed(client):
    quote, path = sent()
    for guess in ("x", "0" * 43, quote.digest, quote.public_id, path[3:-1]):
        assert client.get(f"/q/{guess}").status_code == 404
    asked = {"act": "comment", "name": "Ana", "text": "?"}
    codes = [client.post(path, asked).status_code for _n in range(32)]
    assert codes[0] == 302 and codes[-1] == 429


def test_a_deal_that_was_held_for_lost_is_won_by_who_accepts_and_its_owner_is_told(client):
    deal, quote, path = of_a_deal()
    lose_deals([deal.pk], by=deal.owner, reason=make_reason())

    client.post(path, YES)

    deal.refresh_from_db()
    assert (deal.outcome, deal.amount, deal.reason_id) == ("won", 200, None)
    assert Quote.objects.get().status == "accepted" and not verify()
    kinds = Interaction.objects.filter(about_kind="deal").order_by("pk")
    assert list(kinds.values_list("kind", flat=True))[-2:] == [Kind.DEAL_REOPENED, Kind.DEAL_WON]
    told = Notification.objects.get(to=deal.owner, kind="quotes.won_after_all")
    assert told.words["deal"] == deal.title


def test_a_deal_that_is_won_already_stays_as_it_is(client):
    deal, quote, path = of_a_deal()
    win_deals([deal.pk], by=deal.owner)
    client.post(path, YES)
    deal.refresh_from_db()
    assert (deal.outcome, deal.amount, Quote.objects.get().status) == ("won", 5, "accepted")


def test_a_colleague_notes_what_the_customer_said_and_how(client):
    quote, _path = sent()
    client.force_login(quote.owner)
    where = f"{quote.get_absolute_url()}/accept"
    assert client.post(where, {"name": "Ana", "note": ""}).status_code == 422
    assert client.post(where, {"name": "Ana", "note": "By phone"}).status_code == 302
    said = Answer.objects.get()
    assert (said.name, said.text, said.by) == ("Ana", "By phone", quote.owner)


def test_a_colleague_who_may_not_edit_it_notes_nothing(client):
    quote, _path = sent()
    client.force_login(make_user("auditor"))
    said = {"name": "Ana", "note": "x"}
    assert client.post(f"{quote.get_absolute_url()}/accept", said).status_code == 403
