"""Quotes: approved, sent, mailed and accepted on a phone in Spanish; refused and revised in
English.
"""

import re

import pytest
from playwright.sync_api import expect

from circulo.lib import ids
from circulo.quotes import actions
from circulo.quotes.models import Quote
from circulo.testing.browser import screenshot
from circulo.testing.journeys import selling
from circulo.testing.journeys.hands import HANDS, Keyboard
from circulo.testing.make import (
    make_company,
    make_contact,
    make_deal,
    make_quote,
    make_team,
    make_user,
)
from circulo.timeline.kinds import Kind
from circulo.timeline.models import Interaction

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("hand", HANDS, ids=lambda hand: hand.name)
def test_a_deal_is_quoted_by_a_rule_approved_sent_and_accepted_on_a_phone(visit, hand):
    team = make_team()
    eva, lead = make_user(team=team), make_user("manager", team=team)
    selling.goods_and_rules()
    deal = make_deal(owner=eva, party=make_company(name="Hotel Sol", owner=eva), title="Vino")
    visitor = visit(eva, locale="es-ES", reduced_motion="reduce")
    page = visitor.open(deal.get_absolute_url())
    worker = hand(page)
    selling.type_lines(visitor, worker)
    quote = selling.quote_deal(page, worker)
    selling.approve_quote(visit(lead, locale="es-ES", reduced_motion="reduce"), quote, hand)
    link = selling.send_quote(visitor, worker)
    selling.accept_quote(visit(None, locale="es-ES", width=360), link)

    quote.refresh_from_db()
    deal.refresh_from_db()
    assert (quote.status, deal.outcome, str(deal.amount)) == ("accepted", "won", "432.0000")
    told = Interaction.objects.filter(about_kind="quote").order_by("pk")
    assert list(told.values_list("kind", flat=True)) == [
        Kind.QUOTE_SENT, Kind.QUOTE_OPENED, Kind.QUOTE_ACCEPTED,
    ]  # fmt: skip


@pytest.mark.parametrize("hand", HANDS, ids=lambda hand: hand.name)
def test_a_quote_goes_by_mail_and_its_link_is_answered_on_a_phone(visit, hand, place):
    eva = make_user()
    ana = make_contact(owner=eva, given_name="Ana", emails=["ana@sol.example"])
    quote = make_quote(owner=eva, party=ana, title="Vino")
    visitor = visit(eva, locale="es-ES", reduced_motion="reduce")
    page = visitor.open(quote.get_absolute_url())
    worker = hand(page)
    worker.do("a[href$='/mail']", keys="m")
    page.wait_for_url("**/mail")
    expect(page.locator("[name=to]")).to_be_checked()
    worker.write("[name=other]", "jefe@sol.example")
    assert not visitor.axe()
    screenshot(visitor, f"quote-mail-{worker.name}")
    worker.do("form.form footer button.primary")
    expect(page.locator("#mails")).to_contain_text("Enviado")

    (letter,) = place.mailbox.letters
    assert [one.addr_spec for one in letter["To"].addresses] == [
        "ana@sol.example", "jefe@sol.example",
    ]  # fmt: skip
    (sheet,) = letter.iter_attachments()
    assert sheet.get_content().startswith(b"%PDF")
    link, *_same = re.findall(r"/q/[\w-]+", letter.get_body().get_content())
    phone = visit(None, locale="es-ES", width=360).open(link)
    phone.locator("#accept_name").fill("Ana García")
    phone.locator("#accept_agreed").check()
    phone.locator(".reply button.primary").click()
    expect(phone.locator(".notice.good")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Aceptado")


def test_a_quote_is_refused_and_revised_in_english_by_keyboard(visit):
    eva = make_user(language="en", region="en-GB")
    quote = make_quote(owner=eva, language="en")
    quote, url = actions.send_quote(quote, by=eva)
    guest = visit(None, locale="en-GB", width=360)
    sheet = guest.open("/q/" + url.rsplit("/", 1)[1])
    sheet.get_by_text("It does not suit me").click()
    sheet.fill("#refuse_name", "Ann Bell")
    sheet.fill("#refuse_text", "Too dear")
    sheet.locator("details[open] button").click()
    expect(sheet.locator(".notice").first).to_contain_text("Refused on")

    visitor = visit(eva, locale="en-GB", reduced_motion="reduce")
    page = visitor.open(quote.get_absolute_url())
    expect(page.locator("main")).to_contain_text("Too dear")
    Keyboard(page).do("form[action$='/revise'] button", keys="r")
    page.wait_for_function("document.title.includes('/2')")
    fresh = Quote.objects.get(revision=2)
    assert page.url.endswith(ids.encode("quote", fresh.pk)) and fresh.is_draft
