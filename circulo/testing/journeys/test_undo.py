"""What was done is taken back: at once, from the record, from the list, with script or without."""

import pytest
from playwright.sync_api import expect

from circulo.lib.acting import acting
from circulo.parties.actions import change_party
from circulo.parties.drafts import read
from circulo.parties.models import Party
from circulo.records.models import ChangeSet
from circulo.testing.browser import screenshot
from circulo.testing.journeys.hands import HANDS
from circulo.testing.make import make_contact, make_user

pytestmark = pytest.mark.django_db(transaction=True)
EACH_HAND = pytest.mark.parametrize("hand", HANDS, ids=lambda hand: hand.name)


def ready(page):
    page.wait_for_selector("html[data-ready]")


@EACH_HAND
def test_a_saved_form_is_taken_back_at_once_and_a_value_from_the_changes(visit, hand):
    eva = make_user("admin", name="Eva Ríos")
    party = make_contact(given_name="Ana", owner=eva, job_title="Compras")
    visitor = visit(eva, reduced_motion="reduce")
    page = visitor.open(f"{party.get_absolute_url()}/edit")
    worker = hand(page)
    ready(page)

    page.fill("[name=job_title]", "Ventas")
    worker.do("main form button.primary", keys="Control+Enter")
    page.wait_for_selector(".toast[data-undo]")
    ready(page)
    worker.do(".toast[data-undo] form button", keys="Control+z")
    page.wait_for_selector(".toast")
    expect(page.locator(".head")).to_contain_text("Compras")
    assert Party.objects.get().job_title == "Compras"

    page = visitor.open(f"{party.get_absolute_url()}/changes")
    ready(page)
    expect(page.locator(".change")).to_have_count(3)  # changed, taken back, added
    screenshot(visitor, f"changes-{worker.name}")
    worker.do(".change form button")
    page.wait_for_selector(".toast[data-undo]")
    assert Party.objects.get().job_title == "Ventas"
    assert visitor.complaints == []


def test_once_the_message_is_gone_its_key_brings_the_offer_back_and_then_undoes(visit):
    eva = make_user("admin", name="Eva Ríos")
    party = make_contact(given_name="Ana", owner=eva, job_title="Compras")
    with acting(eva.pk, "screen"):
        change_party(party, read({"job_title": "Ventas"}, "person", partial=True), by=eva)
    visitor = visit(eva)
    page = visitor.open(party.get_absolute_url())
    ready(page)

    page.keyboard.press("Control+z")
    expect(page.locator(".toast[data-undo]")).to_contain_text("Ana")
    assert Party.objects.get().job_title == "Ventas"
    page.keyboard.press("Control+z")
    expect(page.locator(".head")).to_contain_text("Compras")

    assert Party.objects.get().job_title == "Compras"
    assert visitor.complaints == []


@EACH_HAND
def test_a_conflict_is_shown_and_decided(visit, hand):
    eva, blas = make_user("admin"), make_user("admin")
    party = make_contact(given_name="Ana", owner=eva, job_title="Compras", source="Feria")
    for by, said in ((eva, {"job_title": "Ventas", "source": "Web"}), (blas, {"job_title": "X"})):
        with acting(by.pk, "screen"):
            change_party(party, read(said, "person", partial=True), by=by)
    visitor = visit(eva)
    page = visitor.open("/changes")
    worker = hand(page)
    ready(page)

    worker.do(f"main a[href='{ChangeSet.objects.filter(by=eva).get().url}']")
    page.wait_for_selector("[name=mine]")
    ready(page)
    screenshot(visitor, f"conflict-{worker.name}")
    worker.do("main form footer button")
    page.wait_for_selector(".toast")

    ana = Party.objects.get()
    assert (ana.job_title, ana.source) == ("X", "Feria")
    expect(page.locator("main")).to_contain_text("Cargo")
    assert visitor.complaints == []


def test_an_undo_needs_no_script(visit):
    eva = make_user("admin")
    party = make_contact(given_name="Ana", owner=eva, job_title="Compras")
    page = visit(eva, java_script_enabled=False).open(f"{party.get_absolute_url()}/edit")

    page.fill("[name=job_title]", "Ventas")
    page.click("main form button.primary")
    page.click(".toast[data-undo] form button")

    expect(page.locator("main")).to_contain_text("Compras")
    assert Party.objects.get().job_title == "Compras"
