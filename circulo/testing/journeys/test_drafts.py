"""What somebody has begun to write is lost neither to an ended session nor to a log-out."""

import pytest
from django.conf import settings
from playwright.sync_api import expect

from circulo.parties.models import Party
from circulo.testing.make import make_contact, make_user

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "una frase larga y rara"
DRAFTS = "Object.keys(localStorage).filter(one => one.startsWith('draft:')).length"
NO_DRAFT = f"{DRAFTS} === 0"


def ready(page):
    page.wait_for_selector("html[data-ready]")


def waits_until(page, condition):
    """Wait for what no element shows; the policy of the page forbids to do that in the page."""
    for _each in range(100):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(100)
    raise AssertionError(condition)


def written(page, selector, text):
    """Type, and wait until it is kept."""
    page.locator(selector).press_sequentially(text)
    waits_until(page, f"JSON.stringify(localStorage).includes({text!r})")


def end_session(page):
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)


def log_in(page, user):
    page.wait_for_url("**/login*")
    page.fill("[name=email]", user.email)
    page.fill("[name=password]", PASSWORD)
    page.click("main form button.button")
    page.wait_for_url(lambda url: "/login" not in url)
    ready(page)


def test_a_form_outlives_its_session_and_its_draft_goes_once_it_is_saved(visit):
    eva = make_user("admin", password=PASSWORD)
    party = make_contact(given_name="Ana", owner=eva)
    page = visit(eva).open(f"{party.get_absolute_url()}/edit")
    ready(page)

    page.select_option("[name=lifecycle]", "customer")
    written(page, "[name=job_title]", "Ventas")
    end_session(page)
    page.click("main form button.primary")
    log_in(page, eva)

    page.wait_for_url("**/edit")
    expect(page.locator("[name=job_title]")).to_have_value("Ventas")
    expect(page.locator("[name=lifecycle]")).to_have_value("customer")
    expect(page.locator("[data-draft-note]")).to_be_visible()
    page.click("main form button.primary")
    page.wait_for_selector(".toast")
    ready(page)
    assert page.evaluate(DRAFTS) == 0
    ana = Party.objects.get()
    assert (ana.job_title, ana.lifecycle) == ("Ventas", "customer")


def test_a_note_outlives_its_session_and_is_logged_after(visit):
    eva = make_user("admin", password=PASSWORD)
    party = make_contact(given_name="Ana", owner=eva)
    page = visit(eva).open(party.get_absolute_url())
    ready(page)

    written(page, "#composer textarea", "Quiere cien cajas")
    end_session(page)
    page.keyboard.press("Control+Enter")
    log_in(page, eva)

    expect(page.locator("#composer textarea")).to_have_value("Quiere cien cajas")
    page.focus("#composer textarea")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#latest")).to_contain_text("Quiere cien cajas")
    waits_until(page, NO_DRAFT)
    expect(page.locator("#composer textarea")).to_have_value("")


def test_a_look_for_duplicates_leaves_the_draft(visit):
    page = visit(make_user("admin")).open("/contacts/new")
    ready(page)

    with page.expect_response("**/parties/duplicates"):
        written(page, "[name=given_name]", "Brunilda")
    page.wait_for_selector("#alike:not(.htmx-request)", state="attached")
    page.wait_for_timeout(200)  # what an answer does to the draft it does after it came

    page.reload()
    expect(page.locator("[name=given_name]")).to_have_value("Brunilda")


def test_who_logs_out_finds_the_draft_again_and_nobody_else_does(visit):
    eva, blas = (make_user("admin", password=PASSWORD) for _each in range(2))
    visitor = visit(eva)
    page = visitor.open("/contacts/new")
    ready(page)
    written(page, "[name=given_name]", "Brunilda")

    for user, found in ((blas, ""), (eva, "Brunilda")):
        page.click(".me")
        page.click("form[data-logout] button")
        log_in(page, user)
        visitor.open("/contacts/new")
        ready(page)
        expect(page.locator("[name=given_name]")).to_have_value(found)
