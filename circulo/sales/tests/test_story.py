"""What the page of a deal tells of its way."""

import pytest

from circulo.sales import actions
from circulo.testing.make import make_deal, make_pipeline, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def seller(client):
    user = make_user(language="en")
    client.force_login(user)
    return user


def test_a_deal_without_a_contact_tells_where_it_has_been_and_how_it_ended(client, seller):
    pipeline = make_pipeline()
    first, second, _third = pipeline.stages.in_order()
    deal = make_deal(owner=seller, pipeline=pipeline, stage=first,
                     columns={"party_id": None})  # fmt: skip
    actions.move_deal(deal, to=second, by=seller)
    actions.win_deal(deal, by=seller)

    page = client.get(deal.get_absolute_url()).content.decode()

    places = [page.index(told) for told in ("Deal won", "Deal moved on", "Deal opened")]
    assert places == sorted(places)
