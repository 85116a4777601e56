"""A lead from the public form to a deal, and one of which nothing comes: by all hands."""

import pytest
from playwright.sync_api import expect

from circulo.leads.models import FormEntry, Lead
from circulo.sales.models import Deal
from circulo.testing.browser import screenshot
from circulo.testing.journeys.hands import Keyboard, Mouse
from circulo.testing.journeys.selling import ASKED, write_form
from circulo.testing.make import make_form, make_lead, make_route_rule, make_user
from circulo.timeline.kinds import Kind
from circulo.timeline.models import Interaction

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "caballo grapa ñandú"
CONSENT = {"purpose": "contact", "text": "Acepto que me contesten.", "is_required": True}


def test_what_comes_by_the_form_on_a_phone_is_answered_and_converted_by_keyboard(visit):
    eva = make_user("seller", password=PASSWORD)
    make_route_rule(eva, label="Web")
    form = make_form(
        source="Web", consents=[CONSENT],
        fields=list(ASKED),
    )  # fmt: skip
    write_form(visit(None, locale="es-ES", width=360), form.get_absolute_url())

    lead = Lead.objects.get()
    assert (lead.owner, FormEntry.objects.get().consents[0]["agreed"]) == (eva, True)
    visitor = visit(eva, locale="es-ES", reduced_motion="reduce")
    page = visitor.open("/")
    expect(page.locator("#main")).to_contain_text("Begoña Núñez")
    page = visitor.open(lead.get_absolute_url())
    worker = Keyboard(page)
    worker.write("[name=note]", "Quiere una cata.")
    worker.do(".lead-add button", keys="")
    expect(page.locator("#lead")).to_contain_text("En curso")
    screenshot(visitor, "lead-answered")
    worker.do("a[data-keys=v]", keys="v")
    page.wait_for_url("**/convert")
    worker.write("[name=amount]", "1.200")
    worker.do("main form footer button")
    page.wait_for_url("**/deals/**")

    lead.refresh_from_db()
    deal = Deal.objects.get()
    assert lead.answered_at and lead.answer_due_at and lead.answered_at <= lead.answer_due_at
    assert (lead.status, lead.deal, str(deal.party), deal.source) == (
        "converted", deal, "Hotel Duero", "Web"
    )  # fmt: skip
    assert deal.amount == 1200 and str(lead.party) == "Begoña Núñez"
    kinds = set(Interaction.objects.values_list("kind", flat=True))
    assert {Kind.CALL, Kind.LEAD_CONVERTED, Kind.DEAL_OPENED} <= kinds


def test_a_lead_is_discarded_with_the_mouse_in_english(visit):
    john = make_user("seller", password=PASSWORD, language="en", region="en-GB")
    lead = make_lead(owner=john, given_name="Max")
    page = visit(john, locale="en-GB").open("/leads")
    worker = Mouse(page)
    page.get_by_role("link", name="Max").first.click()
    page.wait_for_url("**/leads/**")
    worker.do("a[data-keys=d]")
    worker.do("main form footer button")
    expect(page.locator(".wrong")).to_be_visible()
    page.select_option("[name=reason]", index=2)
    worker.write("[name=note]", "Only wanted a job")
    worker.do("main form footer button")
    expect(page.locator("#lead")).to_contain_text("Discarded")
    expect(page.locator("#lead")).to_contain_text("Only wanted a job")
    lead.refresh_from_db()
    assert (lead.status, lead.reason_note) == ("discarded", "Only wanted a job")
