"""What an accepted quote makes of its deal: won, for what was accepted and nothing else."""

from decimal import Decimal

import pytest

from circulo.catalog.models import Price
from circulo.lib.acting import acting
from circulo.parties.actions import merge_parties
from circulo.quotes import actions
from circulo.quotes.actions.answering import Said
from circulo.quotes.tests.steps import changed, sent
from circulo.records.actions.undoing import undo_changes
from circulo.records.models import Change, ChangeSet
from circulo.records.verify import verify
from circulo.testing.make import make_company, make_deal, make_product, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def deal():
    tinto = make_product(price=100, name="Tinto")
    return make_deal(lines=[{"product": tinto.public_id, "quantity": 2}], amount_from_lines=True)


def offered(deal):
    """A quote of the deal with half off what it was about, and with something besides; sent."""
    quote = actions.quote_deal(deal, by=deal.owner)
    tinto = {"product": deal.lines.get().product.public_id, "quantity": 2, "discount": 50}
    corks = {"product": make_product(price=10, name="Corchos").public_id, "quantity": 3}
    return sent(changed(quote, lines=[tinto, corks]))


def told(deal):
    rows = deal.lines.order_by("position", "pk")
    return [(str(one.product), int(one.discount), one.net) for one in rows]


def test_the_lines_of_a_deal_are_those_that_were_accepted_at_the_prices_of_the_quote(deal):
    quote = offered(deal)
    Price.objects.update(amount=999)
    before = deal.lines.get()

    actions.accept_quote(quote, Said("Ana"), by=None)

    deal.refresh_from_db()
    assert (deal.outcome, deal.amount) == ("won", Decimal(130))
    assert told(deal) == [("Tinto", 50, Decimal(100)), ("Corchos", 0, Decimal(30))]
    assert deal.lines.get(product=before.product).pk == before.pk, "its history goes on"
    assert deal.lines.first().steps == quote.lines.first().steps
    assert Change.objects.filter(kind="deal_line", old__has_key="discount").exists()
    assert not verify()


def test_an_acceptance_that_is_undone_gives_the_deal_its_lines_back(deal):
    quote = offered(deal)
    with acting(deal.owner_id, "screen") as taking:
        actions.accept_quote(quote, Said("Ana"), by=deal.owner)

    undo_changes(ChangeSet.objects.get(pk=taking.change_set or 0), by=make_user("admin"))

    deal.refresh_from_db()
    assert (deal.outcome, deal.amount) == ("open", Decimal(200))
    assert told(deal) == [("Tinto", 0, Decimal(200))] and not verify()


def test_a_merge_of_its_party_leaves_what_was_accepted_as_it_was(deal):
    actions.accept_quote(offered(deal), Said("Ana"), by=None)
    Price.objects.update(amount=999)
    won = told(deal)

    merge_parties(make_company(owner=deal.owner), [deal.party], by=deal.owner)
    assert told(deal) == won
    undo_changes(ChangeSet.objects.latest("pk"), by=deal.owner)

    assert told(deal) == won and not verify()
