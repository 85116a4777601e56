"""Why a lead was discarded, and a deal lost, is told where it stands in a line."""

import pytest

from circulo.accounts.models import Role
from circulo.leads.actions import discard_lead
from circulo.leads.models import LeadReason
from circulo.sales import actions as sales
from circulo.testing.make import make_contact, make_deal, make_lead, make_reason, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller(client):
    seller = make_user("seller", language="en")
    client.force_login(seller)
    return seller


@pytest.fixture
def lead(seller):
    ana = make_contact(given_name="Pepa", owner=seller)
    lead = make_lead(owner=seller, given_name="Pepa", party=ana.public_id)
    reason = LeadReason.objects.create(label="Pide muy poco")
    discard_lead(lead, reason=reason, note="Dos botellas", by=seller)
    return lead


def shown(client, path):
    return client.get(path).content.decode()


def test_its_line_in_the_list_its_closer_look_and_the_page_of_its_party_tell_it(client, lead):
    assert "Pide muy poco" in shown(client, "/leads")
    peek = shown(client, f"/leads/{lead.public_id}/peek")
    assert "Pide muy poco" in peek and "Dos botellas" in peek
    assert "Pide muy poco: Dos botellas" in shown(client, lead.party.get_absolute_url())


def test_who_may_not_see_reasons_is_not_told(client, lead):
    Role.objects.filter(pk="seller").update(hidden={"leads": ["reason"]})
    for path in ("/leads", f"/leads/{lead.public_id}/peek", lead.party.get_absolute_url()):
        page = shown(client, path)
        assert "Pide muy poco" not in page and "Dos botellas" not in page


def test_a_lost_deal_tells_it_too(client, seller):
    deal = make_deal(owner=seller, title="Feria")
    sales.lose_deal(deal, by=seller, reason=make_reason("lost", label="Muy caro"))
    page = shown(client, "/deals?shape=table&columns=title,outcome")
    assert "Feria" in page and "Muy caro" in page
