"""Deals on their way through a pipeline."""

from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest
from django.db import connection

from circulo.lib.errors import RuleBroken
from circulo.records.actions.own_fields import add_field, retire_field
from circulo.records.verify import verify
from circulo.sales import actions
from circulo.sales.models import Deal, DealStay
from circulo.sales.selectors.entry import Unready
from circulo.testing.make import make_company, make_deal, make_pipeline, make_task, make_user
from circulo.timeline.kinds import Kind
from circulo.timeline.models import Interaction

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def column(stage):
    return list(Deal.objects.on_board().filter(stage=stage).by_rank().values_list("pk", flat=True))


def test_a_deal_enters_a_stage_and_the_timeline_is_told():
    pipeline = make_pipeline()
    first, second, _third = pipeline.stages.in_order()
    deal = make_deal(pipeline=pipeline, amount="1200")

    moved = actions.move_deal(deal, to=second, by=deal.owner)

    assert (moved.stage, moved.version) == (second, deal.version + 1)
    stays = DealStay.objects.filter(deal=deal).order_by("entered_at", "pk")
    assert [(stay.stage, stay.left_at is None) for stay in stays] == [
        (first, False),
        (second, True),
    ]
    assert stays[0].left_at == stays[1].entered_at == moved.stage_since
    told = Interaction.objects.of(Kind.DEAL_MOVED).get()
    assert (told.party, told.by, told.about_id) == (deal.party, deal.owner, deal.pk)
    assert (told.data["from"], told.data["to"]) == (first.name, second.name)
    assert not verify()


def test_a_deal_is_put_before_or_after_another_by_writing_one_row():
    pipeline = make_pipeline()
    stage = pipeline.stages.in_order()[0]
    a, b, c, d = (make_deal(pipeline=pipeline) for _n in range(4))
    ranks = dict(Deal.objects.values_list("pk", "rank"))

    actions.move_deal(d, to=stage, before=b.pk, by=d.owner)
    assert column(stage) == [a.pk, d.pk, b.pk, c.pk]
    assert {k: r for k, r in Deal.objects.values_list("pk", "rank") if k != d.pk} == {
        k: r for k, r in ranks.items() if k != d.pk
    }

    actions.move_deal(a, to=stage, after=c.pk, by=a.owner)
    assert column(stage) == [d.pk, b.pk, c.pk, a.pk]
    actions.move_deal(c, to=stage, before=d.pk, by=c.owner)
    assert column(stage) == [c.pk, d.pk, b.pk, a.pk]
    actions.move_deal(c, to=stage, by=c.owner)
    assert column(stage) == [d.pk, b.pk, a.pk, c.pk]


def test_a_new_deal_comes_last_whatever_was_moved_before():
    pipeline = make_pipeline()
    stage = pipeline.stages.in_order()[0]
    a, b = make_deal(pipeline=pipeline), make_deal(pipeline=pipeline)
    actions.move_deal(a, to=stage, after=b.pk, by=a.owner)
    new = make_deal(pipeline=pipeline)
    late = make_deal(pipeline=pipeline)
    assert column(stage)[-2:] == [new.pk, late.pk]


def test_to_put_a_deal_elsewhere_in_its_stage_is_no_new_version_and_tells_nothing():
    pipeline = make_pipeline()
    stage = pipeline.stages.in_order()[0]
    a, b = make_deal(pipeline=pipeline), make_deal(pipeline=pipeline)
    moved = actions.move_deal(b, to=stage, before=a.pk, by=b.owner)
    assert moved.version == b.version
    assert not Interaction.objects.of(Kind.DEAL_MOVED).exists()


def test_a_neighbour_that_went_elsewhere_meanwhile_counts_for_nothing():
    pipeline = make_pipeline()
    first, second, _third = pipeline.stages.in_order()
    a, b = make_deal(pipeline=pipeline), make_deal(pipeline=pipeline)
    actions.move_deal(a, to=second, by=a.owner)
    actions.move_deal(b, to=first, before=a.pk, by=b.owner)
    assert column(first) == [b.pk]


def test_a_deal_that_lacks_what_a_stage_asks_for_stays_and_is_told_what():
    pipeline = make_pipeline(
        {"name": "One"},
        {
            "name": "Two",
            "required": ["amount", "has_next_step"],
            "entry": {"all": [{"field": "party.tags", "op": "contains", "value": "vip"}]},
        },
    )
    second = pipeline.stages.in_order()[1]
    deal = make_deal(pipeline=pipeline)

    with pytest.raises(Unready) as refusal:
        actions.move_deal(deal, to=second, by=deal.owner)
    assert refusal.value.missing == ["amount", "has_next_step", "party.tags"]
    assert column(second) == []


def test_a_stage_asks_no_more_for_a_field_that_was_retired():
    field = add_field("deals", "text", {"label_es": "Clave"}, by=None)
    asked = {"field": "custom.clave", "op": "is", "value": "Zafiro"}
    entry = {"all": [asked, {"field": "amount", "op": "gte", "value": 5}]}
    pipeline = make_pipeline(
        {"name": "One"}, {"name": "Two", "entry": entry, "required": ["custom.clave"]}
    )
    second = pipeline.stages.in_order()[1]
    poor, rich = make_deal(pipeline=pipeline, amount=1), make_deal(pipeline=pipeline, amount=7)
    with pytest.raises(RuleBroken, match="Clave"):
        actions.move_deal(rich, to=second, by=rich.owner)

    retire_field(field, by=None)

    assert actions.move_deal(rich, to=second, by=rich.owner).stage == second
    with pytest.raises(RuleBroken):
        actions.move_deal(poor, to=second, by=poor.owner)


def test_a_deal_that_has_all_a_stage_asks_for_enters():
    pipeline = make_pipeline(
        {"name": "One"}, {"name": "Two", "required": ["amount", "has_next_step"]}
    )
    second = pipeline.stages.in_order()[1]
    deal = make_deal(pipeline=pipeline, amount=10)
    actions.put_steps([(make_task(owner=deal.owner), deal.pk)], by=deal.owner)
    assert actions.move_deal(deal, to=second, by=deal.owner).stage == second


def test_a_deal_that_is_over_does_not_move():
    pipeline = make_pipeline()
    deal = make_deal(pipeline=pipeline)
    actions.win_deal(deal, by=deal.owner)
    with pytest.raises(RuleBroken, match="is over"):
        actions.move_deal(deal, to=pipeline.stages.in_order()[1], by=deal.owner)


def test_many_deals_enter_a_stage_at_once():
    pipeline, owner = make_pipeline(), make_user()
    second = pipeline.stages.in_order()[1]
    party = make_company(owner=owner)
    deals = [make_deal(pipeline=pipeline, owner=owner, party=party) for _n in range(3)]
    keys = [deal.pk for deal in deals]
    assert actions.edit_deals(keys, {"stage_id": second.pk, "source": "Feria"}, by=owner) == 3
    assert column(second) == keys
    assert set(Deal.objects.values_list("source", flat=True)) == {"Feria"}
    assert Interaction.objects.of(Kind.DEAL_MOVED).count() == 3
    assert not verify()


@pytest.mark.django_db(transaction=True)
def test_sixteen_sellers_who_move_the_same_cards_end_with_one_order_and_no_error():
    pipeline, owner = make_pipeline(), make_user()
    stages = list(pipeline.stages.in_order())
    party = make_company(owner=owner)
    deals = [make_deal(pipeline=pipeline, owner=owner, party=party) for _n in range(6)]

    def seller(number):
        chance = Random(number)
        try:
            for _move in range(8):
                deal, other = chance.sample(deals, 2)
                side = {chance.choice(("before", "after")): other.pk}
                actions.move_deal(deal, to=chance.choice(stages), by=owner, **side)
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as sellers:
        list(sellers.map(seller, range(16)))

    orders = [column(stage) for stage in stages]
    assert sorted(key for order in orders for key in order) == sorted(deal.pk for deal in deals)
    ranks = list(Deal.objects.values_list("stage", "rank"))
    assert len(set(ranks)) == len(ranks)
    assert not verify()
