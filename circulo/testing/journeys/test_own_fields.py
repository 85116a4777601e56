"""A field, a view and a board are built, with the mouse and again with the keyboard alone."""

import pytest
from playwright.sync_api import expect

from circulo.parties.models import Party
from circulo.records.models import OwnField, SavedView
from circulo.testing.browser import screenshot
from circulo.testing.journeys.hands import HANDS, Mouse
from circulo.testing.make import make_contact, make_user

pytestmark = pytest.mark.django_db(transaction=True)
EACH_HAND = pytest.mark.parametrize("hand", HANDS, ids=lambda hand: hand.name)


@EACH_HAND
def test_a_field_a_view_and_a_board_are_built(visit, hand):
    admin = make_user("admin", name="Eva Ríos")
    ana = make_contact(given_name="Ana", first_surname="Gil", owner=admin)
    make_contact(given_name="Blas", first_surname="Rey", owner=admin)
    visitor = visit(admin, reduced_motion="reduce")
    page = visitor.open("/settings/fields")
    worker = hand(page)

    _define(worker, page)
    _fill(worker, page, ana)
    _keep_a_board(worker, page)
    _move(worker, page, ana)

    screenshot(visitor, f"board-{hand.name}")
    assert (visitor.axe(), visitor.overflow(), visitor.complaints) == ([], 0, [])


def _define(worker, page):
    worker.do("a[href$='kind=choice']")
    page.wait_for_selector("html[data-ready]")
    worker.write("#id_label_es", "Nivel del club")
    for place, label in enumerate(("Oro", "Plata"), 1):
        worker.write(f"tr:nth-child({place}) [name=choices_es]", label)
    worker.do("main form footer button.primary")
    expect(page.locator(".ordered li")).to_contain_text("Nivel del club")
    assert OwnField.objects.get().offered() == {"oro": "Oro", "plata": "Plata"}


def _fill(worker, page, ana):
    """The new field is on the form of every contact."""
    page.goto(f"{page.url.split('/settings')[0]}{ana.get_absolute_url()}/edit")
    page.wait_for_selector("html[data-ready]")
    page.focus("[name=notes]")  # past the parts of the date, which Chromium shows its own way
    worker.choose("[name='custom.nivel_del_club']", "oro")
    worker.do(".save button.primary")
    expect(page.locator(".facts")).to_contain_text("Oro")


def _keep_a_board(worker, page):
    page.goto(f"{page.url.split('/contacts')[0]}/contacts")
    page.wait_for_selector("html[data-ready]")
    worker.do(".shapes a[href*='shape=board']")
    expect(page.locator("[data-board]")).to_be_visible()
    worker.choose("#shape-by", "custom.nivel_del_club")
    worker.do(".shapes form button")
    expect(page.locator("[data-value=oro] .card")).to_contain_text("Ana Gil")
    worker.do("[popovertarget=save-view]")
    worker.write("#view-name", "Por nivel")
    worker.do("#save-view form button.primary")
    expect(page.locator(".tabs [aria-current]")).to_have_text("Por nivel")
    assert SavedView.objects.get().shape == "board"


def _move(worker, page, ana):
    """With the mouse by dragging, with the keyboard by Alt and an arrow."""
    if isinstance(worker, Mouse):
        page.drag_and_drop(f"#card-{ana.public_id}", "[data-value=plata]")
    else:
        worker.walk_to(f"#card-{ana.public_id} a")
        page.keyboard.press("Alt+ArrowRight")
    expect(page.locator("[data-value=plata] .card")).to_contain_text("Ana Gil")
    assert Party.objects.get(pk=ana.pk).custom == {"nivel_del_club": "plata"}
