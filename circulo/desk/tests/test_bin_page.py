"""The page of the bin: what is in it, whose it is, and who put it there."""

import pytest

from circulo.lib.acting import acting
from circulo.parties.actions import bin_parties
from circulo.sales.actions import bin_deals
from circulo.testing.cost import query_cost
from circulo.testing.make import make_company, make_contact, make_deal, make_user

pytestmark = pytest.mark.django_db


def test_it_says_who_put_something_there_and_whose_it_is(client):
    admin, seller = make_user("admin", name="Carmen Roldán"), make_user(name="Luis Gil")
    client.force_login(admin)
    contact, deal = make_contact(owner=seller), make_deal(owner=seller)
    with acting(admin.pk, "screen"):
        bin_parties([contact.pk], by=admin)
        bin_deals([deal.pk], by=admin)

    page = client.get("/bin").content.decode()

    assert page.count("a cargo de Luis Gil") == 2
    assert page.count("aquí por Carmen Roldán, ahora mismo") == 2


def test_it_costs_the_same_for_one_as_for_many(client):
    admin = make_user("admin")
    client.force_login(admin)
    bin_parties([make_contact(owner=admin).pk], by=admin)
    cost_of_one = query_cost(client.get, "/bin")
    bin_parties([make_contact(owner=admin).pk for _n in range(5)], by=admin)
    assert query_cost(client.get, "/bin") == cost_of_one


def test_the_one_that_is_back_is_named_and_shown(client):
    admin = make_user("admin", language="en")
    client.force_login(admin)
    firm, other = make_company(name="Norte", owner=admin), make_company(name="Sur", owner=admin)
    bin_parties([firm.pk, other.pk], by=admin)

    answer = client.post("/bin/restore", {"ids": [firm.public_id]}, follow=True)

    assert answer.redirect_chain[-1][0] == firm.get_absolute_url()
    assert "“Norte” is back." in answer.content.decode()
    bin_parties([firm.pk], by=admin)
    both = client.post("/bin/restore", {"ids": [firm.public_id, other.public_id]})
    assert both["Location"] == "/companies"
