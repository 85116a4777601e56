"""The pages of the catalogue: who sees them, what they cost, what they say and take."""

import re
from decimal import Decimal
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from circulo.accounts.models import Role
from circulo.catalog.models import (
    ExchangeRate,
    Price,
    PriceList,
    PriceRule,
    Product,
    TaxRate,
    Withholding,
)
from circulo.records.actions.own_fields import add_field
from circulo.records.actions.saved_views import save_view
from circulo.testing.make import (
    make_contact,
    make_price_list,
    make_product,
    make_user,
)

pytestmark = pytest.mark.django_db
LIST = "/products"


@pytest.fixture
def manager(client):
    user = make_user("manager", language="es")
    client.force_login(user)
    return user


def form_of(product, **changes):
    said = {"name": product.name, "code": product.code, "kind": product.kind,
            "tax_class": product.tax_class, "cost_currency": "EUR",
            "version": product.version}  # fmt: skip
    return said | changes


def text_of(answer):
    return answer.content.decode().replace("\xa0", " ").replace("&nbsp;", " ")


def lines_in(page):
    """The lines of the form of prices as a browser sends them back."""
    said = re.findall(r'name="((?:was_)?(?:quantity|amount)_[^"]+)" value="([^"]*)"', page)
    return dict(said)


def test_a_field_of_ones_own_is_found_shown_and_written(client, manager):
    add_field("products", "text", {"label_es": "Bodega", "is_searchable": True}, by=None)
    product = make_product(custom={"bodega": "Peñalba"})

    assert product.public_id in text_of(client.get(LIST, {"q": "penalba"}))
    assert "Peñalba" in text_of(client.get(product.get_absolute_url()))
    changed = form_of(product, **{"custom.bodega": "La Veleta"})
    assert client.post(f"{product.get_absolute_url()}/edit", changed).status_code == 302
    product.refresh_from_db()
    assert product.custom == {"bodega": "La Veleta"}


def test_a_product_is_added_once_however_often_the_form_is_sent(client, manager):
    page = text_of(client.get(reverse("catalog:new_product")))
    said = {"name": "Bomba", "code": "B1", "kind": "product", "tax_class": "reduced", "cost": "7,5",
            "cost_currency": "EUR", "name_en": "Pump", "description": "Dos\nlíneas",
            "once": page.split('name="once" value="')[1].split('"')[0]}  # fmt: skip

    first = client.post(reverse("catalog:new_product"), said)
    again = client.post(reverse("catalog:new_product"), said)

    product = Product.objects.get()
    assert first.url == again.url == product.get_absolute_url()
    assert (product.cost, product.description, product.said_in("en", "name")) == (
        Decimal("7.5"), "Dos\nlíneas", "Pump"
    )  # fmt: skip
    other = client.post(reverse("catalog:new_product"), said | {"once": "", "code": "b1"})
    assert (other.status_code, other.context["form"].errors.keys()) == (422, {"code"})


def test_bundles_variants_and_what_sets_them_apart_are_typed_in_lines(client, manager):
    wine = make_product(code="V", name="Vino")
    make_product(code="C", name="Copa")
    address = reverse("catalog:new_product")
    said = {
        "name": "Lote",
        "kind": "bundle",
        "tax_class": "general",
        "items": "6 x V\n1,5 × copa\n",
    }

    assert client.post(address, said).status_code == 302
    lot = Product.objects.get(name="Lote")
    assert {item.item.code: item.quantity for item in lot.items.all()} == {"V": 6, "C": 1.5}
    variant = {"name": "Vino mágnum", "kind": "product", "tax_class": "general",
               "variant_of": "v", "attributes": "Tamaño: 1,5 l"}  # fmt: skip
    assert client.post(address, variant).status_code == 302
    assert Product.objects.get(variant_of=wine).attributes == {"Tamaño": "1,5 l"}
    assert "1,5 l" in text_of(client.get(wine.get_absolute_url()))
    wrong = client.post(address, said | {"items": "6 x nada", "attributes": "sin valor"})
    assert set(wrong.context["form"].errors) == {"attributes"}
    assert client.post(address, said | {"items": "6 x nada"}).status_code == 422
    assert "6 × V" in text_of(client.get(f"{lot.get_absolute_url()}/edit"))


def test_who_saves_over_a_newer_version_is_told(client, manager):
    product = make_product()
    stale = form_of(product, name="Mine")
    client.post(f"{product.get_absolute_url()}/edit", form_of(product, name="Theirs"))

    assert client.post(f"{product.get_absolute_url()}/edit", stale).status_code == 409
    product.refresh_from_db()
    assert product.name == "Theirs"


def test_prices_are_typed_list_by_list(client, manager):
    product, shop = make_product(), make_price_list()
    address = f"{product.get_absolute_url()}/prices"
    row = f"{shop.public_id}_"
    said = {f"amount_{row}0": "1.234,50", f"amount_{row}1": "9,9999", f"quantity_{row}1": "12"}

    assert client.post(address, said).status_code == 302
    assert set(Price.objects.values_list("from_quantity", "amount")) == {
        (Decimal(0), Decimal("1234.5")), (12, Decimal("9.9999"))
    }  # fmt: skip
    assert "9,9999 €" in text_of(client.get(product.get_absolute_url()))
    wrong = client.post(address, {f"amount_{row}0": "mucho"})
    assert wrong.status_code == 422 and 'value="mucho"' in text_of(wrong)
    shown = lines_in(text_of(client.get(address)))
    emptied = {n: "" if n.startswith("amount") else v for n, v in shown.items()}
    assert client.post(address, emptied).status_code == 302
    assert not Price.objects.exists()


def test_the_first_price_makes_the_first_list_and_looking_makes_none(client, manager):
    product = make_product()
    address = f"{product.get_absolute_url()}/prices"
    page = text_of(client.get(address))
    assert not PriceList.objects.exists()
    name = page.split('name="amount_')[1].split('"')[0]

    client.post(address, {f"amount_{name}": "5"})

    assert Price.objects.get().list.is_default


def test_what_is_known_is_typed_line_by_line_and_an_objection_needs_its_answer(client, manager):
    product, other = make_product(), make_product(code="O", name="Otro")
    address = f"{product.get_absolute_url()}/knowledge"
    said = {"note_kind_0": "objection", "note_text_0": "Es caro", "note_answer_0": "",
            "tie_kind_0": "substitute", "tie_product_0": "otro"}  # fmt: skip

    refused = client.post(address, said)
    assert refused.status_code == 422 and "Es caro" in text_of(refused)
    assert client.post(address, said | {"note_answer_0": "Dura más."}).status_code == 302
    page = text_of(client.get(product.get_absolute_url()))
    assert "Dura más." in page and other.get_absolute_url() in page


def test_a_seller_sees_all_but_costs_and_changes_nothing(client):
    product = make_product(cost="3.21", price=10)
    shop = make_price_list()
    client.force_login(make_user("seller"))

    page = text_of(client.get(product.get_absolute_url()))
    assert "3,21" not in page and "/edit" not in page
    assert "3,21" not in text_of(client.get(LIST, {"columns": "name,cost"}))
    basket = text_of(client.get("/products/price", {"goods": product.name, "currency": "EUR"}))
    assert "12,10 €" in basket and "Margen" not in basket
    for address in (f"{product.get_absolute_url()}/edit", f"{product.get_absolute_url()}/prices",
                    f"{product.get_absolute_url()}/knowledge", "/products/new", "/settings/prices",
                    f"/settings/prices/lists/{shop.public_id}", "/settings/taxes"):  # fmt: skip
        assert client.get(address).status_code == 403, address
    assert client.post(f"{product.get_absolute_url()}/retire").status_code == 403
    Role.objects.filter(pk="seller").update(rights={"products": {"view": "none"}})
    assert client.get(product.get_absolute_url()).status_code == 404
    assert client.get(LIST).status_code == client.get("/products/price").status_code == 403


def test_a_product_is_retired_and_sold_again(client, manager):
    one = make_product()

    client.post(f"{one.get_absolute_url()}/retire")
    assert not Product.objects.active().exists()
    assert "/restore" in text_of(client.get(one.get_absolute_url()))
    client.post(f"{one.get_absolute_url()}/restore")
    assert Product.objects.active().get() == one


def test_a_basket_says_what_it_costs_and_why(client, manager):
    wine = make_product(name="Tinto", price=10, cost=6)
    ana = make_contact(given_name="Begoña", owner=manager)
    address = reverse("catalog:new_rule")
    rule = {"name": "3x2 de junio", "kind": "nth_free", "nth": 3, "rank": 1, "is_active": "on",
            "customer": str(ana), "product": "tinto"}  # fmt: skip
    assert client.post(address, rule).status_code == 302

    asked = {"goods": "3 × tinto", "currency": "EUR", "customer": str(ana)}
    page = text_of(client.get(f"/products/price?{urlencode(asked)}"))

    for words in ("3x2 de junio: 1 unidad gratis", "IVA 21 %", "24,20 €", "2,00 € (10 %)"):
        assert words in page, words
    assert wine.get_absolute_url() in page
    assert client.get("/products/price", asked | {"goods": "3 x nada"}).status_code == 422
    assert client.get("/products/price", asked | {"customer": "Nadie"}).status_code == 422


def test_a_list_for_those_whom_a_view_shows_keeps_its_conditions(client, manager):
    loyal = {"field": "lifecycle", "op": "is", "value": "customer"}
    view = save_view("contacts", "Clientes", {"criterion": loyal}, by=manager)
    said = {"name": "Clientes", "currency": "EUR", "rank": 5, "is_active": "on"}

    client.post(reverse("catalog:new_list"), said | {"for_whom": view.public_id})
    one = PriceList.objects.get()
    assert (one.for_contacts, one.for_companies) == (loyal, None)
    address = reverse("catalog:edit_list", args=[one.public_id])
    client.post(address, said | {"for_whom": "as-it-is", "rank": 7})
    one.refresh_from_db()
    assert (one.for_contacts, one.rank) == (loyal, 7)
    prices = client.get("/settings/prices").content.decode()
    assert "rank 7" in prices or "puesto 7" in prices
    client.post(address, said | {"for_whom": ""})
    one.refresh_from_db()
    assert one.for_contacts is None
    doubled = client.post(reverse("catalog:new_list"), said)
    assert set(doubled.context["form"].errors) == {"name"}


def test_a_rule_is_changed_and_its_faults_stand_at_their_fields(client, manager):
    said = {"name": "Oferta", "kind": "amount", "value": "2", "currency": "EUR", "rank": 1,
            "coupon": "FERIA", "is_active": "on"}  # fmt: skip
    client.post(reverse("catalog:new_rule"), said)
    rule = PriceRule.objects.get()
    address = reverse("catalog:edit_rule", args=[rule.public_id])

    wrong = client.post(address, said | {"value": "", "product": "nada", "currency": ""})
    assert set(wrong.context["form"].errors) == {"value", "product", "currency"}
    assert client.post(address, said | {"value": "2,5"}).status_code == 302
    rule.refresh_from_db()
    assert rule.value == Decimal("2.5")
    page = text_of(client.get("/settings/prices"))
    assert "2,50 € menos por unidad" in page and "FERIA" in page


def test_taxes_and_exchange_rates_are_added(client, manager):
    said = {"region": "ES", "tax": "IVA", "tax_class": "general", "rate": "22",
            "starts_on": "2030-01-01"}  # fmt: skip
    assert client.post("/settings/taxes", said).status_code == 302
    assert TaxRate.objects.get(rate=22).tax == "IVA"
    assert client.post("/settings/taxes", said).status_code == 422
    rate = {"currency": "EUR", "rate": "1,0875", "target": "USD", "day": "2026-03-01"}
    assert client.post("/settings/taxes", rate).status_code == 302
    assert ExchangeRate.objects.get().rate == Decimal("1.0875")
    assert client.post("/settings/taxes", rate | {"target": "EUR"}).status_code == 422
    assert "1 EUR = 1,0875 USD" in text_of(client.get("/settings/taxes"))


def test_what_is_withheld_gets_a_new_rate_under_its_name_and_a_new_name_its_own(client, manager):
    said = {"region": "ES", "name": "irpf, Profesionales", "rate": "17", "starts_on": "2030-01-01"}

    assert client.post("/settings/taxes", said).status_code == 302
    assert (
        client.post("/settings/taxes", said | {"name": "Módulos", "rate": "1"}).status_code == 302
    )
    keys = ("professional", "modulos")
    rows = Withholding.objects.filter(region="ES", key__in=keys).order_by("starts_on", "pk")
    assert [(one.key, int(one.rate)) for one in rows] == [
        ("professional", 15), ("professional", 17), ("modulos", 1)]  # fmt: skip
    assert str(rows[0].ends_on) == "2029-12-31"
    wrong = client.post("/settings/taxes", said | {"rate": "101", "starts_on": "2031-01-01"})
    assert wrong.status_code == 422 and "withheld_rate" in wrong.content.decode()


def test_files_hang_on_a_product(client, manager):
    product = make_product()
    upload = SimpleUploadedFile("ficha.txt", b"Datos")
    client.post(f"/files/product/{product.public_id}/add", {"files": upload})
    page = text_of(client.get(product.get_absolute_url()))
    assert "ficha.txt" in page
    about = client.get(page.split('<strong><a href="')[1].split('"')[0])
    assert product.name in text_of(about)


def test_who_may_change_only_what_they_own_changes_nothing_of_what_nobody_owns(client):
    product, shop = make_product(), make_price_list()
    Role.objects.filter(pk="seller").update(
        rights={"products": {"edit": "team", "delete": "own", "create": True}}
    )
    client.force_login(make_user("seller"))
    there = product.get_absolute_url()

    for address in (f"{there}/edit", f"{there}/prices", f"{there}/knowledge", "/settings/taxes",
                    f"/settings/prices/lists/{shop.public_id}"):  # fmt: skip
        assert client.get(address).status_code == 403, address
        assert client.post(address, {}).status_code == 403, address
    assert client.get("/settings/prices").status_code == 403
    assert "/edit" not in text_of(client.get(there))
    assert client.post(f"{there}/retire").status_code == 403
    assert "/cell/" not in text_of(client.get(LIST))
    Role.objects.filter(pk="seller").update(rights={"products": {"view": "team", "create": True}})
    client.force_login(make_user("seller"))
    for address in ("/products/new", "/products/price"):
        assert client.get(address).status_code == 403, address
    assert product.public_id not in text_of(client.get(LIST))
