"""A territory gets another rule: made in the list, looked at, applied, and undone."""

import re

import pytest
from playwright.sync_api import expect

from circulo.accounts.models import Territory
from circulo.parties.models import Party
from circulo.testing.browser import screenshot
from circulo.testing.journeys.hands import HANDS
from circulo.testing.make import make_company, make_contact, make_deal, make_territory, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def place_of(party):
    return str(Party.objects.select_related("territory").get(pk=party.pk).territory or "")


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("hand", HANDS, ids=lambda hand: hand.name)
def test_a_rule_from_the_list_to_its_undo(visit, hand, language):
    admin = make_user("admin", language=language)
    company = make_company(name="Bodegas Valdemora", industry="Vino", owner=admin)
    person = make_contact(given_name="Lía", company=company, owner=admin)
    make_deal(party=company, amount={"amount": "1200", "currency": "EUR"}, owner=admin)
    north = make_territory("Norte")
    visitor = visit(admin, reduced_motion="reduce")
    page = visitor.open("/settings/territories")
    worker = hand(page)

    worker.do(f"main a[href$='{north.public_id}']")
    page.wait_for_url(f"**/settings/territories/{north.public_id}")
    worker.do("main .list a.button")
    page.wait_for_url("**/companies?rule=*")
    _filter_by_industry(page, worker)
    worker.do(".notice a.primary")
    page.wait_for_url("**/preview?*")
    effect = page.locator("#effect")
    expect(effect).to_contain_text(re.compile(r"\b2\b.*\b1\b.*1[.,]?200"))
    assert place_of(company) == ""
    screenshot(visitor, f"territory-preview-{worker.name}-{language}")

    worker.do("main .panel form button.primary")
    page.wait_for_selector(".toast[data-undo]")
    assert (place_of(company), place_of(person)) == ("Norte", "Norte")
    _undo(page, worker)
    assert Territory.objects.get().rule == {} and place_of(company) == place_of(person) == ""
    assert visitor.complaints == []


def _undo(page, worker):
    page.wait_for_selector("html[data-ready]")
    worker.do(".toast[data-undo] form button", keys="Control+z")
    expect(page.locator("main .list").first).to_contain_text(
        re.compile("Hacer una regla|Make a rule")
    )


def _filter_by_industry(page, worker):
    """One condition in the panel of the list."""
    worker.do("#filter > summary", keys="f")
    page.wait_for_selector("#condition-field")
    worker.choose("#condition-field", "industry")
    page.wait_for_selector("#condition-field:not(.htmx-request)")
    page.wait_for_selector("#condition-value")
    worker.write("#condition-value", "vino")
    worker.do("#new-condition .go button")
    page.wait_for_url("**filter=*")
