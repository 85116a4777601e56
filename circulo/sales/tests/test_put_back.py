"""One value of a deal put back from its changes, by the rules that every change keeps."""

import re

import pytest

from circulo.records.actions.own_fields import add_field
from circulo.records.actions.putting_back import put_value_back
from circulo.records.models import Change
from circulo.records.verify import verify
from circulo.sales import actions, drafts
from circulo.sales.models import DealStay
from circulo.testing.make import (
    make_company,
    make_deal,
    make_pipeline,
    make_product,
    make_reason,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def seller(client):
    user = make_user(language="en")
    client.force_login(user)
    return user


def change(deal, **said):
    draft = drafts.read(said, by=deal.owner, deal=deal)
    return actions.change_deal(deal, draft, by=deal.owner)


def put_back(client, deal, column):
    """Put the newest value of a column back; what the page says then."""
    page = client.get(f"{deal.get_absolute_url()}/changes").content.decode()
    forms = re.findall(r'action="(/deals/[^"]+put-back)".*?name="column" value="([^"]*)"', page)
    address = next(address for address, name in forms if name == column)
    client.post(address, {"column": column})
    deal.refresh_from_db()
    return client.get(deal.get_absolute_url()).content.decode()


def test_only_the_value_that_is_meant_is_put_back(client, seller):
    firm, other = make_company(owner=seller), make_company(owner=seller)
    deal = make_deal(owner=seller, title="Uno", amount="10.50", tags=["a"], party=firm)
    change(deal, title="Dos", amount=20, party=other.public_id, tags=["b"], source="Feria")

    put_back(client, deal, "amount")

    assert (deal.title, str(deal.amount), deal.tags) == ("Dos", "10.5000", ["b"])
    put_back(client, deal, "party_id")
    put_back(client, deal, "tags")
    assert (deal.title, deal.party, deal.tags, deal.source) == ("Dos", firm, ["a"], "Feria")
    assert not verify()


def test_a_stage_is_entered_again_by_its_rules(client, seller):
    pipeline = make_pipeline({"name": "One", "required": ["amount"]}, {"name": "Two"})
    first, second = pipeline.stages.in_order()
    deal = make_deal(owner=seller, stage=first, amount=5)
    change(deal, stage=second.public_id)
    change(deal, amount=None)

    assert "is not ready for" in put_back(client, deal, "stage_id")
    assert deal.stage == second

    change(deal, amount=7)
    put_back(client, deal, "stage_id")
    assert deal.stage == first
    assert DealStay.objects.filter(deal=deal).count() == 3
    assert not verify()


def test_a_stage_is_not_entered_again_by_what_is_over(client, seller):
    pipeline = make_pipeline()
    first, second, _third = pipeline.stages.in_order()
    deal = make_deal(owner=seller, stage=first)
    change(deal, stage=second.public_id)
    actions.win_deal(deal, by=seller)

    assert "is over: open it again first" in put_back(client, deal, "stage_id")

    put_back(client, deal, "outcome")
    assert (deal.outcome, deal.closed_at, deal.stage) == ("open", None, second)
    assert not verify()


def test_why_a_deal_ended_is_put_back_while_it_is_over(client, seller):
    price, place = make_reason("lost", "Price"), make_reason("lost", "Place")
    deal = make_deal(owner=seller)
    actions.lose_deal(deal, by=seller, reason=price, note="Dear")
    actions.change_end(deal, {"reason_id": place.pk, "reason_note": ""}, by=seller)

    put_back(client, deal, "reason_note")
    put_back(client, deal, "reason_id")

    assert (deal.reason, deal.reason_note) == (price, "Dear")
    actions.reopen_deal(deal, by=seller)
    assert "it has no end" in put_back(client, deal, "reason_id")
    assert not verify()


def test_one_own_field_is_put_back_and_the_others_stay(client, seller):
    for label in ("Clave", "Uva"):
        add_field("deals", "text", {"label_es": label}, by=None)
    deal = make_deal(owner=seller, custom={"clave": "a", "uva": "b"})
    change(deal, custom={"clave": "x", "uva": "y"})

    put_back(client, deal, "custom.clave")

    assert deal.custom == {"clave": "a", "uva": "y"}


def test_a_deal_is_not_given_back_to_whom_one_could_not_give_it(client, seller):
    deal = make_deal(owner=make_user("manager"))
    actions.edit_deals([deal.pk], {"owner_id": seller.pk}, by=make_user("admin"))

    assert "whom you could give this to" in put_back(client, deal, "owner_id")
    assert deal.owner == seller


def test_how_a_deal_is_forecast_and_whether_it_follows_its_lines_are_put_back(client, seller):
    make_product(price=10, name="Tinto")
    deal = make_deal(owner=seller, amount=5, lines=[{"product": "Tinto"}], forecast_as="commit")
    change(deal, amount_from_lines=True, forecast_as="")

    put_back(client, deal, "forecast_as")
    put_back(client, deal, "amount_from_lines")

    assert (deal.forecast_as, deal.amount_from_lines) == ("commit", False)
    assert deal.amount == 5
    assert not verify()


@pytest.mark.parametrize("outcome", ["lost", "won"])
def test_a_deal_is_over_again_for_the_reason_that_it_was_over(client, seller, outcome):
    reason, deal = make_reason(outcome, "Price"), make_deal(owner=seller)
    end = actions.lose_deal if outcome == "lost" else actions.win_deal
    end(deal, by=seller, reason=reason, note="Dear")
    actions.reopen_deal(deal, by=seller)

    put_back(client, deal, "outcome")

    assert (deal.outcome, deal.reason, deal.reason_note) == (outcome, reason, "Dear")
    assert not verify()


def test_the_older_of_two_losses_is_put_back_for_its_own_reason(seller):
    price, place = make_reason("lost", "Price"), make_reason("lost", "Place")
    deal = make_deal(owner=seller)
    for reason, note in ((price, "Dear"), (place, "Far")):
        actions.lose_deal(deal, by=seller, reason=reason, note=note)
        actions.reopen_deal(deal, by=seller)
    reopened = Change.objects.filter(kind="deal", key=deal.pk, old__outcome="lost")

    put_value_back(reopened.earliest("step"), "outcome", by=seller)

    deal.refresh_from_db()
    assert (deal.outcome, deal.reason, deal.reason_note) == ("lost", price, "Dear")
    assert not verify()
