"""A seller sees which coupons there are and what they grant, and whether one does anything."""

from datetime import timedelta

import pytest
from django.urls import reverse

from circulo.accounts.selectors import day_of_the_firm
from circulo.catalog import actions
from circulo.catalog.models import Coupon, PriceRule
from circulo.testing.make import make_price_rule, make_product, make_quote, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def seller(client):
    user = make_user("seller", language="en", region="es-ES")
    client.force_login(user)
    return user


def form_of(client, quote):
    return client.get(f"{quote.get_absolute_url()}/edit").content.decode()


def test_the_form_of_a_quote_names_the_coupons_that_count_today_and_what_they_grant(client, seller):
    make_price_rule(coupon="FERIA", value=50)
    make_price_rule(coupon="VIEJO", value=10)
    over = {"ends_on": (day_of_the_firm() - timedelta(days=1)).isoformat()}
    actions.change_coupon(Coupon.objects.get(code="VIEJO"), over, by=None)

    page = form_of(client, make_quote(owner=seller))

    assert '<option value="FERIA">' in page and "FERIA: " in page and "all products" in page
    assert "VIEJO" not in page


def test_the_page_of_a_quote_says_whether_its_coupon_does_anything(client, seller):
    wine, cheese = make_product(price=10, name="Tinto"), make_product(price=9, name="Queso")
    make_price_rule(coupon="FERIA", value=50, product=wine.public_id)
    with_wine, without = (
        make_quote(owner=seller, lines=[{"product": one.public_id}], coupon="FERIA")
        for one in (wine, cheese)
    )

    text = "FERIA: changes no price of this quote"
    assert text not in client.get(with_wine.get_absolute_url()).content.decode()
    assert text in client.get(without.get_absolute_url()).content.decode()


def test_the_house_makes_a_coupon_and_sees_what_each_grants(client):
    client.force_login(make_user("admin", language="en", region="es-ES"))
    prices = reverse("catalog:prices")
    assert "No coupon yet." in client.get(prices).content.decode()

    assert (
        'name="coupon"' in client.get(reverse("catalog:new_rule"), {"coupon": "1"}).content.decode()
    )
    said = {"coupon": "FERIA", "name": "Feria", "kind": "percent", "value": "50", "rank": "100",
            "currency": "EUR", "is_active": "on", "for_whom": ""}  # fmt: skip
    answer = client.post(reverse("catalog:new_rule") + "?coupon=1", said, follow=True)
    rule = PriceRule.objects.get()
    assert "data-undo" in answer.content.decode()
    page = client.get(prices).content.decode().partition("Coupons")[2]
    assert "FERIA" in page and "all products" in page and "New coupon" in page
    coupon = Coupon.objects.get()
    page = client.get(reverse("catalog:edit_coupon", args=[coupon.public_id])).content.decode()
    assert reverse("catalog:edit_rule", args=[rule.public_id]) in page
    actions.change_price_rule(rule, {"coupon": ""}, by=None)
    assert "it grants nothing" in client.get(prices).content.decode()
