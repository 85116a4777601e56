import pytest
from django.urls import reverse

from circulo.parties import slips
from circulo.testing.make import make_contact, make_user


@pytest.mark.parametrize(
    "near, typed, stored",
    [
        (slips.near_phone, "+34600111222", "+34600111223"),
        (slips.near_phone, "+34600111222", "+34600112122"),
        (slips.near_email, "ana.gil@uno.es", "ana.gill@uno.es"),
        (slips.near_email, "ana.gil@uno.es", "anagil@uno.es"),
        (slips.near_email, "ana.gil@uno.es", "ana.igl@uno.es"),
        (slips.near_tax_id, "12345678Z", "12354678Z"),
        (slips.near_tax_id, "12345678Z", "12345670Z"),
    ],
)
def test_one_slip_away_is_near(near, typed, stored):
    assert stored in near(typed) and typed not in near(typed)


@pytest.mark.django_db
def test_who_mistypes_a_number_is_told_whose_it_is(client):
    seller = make_user()
    client.force_login(seller)
    known = make_contact(owner=seller, phones=["600 111 222"], given_name="Iratxe")

    said = {"given_name": "Otra", "phones_value": "600 111 223"}
    answer = client.post(reverse("parties:duplicates"), said)

    assert known.name in answer.content.decode()
