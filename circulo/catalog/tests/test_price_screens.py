"""The pages of prices, of knowledge and of changes: nobody's work is undone by another's."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse

from circulo.catalog import actions
from circulo.catalog.drafts import read
from circulo.catalog.models import Price, PriceRule, Product
from circulo.catalog.tests.test_screens import form_of, lines_in, text_of
from circulo.lib.acting import acting
from circulo.testing.make import (
    make_price_list,
    make_price_rule,
    make_product,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client):
    user = make_user("manager", language="es")
    client.force_login(user)
    return user


def test_only_prices_that_were_shown_are_taken_away(client, manager):
    product, shop = make_product(), make_price_list()
    known = [(product.pk, Decimal(n), Decimal(100 - n)) for n in range(30)]
    actions.set_prices(shop, known, by=manager)
    address = f"{product.get_absolute_url()}/prices"
    form = lines_in(text_of(client.get(address)))
    actions.set_prices(shop, [(product.pk, Decimal(50), Decimal(1))], by=manager)

    assert client.post(address, form | {f"amount_{shop.public_id}_3": ""}).status_code == 302

    left = set(Price.objects.values_list("from_quantity", flat=True))
    assert left == {*range(30), 50} - {3}


def test_who_changes_a_price_that_somebody_changed_meanwhile_is_told(client, manager):
    product, shop = make_product(), make_price_list()
    actions.set_prices(shop, [(product.pk, Decimal(0), Decimal(10))], by=manager)
    address = f"{product.get_absolute_url()}/prices"
    form = lines_in(text_of(client.get(address))) | {f"amount_{shop.public_id}_0": "12"}
    actions.set_prices(shop, [(product.pk, Decimal(0), Decimal(11))], by=manager)

    told = client.post(address, form)
    assert told.status_code == 409 and Price.objects.get().amount == 11
    again = lines_in(text_of(told))
    assert again[f"amount_{shop.public_id}_0"] == "12"
    assert client.post(address, again).status_code == 302
    assert Price.objects.get().amount == 12
    twice = {f"amount_{shop.public_id}_{n}": "5" for n in (0, 1)}
    assert client.post(address, twice).status_code == 422


def test_no_select_turns_a_currency_into_another(client, manager):
    crowns = make_price_list(currency="SEK")
    product = make_product(cost={"amount": 5, "currency": "SEK"})
    make_price_rule(kind="amount", value=3, currency="SEK")
    rule = PriceRule.objects.get()
    for address in (reverse("catalog:edit_list", args=[crowns.public_id]),
                    f"{product.get_absolute_url()}/edit",
                    reverse("catalog:edit_rule", args=[rule.public_id])):  # fmt: skip
        assert '<option value="SEK" selected' in text_of(client.get(address)), address


def test_none_of_something_is_nothing_that_can_be_priced(client, manager):
    make_product(name="Vino", price=1)
    asked = {"goods": "0 x vino", "currency": "EUR"}
    assert client.get("/products/price", asked).status_code == 422


def test_what_is_shown_of_other_products_is_understood_when_it_comes_back(client, manager):
    first, second = make_product(name="Copa"), make_product(name="copa")
    other = make_product(name="X-1")
    make_product(code="x-1", name="Otra")
    lot = make_product(kind="bundle", items=[{"product": one.public_id} for one in (first, other)],
                       ties=[{"kind": "accessory", "product": second.public_id}])  # fmt: skip
    address = f"{lot.get_absolute_url()}/edit"
    form = client.get(address).context["form"]
    said = form_of(lot) | {"items": f"{form.initial['items']}\n2 x X-1"}

    assert client.post(address, said).status_code == 302
    assert [held.item for held in lot.items.all()] == [
        first, other, Product.objects.get(code="x-1")
    ]  # fmt: skip
    known = client.get(f"{lot.get_absolute_url()}/knowledge").context["ties"][0]
    ties = {"tie_kind_0": known["kind"], "tie_product_0": known["product"]}
    assert client.post(f"{lot.get_absolute_url()}/knowledge", ties).status_code == 302
    assert lot.ties.get().other == second


def test_what_was_not_typed_anew_is_not_written_anew(client, manager):
    parent = make_product(code="P")
    variant = make_product(variant_of="P", attributes={"Scale: map": "1:50"})
    address = f"{variant.get_absolute_url()}/edit"
    said = form_of(variant, variant_of="P", attributes="Scale: map: 1:50", unit="kg")

    assert client.post(address, said).status_code == 302
    variant.refresh_from_db()
    assert (variant.attributes, variant.unit) == ({"Scale: map": "1:50"}, "kg")
    assert variant.variant_of == parent


def test_who_writes_over_newer_knowledge_is_told(client, manager):
    product = make_product()
    address = f"{product.get_absolute_url()}/knowledge"
    note = {"note_kind_0": "note", "version": product.version}
    assert client.post(address, note | {"note_text_0": "Theirs"}).status_code == 302

    mine = client.post(address, note | {"note_text_0": "Mine"})
    assert mine.status_code == 409 and "Mine" in text_of(mine)
    assert product.notes.get().text == "Theirs"


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/settings/taxes", {"region": "ES", "tax": "IVA", "tax_class": "general", "rate": "5",
                             "starts_on": "0001-01-01"}),
        ("/settings/taxes", {"currency": "EUR", "target": "USD", "rate": "0,00000000001",
                             "day": "2026-01-01"}),
        ("/settings/taxes", {"currency": "EUR", "target": "USD", "rate": "1", "day": "0001-01-01"}),
        ("/settings/prices/lists/new", {"name": "A", "currency": "EUR", "rank": "1",
                                        "ends_on": "0001-01-01"}),
    ],
)  # fmt: skip
def test_what_no_day_and_no_rate_can_be_is_refused(client, manager, address, said):
    assert client.post(address, said).status_code == 422


def test_the_changes_of_a_product_are_told_and_put_back(client, manager):
    product = make_product(name="Vino", unit="caja", price=10)
    there = product.get_absolute_url()
    client.post(f"{there}/edit", form_of(product, unit="botella"))
    shown = lines_in(text_of(client.get(f"{there}/prices")))
    dearer = {n: "12" if n.startswith("amount") and v else v for n, v in shown.items()}
    client.post(f"{there}/prices", dearer)

    page = text_of(client.get(f"{there}/changes"))
    assert "caja" in page and "botella" in page and "12" in page
    before = page[: page.index('name="column" value="unit"')]
    address = re.findall(r'action="([^"]+/put-back)"', before)[-1]
    assert client.post(address, {"column": "unit"}).status_code == 302
    product.refresh_from_db()
    assert product.unit == "caja"


def test_costs_are_not_told_by_the_changes_either(client):
    product = make_product(cost=3)
    with acting(make_user("admin").pk, "screen"):
        actions.change_product(product, read({"cost": "4.56"}, currency="EUR", partial=True),
                               by=None)  # fmt: skip
    address = f"{product.get_absolute_url()}/changes"
    client.force_login(make_user("manager"))
    assert "4,56" in text_of(client.get(address))

    client.force_login(make_user("seller"))
    page = text_of(client.get(address))
    assert "4,56" not in page and "put-back" not in page
    assert client.post(f"{address}/x/put-back", {"column": "cost"}).status_code == 403


def test_what_stays_as_it_is_known_is_not_written_anew(client, manager):
    product = make_product(notes=[{"text": "Kept"}], code="A")
    kept = product.notes.get().pk
    client.post(f"{product.get_absolute_url()}/knowledge",
                {"note_kind_0": "note", "note_text_0": "Kept"})  # fmt: skip
    assert product.notes.get().pk == kept


def test_a_coupon_is_limited_by_its_page(client, manager):
    coupon = make_price_rule(coupon="FERIA").coupon
    assert coupon
    address = reverse("catalog:edit_coupon", args=[coupon.public_id])
    assert client.get(address).status_code == 200

    said = {"most_uses": "3", "is_active": "on", "ends_on": "2030-01-01"}
    assert client.post(address, said).status_code == 302
    assert "0 de 3" in text_of(client.get("/settings/prices"))
    assert client.post(address, said | {"most_uses": "0"}).status_code == 422
