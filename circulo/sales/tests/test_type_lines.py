"""The rows in which the lines of a deal are typed: nothing that was typed is thrown away."""

import pytest

from circulo.catalog import actions as catalog
from circulo.lib.errors import Invalid
from circulo.sales import drafts
from circulo.sales.models import DealLine
from circulo.testing.make import make_deal, make_product, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def seller(client):
    user = make_user(language="en", region="es-ES")
    client.force_login(user)
    return user


def rows(*typed):
    names = ("line", "was", "product", "quantity", "price", "discount", "description")
    return {name: [row.get(name, "") for row in typed] for name in names}


def sent(client, deal, *typed, **more):
    answer = client.post(f"{deal.get_absolute_url()}/lines", rows(*typed) | more)
    return answer.status_code, answer.content.decode()


@pytest.mark.parametrize(
    "typed", [{"quantity": "77", "price": "12,5"}, {"description": "Como siempre"}]
)
def test_a_row_without_a_product_is_refused_and_stays_as_it_was_typed(client, seller, typed):
    make_product(price=10, name="Tinto")
    deal = make_deal(owner=seller)

    status, page = sent(client, deal, {"product": "Tinto"}, {}, typed)

    assert status == 422 and "Line 3: the product is missing." in page
    assert all(f'value="{text}"' in page for text in typed.values())
    assert not DealLine.objects.exists()


def test_a_retired_product_is_not_put_on_a_new_line_and_its_substitutes_are_named(client, seller):
    make_product(price=10, name="Tinto 2024")
    ties = [{"kind": "substitute", "product": "Tinto 2024"}]
    old = make_product(price=10, name="Tinto 2020", ties=ties)
    deal = make_deal(owner=seller, lines=[{"product": "Tinto 2020"}])
    other = make_deal(owner=seller)
    catalog.retire_products([old.pk], by=None)
    line = DealLine.objects.get()

    status, page = sent(client, other, {"product": "Tinto 2020"})
    assert status == 422 and "is no longer sold; in its place: Tinto 2024." in page
    with pytest.raises(Invalid):
        drafts.read({"lines": [{"product": old.public_id}]}, by=seller, deal=other)

    there = {"line": line.public_id, "was": old.public_id, "product": "Tinto 2020", "quantity": "3"}
    assert sent(client, deal, there)[0] == 302
    assert DealLine.objects.get().quantity == 3
    assert "No longer sold" in client.get(deal.get_absolute_url()).content.decode()


def test_a_quantity_beyond_all_measure_is_said_to_be_too_large(client, seller):
    make_product(price=10, name="Tinto")
    status, page = sent(client, make_deal(owner=seller),
                        {"product": "Tinto", "quantity": "99.999.999.999"})  # fmt: skip
    assert status == 422 and "This quantity is too large" in page


def test_more_rows_are_asked_for_without_losing_what_was_typed(client, seller):
    make_product(price=10, name="Tinto")
    deal = make_deal(owner=seller)

    status, page = sent(client, deal, {"product": "Tinto", "quantity": "4"}, more="1")

    assert status == 200 and page.count('name="product"') == 11
    assert 'value="Tinto"' in page and not DealLine.objects.exists()
