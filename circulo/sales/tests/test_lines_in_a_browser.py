"""The rows of lines by keyboard: a free one always follows."""

import pytest
from playwright.sync_api import expect

from circulo.sales.models import DealLine
from circulo.testing.make import make_deal, make_product, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_free_row_follows_the_last_one_as_soon_as_that_is_used(visit):
    seller = make_user(language="en")
    deal = make_deal(owner=seller)
    for number in range(3):
        make_product(price=10, name=f"Vino {number}")
    page = visit(seller).open(deal.get_absolute_url())
    page.wait_for_selector("html[data-ready]")

    for number in range(3):
        page.get_by_label(f"Product {number + 1}", exact=True).fill(f"Vino {number}")
    expect(page.get_by_label("Product 4", exact=True)).to_have_value("")
    page.get_by_label("Quantity 3", exact=True).press("Enter")

    expect(page.locator(".priced > li")).to_have_count(3)
    assert DealLine.objects.filter(deal=deal).count() == 3
    expect(page.get_by_label("Product 4", exact=True)).to_be_focused()
