"""A list is arranged, kept as a view and opened by a colleague; a map leads to its records."""

import re

import pytest
from playwright.sync_api import Route, expect

from circulo.desk.models import ListChoice
from circulo.records.models import SavedView
from circulo.testing.browser import screenshot
from circulo.testing.journeys.hands import HANDS, Mouse
from circulo.testing.make import make_contact, make_team, make_user

pytestmark = pytest.mark.django_db(transaction=True)
EACH_HAND = pytest.mark.parametrize("hand", HANDS, ids=lambda hand: hand.name)
MADRID = {"postal_code": "28013", "country": "ES"}
SEVILLE = {"postal_code": "41001", "country": "ES"}


@EACH_HAND
def test_a_view_is_built_narrowed_on_a_map_kept_and_opened_by_a_colleague(visit, hand):
    team = make_team()
    eva, iris = make_user(team=team, name="Eva Ríos"), make_user(team=team, name="Iris Mora")
    for given, lifecycle, address in (
        ("Ana", "lead", MADRID), ("Blas", "customer", MADRID), ("Cira", "lead", MADRID),
        ("Dora", "lead", SEVILLE),
    ):  # fmt: skip
        make_contact(given_name=given, first_surname="Gil", lifecycle=lifecycle, owner=eva,
                     addresses=[address])  # fmt: skip
    visitor = visit(eva, reduced_motion="reduce")
    page = visitor.open("/contacts")
    worker = hand(page)

    _sort_by_two(worker, page)
    _widen(worker, page)
    _narrow_on_the_map(worker, page)
    _keep(worker, page)

    view = SavedView.objects.get()
    assert (view.sort, view.widths["emails"] > 100) == ("lifecycle,-name", True)
    assert view.criterion == {"field": "province", "op": "is", "value": "28"}
    assert (visitor.axe(), visitor.overflow(), visitor.complaints) == ([], 0, [])
    colleague = visit(iris, reduced_motion="reduce")
    seen = colleague.open(f"/contacts/views/{view.public_id}")
    expect(seen.locator("tbody .name")).to_have_text(["Blas Gil", "Cira Gil", "Ana Gil"])
    expect(seen.locator(".table")).to_have_class("table sized")
    screenshot(colleague, f"view-of-a-colleague-{hand.name}")
    assert (colleague.overflow(), colleague.complaints) == (0, [])


def _sort_by_two(worker, page):
    """By one heading, and with Shift by another, which is turned round with Shift again."""
    worker.do("[data-column=lifecycle] a")
    expect(page.locator("[data-column=lifecycle]")).to_have_attribute("aria-sort", "ascending")
    for _ in range(2):
        page.wait_for_selector("html[data-ready]")
        page.wait_for_function("document.querySelector('.grip').ariaValueNow")
        with page.expect_navigation():
            if isinstance(worker, Mouse):
                page.locator("[data-column=name] a").click(modifiers=["Shift"])
            else:
                worker.walk_to("[data-column=name] a")
                page.keyboard.press("Shift+Enter")
    expect(page).to_have_url(re.compile(r"sort=lifecycle,-name"))
    expect(page.locator("tbody .name")).to_have_text(
        ["Blas Gil", "Dora Gil", "Cira Gil", "Ana Gil"]
    )
    expect(page.locator("[data-column=name] small")).to_have_text("2")


def _widen(worker, page):
    """By the edge of a heading, dragged or moved with the arrows."""
    page.wait_for_function("document.querySelector('.grip').ariaValueNow")
    page.evaluate("document.fonts.ready")
    grip = page.locator("[data-column=emails] .grip")
    before = page.locator("[data-column=emails]").evaluate("th => th.offsetWidth")
    with page.expect_response("**/contacts/widths"):
        if isinstance(worker, Mouse):
            box = grip.bounding_box()
            assert box is not None
            page.mouse.move(box["x"] + 5, box["y"] + 5)
            page.mouse.down()
            page.mouse.move(box["x"] + 53, box["y"] + 5, steps=4)
            page.mouse.up()
        else:
            worker.walk_to("[data-column=emails] .grip")
            for _ in range(3):
                page.keyboard.press("Alt+ArrowRight")
    expect(grip).to_have_attribute("aria-valuenow", str(before + 48))
    assert ListChoice.objects.get().widths["emails"] == before + 48


def _narrow_on_the_map(worker, page):
    worker.do(".shapes a[href*='shape=map']")
    expect(page.locator(".places circle:not(.key)")).to_have_count(2)
    if isinstance(worker, Mouse):
        page.locator(".places circle:not(.key)").first.click()
    else:
        worker.do(".on-map tbody a")
    expect(page.locator("tbody .name")).to_have_text(["Blas Gil", "Cira Gil", "Ana Gil"])


def _keep(worker, page):
    page.wait_for_selector("html[data-ready]")
    worker.do("[popovertarget=save-view]")
    worker.write("#view-name", "De Madrid")
    worker.choose("#view-sharing", "team")
    worker.do("#save-view form button.primary")
    expect(page.locator(".tabs [aria-current]")).to_have_text("De Madrid")


def test_without_script_a_list_is_sorted_by_several_keys_and_put_on_a_map(visit):
    user = make_user(language="en")
    make_contact(given_name="Ana", first_surname="Gil", owner=user, addresses=[MADRID])
    page = visit(user, java_script_enabled=False).open("/contacts")

    page.locator("[popovertarget=contacts-columns]").click()
    page.locator("select[name=sort]").nth(0).select_option("lifecycle")
    page.locator("select[name=sort]").nth(1).select_option("-name")
    page.locator("select[name=density]").select_option("dense")
    page.locator("#contacts-columns button.primary").click()
    expect(page.locator("[data-column=lifecycle]")).to_have_attribute("aria-sort", "ascending")
    expect(page.locator(".scroll")).to_have_attribute("data-density", "dense")
    expect(page.locator(".grip").first).to_be_hidden()

    page.locator(".shapes a[href*='shape=map']").click()
    page.locator(".on-map tbody a").first.click()
    expect(page.locator("tbody .name")).to_have_text("Ana Gil")


def test_what_is_written_while_its_part_of_the_form_is_on_its_way_stays_written(visit):
    visitor = visit(make_user("seller", language="en"), reduced_motion="reduce")
    page = visitor.open("/contacts")
    page.locator("#filter summary").click()
    page.select_option("#condition-field", "given_name")
    page.wait_for_selector("#condition-value")
    on_its_way: list[Route] = []
    page.route("**/contacts/condition*", lambda route: on_its_way.append(route))
    page.select_option("#condition-field", "job_title")
    page.locator("#condition-value").press_sequentially("Gerente")
    with page.expect_response("**/contacts/condition*"):
        on_its_way[0].continue_()
    page.wait_for_selector("#condition-field:not(.htmx-request)")
    expect(page.locator("#condition-value:focus")).to_have_value("Gerente")
    assert visitor.complaints == []
