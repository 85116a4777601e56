"""A product is added, priced and known, and a customer hears what it costs and why."""

import pytest
from playwright.sync_api import expect

from circulo.catalog.models import PriceList, Product
from circulo.testing.browser import screenshot
from circulo.testing.journeys.hands import HANDS
from circulo.testing.make import make_product, make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("hand", HANDS, ids=lambda hand: hand.name)
def test_a_product_from_its_name_to_its_price(visit, hand, language):
    manager = make_user(
        "manager", language=language, region={"es": "es-ES", "en": "en-GB"}[language]
    )
    make_product(code="COPA", name="Copa", by=manager)
    visitor = visit(manager, reduced_motion="reduce")
    page = visitor.open("/products")
    worker = hand(page)

    worker.do("a[data-keys=n]", keys="n")
    page.wait_for_selector("#id_name:focus")
    page.keyboard.type("Tinto joven")
    worker.write("#id_code", "TINTO")
    worker.do("form footer button")
    page.wait_for_selector("#knowledge")

    worker.do("#prices header a", keys="r")
    page.wait_for_url("**/prices")
    worker.write("input[name^=amount_]", "12")
    worker.do("form footer button")
    expect(page.locator("#prices")).to_contain_text("12")

    _write_down_what_is_known(page, worker)
    screenshot(visitor, f"product-{worker.name}-{language}")
    _hear_what_it_costs(visitor, page, worker, language)
    tinto = Product.objects.get(code="TINTO")
    assert tinto.ties.get().other.code == "COPA"
    assert PriceList.objects.get().is_default
    assert visitor.complaints == []


def _write_down_what_is_known(page, worker):
    worker.do("#knowledge header a", keys="k")
    page.wait_for_url("**/knowledge")
    worker.choose("[name=note_kind_0]", "objection")
    worker.write("[name=note_text_0]", "Es caro")
    worker.write("[name=note_answer_0]", "Dura el doble.")
    worker.choose("[name=tie_kind_0]", "accessory")
    worker.write("[name=tie_product_0]", "copa")
    worker.do("form footer button")
    expect(page.locator("#knowledge")).to_contain_text("Dura el doble.")


def _hear_what_it_costs(visitor, page, worker, language):
    """A rule is made, and a basket tells it."""
    page.goto(page.url.split("/products")[0] + "/settings/prices/rules/new")
    worker.write("#id_name", "3x2")
    worker.choose("#id_kind", "nth_free")
    worker.write("#id_nth", "3")
    worker.do("form.form footer button")
    page.wait_for_url("**/settings/prices")
    expect(page.locator("main")).to_contain_text("3x2")
    worker.do("main a[href='/products/price']")
    page.wait_for_selector("#id_goods:focus")
    page.keyboard.type("3 x tinto")
    worker.do("form footer button")
    shown = page.locator("#priced")
    expect(shown).to_contain_text({"es": "1 unidad gratis", "en": "1 unit free"}[language])
    expect(shown).to_contain_text({"es": "29,04", "en": "29.04"}[language])
    screenshot(visitor, f"basket-{worker.name}-{language}")


def test_a_product_is_read_on_a_phone_without_script(visit):
    manager = make_user("manager")
    product = make_product(price="9.95", by=manager, notes=[
        {"kind": "objection", "text": "Es caro", "answer": "Dura el doble."}])  # fmt: skip
    visitor = visit(manager, width=320, java_script_enabled=False)

    page = visitor.open("/products")
    page.click(f"text={product.name}")
    expect(page.locator("#knowledge")).to_contain_text("Dura el doble.")
    page.click("a[href*='/products/price']")
    page.click("form footer button")
    expect(page.locator("#priced")).to_contain_text("12,04")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
