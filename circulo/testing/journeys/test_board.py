"""Deals over their board, with the mouse and again with the keyboard alone; and as a table."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from circulo.sales import actions
from circulo.sales.models import Deal, Pipeline
from circulo.testing.browser import screenshot
from circulo.testing.journeys.hands import HANDS
from circulo.testing.make import make_company, make_deal, make_task, make_team, make_user

pytestmark = pytest.mark.django_db(transaction=True)
EACH_HAND = pytest.mark.parametrize("hand", HANDS, ids=lambda hand: hand.name)
SALES = [
    ("Tienda nueva en Burgos", "Panadería Arlanza", 0, "4200"),
    ("Menús de empresa", "Textiles Sol, S.L.", 0, "12500"),
    ("Cesta de Navidad", "Seguros Faro", 0, "8900"),
    ("Ampliación a tres almacenes", "Alimentos Duero, S.A.", 1, "24000"),
    ("Cambio de proveedor", "Hotel Ágora", 1, "31000.50"),
    ("Línea ecológica", "Cumbre Consultores", 2, "9750"),
    ("Suministro de otoño", "Construcciones Roble", 3, "18200"),
]


@pytest.fixture
def seller():
    seller = make_user("seller", team=make_team(), language="es", name="Lucía Marín")
    stages = list(Pipeline.objects.get(is_default=True).stages.in_order())
    for number, (title, party, stage, amount) in enumerate(SALES):
        deal = make_deal(
            owner=seller, title=title, amount=amount, stage=stages[stage],
            party=make_company(name=party, owner=seller),
            expected_on=str(timezone.localdate() + timedelta(days=7 * number)),
        )  # fmt: skip
        if number % 3:
            step = make_task(owner=seller, title="Llamar", due_on=str(timezone.localdate()))
            actions.put_steps([(step, deal.pk)], by=seller)
    return seller


def column(page, number):
    return page.locator("#board .column").nth(number)


@EACH_HAND
def test_a_card_is_moved_over_the_board(visit, seller, hand):
    visitor = visit(seller, locale="es-ES", reduced_motion="reduce")
    page = visitor.open("/deals")
    page.wait_for_selector("html[data-ready]")
    screenshot(visitor, f"deals-board-{hand.name}")
    card = page.locator(".card", has_text="Menús de empresa")
    assert "25.600" in column(page, 0).inner_text()

    if hand.name == "mouse":
        card.drag_to(column(page, 1).locator(".card").first, target_position={"x": 20, "y": 4})
    else:
        page.locator(".card a").first.focus()
        page.keyboard.press("ArrowDown")
        expect(card.locator("a")).to_be_focused()
        page.keyboard.press("Alt+ArrowRight")
        expect(card.locator("a")).to_be_focused()
        page.keyboard.press("Alt+ArrowUp")

    expect(column(page, 1).locator(".card").first).to_contain_text("Menús de empresa")
    expect(column(page, 1).locator("header")).to_contain_text("67.501")
    expect(column(page, 0).locator("header")).to_contain_text("13.100")
    second = visitor.page.context.new_page()  # what stands, and not only what was painted
    second.goto(page.url)
    expect(column(second, 1).locator(".card").first).to_contain_text("Menús de empresa")
    assert visitor.complaints == []


def test_what_is_refused_goes_back_with_the_reason(visit, seller):
    pipeline = Pipeline.objects.get(is_default=True)
    stage = pipeline.stages.in_order()[1]
    actions.change_stage(stage, {"required": ["source"]}, by=make_user("admin"))
    visitor = visit(seller, locale="es-ES", reduced_motion="reduce")
    page = visitor.open("/deals")
    page.wait_for_selector("html[data-ready]")

    page.locator(".card a").first.focus()
    page.keyboard.press("Alt+ArrowRight")

    expect(page.locator(".toast")).to_contain_text("Procedencia")
    expect(column(page, 0).locator(".card")).to_have_count(3)
    assert not Deal.objects.filter(title="Tienda nueva en Burgos", stage=stage).exists()


def test_a_card_goes_back_where_nobody_heard_of_it_and_moves_again_later(visit, seller):
    visitor = visit(seller, locale="es-ES", reduced_motion="reduce")
    page = visitor.open("/deals")
    page.wait_for_selector("html[data-ready]")
    stage = Pipeline.objects.get(is_default=True).stages.in_order()[1]
    page.route("**/deals/*/card", lambda route: route.abort())
    page.locator(".card a").first.focus()
    page.keyboard.press("Alt+ArrowRight")
    expect(column(page, 0).locator(".card").first).to_contain_text("Tienda nueva en Burgos")
    expect(column(page, 0).locator(".card")).to_have_count(3)

    page.unroute("**/deals/*/card")
    with page.expect_response("**/deals/*/card") as heard:
        page.locator(".card a").first.focus()
        page.keyboard.press("Alt+ArrowRight")

    assert heard.value.ok
    expect(column(page, 1).locator(".card")).to_have_count(3)
    assert Deal.objects.filter(title="Tienda nueva en Burgos", stage=stage).exists()


def test_on_a_phone_a_card_is_moved_by_its_menu(visit, seller):
    visitor = visit(seller, width=360, has_touch=True, locale="es-ES", reduced_motion="reduce")
    page = visitor.open("/deals")
    page.wait_for_selector("html[data-ready]")
    screenshot(visitor, "deals-board-phone")

    page.locator("[data-move]").first.click()
    screenshot(visitor, "deals-board-menu")
    page.locator("#move-to [data-to]:not([hidden])").first.click()

    expect(column(page, 1).locator(".card").last).to_contain_text("Tienda nueva en Burgos")
    assert visitor.overflow() == 0
    assert visitor.complaints == []


def test_deals_as_a_table_are_edited_where_they_stand(visit, seller):
    visitor = visit(seller, locale="es-ES", reduced_motion="reduce")
    page = visitor.open("/deals?shape=table&sort=-amount")
    page.wait_for_selector("html[data-ready]")
    expect(page.locator("tbody tr").first).to_contain_text("Cambio de proveedor")
    screenshot(visitor, "deals-table")

    page.locator('tbody tr:first-child td[data-edit$="/amount"]').dblclick()
    page.wait_for_selector("td.editing input:focus")
    page.keyboard.press("Control+a")
    page.keyboard.type("32.500,75")
    page.keyboard.press("Enter")

    expect(page.locator("tbody tr").first).to_contain_text("32.500,75")
    assert Deal.objects.get(title="Cambio de proveedor").amount == Decimal("32500.75")
    page.keyboard.press("Space")
    assert visitor.complaints == []


def test_a_card_of_somebody_else_stays_and_says_why(visit, seller):
    mate = make_user("seller", team=seller.team, language="es")
    visitor = visit(mate, locale="es-ES", reduced_motion="reduce")
    page = visitor.open("/deals")
    page.wait_for_selector("html[data-ready]")

    page.locator(".card a").first.focus()
    page.keyboard.press("Alt+ArrowRight")

    expect(page.locator(".toast")).to_contain_text("es de otra persona")
    expect(column(page, 0).locator(".card")).to_have_count(3)
    assert visitor.complaints == []
