"""What follows from putting parts of a deal back: sums, shares and the pipeline fit again."""

import pytest

from circulo.lib.acting import acting
from circulo.lib.errors import RuleBroken
from circulo.records.actions.putting_back import put_value_back
from circulo.records.actions.undoing import undo_changes
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
