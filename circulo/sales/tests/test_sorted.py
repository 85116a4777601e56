"""Deals in the order of what follows from them: how likely they are, what that is worth, how long
they have stood where they are.
"""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from circulo.accounts.models import Role
from circulo.api.tests.calls import Program
from circulo.desk.listing import listing
from circulo.desk.wanted import Wanted
from circulo.lib.acting import acting
from circulo.records import paging
from circulo.records.actions.saved_views import save_view
from circulo.records.actions.undoing import undo_changes
from circulo.records.models import Change, ChangeSet
from circulo.records.resources import resource
from circulo.records.verify import verify
from circulo.sales import actions
from circulo.sales.fields import seen_deals
from circulo.sales.models import Deal
from circulo.testing.make import make_deal, make_pipeline, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def seller():
    return make_user()


@pytest.fixture
def stages():
    return list(make_pipeline(is_default=True).stages.in_order())


def titles(user, sort):
    """The titles of all deals in an order, page by page and back again."""
    order = paging.sort_of(resource("deals"), sort, user)
    page = paging.page_of_keys(seen_deals(user), order, limit=2)
    pages = [page.rows]
    while page.next:
        page = paging.page_of_keys(seen_deals(user), order, limit=2, cursor=page.next)
        pages.append(page.rows)
    back = [page.rows]
    while page.previous:
        page = paging.page_of_keys(seen_deals(user), order, limit=2, cursor=page.previous)
        back.append(page.rows)
    assert back[::-1] == pages
    named = dict(Deal.objects.values_list("pk", "title"))
    return [named[key] for page in pages for key in page]


def three_weights(seller, stages):
    make_deal(owner=seller, title="half", amount=100, stage=stages[1])
    make_deal(owner=seller, title="little", amount=200, stage=stages[0])
    make_deal(owner=seller, title="most", amount=90, stage=stages[2])
    make_deal(owner=seller, title="unknown", stage=stages[2])


def since(deal, **ago):
    """Have a deal stand in its stage since then."""
    deal = Deal.objects.get(pk=deal.pk)
    Deal.objects.filter(pk=deal.pk).update(stage_since=timezone.now() - timedelta(**ago))
    return deal


def test_deals_are_sorted_by_what_they_are_worth_by_their_probability(seller, stages):
    three_weights(seller, stages)
    assert titles(seller, "weighted") == ["unknown", "little", "half", "most"]
    assert titles(seller, "-weighted") == ["most", "half", "little", "unknown"]


def test_deals_are_sorted_by_how_likely_they_are_and_by_a_second_key(seller, stages):
    three_weights(seller, stages)
    won = make_deal(owner=seller, title="won", stage=stages[0])
    actions.win_deal(won, by=seller)
    order = ["won", "unknown", "most", "half", "little"]
    assert titles(seller, "-probability,amount") == order
    assert titles(seller, "probability,-amount") == order[::-1]


def test_deals_are_sorted_by_their_days_in_a_stage_and_those_over_stand_below(seller, stages):
    for days in (3, 30, 12):
        since(make_deal(owner=seller, title=f"{days} days"), days=days)
    for days in (5, 90):
        over = since(make_deal(owner=seller, title=f"over after {days}"), days=days)
        actions.win_deal(over, by=seller)
    order = ["30 days", "12 days", "3 days", "over after 90", "over after 5"]
    assert titles(seller, "-days_in_stage") == order
    assert titles(seller, "days_in_stage") == order[::-1]


def test_the_list_a_view_the_api_and_paper_know_these_orders(seller, stages):
    three_weights(seller, stages)
    order = ["most", "half", "little", "unknown"]
    with_view = save_view("deals", "Best", {"sort": "-weighted"}, by=seller)
    assert with_view.sort == "-weighted"
    found = listing(seller, "deals", Wanted(sort="-weighted", shape="table"))
    assert [row["title"] for row in found.rows] == order
    assert {c.name for c in found.columns if c.sort} >= {"weighted", "probability", "days_in_stage"}
    asked = Program(seller).get("deals", sort="-weighted").json()["items"]
    assert [one["title"] for one in asked] == order


def test_who_sees_no_amounts_cannot_sort_by_what_follows_from_them(seller):
    Role.objects.filter(pk="seller").update(hidden={"deals": ["amount"]})
    blind = make_user()
    with pytest.raises(paging.BadSort):
        paging.sort_of(resource("deals"), "weighted", blind)
    assert paging.sort_of(resource("deals"), "probability,days_in_stage", blind)


def test_what_a_stage_says_anew_counts_at_once_and_is_no_change_of_its_deals(seller, stages):
    deal = make_deal(owner=seller, amount=100, stage=stages[0])
    over = make_deal(owner=seller, amount=100, stage=stages[0])
    actions.win_deal(over, by=seller)
    admin, before = make_user("admin"), Change.objects.filter(kind="deal").count()

    with acting(admin.pk, "screen") as act:
        actions.change_stage(stages[0], {"probability": 65}, by=admin)

    chances = dict(Deal.objects.values_list("pk", "probability"))
    assert chances == {deal.pk: 65, over.pk: 100}
    assert Change.objects.filter(kind="deal").count() == before
    assert Deal.objects.get(pk=deal.pk).version == deal.version and not verify()
    undo_changes(ChangeSet.objects.get(pk=act.change_set or 0), by=admin)
    assert Deal.objects.get(pk=deal.pk).probability == 20 and not verify()


def test_a_deal_is_as_likely_as_its_stage_says_wherever_it_goes(seller, stages):
    deal = make_deal(owner=seller, stage=stages[0])

    def chance():
        return Deal.objects.get(pk=deal.pk).probability

    assert chance() == 20
    with acting(seller.pk, "screen") as act:
        actions.move_deal(deal, to=stages[2], by=seller)
    assert chance() == 80
    actions.change_stage(stages[0], {"probability": 35}, by=None)
    undo_changes(ChangeSet.objects.get(pk=act.change_set or 0), by=seller)
    assert chance() == 35
    actions.win_deal(deal, by=seller)
    assert chance() == 100
    actions.reopen_deal(deal, by=seller)
    assert chance() == 35
    actions.remove_stage(stages[0], to=stages[1], by=None)
    assert chance() == 50 and not verify()


def test_verify_finds_and_mends_a_deal_that_is_not_as_likely_as_its_stage_says(seller, stages):
    deal = make_deal(owner=seller, stage=stages[0])
    Deal.objects.filter(pk=deal.pk).update(probability=99)
    (violation,) = verify()
    assert violation["invariant"] == "sales.probability"
    assert not verify(repair=True)
    assert Deal.objects.get(pk=deal.pk).probability == 20


@pytest.mark.parametrize("sort", ["weighted", "probability", "days_in_stage"])
def test_an_index_gives_each_order(seller, sort):
    order = paging.sort_of(resource("deals"), sort, seller)
    rows = Deal.objects.kept().order_by(*order.order_by())[:50]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
    assert "Index" in rows.explain() and "Sort" not in rows.explain()
