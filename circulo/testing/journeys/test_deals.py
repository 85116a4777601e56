"""A sale from the first contact to won, and one that is lost: by mouse and by keyboard."""

import pytest
from playwright.sync_api import expect

from circulo.sales.models import Deal
from circulo.testing.browser import screenshot
from circulo.testing.journeys.hands import HANDS
from circulo.testing.make import make_company, make_deal, make_user
from circulo.timeline.kinds import Kind
from circulo.timeline.models import Interaction

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "caballo grapa ñandú"


@pytest.mark.parametrize("hand", HANDS, ids=lambda hand: hand.name)
def test_a_deal_begun_moved_planned_and_won(visit, hand):
    eva = make_user("seller", password=PASSWORD)
    make_company(name="Hotel Sol", owner=eva)
    visitor = visit(eva, locale="es-ES", reduced_motion="reduce")
    page = visitor.open("/deals/new")
    worker = hand(page)

    worker.write("[name=title]", "Vino de la casa")
    worker.write("[name=other]", "Hotel Sol")
    worker.write("[name=amount]", "1.250,50")
    worker.do("main form footer button")
    page.wait_for_url("**/deals/**")
    expect(page.locator(".deal-amount")).to_contain_text("1.250,50")
    deal = Deal.objects.get()
    worker.do(".deal-path li:nth-child(2) button", keys="2")
    expect(page.locator(".deal-path .here")).to_contain_text("Necesidad clara")
    worker.write(".line-form [name=title]", "Llamar el lunes")
    worker.do(".line-form button")
    expect(page.locator(".agenda-list ul.list")).to_contain_text("Llamar el lunes")
    screenshot(visitor, f"deal-{worker.name}")
    worker.do("a[data-keys=w]", keys="w")
    page.wait_for_url("**/win")
    worker.do("main form footer button")
    expect(page.locator(".chip.good")).to_contain_text("Ganada")

    deal.refresh_from_db()
    assert (deal.outcome, deal.stage.position, deal.steps.count()) == ("won", 1, 1)
    told = (
        Interaction.objects.filter(about_kind="deal").order_by("pk").values_list("kind", flat=True)
    )
    assert list(told) == [Kind.DEAL_OPENED, Kind.DEAL_MOVED, Kind.DEAL_WON]


def test_a_deal_is_lost_for_a_reason_on_a_phone(visit):
    eva = make_user("seller", password=PASSWORD)
    deal = make_deal(owner=eva)
    visitor = visit(eva, locale="es-ES", width=360)
    page = visitor.open(f"{deal.get_absolute_url()}/lose")
    page.click("main form footer button")
    expect(page.locator(".wrong")).to_be_visible()
    page.select_option("[name=reason]", label="No contesta")
    page.click("main form footer button")
    expect(page.locator(".chip.bad")).to_contain_text("Perdida")
    deal.refresh_from_db()
    assert (deal.outcome, str(deal.reason)) == ("lost", "No contesta")
