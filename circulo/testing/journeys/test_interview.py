"""An interview is held while a customer is on the phone: by mouse, by keyboard, without script."""

import pytest
from playwright.sync_api import expect

from circulo.needs.actions import Asked
from circulo.needs.models import Preference, Sitting
from circulo.testing.browser import screenshot
from circulo.testing.journeys.hands import HANDS
from circulo.testing.make import (
    make_contact,
    make_interview,
    make_preference,
    make_topic,
    make_user,
)

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "caballo grapa ñandú"


@pytest.fixture
def asked():
    """Somebody, and an interview of five kinds of question, the last of which depends on one."""
    eva = make_user("seller", password=PASSWORD)
    ana = make_contact(given_name="Begoña", first_surname="Núñez", owner=eva, lifecycle="customer")
    drinks, wine = make_topic("yes_no"), make_topic()
    about, score = make_topic("text"), make_topic("scale")
    make_interview(drinks, Asked(wine, drinks, "is", "yes"), about, score)
    make_preference(party=ana, value="Los quesos", by=eva)
    return eva, ana


@pytest.mark.parametrize("hand", HANDS, ids=lambda hand: hand.name)
def test_an_interview_held(visit, asked, hand):
    eva, ana = asked
    visitor = visit(eva, locale="es-ES", reduced_motion="reduce")
    page = visitor.open(ana.get_absolute_url())
    worker = hand(page)
    screenshot(visitor, f"needs-panel-{worker.name}")

    worker.do("#needs .needs-acts a[href$='/interview']")
    page.wait_for_url("**/interview")
    worker.do("main li:nth-child(2) button", keys="1")
    expect(page.locator("#asked")).to_be_visible()
    worker.tick(".answer:has([value=yes])", keys="1")
    expect(page.locator(".answer :checked")).to_have_count(1)
    screenshot(visitor, f"interview-{worker.name}")
    _next(page, worker)
    worker.tick(".answer:has([value=rose])", keys="3")
    _next(page, worker)
    page.wait_for_selector("input[name=value]:focus")
    page.keyboard.type("Sin sal")
    worker.do("a[data-keys=Escape]", keys="Escape")  # the customer has to hang up
    page.wait_for_url("**/contacts/*")

    _goes_on(page, worker)

    assert Sitting.objects.get().ended_at is not None
    known = Preference.objects.current().exclude(topic=None).order_by("pk")
    assert [(row.is_so, row.picked, row.text) for row in known] == [
        (True, [], ""), (None, ["rose"], ""), (None, [], "Sin sal"),
    ]  # fmt: skip
    worker.do(".empty a.primary", keys="Escape")
    expect(page.locator("#needs")).to_contain_text("Rosado")
    assert visitor.complaints == []


@pytest.mark.parametrize("hand", HANDS, ids=lambda hand: hand.name)
def test_a_need_noted_in_one_line_and_taken_back(visit, asked, hand):
    eva, ana = asked
    visitor = visit(eva, locale="es-ES", reduced_motion="reduce")
    page = visitor.open(ana.get_absolute_url())
    worker = hand(page)

    worker.do("#needs a[href$='/note']", keys="d")
    worker.choose("#note-need select[name=what]", "need")
    worker.write("#note-need [name=text]", "Sin gluten")
    page.keyboard.press("Enter")
    expect(page.locator("#needs .list")).to_contain_text("Sin gluten")

    worker.do("#needs li:has-text('Sin gluten') form[action$='/withdraw'] button") if (
        hand.name == "mouse"
    ) else worker.do(f"form[action='/preferences/{_last()}/withdraw'] button")
    expect(page.locator("#needs .list")).not_to_contain_text("Sin gluten")
    page.wait_for_selector("html[data-ready]")
    worker.do(".toast[data-undo] form button", keys="Control+z")
    expect(page.locator("#needs .list")).to_contain_text("Sin gluten")
    assert visitor.complaints == []


def test_an_interview_without_script(visit, asked):
    eva, ana = asked
    page = visit(eva, java_script_enabled=False).open(f"/parties/{ana.public_id}/interview")

    page.click("main li:nth-child(2) button")
    page.check("[value=no]")
    page.click(".question button.primary")
    page.fill("input[name=value]", "Sin sal")
    page.click(".question button.primary")
    page.click("button[name=skip]")

    expect(page.locator(".empty h1")).to_be_visible()
    assert set(Preference.objects.exclude(topic=None).values_list("is_so", "text")) == {
        (False, ""), (None, "Sin sal"),
    }  # fmt: skip


def _goes_on(page, worker):
    """Take the interview up where it was left, and bring it to its end."""
    page.wait_for_selector("html[data-ready]")
    worker.do("#needs .needs-acts a[href$='/interview']")
    worker.do("main .panel:first-child a.cover")
    page.wait_for_selector("input[name=value]:focus")
    page.keyboard.type("Sin sal")
    page.keyboard.press("Enter")
    expect(page.locator(".answer")).to_have_count(5)
    worker.do("button[name=skip]", keys="s")
    expect(page.locator(".empty h1")).to_be_visible()


def _next(page, worker):
    page.wait_for_selector("html[data-ready]")
    with page.expect_navigation():
        if worker.name == "keyboard":
            page.keyboard.press("Enter")
        else:
            worker.do(".question button.primary")


def _last():
    return Preference.objects.latest("pk").public_id
