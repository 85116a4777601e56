"""What the lines of a deal come to, for whom."""

import pytest

from circulo.sales import actions, drafts
from circulo.testing.make import make_company, make_deal, make_product, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def test_a_region_without_a_known_tax_is_told_where_the_totals_stand(client):
    seller = make_user(language="en", region="es-ES")
    client.force_login(seller)
    make_product(price=10, name="Tinto")
    lisbon = {"addresses": [{"city": "Lisboa", "country": "PT"}]}
    deal = make_deal(owner=seller, party=make_company(owner=seller, **lisbon))
    draft = drafts.read({"lines": [{"product": "Tinto"}]}, by=seller, deal=deal)
    actions.change_deal(deal, draft, by=seller)

    page = client.get(deal.get_absolute_url()).content.decode()
    assert "No tax is known for the region Portugal: the total is without tax." in page
    assert 'href="/settings/taxes"' not in page

    client.force_login(make_user("admin", language="en"))
    assert 'href="/settings/taxes"' in client.get(deal.get_absolute_url()).content.decode()
    said = {"region": "PT", "tax": "IVA", "tax_class": "general", "rate": "23",
            "starts_on": "2011-01-01"}  # fmt: skip
    assert client.post("/settings/taxes", said).status_code == 302
