"""Products: added, changed, found again by their names, and put back."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from circulo.catalog import actions
from circulo.catalog.actions import lists, products
from circulo.catalog.drafts import read
from circulo.catalog.models import Price, PriceList, Product
from circulo.catalog.names import same_product
from circulo.catalog.selectors.finding import products_called
from circulo.catalog.selectors.products import holding
from circulo.lib.acting import acting
from circulo.lib.errors import Invalid, Stale
from circulo.records.actions.undoing import undo_changes
from circulo.records.models import ChangeSet
from circulo.testing.make import make_price_list, make_product, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def draft(**said):
    return read(said, currency="EUR", partial="name" not in said)


def refusals(act, *arguments, **named):
    with pytest.raises(Invalid) as refused, transaction.atomic():
        act(*arguments, **named)
    return set(refused.value.fields)


def test_a_product_is_found_by_code_and_by_name_whatever_their_spaces_and_capitals():
    product = make_product(name="GTX Pro", code="Gtx-01", family="Señal")

    assert products_called(["gtx-01", "GTXPro", "gtx  pro", product.public_id, "GTX"]) == {
        name: product.pk for name in ("gtx-01", "GTXPro", "gtx  pro", product.public_id)
    }
    assert product.name_key == same_product("GTX PRÓ") == "gtxpro"
    for words in ("gtxpro", "senal gtx", "pro 01"):
        assert holding(Product.objects.all(), words).get() == product


def test_a_code_is_taken_whatever_its_capitals():
    make_product(code="AB1")

    assert refusals(actions.add_product, draft(name="Other", code="ab1"), by=None) == {"code"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Product.objects.create(name="Other", code="aB1")


def test_what_is_known_of_a_product_is_kept_with_it_in_both_languages():
    pump, hose = make_product(code="P1"), make_product(code="H1", name="Manguera")

    product = actions.change_product(pump, draft(
        translations={"en": {"name": "Pump", "description": "It pumps."}},
        notes=[
            {"kind": "benefit", "text": "Gasta la mitad"},
            {"kind": "objection", "language": "es", "text": "Es cara", "answer": "Dura el doble."},
            {"kind": "competitor", "text": "Bombas SA", "answer": "Sin servicio en la zona."},
        ],
        ties=[{"kind": "accessory", "product": "h1"}],
    ), by=None)  # fmt: skip

    assert product.said_in("en", "name") == "Pump" and product.version == 2
    assert product.said_in("es", "name") == product.name
    assert [note.kind for note in product.notes.all()] == ["benefit", "objection", "competitor"]
    assert product.ties.get().other == hose
    refused = read_refused(notes=[{"kind": "objection", "text": "Es cara"}])
    assert refused == {"notes"}


def read_refused(**said):
    with pytest.raises(Invalid) as refused:
        read(said, currency="EUR", partial=True)
    return set(refused.value.fields)


def test_what_no_product_can_be_is_refused_by_name():
    assert read_refused(name="", kind="thing", cost=-1, weight=3, attributes=[1]) == {
        "name", "kind", "cost", "weight", "attributes"
    }  # fmt: skip


def test_a_bundle_holds_products_but_no_bundles_and_only_a_bundle_does():
    wine, glass = make_product(code="W"), make_product(code="G")
    held = [{"product": "w", "quantity": 6}, {"product": "G", "quantity": 2}]
    pack = make_product(kind="bundle", code="PACK", items=held)

    assert {item.item: item.quantity for item in pack.items.all()} == {wine: 6, glass: 2}
    inner = draft(name="Big", kind="bundle", items=[{"product": "PACK"}])
    assert refusals(actions.add_product, inner, by=None) == {"items"}
    assert refusals(actions.change_product, pack, draft(kind="product"), by=None) == {"kind"}
    missing = draft(name="Big", kind="bundle", items=[{"product": "nothing"}])
    assert refusals(actions.add_product, missing, by=None) == {"items"}


def test_a_variant_is_of_a_product_that_is_none_itself():
    shirt = make_product(code="S")
    red = make_product(code="S-R", variant_of="S", attributes={"Colour": "Red"})

    deeper = draft(name="Deeper", variant_of="S-R")
    assert refusals(actions.add_product, deeper, by=None) == {"variant_of"}
    assert refusals(actions.change_product, shirt, draft(variant_of="S-R"), by=None) == {
        "variant_of"
    }
    assert actions.change_product(red, draft(variant_of=""), by=None).attributes == {}


def test_many_are_changed_at_once_and_retired():
    one, two = make_product(family="A"), make_product(family="B")

    assert actions.edit_products([one.pk, two.pk], {"family": "B"}, by=None) == 1
    assert actions.retire_products([one.pk, two.pk], by=None) == 2
    assert not Product.objects.active().exists()
    one.refresh_from_db()
    assert (one.family, one.version) == ("B", 3)
    with pytest.raises(Invalid):
        actions.edit_products([one.pk], {"name": "Same"}, by=None)


def test_who_saves_an_older_version_is_told():
    product = make_product()
    actions.change_product(product, draft(unit="kg"), by=None)

    with pytest.raises(Stale):
        actions.change_product(product, draft(unit="l"), by=None, version=1)


def test_what_was_changed_of_products_and_prices_is_taken_back():
    admin = make_user("admin")
    product, shop = make_product(unit="kg"), make_price_list()
    actions.set_prices(shop, [(product.pk, Decimal(0), Decimal(10))], by=admin)
    with acting(admin.pk, "screen") as act:
        actions.change_product(product, draft(unit="l", notes=[{"text": "New"}]), by=admin)
        actions.set_prices(shop, [(product.pk, Decimal(0), Decimal(12)),
                                  (product.pk, Decimal(10), Decimal(9))], by=admin)  # fmt: skip

    assert act.change_set
    undo_changes(ChangeSet.objects.get(pk=act.change_set), by=admin)

    product.refresh_from_db()
    assert (product.unit, product.notes.count()) == ("kg", 0)
    assert Price.objects.get().amount == 10


def test_a_currency_has_one_default_list_for_everybody():
    first, second = make_price_list(is_default=True), make_price_list(is_default=True)

    first.refresh_from_db()
    assert (first.is_default, second.is_default) == (False, True)
    assert actions.default_list("EUR", by=None) == second
    assert actions.default_list("USD", by=None).currency == "USD"
    assert refusals(actions.change_price_list, second, {"ends_on": "2027-01-01"}, by=None) == {
        "is_default"
    }
    assert PriceList.objects.filter(is_default=True).count() == 2


def test_what_a_product_costs_the_firm_is_hidden_from_whoever_sells():
    for role in ("seller", "agent", "marketer"):
        assert "cost" in make_user(role).hidden_fields("products")
    assert not make_user("manager").hidden_fields("products")


def test_capitals_are_those_of_the_database():
    street = make_product(code="Straße-1", name="Cartel")

    assert products_called(["straße-1", "STRASSE-1"]).get("straße-1") == street.pk
    assert refusals(actions.add_product, draft(name="Other", code="straße-1"), by=None) == {"code"}
    other = actions.add_product(draft(name="Other", code="STRASSE-1"), by=None)
    assert products_called(["STRASSE-1"]) == {"STRASSE-1": other.pk}


def test_who_comes_second_is_told_as_a_rule_would(monkeypatch):
    make_product(code="A")
    make_price_list(name="Shop", is_default=True)
    monkeypatch.setattr(products, "_refuse_taken", lambda products: None)
    monkeypatch.setattr(lists, "_check", lambda one: None)

    assert refusals(actions.add_product, draft(name="B", code="a"), by=None) == {"code"}
    said = {"name": "shop", "currency": "EUR"}
    assert refusals(actions.add_price_list, said, by=None) == {"name"}


def test_so_many_of_one_thing_no_bundle_holds():
    make_product(code="W")
    held = [{"product": "W", "quantity": 999_999_999}, {"product": "w", "quantity": 1}]
    assert refusals(actions.add_product, draft(name="P", kind="bundle", items=held), by=None) == {
        "items"
    }
