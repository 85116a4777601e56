"""What follows from putting parts of a deal back: sums, shares and the pipeline fit again."""

from decimal import Decimal

import pytest

from circulo.lib.acting import acting
from circulo.lib.errors import RuleBroken
from circulo.records.actions.putting_back import put_value_back
from circulo.records.actions.undoing import undo_changes
from circulo.records.change_pages import detail_of
from circulo.records.models import Change, ChangeSet
from circulo.records.verify import verify
from circulo.sales import actions, drafts
from circulo.testing.make import make_deal, make_pipeline, make_product, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def change(deal, **said):
    """Change a deal as its owner does on screen, and give the change set."""
    with acting(deal.owner_id, "screen") as act:
        draft = drafts.read(said, by=deal.owner, deal=deal)
        actions.change_deal(deal, draft, by=deal.owner)
    deal.refresh_from_db()
    return ChangeSet.objects.get(pk=act.change_set or 0)


def test_a_line_that_is_put_back_counts_in_the_amount_again():
    red, white = make_product(price=10), make_product(price=7)
    both = [{"product": one.public_id} for one in (red, white)]
    deal = make_deal(lines=both, amount_from_lines=True)
    gone = change(deal, lines=both[:1])
    assert deal.amount == 10

    put_value_back(Change.objects.get(change_set=gone, kind="deal_line"), "", by=deal.owner)

    deal.refresh_from_db()
    assert deal.amount == 17 and not verify()


def test_a_pipeline_that_is_put_back_does_not_part_a_deal_from_its_stage():
    first, second = make_pipeline(is_default=True), make_pipeline()
    deal = make_deal(stage=first.stages.in_order()[0])
    moved = change(deal, stage=second.stages.in_order()[0].public_id)
    change(deal, stage=second.stages.in_order()[1].public_id)

    undo_changes(moved, by=deal.owner)

    deal.refresh_from_db()
    assert deal.pipeline_id == deal.stage.pipeline_id and not verify()


def test_shares_that_are_put_back_are_never_more_than_all():
    deal, ana, berta = make_deal(), make_user(), make_user()
    change(deal, shares=[{"user": ana.opaque, "percent": 60}])
    gone = change(deal, shares=[])
    change(deal, shares=[{"user": berta.opaque, "percent": 80}])

    with pytest.raises(RuleBroken):
        undo_changes(gone, by=deal.owner)

    assert [one.percent for one in deal.shares.all()] == [80] and not verify()


def undone(done, *, by, mine=()):
    return undo_changes(done, by=by, mine=mine)


def test_an_amount_does_not_go_back_into_a_currency_that_somebody_gave_since():
    deal = make_deal(amount=10)
    done = change(deal, amount=20)
    change(deal, currency="USD")

    (clash,) = detail_of(done, make_user("admin", language="en"))["clashes"]
    assert clash["fields"] == ["Amount", "Currency"]
    undo = undone(done, by=deal.owner)

    deal.refresh_from_db()
    assert (deal.amount, deal.currency, undo.kept) == (Decimal(20), "USD", 1)
    assert set(undo.clashes.get().names) == {"amount", "currency"}


def test_who_wants_the_amount_back_all_the_same_has_its_currency_too():
    deal = make_deal(amount=10)
    done = change(deal, amount=20)
    change(deal, currency="USD")

    undone(done, by=deal.owner, mine={f"deal:{deal.public_id}"})

    deal.refresh_from_db()
    assert (deal.amount, deal.currency) == (Decimal(10), "EUR")


def test_a_currency_that_was_changed_and_changed_back_is_no_hindrance():
    deal = make_deal(amount=10)
    done = change(deal, amount=20)
    change(deal, currency="USD")
    change(deal, currency="EUR")

    assert undone(done, by=deal.owner).kept == 0

    deal.refresh_from_db()
    assert (deal.amount, deal.currency) == (Decimal(10), "EUR")


def test_a_line_is_put_back_with_all_that_its_sum_follows_from_or_not_at_all():
    product = {"product": make_product(price=10).public_id}
    deal = make_deal(lines=[product], amount_from_lines=True)
    done = change(deal, lines=[product | {"quantity": 2}])
    change(deal, lines=[product | {"quantity": 2, "discount": 10}])

    undone(done, by=deal.owner)

    line = deal.lines.get()
    deal.refresh_from_db()
    said = (line.quantity, line.discount, line.net, deal.amount)
    assert said == tuple(map(Decimal, (2, 10, 18, 18)))
    change(deal, lines=[product | {"quantity": 3, "discount": 10}])
    undone(ChangeSet.objects.latest("pk"), by=deal.owner)
    assert deal.lines.get().net == 18 and not verify()


def test_lines_that_came_since_are_priced_for_the_currency_that_is_put_back():
    product = {"product": make_product(price=10).public_id}
    deal = make_deal(lines=[product], amount=5)
    done = change(deal, currency="USD")
    change(deal, lines=[product, product | {"quantity": 3}])

    undone(done, by=deal.owner)

    deal.refresh_from_db()
    assert deal.currency == "EUR"
    assert [line.net for line in deal.lines.order_by("position")] == [10, 30]
    assert not verify()


def test_an_amount_that_followed_lines_is_not_left_as_if_somebody_had_said_it():
    deal = make_deal(lines=[{"product": make_product(price=10).public_id}], amount=7)
    done = change(deal, amount_from_lines=True)
    change(deal, lines=[])
    change(deal, lines=[{"product": make_product(price=12).public_id}])

    undone(done, by=deal.owner)

    deal.refresh_from_db()
    assert (deal.amount, deal.amount_from_lines) == (Decimal(12), True)


def test_one_value_put_back_by_hand_brings_what_goes_with_it():
    deal = make_deal(amount=10)
    done = change(deal, amount=20)
    change(deal, currency="JPY")

    put_value_back(Change.objects.get(change_set=done), "amount", by=deal.owner)

    deal.refresh_from_db()
    assert (deal.amount, deal.currency) == (Decimal(10), "EUR")
