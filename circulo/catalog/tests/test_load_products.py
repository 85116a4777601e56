"""Products from tables and back."""

import csv

import pytest

from circulo.accounts.models import Role
from circulo.catalog.dumps import dump_products
from circulo.catalog.models import Price, Product
from circulo.lib.errors import RuleBroken
from circulo.lib.readers import writers
from circulo.records.actions import loads, running
from circulo.records.actions.own_fields import add_field
from circulo.records.actions.undoing import undo_changes
from circulo.records.models import Load
from circulo.testing.make import make_product, make_user
from circulo.timeline.tests.test_load_interactions import counts, given

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def load_of(path, *, by=None, **options) -> Load:
    with path.open("rb") as file:
        load = loads.start_load(file, path.name, "products", by=by)
    return running.run_load(loads.map_columns(load, **options))


def test_a_table_of_another_program_is_understood(tmp_path):
    path = given(tmp_path, "product,series,sales_price\nGTX Basic,GTX,550\nGTX Pro,GTX,4821\n")

    load = load_of(path)

    assert counts(load) == (2, 0, 0, 0), list(load.refusals.values())
    pro = Product.objects.get(name="GTX Pro")
    known = Price.objects.get(product=pro)
    assert (pro.family, known.list.currency) == ("GTX", "EUR")
    assert known.amount == 4821
    assert known.list.is_default
    assert counts(load_of(path)) == (0, 0, 2, 0)


def test_spanish_headings_names_without_spaces_and_codes_are_understood(tmp_path):
    pro, wine = make_product(name="GTX Pro"), make_product(name="Vino", code="V-1", unit="caja")
    path = given(
        tmp_path,
        "Código;Producto;Familia;Tipo;IVA;Precio;Coste;Activo\n"
        ";gtxpro;Señales;Producto;21 %;1.234,50;1.000,00;sí\n"
        "v-1;;Vinos;;reducido;12,00;;no\n"
        "N-1;Instalación;Servicios;Servicio;21;50 USD;;\n"
        ";;Nada;;;1;;\n"
        "N-2;Otro;;Cosa;;1;;\n",
    )

    load = load_of(path, by=make_user("admin"))

    assert counts(load) == (1, 2, 0, 2), list(load.refusals.values())
    pro.refresh_from_db()
    wine.refresh_from_db()
    assert (pro.name, pro.family, pro.cost_currency) == ("gtxpro", "Señales", "EUR")
    assert pro.cost == 1000
    assert (wine.name, wine.is_active, wine.tax_class, wine.unit) == (
        "Vino", False, "reduced", "caja"
    )  # fmt: skip
    assert Price.objects.get(product__code="N-1").list.currency == "USD"
    assert load.change_set
    undo_changes(load.change_set, by=make_user("admin"))
    pro.refresh_from_db()
    assert (pro.name, Product.objects.count(), Price.objects.count()) == ("GTX Pro", 2, 0)


def test_who_may_not_change_products_brings_none_in(tmp_path):
    make_product(code="A")
    path = given(tmp_path, "code,name\nA,Other\nB,New\n")

    with pytest.raises(RuleBroken):
        load_of(path, by=make_user("seller"))
    Role.objects.filter(pk="seller").update(rights={"products": {"create": True}})
    assert counts(load_of(path, by=make_user("seller"))) == (1, 0, 0, 1)


def test_what_is_handed_out_can_be_brought_in_again(tmp_path):
    make_product(code="A", price="9.9", cost=5, family="X", translations={"en": {"name": "Wine"}})
    columns, rows = dump_products(make_user("admin"), {})
    target = tmp_path / "out.csv"
    writers.write(target, columns, rows)

    with target.open(encoding="utf-8-sig") as file:
        (row,) = csv.DictReader(file)
    assert (row["code"], row["price"], row["cost"], row["name_en"]) == (
        "A", "9.9 EUR", "5 EUR", "Wine"
    )  # fmt: skip
    assert counts(load_of(target)) == (0, 0, 1, 0)
    hidden, _rows = dump_products(make_user("marketer"), {})
    assert "cost" not in hidden


def test_a_table_that_is_handed_out_and_loaded_again_changes_nothing(tmp_path):
    add_field("products", "text", {"label_es": "Bodega"}, by=None)
    told = {"en": {"name": "Wine"}, "es": {"name": "Vino"}}
    make_product(code="A", price="9.9", cost="5.5", translations=told, custom={"bodega": "Sur"})
    make_product(code="B", price=3, family="X", description="Plain", is_active=False)
    columns, rows = dump_products(make_user("admin"), {})
    writers.write(tmp_path / "out.csv", columns, rows)
    before = list(Product.objects.order_by("pk").values_list("version", "updated_at"))

    assert counts(load_of(tmp_path / "out.csv")) == (0, 0, 2, 0)

    assert list(Product.objects.order_by("pk").values_list("version", "updated_at")) == before


def test_a_price_alone_changes_no_product_and_counts(tmp_path):
    make_product(code="A", name="Vino", price=3)
    same = make_product(code="B", name="Queso", price=4)
    path = given(tmp_path, "code,name,price\nA,Vino,5\nB,Queso,4.00\nB,Queso,4\n")

    assert counts(load_of(path)) == (0, 1, 2, 0)

    assert {float(price.amount) for price in Price.objects.all()} == {5, 4}
    assert Product.objects.get(pk=same.pk).version == same.version


def test_one_row_that_the_rules_refuse_stops_none_of_the_others(tmp_path):
    make_product(code="S")
    make_product(code="P", kind="bundle", items=[{"product": "S"}])
    path = given(tmp_path, "code,name,kind\nN-1,New,product\nP,Pack,product\nN-2,Newer,product\n")

    load = load_of(path)

    assert counts(load) == (2, 0, 0, 1)
    assert "only a bundle" in load.refusals.get().reason


def test_rows_of_the_same_product_are_laid_over_each_other_value_by_value(tmp_path):
    for label in ("Bodega", "Cosecha"):
        add_field("products", "text", {"label_es": label}, by=None)
    told = {"en": {"name": "Old", "description": "Kept"}, "es": {"name": "Vino"}}
    make_product(code="A", translations=told, custom={"bodega": "Sur"})
    path = given(tmp_path, "code,name_en,Bodega,Cosecha\nA,Wine,Norte,\nA,,,2020\n")

    assert counts(load_of(path)) == (0, 2, 0, 0)

    one = Product.objects.get(code="A")
    assert one.translations == told | {"en": {"name": "Wine", "description": "Kept"}}
    assert one.custom == {"bodega": "Norte", "cosecha": "2020"}
