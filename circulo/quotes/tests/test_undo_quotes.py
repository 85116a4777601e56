"""Quotes under undo, merges and single values put back."""

from decimal import Decimal

import pytest

from circulo.catalog.models import Price
from circulo.lib.acting import acting
from circulo.lib.errors import RuleBroken
from circulo.parties.actions import merge_parties
from circulo.quotes import actions
from circulo.quotes.models import Quote, Series
from circulo.quotes.tests.steps import changed, sent
from circulo.records.actions.putting_back import put_value_back
from circulo.records.actions.undoing import undo_changes
from circulo.records.models import Change, ChangeSet
from circulo.records.verify import verify
from circulo.testing.make import (
    make_company,
    make_price_rule,
    make_product,
    make_quote,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def test_an_undo_puts_a_draft_back_and_leaves_what_was_sent_and_every_number():
    quote = make_quote()
    with acting(quote.owner_id, "screen") as edit:
        changed(quote, title="Other", lines=[])
    undo_changes(ChangeSet.objects.get(pk=edit.change_set or 0), by=quote.owner)
    quote.refresh_from_db()
    assert (int(quote.net), quote.lines.count()) == (100, 1) and quote.title != "Other"

    with acting(quote.owner_id, "screen") as sending:
        sent(quote)
    product = make_product(price=1)
    with acting(quote.owner_id, "screen") as adding:
        make_quote(owner=quote.owner, party=quote.party, lines=[{"product": product.public_id}])
    for act, by in ((sending, quote.owner), (adding, make_user("admin"))):
        with pytest.raises(RuleBroken):
            undo_changes(ChangeSet.objects.get(pk=act.change_set or 0), by=by)
    quote.refresh_from_db()
    assert quote.status == "sent" and Quote.objects.count() == 2
    assert Series.objects.get().last == 2 and not verify()


def test_what_was_sent_goes_back_with_its_party_when_a_merge_is_undone():
    quote = sent(make_quote())
    other = make_company(owner=quote.owner)
    party = quote.party
    merge_parties(other, [party], by=quote.owner)
    assert Quote.objects.get().party == other

    undo_changes(ChangeSet.objects.latest("pk"), by=quote.owner)

    assert Quote.objects.get().party == party and Quote.objects.get().status == "sent"
    assert not verify()


def test_a_merge_undone_leaves_approvals_and_prices_as_they_were():
    product = make_product(price=100)
    lines = [{"product": product.public_id}]
    owner, party = make_user(), make_company()
    make_quote(owner=owner, party=party, lines=lines)
    actions.submit_quote(make_quote(owner=owner, party=party, lines=lines), by=owner)
    merge_parties(make_company(), [party], by=owner)
    merge = ChangeSet.objects.latest("pk")
    Price.objects.update(amount=120)

    undo_changes(merge, by=make_user("admin"))

    assert list(Quote.objects.order_by("pk").values_list("status", "net", "party")) == [
        ("draft", Decimal(100), party.pk), ("approved", Decimal(100), party.pk),
    ]  # fmt: skip


def test_terms_that_are_put_back_alone_price_a_draft_anew():
    make_price_rule(coupon="FERIA", value=50)
    quote = make_quote()
    with acting(quote.owner_id, "screen") as edit:
        changed(quote, coupon="feria")
    assert Quote.objects.get().net == 50
    change = Change.objects.filter(change_set=edit.change_set, kind="quote", new__has_key="coupon")
    put_value_back(change.get(), "coupon", by=quote.owner)
    quote.refresh_from_db()
    assert (quote.coupon, quote.net) == ("", Decimal(100)) and not verify()


def test_a_party_that_is_put_back_alone_has_a_draft_priced_for_it():
    owner = make_user()
    friend, other = make_company(owner=owner), make_company(owner=owner)
    make_price_rule(value=10, party=friend.public_id)
    quote = make_quote(owner=owner, party=friend, title="Uno")
    with acting(owner.pk, "screen") as edit:
        changed(quote, party=other.public_id, title="Dos")
    assert Quote.objects.get().net == 100
    change = Change.objects.get(change_set=edit.change_set, kind="quote", new__has_key="party_id")

    put_value_back(change, "party_id", by=owner)

    quote.refresh_from_db()
    assert (quote.party, quote.net, quote.title) == (friend, Decimal(90), "Dos") and not verify()
    with pytest.raises(RuleBroken):
        put_value_back(Change.objects.get(change_set=edit.change_set, new__has_key="net",
                                          kind="quote"), "net", by=owner)  # fmt: skip


def test_terms_and_what_a_draft_comes_to_by_them_are_not_parted_by_an_undo():
    make_price_rule(coupon="FERIA", value=50)
    product = {"product": make_product(price=100).public_id}
    quote = make_quote(lines=[product])
    with acting(quote.owner_id, "screen") as edit:
        changed(quote, coupon="feria")
    quote.refresh_from_db()
    changed(quote, lines=[product | {"quantity": 2}])

    undo = undo_changes(ChangeSet.objects.get(pk=edit.change_set or 0), by=quote.owner)

    quote.refresh_from_db()
    assert (quote.coupon, quote.net, undo.kept > 0) == ("feria", Decimal(100), True)
    assert quote.lines.get().net == 100 and not verify()
