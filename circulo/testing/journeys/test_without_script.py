"""The day's work in a browser that runs no script: slower, and nothing is missing."""

import pytest
from playwright.sync_api import expect

from circulo.parties.models import Party
from circulo.testing.make import make_contact, make_user

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "caballo grapa ñandú"


def test_a_day_without_script(visit):
    eva = make_user("admin", password=PASSWORD)
    make_contact(given_name="Begoña", first_surname="Núñez", owner=eva, lifecycle="lead")
    for name in ("Ana", "Carlos"):
        make_contact(given_name=name, owner=eva, lifecycle="customer")
    page = visit(java_script_enabled=False).open("/contacts")

    page.fill("[name=email]", eva.email)
    page.fill("[name=password]", PASSWORD)
    page.click("main form button.primary")
    expect(page.locator("tbody tr")).to_have_count(3)

    _filter(page)
    expect(page.locator("tbody tr")).to_have_count(2)
    for box in page.locator(".pick").all():
        box.check()
    page.click(".bulk button[formaction$='/tag']")
    page.fill("#value", "feria")
    page.click("main form footer button")
    assert Party.objects.filter(tags=["feria"]).count() == 2

    page.click(".find")
    page.fill("main input[name=q]", "begona")
    page.keyboard.press("Enter")
    page.click("main a[href^='/contacts/']")
    _log(page)
    _edit(page)


def _filter(page):
    page.click("#filter summary")
    page.select_option("#condition-field", "lifecycle")
    page.click("#new-condition .go button")
    page.check("[name=values][value=customer]")
    page.click("#new-condition .go button")


def _log(page):
    page.fill("#composer textarea", "Llamar en enero")
    page.click("#composer button.primary")
    expect(page.locator("#latest")).to_contain_text("Llamar en enero")


def _edit(page):
    page.click("a[data-keys=e]")
    page.fill("[name=job_title]", "Gerente")
    page.click("main form button.primary")
    expect(page.locator("main")).to_contain_text("Gerente")
