"""What a stage suggests, planned by one key: on the page of a deal and on Today."""

import pytest
from playwright.sync_api import expect

from circulo.agenda.models import Entry
from circulo.sales.selectors.acts import suggested_for
from circulo.testing.make import make_act, make_deal, make_pipeline, make_team, make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def stage():
    stage = make_pipeline().stages.in_order()[0]
    for title in ("Ring them up", "Write to them"):
        make_act(stage, title=title)
    return stage


def test_the_next_act_is_planned_by_one_key_and_the_one_after_it_by_the_same(visit, stage):
    seller = make_user(team=make_team(), language="en")
    deal = make_deal(owner=seller, stage=stage)
    visitor = visit(seller)
    page = visitor.open(deal.get_absolute_url())
    page.wait_for_selector("html[data-ready]")
    acts = page.locator("#steps ol li")
    expect(acts).to_have_count(2)
    expect(acts.first).to_contain_text("Not planned yet")

    page.keyboard.press("s")

    expect(acts.first).to_contain_text("Planned")
    expect(page.locator(".toast[data-undo]")).to_contain_text("Planned: Ring them up.")
    expect(page.locator("#steps")).to_be_focused()
    page.keyboard.press("s")
    expect(page.locator("#steps ul li")).to_have_count(2)
    expect(page.locator("[data-keys=s]")).to_have_count(0)
    assert [one.state for one in suggested_for(seller, deal)] == ["planned", "planned"]

    page.keyboard.press("j")
    page.keyboard.press("d")
    expect(acts.first).to_contain_text("Done")
    expect(acts.first.locator("s")).to_have_text("Ring them up")
    expect(page.locator(".toast[data-undo]").last).to_contain_text("Done: Ring them up.")
    page.keyboard.press("Control+z")
    expect(acts.first).to_contain_text("Planned")
    assert visitor.complaints == [] and visitor.axe() == []


def test_an_answer_that_comes_after_the_page_heard_of_it_is_shown_all_the_same(visit, stage):
    seller = make_user(team=make_team(), language="en")
    page = visit(seller).open(make_deal(owner=seller, stage=stage).get_absolute_url())
    page.wait_for_selector("html[data-ready]")
    page.wait_for_timeout(500)  # until it listens

    def late(route):
        answer = route.fetch()
        page.wait_for_timeout(1_500)
        route.fulfill(response=answer)

    page.route("**/acts/*/plan", late)
    page.keyboard.press("s")

    expect(page.locator(".toast[data-undo]")).to_contain_text("Planned: Ring them up.")
    expect(page.locator("#steps")).to_be_focused()
    expect(page.locator("#steps ul li")).to_have_count(1)


def test_the_key_is_told_among_the_shortcuts_of_the_page(visit, stage):
    seller = make_user(team=make_team(), language="en")
    page = visit(seller).open(make_deal(owner=seller, stage=stage).get_absolute_url())
    page.wait_for_selector("html[data-ready]")
    page.keyboard.press("?")
    row = page.locator("#keys dl > div", has_text="Plan Ring them up")
    expect(row.locator("kbd")).to_have_text("s")


def test_today_plans_the_next_act_of_deal_after_deal_by_one_key(visit, stage):
    seller = make_user(team=make_team(), language="en")
    deals = [make_deal(owner=seller, stage=stage, title=title) for title in ("Wine", "Oil")]
    visitor = visit(seller)
    page = visitor.open("/")
    page.wait_for_selector("html[data-ready]")
    still = page.locator("section[aria-labelledby=still-title]")
    expect(still.locator("li")).to_have_count(2)

    page.keyboard.press("s")
    expect(still.locator("li")).to_have_count(1)
    expect(still).to_be_focused()
    page.keyboard.press("s")
    expect(still).to_have_count(0)

    assert Entry.objects.filter(title="Ring them up").count() == 2
    assert {one.entry.title for deal in deals for one in deal.steps.all()} == {"Ring them up"}
    expect(page.locator("#agenda-today")).to_contain_text("Ring them up")
    assert visitor.complaints == []


def test_without_script_the_act_is_planned_all_the_same(chromium, visit, stage):
    seller = make_user(team=make_team(), language="en")
    deal = make_deal(owner=seller, stage=stage)
    page = visit(seller, java_script_enabled=False).open(deal.get_absolute_url())
    page.click("#steps ol li:first-child button")
    expect(page.locator("#steps ol li").first).to_contain_text("Planned")
    page.goto(page.url.replace(deal.get_absolute_url(), "/"))
    assert Entry.objects.get().deal_step.deal == deal
