"""The rows in which the lines of a deal are typed: nothing that was typed is thrown away."""

import pytest

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


def test_more_rows_are_asked_for_without_losing_what_was_typed(client, seller):
    make_product(price=10, name="Tinto")
    deal = make_deal(owner=seller)

    status, page = sent(client, deal, {"product": "Tinto", "quantity": "4"}, more="1")

    assert status == 200 and page.count('name="product"') == 11
    assert 'value="Tinto"' in page and not DealLine.objects.exists()
