"""Steps of selling that several journeys take, each by whatever hand walks it."""

from typing import Any

from playwright.sync_api import Page, expect

from circulo.portal import stamps
from circulo.quotes.models import Quote
from circulo.sales.models import Deal
from circulo.testing.browser import Visitor, screenshot
from circulo.testing.journeys.hands import Hand, Keyboard
from circulo.testing.make import make_approval_rule, make_price_rule, make_product

ASKED = ({"name": "name", "is_required": True}, {"name": "email", "is_required": True},
         {"name": "company"}, {"name": "phone"}, {"name": "message"})  # fmt: skip


def goods_and_rules() -> None:
    """Something to sell, what is known of it, and the rules that bear on its price."""
    make_product(price=60, code="TINTO", name="Caja de tinto",
                 notes=[{"kind": "benefit", "text": "Portes incluidos"}])  # fmt: skip
    make_price_rule(name="Feria", value=10)
    make_approval_rule(name="Más del 10 % a mano")


def write_form(guest: Visitor, path: str) -> None:
    """Fill in a public form and send it, the first time without the consent that it needs."""
    page = guest.open(path)
    said = {"name": "Begoña Núñez", "email": "bego@duero.example", "company": "Hotel Duero",
            "phone": "612345678", "message": "Busco vino para la carta."}  # fmt: skip
    for name, text in said.items():
        page.locator(f"main [name={name}]").fill(text)
    page.wait_for_timeout(stamps.QUICKEST * 1000 + 200)
    page.locator("form button").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.locator("[name=consent-contact]").check()
    page.locator("form button").click()
    expect(page.get_by_role("status")).to_be_visible()
    screenshot(guest, "form-sent")


def type_lines(visitor: Visitor, worker: Hand) -> None:
    """Ten boxes, a fifth off: `Enter` saves, and the page says why it costs that."""
    page = visitor.page
    worker.do(".goods-rows [name=product]", keys="i")
    expect(page.locator(".goods-rows [name=product]").first).to_be_focused()
    for keys in ("tinto", "10", "", "20"):
        page.keyboard.type(keys)
        if keys == "tinto":
            expect(page.locator("#goods option")).to_have_attribute("value", "Caja de tinto")
        page.keyboard.press("Enter" if keys == "20" else "Tab")
    expect(page.locator("#lines .totals")).to_contain_text("432")
    expect(page.locator("#lines .why")).to_contain_text("Feria")
    expect(page.locator(".knowledge")).to_contain_text("Portes incluidos")
    screenshot(visitor, f"deal-lines-{worker.name}")


def quote_deal(page: Page, worker: Hand) -> Quote:
    """The quote of the deal on this page, handed in for approval; its PDF is looked at."""
    page.evaluate("document.activeElement.blur()")
    worker.do("#quotes header button", keys="q")
    page.wait_for_url("**/quotes/**")
    expect(page.locator(".deal-amount")).to_contain_text("522")
    worker.do("form[action$='/submit'] button", keys="a")
    expect(page.locator(".notice.spark")).to_contain_text("Más del 10 % a mano")
    assert page.request.get(f"{page.url}/pdf").body().startswith(b"%PDF")
    return Quote.objects.get()


def approve_quote(visitor: Visitor, quote: Quote, hand: type[Any]) -> None:
    """Whoever leads the team finds it on Today, and approves it."""
    page = visitor.open("/")
    page.locator("main a", has_text=quote.called).first.click()
    page.wait_for_url("**/quotes/**")
    hand(page).do("button[value=approve]", keys="y")
    expect(page.locator("form[action$='/send']")).to_be_visible()


def send_quote(visitor: Visitor, worker: Hand) -> str:
    """The link that the customer gets."""
    visitor.page.reload()
    worker.do("form[action$='/send'] button", keys="s")
    screenshot(visitor, f"quote-sent-{worker.name}")
    return "/q/" + visitor.page.locator("#quote-link").input_value().rsplit("/", 1)[1]


def accept_quote(phone: Visitor, path: str) -> None:
    """The customer sees it on a phone, and accepts with a name, a tick and one press."""
    page = phone.open(path)
    expect(page.locator(".offer")).to_contain_text("Caja de tinto")
    assert not phone.axe() and not phone.overflow()
    page.fill("#accept_name", "Begoña Núñez")
    page.check("#accept_agreed")
    screenshot(phone, "quote-on-line-phone")
    page.click(".reply button.primary")
    expect(page.locator(".notice.good")).to_be_visible()


def move_on(page: Page, deal: Deal, worker: Hand) -> None:
    """Over the board to the next stage: dragged, or by Alt and an arrow."""
    page.wait_for_selector("html[data-ready]")
    card = page.locator(".card", has_text=deal.title)
    next_column = page.locator("#board .column").nth(deal.stage.position + 1)
    if isinstance(worker, Keyboard):
        worker.walk_to(f"#board .card a[href='{deal.get_absolute_url()}']")
        page.keyboard.press("Alt+ArrowRight")
    else:
        card.drag_to(next_column)
    expect(next_column.locator(".card", has_text=deal.title)).to_be_visible()
    page.wait_for_load_state("networkidle")
