"""The catalogue over the API."""

from typing import Any

import pytest

from circulo.accounts.models import Role
from circulo.api.tests.calls import Program
from circulo.catalog.models import Product
from circulo.testing.cost import query_cost
from circulo.testing.make import make_contact, make_price_list, make_product, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def program():
    return Program(make_user("manager", language="en"))


def test_a_product_is_added_read_changed_and_retired(program):
    make_product(code="M-1", name="Manguera")
    said = {"name": "Bomba", "code": "B-1", "family": "Agua", "cost": {"amount": "7.5",
            "currency": "USD"}, "translations": {"en": {"name": "Pump"}},
            "notes": [{"kind": "objection", "text": "Cara", "answer": "Dura."}],
            "ties": [{"kind": "accessory", "product": "m-1"}]}  # fmt: skip

    added = program.post("products", said)

    assert added.status_code == 201, added.json()
    product = added.json()
    where = f"products/{product['id']}"
    assert product["cost"] == {"amount": "7.50", "currency": "USD"}
    assert product["ties"][0]["name"] == "Manguera"
    assert program.get(where).json() == product
    changed = program.patch(where, {"unit": "u"}, If_Match='"1"')
    assert (changed.status_code, changed.json()["version"]) == (200, 2)
    stale = program.patch(where, {"unit": "kg"}, If_Match='"1"')
    assert (stale.status_code, stale.json()["error"]["current"]) == (409, {"unit": "u"})
    assert program.delete(where).status_code == 204
    assert program.get(where).json()["is_active"] is False
    found = program.get("products", q="bomb agua").json()
    assert [one["id"] for one in found["items"]] == [product["id"]]


def test_what_no_product_can_be_is_refused_by_field(program):
    answer = program.post("products", {"code": "x", "kind": "thing", "colour": "red"})

    assert answer.status_code == 422
    assert set(answer.json()["error"]["fields"]) == {"name", "kind", "colour"}


def test_a_seller_sees_products_without_their_cost_and_changes_none():
    product = make_product(cost=5, price=10)
    seller = Program(make_user("seller"))
    where = f"products/{product.public_id}"

    assert "cost" not in seller.get(where).json()
    costly = '{"field": "cost", "op": "gt", "value": 1}'
    assert seller.get("products", filter=costly).status_code == 400
    basket = {"lines": [{"product": product.public_id}]}
    assert not {"cost", "margin"} & set(seller.post("products/price", basket).json())
    assert seller.patch(where, {"unit": "kg"}).status_code == 403
    assert seller.post("products", {"name": "New"}).status_code == 403
    assert seller.delete(where).status_code == 403
    manager = Program(make_user("manager"))
    assert manager.post("products/price", basket).json()["margin"]["amount"] == "5.00"
    assert manager.get("products", filter=costly).json()["count"] == 1


def test_a_list_is_filtered_by_price_at_the_same_cost_for_many(program):
    def some(number):
        for n in range(number):
            made = make_product(price=n, family="F")
            make_product(variant_of=made.public_id, kind="service")

    some(2)
    asked = {"filter": '{"field": "family", "op": "is", "value": "F"}', "sort": "-name"}
    program.get("products", **asked)
    cost = query_cost(lambda: program.get("products", **asked))
    some(4)
    assert query_cost(lambda: program.get("products", **asked)) == cost
    dear = '{"field": "price", "op": "gte", "value": 2}'
    assert program.get("products", filter=dear).json()["count"] == 2


def test_prices_are_said_page_by_page_and_taken_away(program):
    products = [make_product() for _n in range(3)]
    shop = program.post("price-lists", {"name": "Tienda", "currency": "EUR",
                                        "includes_tax": True}).json()  # fmt: skip
    where = f"price-lists/{shop['id']}/prices"

    said = [{"product": p.public_id, "price": "9.5", "from_quantity": q}
            for p in products for q in (0, 10)]  # fmt: skip
    assert program.post(where, {"prices": said}).status_code == 204
    found: list[dict[str, Any]] = []
    cursor = ""
    while cursor is not None:
        page = program.get(where, limit=4, cursor=cursor).json()
        found, cursor = found + page["items"], page["next"]
    assert [(p["product"], p["from_quantity"]) for p in found] == [
        (p["product"], str(p["from_quantity"])) for p in said
    ]
    gone = [{"product": products[0].public_id, "price": None}]
    assert program.post(where, {"prices": gone}).status_code == 204
    assert len(program.get(where).json()["items"]) == 5
    dollars = {"amount": 1, "currency": "USD"}
    wrong = {"prices": [{"product": products[0].public_id, "price": dollars}]}
    assert program.post(where, wrong).status_code == 422


def test_a_basket_is_priced_with_its_reasons_in_the_language_of_who_asks(program):
    make_price_list(name="Shop", is_default=True)
    make_product(price=12, code="V")
    ana = make_contact(owner=program.user, addresses=[{"city": "Lugo", "country": "ES"}])
    rule = program.post("price-rules", {"name": "3x2", "kind": "nth_free", "nth": 3,
                                        "product": "v", "coupon": "FERIA"})  # fmt: skip
    assert rule.status_code == 201, rule.json()

    answer = program.post("products/price", {
        "party": ana.public_id, "coupons": ["feria"],
        "lines": [{"product": "V", "quantity": 3, "discount": "50"}],
    })  # fmt: skip

    (line,) = answer.json()["lines"]
    assert [step["text"].replace("\xa0", " ") for step in line["steps"]] == [
        "Shop: 12,00 €",
        "3x2: 1 unit free (−12,00 €)",
        "Discount by hand: 50 % (−12,00 €)",
        "IVA 21 % (+2,52 €)",
    ]
    assert answer.json()["due"] == {"amount": "14.52", "currency": "EUR"}
    assert answer.json()["taxes"][0]["rate"] == "21"


def test_a_rule_is_changed_and_taken_out_of_use(program):
    make_product(price=10, code="V")
    rule = program.post("price-rules", {"name": "R", "kind": "percent", "value": 10}).json()
    where = f"price-rules/{rule['id']}"

    assert program.patch(where, {"value": "12.5"}).json()["value"] == "12.5"
    assert program.get("price-rules").json()["count"] == 1
    basket = {"lines": [{"product": "V"}]}
    assert program.post("products/price", basket).json()["net"]["amount"] == "8.75"
    program.patch(where, {"is_active": False})
    assert program.post("products/price", basket).json()["net"]["amount"] == "10.00"
    assert program.patch(where, {"kind": "amount"}).status_code == 422


def test_tax_rates_are_read_and_added(program):
    spain = '{"field": "region", "op": "is", "value": "ES"}'
    found = program.get("tax-rates", filter=spain).json()
    assert {one["rate"] for one in found["items"]} == {"21", "10", "4", "0"}
    said = {"region": "ES", "tax": "IVA", "tax_class": "reduced", "rate": 9,
            "starts_on": "2030-01-01"}  # fmt: skip
    assert program.post("tax-rates", said).status_code == 201
    assert program.post("tax-rates", said).status_code == 422


def test_who_may_see_no_products_finds_none():
    product, shop = make_product(), make_price_list()
    Role.objects.filter(pk="agent").update(rights={"products": {"view": "none"}})
    agent = Program(make_user("agent"))
    for path in (f"products/{product.public_id}", f"price-lists/{shop.public_id}"):
        assert agent.get(path).status_code == 404
    for path in ("products", "price-lists", "price-rules", "tax-rates"):
        assert agent.get(path).status_code == 403
    assert agent.post("products/price", {"lines": []}).status_code == 403
    assert Product.objects.count() == 1


def test_who_may_change_only_what_they_own_is_refused_and_never_fails():
    product, shop = make_product(price=1), make_price_list()
    Role.objects.filter(pk="seller").update(
        rights={"products": {"edit": "team", "delete": "own", "create": True}}
    )
    seller = Program(make_user("seller"))
    where = f"products/{product.public_id}"

    assert seller.patch(where, {"unit": "kg"}).status_code == 403
    assert seller.delete(where).status_code == 403
    prices = f"price-lists/{shop.public_id}/prices"
    assert seller.post(prices, {"prices": []}).status_code == 403
    assert seller.post("products", {"name": "New"}).status_code == 201
    Role.objects.filter(pk="seller").update(rights={"products": {"view": "own", "create": True}})
    seller = Program(make_user("seller"))
    assert seller.post("products", {"name": "Newer"}).status_code == 403
    basket = {"lines": [{"product": product.public_id}]}
    assert seller.post("products/price", basket).status_code == 403


def test_amounts_in_another_currency_and_numbers_that_are_none_are_refused(program):
    product = make_product(price=1)
    shop = make_price_list()
    prices = f"price-lists/{shop.public_id}/prices"
    dollars = {"amount": 5, "currency": "USD"}
    line = {"product": product.public_id}
    for path, said in (
        ("products/price", {"lines": [line | {"unit_price": dollars}]}),
        ("products/price", {"lines": [line | {"quantity": "1e9999999"}]}),
        (prices, {"prices": [line | {"price": "1e9999999"}]}),
        (prices, {"prices": [line | {"price": dollars}]}),
        ("tax-rates", {"region": "ES", "tax": "IVA", "tax_class": "general", "rate": 5,
                       "starts_on": "9999-12-31", "ends_on": "9999-12-31"}),
    ):  # fmt: skip
        assert program.post(path, said).status_code == 422, said
    fits = {"currency": "USD", "lines": [line | {"unit_price": dollars}]}
    assert program.post("products/price", fits).json()["net"] == {
        "amount": "5.00", "currency": "USD"
    }  # fmt: skip


def test_what_is_withheld_and_what_currencies_are_worth_is_read_and_said(program):
    withheld = {"region": "ES", "key": "professional", "name": "IRPF 19 %", "rate": 19,
                "starts_on": "2030-01-01"}  # fmt: skip
    assert program.post("withholdings", withheld).status_code == 201
    spain = '{"all": [{"field": "region", "op": "is", "value": "ES"},' \
            ' {"field": "key", "op": "is", "value": "professional"}]}'  # fmt: skip
    found = program.get("withholdings", filter=spain, sort="-starts_on").json()["items"]
    assert [(one["rate"], one["ends_on"]) for one in found] == [("19", None), ("15", "2029-12-31")]
    for wrong in ({"rate": 0}, {"key": "Not a key"}, {"region": "Spain"}, {"starts_on": None}):
        assert program.post("withholdings", withheld | wrong).status_code == 422, wrong

    rate = {"currency": "EUR", "target": "usd", "day": "2026-01-02", "rate": "1.0875"}
    assert program.post("exchange-rates", rate).json()["target"] == "USD"
    again = program.post("exchange-rates", rate | {"rate": "1.09"})
    assert again.status_code == 201
    assert [one["rate"] for one in program.get("exchange-rates").json()["items"]] == ["1.09"]
    for wrong in ({"target": "EUR"}, {"rate": "1e-9"}, {"rate": "1e999"}, {"day": "0001-01-01"}):
        assert program.post("exchange-rates", rate | wrong).status_code == 422, wrong
    seller = Program(make_user("seller"))
    assert seller.get("exchange-rates").status_code == seller.get("withholdings").status_code == 200
    assert seller.post("exchange-rates", rate).status_code == 403
    assert seller.post("withholdings", withheld).status_code == 403


def test_a_coupon_is_read_and_limited(program):
    program.post("price-rules", {"name": "R", "kind": "percent", "value": 10, "coupon": "FERIA"})
    (coupon,) = program.get("coupons").json()["items"]
    where = f"coupons/{coupon['id']}"

    assert program.patch(where, {"most_uses": 5}).json()["most_uses"] == 5
    assert program.patch(where, {"most_uses": "many"}).status_code == 422
    assert Program(make_user("seller")).patch(where, {"most_uses": 5}).status_code == 403
