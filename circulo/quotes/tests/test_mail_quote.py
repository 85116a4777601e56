"""A quote goes out by e-mail: on its page, over the API, again, and never unsaid."""

import json
import re
from html import unescape

import pytest
from django.db.models.functions import Now

from circulo.accounts.actions import add_token
from circulo.accounts.models import Role, User
from circulo.channels.email import actions as email
from circulo.channels.email.models import Mail
from circulo.quotes import actions
from circulo.quotes.models import Quote, QuotePaper
from circulo.sales.models import DealPerson
from circulo.testing.cost import query_cost
from circulo.testing.make import (
    make_approval_rule,
    make_company,
    make_contact,
    make_deal,
    make_product,
    make_quote,
    make_team,
    make_user,
)
from circulo.timeline.models import Interaction

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
LINK = re.compile(r"https?://\S+/q/[\w-]+")


def typed(page):
    """What a browser without scripts would send of the form as it is."""
    text = page.content.decode()
    fields = dict(re.findall(r'<input[^>]* name="(once|subject)"[^>]* value="([^"]*)"', text))
    (body,) = re.findall(r'<textarea name="text"[^>]*>\s*(.*?)</textarea>', text, re.S)
    ticked = re.findall(r'name="to" value="([^"]+)"[^>]* checked', text)
    said = {name: unescape(value) for name, value in fields.items()}
    return said | {"to": ticked, "text": unescape(body), "other": "", "cc": ""}


def link_in(letter):
    """The address of the page on line that a letter carries."""
    return LINK.findall(letter.get_body(("plain",)).get_content())[0]


def deliver():
    """The moment in which a sending may be undone is over, and what waits leaves."""
    Mail.objects.filter(state="waiting").update(due_at=Now())
    for mail in Mail.objects.filter(state="waiting"):
        email.send_mail(mail.pk)


def test_the_form_is_ready_and_one_press_sends_the_quote_and_the_mail(client, seller, quote, box):
    where = f"{quote.get_absolute_url()}/mail"
    page = client.get(where)
    said = typed(page)
    assert said["to"] == ["ana@sol.example"] and "compras@sol.example" in page.content.decode()
    assert said["subject"] == f"Quote {quote.called}: Vino"
    assert said["text"].startswith("Dear Ana García,") and "{{ link }}" in said["text"]

    said |= {"other": "jefe@sol.example; otra@sol.example", "cc": "caja@sol.example"}
    answers = [client.post(where, said).status_code for _twice in range(2)]
    deliver()

    assert answers == [302, 302] and Mail.objects.count() == 1
    (letter,) = box.letters
    assert letter["To"].addresses[0].addr_spec == "ana@sol.example"
    assert letter["To"].addresses[0].display_name == "Ana García"
    assert len(letter["To"].addresses) == 3 and letter["Cc"] == "caja@sol.example"
    link = link_in(letter)
    assert client.get("/q/" + link.rsplit("/", 1)[1]).status_code == 200
    quote.refresh_from_db()
    told = Interaction.objects.get(about_kind="quote", kind="quotes.quote_sent")
    assert quote.status == "sent"
    assert (told.channel, told.direction) == ("email", "out")
    assert "Ana García" in told.body and "caja@sol.example" in told.body and "/q/" not in told.body
    shown = client.get(quote.get_absolute_url()).content.decode()
    assert "ana@sol.example" in shown and ">Sent<" in shown


def test_a_quote_that_lies_there_is_mailed_again_with_the_address_it_has(
    client, seller, quote, box
):
    _sent, url = actions.send_quote(quote, by=seller)
    where = f"{quote.get_absolute_url()}/mail"
    assert client.post(where, typed(client.get(where))).status_code == 302
    deliver()

    assert link_in(box.letters[0]) == url
    assert (
        Interaction.objects.filter(about_kind="quote", kind="email", channel="email").count() == 1
    )

    Quote.objects.filter(pk=quote.pk).update(seed="")  # sent by an older version
    page = client.get(where)
    assert "another address" in page.content.decode()
    client.post(where, typed(page))
    deliver()
    fresh = link_in(box.letters[1])
    assert fresh != url and client.get("/q/" + fresh.rsplit("/", 1)[1]).status_code == 200


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_sent(client, seller, quote, box):
    where = f"{quote.get_absolute_url()}/mail"
    said = typed(client.get(where))
    nobody = client.post(where, said | {"to": []})
    wrong = client.post(where, said | {"other": "jefe"})
    empty = client.post(where, said | {"text": " "})

    assert [one.status_code for one in (nobody, wrong, empty)] == [422] * 3
    assert "Say to whom it goes" in nobody.content.decode()
    assert "“jefe” is not an e-mail address" in unescape(wrong.content.decode())
    quote.refresh_from_db()
    assert quote.status == "draft" and not Mail.objects.exists()


def test_what_must_be_approved_or_has_no_server_is_not_mailed(client, seller, quote, settings):
    settings.EMAIL_HOST = ""
    where = f"{quote.get_absolute_url()}/mail"
    assert client.get(where).status_code == 302
    assert "CIRCULO_SMTP_HOST" in client.get(quote.get_absolute_url()).content.decode()
    settings.EMAIL_HOST = "127.0.0.1"
    make_approval_rule(criterion={"field": "total_at_home", "op": "gt", "value": 1})
    assert client.get(where).status_code == 302
    assert "must be approved first" in client.get(quote.get_absolute_url()).content.decode()
    assert not Mail.objects.exists()


def test_the_people_of_the_deal_are_offered_and_whoever_sees_no_addresses_writes_one(
    client, seller, box
):
    ben = make_contact(owner=seller, given_name="Ben", emails=["ben@luna.example"])
    deal = make_deal(owner=seller, party=make_company(owner=seller))
    DealPerson.objects.create(deal=deal, party=ben)
    quote = make_quote(owner=seller, party=deal.party, deal=deal.public_id)
    where = f"{quote.get_absolute_url()}/mail"
    assert "ben@luna.example" in client.get(where).content.decode()

    Role.objects.filter(pk=seller.role_id).update(hidden={"contacts": ["emails"]})
    page = client.get(where)
    assert "ben@luna.example" not in page.content.decode()
    assert client.post(where, typed(page) | {"other": "ben@luna.example"}).status_code == 302


def test_the_firm_writes_its_own_text_and_a_wrong_one_is_refused(client, quote, box):
    admin = make_user("admin", language="en")
    client.force_login(admin)
    form = {"colour": "#7a1f3d", "days": "30", "subject_en": "Offer {{ quote.number }}",
            "message_en": "Hi {{ contact.given_name }}: {{ link }}"}  # fmt: skip
    wrong = client.post("/settings/quotes", form | {"message_en": "Hi {{ nobody }}"})
    assert wrong.status_code == 422 and "nobody" in wrong.content.decode()
    long = {name: "a" * 30_000 for name in (*form, "introduction_en", "terms_en")}
    assert client.post("/settings/quotes", form | long).status_code == 422
    assert client.post("/settings/quotes", form).status_code == 302
    assert QuotePaper.objects.get().texts["en"]["subject"] == "Offer {{ quote.number }}"
    said = typed(client.get(f"{quote.get_absolute_url()}/mail"))
    assert (said["subject"], said["text"]) == (f"Offer {quote.called}", "Hi Ana: {{ link }}")


def test_in_doubt_a_person_decides_on_the_page(client, seller, quote, box):
    where = f"{quote.get_absolute_url()}/mail"
    client.post(where, typed(client.get(where)))
    box.texts = [lambda: None]
    deliver()
    page = client.get(quote.get_absolute_url()).content.decode()
    assert "In doubt" in page and "It arrived" in page and "Send it again" in page

    mail = Mail.objects.get()
    theirs = make_user(team=make_team())
    client.force_login(theirs)
    assert client.post(f"/mails/{mail.public_id}/again").status_code == 404
    client.force_login(make_user(team=seller.team))
    assert client.post(f"/mails/{mail.public_id}/arrived").status_code == 403
    client.force_login(seller)
    assert client.post(f"/mails/{mail.public_id}/arrived").status_code == 302
    mail.refresh_from_db()
    assert mail.state == "sent" and len(box.letters) == 1


def test_the_page_costs_the_same_for_one_mail_as_for_many(client, seller, quote, box):
    letter = email.Letter([email.Reader("ana@sol.example")], "Vino", "Text", "en", seller)
    actions.mail_quote(quote, letter, by=seller)
    client.get(quote.get_absolute_url())
    one = query_cost(client.get, quote.get_absolute_url())
    for number in range(3):
        email.queue_mail(letter, about=("quote", quote.pk), key=f"more{number}", by=seller)
    assert query_cost(client.get, quote.get_absolute_url()) == one


def test_over_the_api_a_key_sends_one_mail_and_its_fate_is_told(client, box):
    user = make_user(team=make_team(), language="en")
    party = make_company(owner=user, emails=["compras@sol.example"])
    quote = make_quote(
        owner=user, party=party, lines=[{"product": make_product(price=9).public_id}]
    )
    headers = {"Authorization": f"Bearer {add_token(User.objects.get(pk=user.pk))}"}

    def call(method, path, said=None, **more):
        body = "" if said is None else json.dumps(said)
        return client.generic(method, f"/api/v1/{path}", body, "application/json",
                              headers=headers | more)  # fmt: skip

    where = f"quotes/{quote.public_id}"
    assert call("POST", f"{where}/mail", {"to": ["x"]}).status_code == 422
    assert call("POST", f"{where}/mail", {"to": "x"}).status_code == 422
    key = {"Idempotency-Key": "once-only-1"}
    sent = [call("POST", f"{where}/mail", {}, **key) for _twice in range(2)]
    assert [one.status_code for one in sent] == [200, 200] and Mail.objects.count() == 1
    assert sent[0].json()["status"] == "sent"
    (mail,) = sent[0].json()["mails"]
    assert (mail["state"], mail["readers"][0]["address"]) == ("waiting", "compras@sol.example")

    box.readers["compras@sol.example"] = ["550 5.1.1 No such user"]
    deliver()
    told = call("GET", f"mails/{mail['id']}").json()
    assert (told["state"], told["last_error"]) == ("refused", "550 5.1.1 No such user")
    assert call("POST", f"mails/{mail['id']}/arrived").status_code == 409
    assert call("POST", f"mails/{mail['id']}/again").json()["state"] == "waiting"
    deliver()
    assert call("GET", where).json()["mails"][0]["state"] == "sent"
