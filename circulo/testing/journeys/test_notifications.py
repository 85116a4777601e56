"""Colleagues name each other, follow a customer, and are told at once, on a page or on a device."""

import json
import re

import pytest
from playwright.sync_api import expect

from circulo.accounts.models import Notification
from circulo.testing.browser import screenshot
from circulo.testing.make import make_contact, make_interaction, make_team, make_user

pytestmark = pytest.mark.django_db(transaction=True)
SUBSCRIBED = "navigator.serviceWorker.ready.then((one) => one.scope)"
SHOWN = """navigator.serviceWorker.ready.then((one) => one.getNotifications())
    .then((all) => all.map((one) => [one.title, one.body, one.tag, one.data.url]))"""


@pytest.fixture
def eva():
    return make_user(language="es", name="Eva Ríos", team=make_team("Ventas Norte"))


@pytest.fixture
def nerea(eva):
    return make_user(language="es", name="Nerea Gil", team=eva.team)


@pytest.fixture
def contact(eva):
    return make_contact(owner=eva, given_name="Begoña", first_surname="Núñez")


def ready(visitor, path):
    page = visitor.open(path)
    page.wait_for_selector("html[data-ready]")
    page.wait_for_timeout(1200)  # until the live connection stands
    return page


def write_a_name(visitor, page):
    """Begin a name, go through the list, leave it, and choose from it after all."""
    text, people = page.locator(".composer textarea"), page.get_by_role("listbox")
    page.keyboard.press("n")
    expect(text).to_be_focused()
    page.keyboard.type("Hola @n")
    expect(people.get_by_role("option")).to_have_count(2)
    page.keyboard.press("ArrowDown")
    expect(people.get_by_role("option", selected=True)).to_contain_text("Norberto Gil")
    screenshot(visitor, "mention-list")
    assert visitor.axe() == [] and visitor.overflow() == 0
    page.keyboard.press("Escape")
    expect(people).to_have_count(0)
    expect(text).to_be_focused()
    page.keyboard.type("er")
    expect(people.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(text).to_have_value("Hola @Nerea Gil ")


def test_a_colleague_is_named_by_keyboard_and_sees_it_on_an_open_page(visit, eva, nerea, contact):
    make_user(name="Nerea Blanco", is_active=False), make_user(name="Norberto Gil")
    theirs = visit(nerea, locale="es-ES")
    other = ready(theirs, "/companies")
    mine = visit(eva, locale="es-ES", reduced_motion="reduce")
    page = ready(mine, contact.get_absolute_url())

    write_a_name(mine, page)
    page.keyboard.type("¿la llamas?")
    page.keyboard.press("Control+Enter")

    expect(other.locator(".bell .count")).to_have_text("1", timeout=5_000)
    expect(page.locator(".timeline .mention")).to_have_text("@Nerea Gil")
    screenshot(mine, "mention-logged")
    other.locator(".bell").click()
    screenshot(theirs, "notifications")
    other.get_by_role("button", name=re.compile("Eva Ríos le ha mencionado")).click()
    other.wait_for_url("**/interactions/*")
    expect(other.locator(".mention")).to_have_text("@Nerea Gil")
    expect(other.locator(".bell .count")).to_have_text("")
    assert mine.complaints == theirs.complaints == []


def test_whoever_follows_is_told_and_ends_it_from_the_notification(visit, eva, nerea, contact):
    visitor = visit(nerea, locale="es-ES", reduced_motion="reduce")
    page = ready(visitor, contact.get_absolute_url())

    page.keyboard.press("f")
    expect(page.locator("#followers")).to_contain_text("Nerea Gil")
    expect(page.locator("#follow button")).to_have_attribute("aria-pressed", "true")
    screenshot(visitor, "followed")
    assert visitor.axe() == []
    make_interaction(party=contact, by=eva)

    expect(page.locator(".bell .count")).to_have_text("1", timeout=5_000)
    page.locator(".bell").click()
    told = page.locator(".notices > li")
    expect(told).to_contain_text("Eva Ríos, con Begoña Núñez: Nota")
    told.get_by_role("button", name=re.compile("No avisarme más")).click()
    expect(page.locator(".toast")).to_contain_text("No recibirá más avisos de")
    make_interaction(party=contact, by=eva)
    page.locator(".toast form button").click()
    page.wait_for_load_state("networkidle")
    expect(told).to_have_count(1)
    make_interaction(party=contact, by=eva)
    expect(told).to_have_count(2, timeout=5_000)
    letter = Notification.objects.order_by("-pk")[0]
    page.goto(f"{visitor.site}{letter.open_url}")
    expect(page.locator(".bell .count")).to_have_text("1", timeout=5_000)
    letter.refresh_from_db()
    assert letter.read_at and "#" not in page.url
    page.goto(f"{visitor.site}/following")
    expect(page.locator("main .list")).to_contain_text("Begoña Núñez")
    assert visitor.complaints == []


def test_a_browser_shows_what_is_sent_to_it(visit_in_a_window, eva):
    """As far as without a push service on the internet: all but the subscription itself."""
    visitor = visit_in_a_window(eva, locale="es-ES", permissions=["notifications"])
    page = ready(visitor, "/settings/notifications")
    screenshot(visitor, "notification-settings")
    session = page.context.new_cdp_session(page)
    registered = []
    session.on("ServiceWorker.workerRegistrationUpdated",
               lambda said: registered.extend(said["registrations"]))  # fmt: skip
    session.send("ServiceWorker.enable")

    page.get_by_role("button", name="Avisarme también en este navegador").click()
    status = page.locator("[data-push] [role=status]")
    expect(status).to_have_text(re.compile("no ha respondido|no lo permite"), timeout=15_000)
    assert page.evaluate(SUBSCRIBED) == f"{visitor.site}/"

    said = {"title": "Círculo", "body": "Hola", "tag": "t", "url": "/notifications"}
    session.send("ServiceWorker.deliverPushMessage", {
        "origin": visitor.site, "registrationId": registered[-1]["registrationId"],
        "data": json.dumps(said),
    })  # fmt: skip
    page.wait_for_timeout(500)
    assert page.evaluate(SHOWN) == [["Círculo", "Hola", "t", "/notifications"]]
    assert [one for one in visitor.complaints if "Content Security Policy" in one] == []


def test_the_settings_work_without_script_on_a_small_phone(visit, eva):
    visitor = visit(eva, locale="es-ES", width=320, java_script_enabled=False)
    page = visitor.open("/settings/notifications")
    screenshot(visitor, "notification-settings-320")
    assert visitor.overflow() == 0
    expect(page.get_by_role("button", name="Avisarme también en este navegador")).to_be_hidden()

    page.get_by_label("Recordatorios, por correo").check()
    page.get_by_label("Silencio desde").fill("22:30")
    page.get_by_role("button", name="Guardar").click()

    expect(page.get_by_label("Recordatorios, por correo")).to_be_checked()
    expect(page.get_by_label("Silencio desde")).to_have_value("22:30")
    eva.refresh_from_db()
    assert f"{eva.quiet_from:%H:%M}" == "22:30"
