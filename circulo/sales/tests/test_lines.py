"""The lines of a deal: priced by the catalogue, followed by its amount, seen by right."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from circulo.accounts.models import Role, User
from circulo.lib.acting import acting
from circulo.lib.errors import Invalid
from circulo.records import criteria
from circulo.records.actions import attach
from circulo.records.actions.undoing import undo_changes
from circulo.records.models import ChangeSet
from circulo.records.resources import resource
from circulo.records.verify import verify
from circulo.sales import actions, drafts
from circulo.sales.models import Deal, DealLine
from circulo.sales.shown import deals_shown
from circulo.testing.cost import query_cost
from circulo.testing.make import make_deal, make_price_rule, make_product, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def changed(deal, **said):
    draft = drafts.read(said, by=deal.owner, deal=deal)
    return actions.change_deal(deal, draft, by=deal.owner)


def test_a_line_is_priced_with_the_reasons_for_its_price():
    make_product(price=50, code="VINO", name="Tinto")
    make_price_rule(value=10)

    deal = make_deal(lines=[{"product": "VINO", "quantity": 4, "discount": 5}])

    (line,) = deals_shown(deal.owner, [deal.pk])[0]["lines"]
    assert line["listed"] == {"amount": "200.00", "currency": "EUR"}
    assert line["net"] == {"amount": "171.00", "currency": "EUR"}
    assert line["gross"] == {"amount": "206.91", "currency": "EUR"}
    assert [step["kind"] for step in line["steps"]] == ["list", "rule", "discount", "tax"]
    assert "10" in line["steps"][1]["text"] and line["product_name"] == "Tinto"


def test_the_amount_of_a_deal_follows_its_lines_where_that_is_chosen():
    wine = make_product(price="9.95", name="Tinto")
    deal = make_deal(amount=5, lines=[{"product": "Tinto", "quantity": 3}])
    assert deal.amount == 5

    deal = changed(deal, amount_from_lines=True)
    assert deal.amount == Decimal("29.85")
    deal = changed(deal, lines=[{"product": wine.public_id, "quantity": 2, "price": "1.005"}])
    assert deal.amount == Decimal("2.01")
    with pytest.raises(Invalid) as refusal:
        changed(deal, amount=7)
    assert set(refusal.value.fields) == {"amount"}
    assert changed(deal, lines=[]).amount is None
    assert not verify()


def test_lines_of_a_deal_are_priced_anew_in_another_currency():
    make_product(price=10, name="Tinto")
    deal = make_deal(lines=[{"product": "Tinto"}], amount_from_lines=True)

    changed(deal, currency="JPY")

    assert not DealLine.objects.get().is_priced, "no rate into yen is known"


def test_an_amount_that_follows_the_lines_needs_not_fit_another_currency_before_they_do():
    make_product(price="9.95", name="Tinto")
    deal = make_deal(lines=[{"product": "Tinto", "quantity": 3}], amount_from_lines=True)
    assert deal.amount == Decimal("29.85")

    assert changed(deal, currency="JPY").currency == "JPY"
    with pytest.raises(Invalid) as refusal:
        changed(make_deal(amount="29.85"), currency="JPY")
    assert set(refusal.value.fields) == {"amount"}
    assert not verify()


def test_a_price_by_hand_is_not_of_another_currency_because_the_deal_is():
    make_product(price=10, name="Tinto")
    deal = make_deal(lines=[{"product": "Tinto", "price": 8}], amount_from_lines=True)

    with pytest.raises(Invalid) as refusal:
        changed(deal, currency="USD")

    assert set(refusal.value.fields) == {"lines"}
    assert changed(deal, currency="USD", lines=[{"product": "Tinto", "price": 9}]).amount == 9


@pytest.mark.parametrize("line", [
    {}, {"product": "Nada"}, {"product": "Tinto", "quantity": 0},
    {"product": "Tinto", "quantity": "1e999"}, {"product": "Tinto", "price": -1},
    {"product": "Tinto", "discount": 101}, {"product": "Tinto", "quantity": 999_999_999,
                                            "price": 99_999_999_999_999},
    {"product": ["Tinto"]}, {"product": "Tin\0to"}, {"product": "Tinto", "colour": "red"},
    {"product": "Tinto", "price": {"amount": "3", "currency": "USD"}},
    {"product": "Tinto", "price": {"amount": "3", "currency": ["EUR"]}},
    {"product": "Tinto", "price": {"currency": "EUR"}},
])  # fmt: skip
def test_a_line_that_cannot_be_is_refused_and_says_which(line):
    make_product(price=10, name="Tinto")
    deal = make_deal()
    with pytest.raises(Invalid) as refusal:
        changed(deal, lines=[line])
    assert set(refusal.value.fields) == {"lines"}
    assert not DealLine.objects.exists()


def test_only_what_differs_is_written_and_an_undo_puts_lines_and_amount_back():
    make_product(price=10, name="Tinto")
    make_product(price=7, name="Blanco")
    deal = make_deal(lines=[{"product": "Tinto"}, {"product": "Blanco"}], amount_from_lines=True)
    first = DealLine.objects.get(position=0)

    with acting(deal.owner_id, "screen") as act:
        changed(deal, lines=[{"product": "Tinto"}, {"product": "Blanco", "quantity": 3}])
    deal.refresh_from_db()
    assert (str(deal.amount), DealLine.objects.get(position=0).pk) == ("31.0000", first.pk)

    undo_changes(ChangeSet.objects.get(pk=act.change_set or 0), by=deal.owner)
    deal.refresh_from_db()
    assert (str(deal.amount), str(DealLine.objects.get(position=1).quantity)) == (
        "17.0000",
        "1.000",
    )


def test_whoever_does_not_see_amounts_or_products_sees_no_lines(client):
    make_product(price=10, name="Tinto")
    seller = make_user(language="en")
    deal = make_deal(owner=seller, lines=[{"product": "Tinto"}])
    for change in ({"hidden": {"deals": ["amount"]}}, {"rights": {"products": {"view": "none"}}}):
        Role.objects.filter(pk="seller").update(**{"hidden": {}, "rights": {}} | change)
        user = User.objects.select_related("role", "team").get(pk=seller.pk)
        client.force_login(user)
        assert "Tinto" not in client.get(deal.get_absolute_url()).content.decode()
        assert "Tinto" not in client.get(f"{deal.get_absolute_url()}/changes").content.decode()
        assert "Tinto" not in str(deals_shown(user, [deal.pk]))
        with pytest.raises(Invalid):
            drafts.read({"lines": [{"product": "Tinto"}]}, by=user, deal=deal)
        assert client.post(f"{deal.get_absolute_url()}/lines", {}).status_code == 404


def test_lines_are_typed_on_the_page_by_name_and_taken_out_again(client):
    make_product(price="9.95", name="Tinto", notes=[{"kind": "benefit", "text": "Portes"}])
    seller = make_user(language="en", region="es-ES")
    client.force_login(seller)
    deal = make_deal(owner=seller)
    path = f"{deal.get_absolute_url()}/lines"
    typed = {"was": ["", ""], "product": ["tinto", ""], "quantity": ["2,5", ""],
             "price": ["", ""], "discount": ["10 %", ""], "description": ["", ""]}  # fmt: skip

    assert client.post(path, typed | {"follows": "1"}).status_code == 302

    deal.refresh_from_db()
    line = DealLine.objects.get()
    assert (line.quantity, line.discount, deal.amount) == (
        Decimal("2.5"), Decimal(10), Decimal("22.39"),
    )  # fmt: skip
    page = client.get(deal.get_absolute_url()).content.decode()
    assert "22,39" in page and "Discount by hand" in page and "Portes" in page
    answer = client.post(path, typed | {"product": ["Nada", ""]})
    assert answer.status_code == 422 and 'value="Nada"' in answer.content.decode()
    client.post(path, typed | {"gone": "0"})
    assert not DealLine.objects.exists()


def test_names_of_products_are_offered_as_somebody_types(client):
    client.force_login(make_user(language="en"))
    make_product(name="Tinto de Toro", code="T1")
    make_product(name="Tinto retirado", is_active=False)
    page = client.get("/products/names", {"product": "tin"}).content.decode()
    assert 'value="Tinto de Toro"' in page and "retirado" not in page


def test_the_page_and_the_api_cost_the_same_for_one_line_as_for_many(client):
    seller = make_user(language="en")
    client.force_login(seller)
    for number in range(4):
        make_product(price=10, name=f"Vino {number}")
    deal = make_deal(owner=seller, lines=[{"product": "Vino 0"}])
    client.get(deal.get_absolute_url())
    one = query_cost(client.get, deal.get_absolute_url())
    changed(deal, lines=[{"product": f"Vino {n}"} for n in range(4)])
    assert query_cost(client.get, deal.get_absolute_url()) == one


def test_deals_are_found_by_what_they_are_about():
    make_product(price=10, name="Tinto")
    deal = make_deal(lines=[{"product": "Tinto"}])
    make_deal()
    kind = resource("deals")
    criterion = {"field": "products", "op": "contains", "value": "tint"}
    found = criteria.narrow(kind.visible(deal.owner), kind, criterion, deal.owner)
    assert list(found) == [deal] and Deal.objects.count() == 2


def test_amounts_of_a_currency_of_four_decimals_are_kept_to_the_last_one():
    make_product(name="Prima")
    line = {"product": "Prima", "price": "0.0345"}
    deal = make_deal(amount={"amount": "1250.1234", "currency": "CLF"})
    followed = make_deal(currency="CLF", lines=[line], amount_from_lines=True)
    with pytest.raises(Invalid) as refusal:
        drafts.read({"amount": "0.00001"}, by=deal.owner, deal=deal)
    assert "CLF" in str(refusal.value.fields["amount"])
    for one in (deal, followed):
        one.refresh_from_db()
    assert (str(deal.amount), str(followed.amount)) == ("1250.1234", "0.0345")
    assert not verify()


def test_what_to_know_of_what_is_sold_stands_at_the_deal_with_its_documents(client):
    seller = make_user("seller", language="en")
    client.force_login(seller)
    other = make_product(name="Corkscrew")
    wine = make_product(
        price=10, name="Red", notes=[
            {"kind": "benefit", "text": "Ages well"}, {"kind": "competitor", "text": "Bodega X"},
            {"kind": "objection", "text": "Too dear", "answer": "It lasts."},
            {"kind": "note", "text": "Decant it"}],
        ties=[{"kind": "accessory", "product": other.public_id}],
    )  # fmt: skip
    sheet = make_product(price=1, name="Box")
    attach("product", sheet.pk, [SimpleUploadedFile("leaflet.txt", b"a box")], by=seller)
    lines = [
        {"product": wine.public_id, "quantity": 1},
        {"product": sheet.public_id, "quantity": 1},
    ]
    deal = make_deal(owner=seller, lines=lines)

    page = client.get(deal.get_absolute_url()).content.decode()

    for said in ("Ages well", "Bodega X", "Too dear", "It lasts.", "Decant it", "Corkscrew",
                 "leaflet.txt"):  # fmt: skip
        assert said in page, said
