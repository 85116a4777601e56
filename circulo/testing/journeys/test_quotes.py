"""Quotes: approved, sent and accepted on a phone in Spanish; refused and revised in English."""

import pytest
from playwright.sync_api import expect

from circulo.lib import ids
from circulo.quotes import actions
from circulo.quotes.models import Quote
from circulo.testing.browser import screenshot
from circulo.testing.journeys.hands import HANDS, Keyboard
from circulo.testing.make import (
    make_approval_rule,
    make_company,
    make_deal,
    make_price_rule,
    make_product,
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
    deal = _a_deal_to_quote(eva)
    visitor = visit(eva, locale="es-ES", reduced_motion="reduce")
    page = visitor.open(deal.get_absolute_url())
    worker = hand(page)
    _type_lines(visitor, worker)
    quote = _quoted(page, worker)

    _approve(visit(lead, locale="es-ES", reduced_motion="reduce"), quote, hand)
    page.reload()
    worker.do("form[action$='/send'] button", keys="s")
    link = page.locator("#quote-link").input_value()
    screenshot(visitor, f"quote-sent-{worker.name}")
    _accept(visit(None, locale="es-ES", width=360), link)

    quote.refresh_from_db()
    deal.refresh_from_db()
    assert (quote.status, deal.outcome, str(deal.amount)) == ("accepted", "won", "432.000")
    told = Interaction.objects.filter(about_kind="quote").order_by("pk")
    assert list(told.values_list("kind", flat=True)) == [
        Kind.QUOTE_SENT, Kind.QUOTE_OPENED, Kind.QUOTE_ACCEPTED,
    ]  # fmt: skip


def _a_deal_to_quote(eva):
    """A deal of Eva's, what it is about, and the rules that bear on it."""
    make_product(price=60, code="TINTO", name="Caja de tinto",
                 notes=[{"kind": "benefit", "text": "Portes incluidos"}])  # fmt: skip
    make_price_rule(name="Feria", value=10)
    make_approval_rule(name="Más del 10 % a mano")
    return make_deal(owner=eva, party=make_company(name="Hotel Sol", owner=eva), title="Vino")


def _type_lines(visitor, worker):
    """Ten boxes, a fifth off: `Enter` saves, and the page says why it costs that."""
    page = visitor.page
    worker.do(".goods-rows [name=product]", keys="i")
    page.keyboard.type("tinto")
    page.keyboard.press("Tab")
    page.keyboard.type("10")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("20")
    page.keyboard.press("Enter")
    expect(page.locator("#lines .totals")).to_contain_text("432,00")
    expect(page.locator("#lines .why")).to_contain_text("Feria")
    expect(page.locator(".knowledge")).to_contain_text("Portes incluidos")
    screenshot(visitor, f"deal-lines-{worker.name}")


def _quoted(page, worker):
    """The quote of the deal, handed in for approval; its PDF is looked at."""
    page.evaluate("document.activeElement.blur()")
    worker.do("#quotes header button", keys="q")
    page.wait_for_url("**/quotes/**")
    expect(page.locator(".deal-amount")).to_contain_text("522,72")
    worker.do("form[action$='/submit'] button", keys="a")
    expect(page.locator(".notice.spark")).to_contain_text("Más del 10 % a mano")
    assert page.request.get(f"{page.url}/pdf").body().startswith(b"%PDF")
    return Quote.objects.get()


def _approve(visitor, quote, hand):
    """Whoever leads the team finds it on Today, and approves it."""
    page = visitor.open("/")
    page.locator("main a", has_text=quote.called).first.click()
    page.wait_for_url("**/quotes/**")
    hand(page).do("button[value=approve]", keys="y")
    expect(page.locator(".head .chip").first).to_contain_text("Aprobado")


def _accept(phone, link):
    """The customer sees it on a phone, and accepts with a name, a tick and one press."""
    page = phone.open("/q/" + link.rsplit("/", 1)[1])
    expect(page.locator(".offer")).to_contain_text("Caja de tinto")
    assert not phone.axe() and not phone.overflow()
    page.fill("#accept_name", "Begoña Núñez")
    page.check("#accept_agreed")
    screenshot(phone, "quote-on-line-phone")
    page.click(".reply button.primary")
    expect(page.locator(".notice.good")).to_be_visible()


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
