"""Writing a letter: from a template to the paper, with the mouse, the keyboard, without script."""

import pytest
from playwright.sync_api import expect

from circulo.documents.models import Letter, Template
from circulo.testing.browser import screenshot
from circulo.testing.journeys.hands import HANDS
from circulo.testing.make import make_contact, make_template, make_user
from circulo.timeline.models import Interaction

pytestmark = pytest.mark.django_db(transaction=True)
SORIA = {"street": "Calle Mayor 1", "city": "Soria", "postal_code": "42001", "country": "ES"}
TEXT = "{{ contact.salutation }}:\n\nGracias por venir, {{ contact.preferred_name }}."


def a_desk(language="es"):
    eva = make_user("seller", name="Eva Ríos", language=language)
    party = make_contact(given_name="Begoña", first_surname="Núñez", owner=eva, addresses=[SORIA])
    make_template(by=eva, name="Agradecimiento", subject="Gracias", body=TEXT)
    return eva, party


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("hand", HANDS, ids=lambda hand: hand.name)
def test_a_letter_is_written_and_marked_as_posted(visit, hand, language):
    eva, party = a_desk(language)
    visitor = visit(eva, reduced_motion="reduce")
    page = visitor.open(party.get_absolute_url())
    worker = hand(page)

    worker.do("a[data-keys=b]", keys="b")
    page.wait_for_url("**/letters/to/*")
    worker.do("main .list a.cover")
    page.wait_for_selector("textarea[name=body]")
    expect(page.locator("main")).to_contain_text("contact.preferred_name")
    assert "Estimado/a Begoña Núñez:" in page.input_value("[name=body]")
    worker.write("textarea[name=body]", "Hasta pronto. ")
    screenshot(visitor, f"letter-write-{worker.name}-{language}")
    worker.do("button[name=then][value=posted]")

    page.wait_for_url("**/contacts/*")
    expect(page.locator("#latest, main").first).to_contain_text("Gracias")
    letter = Letter.objects.get()
    assert letter.is_sent and "Hasta pronto." in letter.body and letter.file is not None
    assert Interaction.objects.get().data["state"] == "sent"
    assert visitor.complaints == []


def test_a_field_is_put_into_a_template_by_keyboard_and_seen_at_once(visit):
    eva, _party = a_desk()
    visitor = visit(eva, reduced_motion="reduce")
    page = visitor.open("/templates/new")
    page.wait_for_selector("html[data-ready]")

    page.fill("[name=name]", "Saludo")
    page.fill("[name=body_es]", "Hola ")
    page.focus("[name=body_es]")
    page.keyboard.press("End")
    page.focus("#field-picker")
    page.keyboard.type("contact.given_name")
    page.keyboard.press("Enter")
    expect(page.locator("[name=body_es]")).to_have_value("Hola {{ contact.given_name }}")
    expect(page.locator("#preview")).to_contain_text("Hola Begoña")
    screenshot(visitor, "template-editor")
    page.click("main form#template-form footer button.primary")

    page.wait_for_url("**/templates/*")
    assert Template.objects.filter(name="Saludo").exists()
    assert visitor.complaints == []


def test_a_letter_is_written_without_script(visit):
    eva, party = a_desk()
    page = visit(eva, java_script_enabled=False).open(f"/letters/to/{party.public_id}")

    page.click("main .list a.cover")
    page.click("button[name=then][value=draft]")

    expect(page.locator("#letters")).to_contain_text("Gracias")
    assert Letter.objects.get().state == "draft"
