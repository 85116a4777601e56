"""What is typed for the product of a line need only tell it from the others."""

import pytest

from circulo.sales.models import DealLine
from circulo.testing.make import make_deal, make_product, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def deal(client):
    seller = make_user(language="en")
    client.force_login(seller)
    for name in ("Duero Reserva 2019 (6 bottles)", "Duero Crianza (6 bottles)"):
        make_product(price=10, name=name)
    return make_deal(owner=seller)


def type_in(client, deal, *names):
    said = {"product": names, "quantity": ["2"] * len(names)}
    return client.post(f"{deal.get_absolute_url()}/lines", said)


def test_a_part_that_one_product_has_is_enough(client, deal):
    answer = type_in(client, deal, "reserva 2019", "crianza")

    assert answer.status_code == 302 and "#" not in answer["Location"]
    names = list(DealLine.objects.order_by("position").values_list("product__name", flat=True))
    assert names == ["Duero Reserva 2019 (6 bottles)", "Duero Crianza (6 bottles)"]


def test_where_several_have_it_they_are_named_and_what_was_typed_stays(client, deal):
    answer = type_in(client, deal, "crianza", "duero")

    page = answer.content.decode()
    assert answer.status_code == 422 and not DealLine.objects.exists()
    assert "Line 2: several products hold “duero”" in page
    assert "Duero Crianza (6 bottles), Duero Reserva 2019 (6 bottles)." in page
    row = page[page.index('value="duero"') :]
    assert 'autofocus aria-invalid="true" aria-describedby="lines-wrong"' in row[: row.index(">")]
    assert page.count("aria-invalid") == 1


def test_where_none_has_it_that_is_said(client, deal):
    make_product(price=10, name="Vermouth", is_active=False)

    page = type_in(client, deal, "vermo").content.decode()

    assert "Line 1: no product on sale holds “vermo”." in page
