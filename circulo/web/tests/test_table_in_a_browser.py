"""The table by keyboard: moving, editing in place, peeking, selecting; and without any script."""

import pytest
from playwright.sync_api import expect

from circulo.testing.make import make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def page(visit):
    user = make_user("admin")
    user.language = "en"
    user.save(update_fields=["language"])
    page = visit(user).open("/gallery")
    page.wait_for_selector("html[data-ready]")
    page.wait_for_load_state("networkidle")
    return page


def test_the_keyboard_moves_edits_and_looks(page):
    page.keyboard.press("j")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator("td.editing input:not([type=hidden])")).to_be_focused()

    page.keyboard.type("Nueva, S.L.")
    page.keyboard.press("Enter")
    expect(page.locator("td.saved")).to_have_text("Nueva, S.L.")
    expect(page.locator("td.saved")).to_be_focused()

    page.keyboard.press("e")
    expect(page.locator("td.editing input:not([type=hidden])")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("td.editing")).to_have_count(0)

    page.keyboard.press("Space")
    expect(page.locator(".peek .name")).to_have_text("Iván Castro Molina")
    page.keyboard.press("j")
    expect(page.locator(".peek .name")).to_have_text("Panadería Arlanza")
    assert page.url.endswith("peek=a3")

    page.keyboard.press("x")
    expect(page.locator(".bulk output")).to_have_text("1 selected")


def test_nothing_fires_while_somebody_writes(page):
    page.locator(".composer textarea").focus()

    page.keyboard.type("jx?c ")

    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page.locator(".pick:checked")).to_have_count(0)


def test_the_sheet_lists_every_shortcut_of_the_page(page):
    page.keyboard.press("?")

    shown = set(page.locator("#keys dt").all_inner_texts())
    names = page.locator("[data-keys]").evaluate_all(
        "all => all.map(el => (el.querySelector('span:not(.count)') || el).textContent.trim())"
    )
    assert set(names) <= shown
    assert {"Search and do", "Undo the last act", "Next row", "Edit in place"} <= shown


def test_without_script_the_rows_can_still_be_acted_on(visit):
    page = visit(make_user("admin"), java_script_enabled=False).open("/gallery")

    page.locator(".pick").nth(1).check()
    page.locator(".bulk button").nth(1).click()

    expect(page.locator(".toast")).to_have_count(1)
