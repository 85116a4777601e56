"""The list of products: what it shows whom, and what is done in it."""

from decimal import Decimal

import pytest

from circulo.accounts.models import Role
from circulo.catalog import actions
from circulo.catalog.models import Price, Product
from circulo.records.actions.own_fields import add_field
from circulo.testing.cost import query_cost
from circulo.testing.make import make_price_list, make_product, make_user

pytestmark = pytest.mark.django_db
LIST = "/products"
ALL = "name,code,family,price,unit,kind,is_active,tax_class,cost,created_at"


@pytest.fixture
def manager(client):
    user = make_user("manager", language="es")
    client.force_login(user)
    return user


def text_of(answer):
    return answer.content.decode().replace("\xa0", " ").replace("&nbsp;", " ")


def names(client, **asked):
    return [row.name for row in client.get(LIST, asked).context["table"].rows]


def cell(product, column):
    return f"{product.get_absolute_url()}/cell/{column}"


def test_the_list_costs_the_same_for_one_product_as_for_many(client, manager):
    add_field("products", "text", {"label_es": "Bodega"}, by=None)
    asked = {"columns": f"{ALL},custom.bodega"}
    make_product(price=1, cost=1, family="A", custom={"bodega": "x"})
    client.get(LIST, asked)
    cost_of_one = query_cost(client.get, LIST, asked)
    for n in range(6):
        make_product(price=n, cost=1, family=f"F{n}", variant_of="")
    assert query_cost(client.get, LIST, asked) == cost_of_one


def test_what_is_sold_stands_first_and_a_variant_says_what_sets_it_apart(client, manager):
    make_product(name="Ánfora", is_active=False)
    make_product(name="Vino", code="V", translations={"es": {"name": "Tinto"}}, price="9.5")
    make_product(name="Botella", variant_of="V", attributes={"Tamaño": "1,5 l"})

    assert names(client) == ["Botella · 1,5 l", "Tinto", "Ánfora"]
    page = text_of(client.get(LIST))
    assert "9,50 €" in page and "ya no" in page


def test_the_list_is_searched_filtered_grouped_and_taken_along(client, manager):
    red = make_product(name="Tinto joven", family="Vinos", price="9.5")
    make_product(name="Cata", kind="service", cost=3)

    assert names(client, q="tinto") == ["Tinto joven"]
    assert names(client, q="\0tin\0") == ["Tinto joven"]
    dear = '{"field": "price", "op": "gte", "value": 9}'
    assert names(client, filter=dear) == ["Tinto joven"]
    assert client.get(LIST, {"filter": "{"}).status_code == 400
    groups = text_of(client.get(LIST, {"shape": "groups", "by": "family", "columns": ALL}))
    assert "Vinos" in groups
    board = text_of(client.get(LIST, {"shape": "board", "by": "kind"}))
    assert red.get_absolute_url() in board
    sheet = b"".join(client.get(f"{LIST}/export", {"as": "csv"}).streaming_content).decode()
    assert "Tinto joven" in sheet and "9.5 EUR" in sheet
    peek = text_of(client.get(f"{red.get_absolute_url()}/peek"))
    assert "9,50 €" in peek


def test_cells_are_typed_in_price_and_cost_among_them(client, manager):
    product = make_product(cost={"amount": 3, "currency": "USD"}, price=10)

    typed = {"name": "Otro", "price": "12,5", "cost": "3,25", "kind": "service",
             "family": "Vinos", "tax_class": "reduced"}  # fmt: skip
    for column, value in typed.items():
        product.refresh_from_db()
        assert client.get(cell(product, column)).status_code == 200
        answer = client.post(cell(product, column), {"value": value, "version": product.version})
        assert answer.status_code in (200, 302), (column, text_of(answer))
    product.refresh_from_db()
    assert (product.name, product.kind, product.family) == ("Otro", "service", "Vinos")
    assert (product.cost, product.cost_currency) == (Decimal("3.25"), "USD")
    assert Price.objects.get().amount == Decimal("12.5")
    assert client.post(cell(product, "price"), {"value": ""}).status_code in (200, 302)
    assert not Price.objects.exists()
    assert client.post(cell(product, "name"), {"value": ""}).status_code == 422
    assert client.post(cell(product, "is_active"), {"value": "x"}).status_code == 404


def test_a_first_price_typed_in_its_cell_goes_to_the_list_of_the_firm(client, manager):
    product = make_product()
    make_price_list(name="Otra")

    client.post(cell(product, "price"), {"value": "5"})
    assert Price.objects.get().list.is_default
    assert client.post(cell(product, "price"), {"value": "-1"}).status_code == 422


def test_many_are_changed_at_once(client, manager):
    add_field("products", "text", {"label_es": "Bodega"}, by=None)
    one, two = make_product(custom={"otro": 1}), make_product()
    ids = {"ids": [one.public_id, two.public_id]}

    for act, value in (("family", "Vinos"), ("tax_class", "reduced"), ("retire", "")):
        answer = client.post(f"{LIST}/bulk/{act}", ids | {"value": value, "sure": "1"})
        assert answer.status_code in (200, 302), text_of(answer)
    assert set(Product.objects.values_list("family", "tax_class", "is_active")) == {
        ("Vinos", "reduced", False)
    }
    assert actions.edit_products([one.pk, two.pk], {"custom": {"bodega": "Sur"}}, by=manager) == 2
    one.refresh_from_db()
    assert one.custom == {"otro": 1, "bodega": "Sur"}
    assert actions.edit_products([one.pk], {"custom": {"bodega": None}}, by=manager) == 1
    one.refresh_from_db()
    assert one.custom == {"otro": 1}


def test_a_seller_sees_no_cost_and_types_in_no_cell(client):
    product = make_product(cost="3.21", price=10)
    client.force_login(make_user("seller"))

    page = text_of(client.get(LIST, {"columns": ALL}))
    assert "3,21" not in page and "/cell/" not in page and product.name in page
    assert client.get(cell(product, "name")).status_code == 404
    costly = '{"field": "cost", "op": "gt", "value": 1}'
    assert client.get(LIST, {"filter": costly}).status_code == 400
    Role.objects.filter(pk="seller").update(rights={"products": {"view": "none"}})
    assert client.get(LIST).status_code == 403
