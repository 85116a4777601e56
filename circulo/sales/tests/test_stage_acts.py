"""Acts that a stage suggests: planned once for a deal, told with what became of them, undone."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from circulo.accounts.models import Role
from circulo.agenda import actions as agenda
from circulo.agenda import plans
from circulo.agenda.models import Entry
from circulo.lib.acting import acting
from circulo.lib.errors import Invalid, RuleBroken
from circulo.parties import actions as parties
from circulo.records.actions.undoing import undo_changes
from circulo.records.models import ChangeSet
from circulo.records.verify import verify
from circulo.sales import actions
from circulo.sales.models import Deal, DealStep, StageAct
from circulo.sales.selectors.acts import suggested_for
from circulo.testing.cost import query_cost
from circulo.testing.make import (
    make_act,
    make_company,
    make_deal,
    make_pipeline,
    make_task,
    make_team,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def stages():
    return list(make_pipeline().stages.in_order())


@pytest.fixture
def deal(stages):
    return make_deal(stage=stages[0], owner=make_user(team=make_team(), language="en"))


def states(deal, user=None):
    return [one.state for one in suggested_for(user or deal.owner, deal)]


def undone(act, user):
    """Do something as from a screen, and undo it."""
    with acting(user.pk, "screen") as doing:
        act()
    return undo_changes(ChangeSet.objects.get(pk=doing.change_set or 0), by=user)


def test_an_act_is_planned_as_it_says_with_the_party_of_the_deal(stages, deal):
    act = make_act(stages[0], title="Send the offer", kind="email", after_days=3)

    entry = actions.plan_act(deal, act, by=deal.owner)

    assert (entry.title, entry.kind, entry.owner, entry.party) == (
        "Send the offer", "email", deal.owner, deal.party)  # fmt: skip
    assert entry.starts_on == timezone.localdate() + timedelta(days=3)
    assert list(entry.reminders.values_list("minutes", flat=True)) == [0]
    assert (entry.deal_step.deal, entry.deal_step.act) == (deal, act) and not verify()


def test_what_became_of_each_act_is_told_in_order_and_the_next_is_the_first_of_which_nothing_was(
    stages, deal
):
    first, second, third, _fourth = (make_act(stages[0]) for _n in range(4))
    make_act(stages[1])
    done = actions.plan_act(deal, first, by=deal.owner)
    agenda.complete_entries([done.pk], by=deal.owner)
    dropped = actions.plan_act(deal, second, by=deal.owner)
    agenda.drop_entries([dropped.pk], by=deal.owner)
    planned = actions.plan_act(deal, third, by=deal.owner)

    told = suggested_for(deal.owner, deal)

    assert [one.state for one in told] == ["done", "dropped", "planned", "suggested"]
    assert [one.is_next for one in told] == [False, False, False, True]
    assert [one.may_be_planned for one in told] == [False, True, False, True]
    assert told[2].entry == planned
    Entry.objects.filter(pk=planned.pk).delete()
    assert states(deal) == ["done", "dropped", "suggested", "suggested"]


def test_an_act_is_planned_once_however_often_but_anew_where_it_was_dropped(stages, deal):
    act = make_act(stages[0])
    entry = actions.plan_act(deal, act, by=deal.owner)
    assert actions.plan_act(deal, act, by=make_user()) == entry
    agenda.complete_entries([entry.pk], by=deal.owner)
    assert actions.plan_act(deal, act, by=deal.owner) == entry
    agenda.reopen_entries([entry.pk], by=deal.owner)
    agenda.drop_entries([entry.pk], by=deal.owner)

    again = actions.plan_act(deal, act, by=deal.owner)

    assert again != entry and states(deal) == ["planned"]
    assert Entry.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_who_plan_the_same_at_the_same_time_plan_it_once():
    owner = make_user()
    stage = make_pipeline().stages.in_order()[0]
    deal, act = make_deal(stage=stage, owner=owner), make_act(stage)

    def plan(_number):
        try:
            return actions.plan_act(deal, act, by=owner).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as sellers:
        planned = set(sellers.map(plan, range(8)))

    assert planned == set(Entry.objects.values_list("pk", flat=True)) and len(planned) == 1


def test_nothing_is_suggested_nor_planned_for_a_deal_that_is_over_or_in_another_stage(stages, deal):
    act, other = make_act(stages[0]), make_act(stages[1])
    with pytest.raises(RuleBroken):
        actions.plan_act(deal, other, by=deal.owner)
    won = actions.win_deal(deal, by=deal.owner)

    with pytest.raises(RuleBroken):
        actions.plan_act(won, act, by=deal.owner)

    assert suggested_for(deal.owner, won) == [] and not Entry.objects.exists()


def test_a_planned_act_is_undone_and_suggested_again(stages, deal):
    act = make_act(stages[0])

    undone(lambda: actions.plan_act(deal, act, by=deal.owner), deal.owner)

    assert not Entry.objects.exists() and not DealStep.objects.exists()
    assert states(deal) == ["suggested"] and not verify()


def test_a_step_that_goes_to_another_deal_is_no_act_of_that(stages, deal):
    act = make_act(stages[0])
    other = make_deal(stage=stages[0], owner=deal.owner)
    entry = actions.plan_act(deal, act, by=deal.owner)

    actions.put_steps([(entry, other.pk)], by=deal.owner)

    assert states(deal) == states(other) == ["suggested"]


def test_that_an_act_is_planned_is_known_to_who_sees_the_deal_but_not_as_what(stages, deal):
    act = make_act(stages[0])
    entry = actions.plan_act(deal, act, by=deal.owner)
    hidden = plans.read({"is_private": True}, is_appointment=False, by=deal.owner, entry=entry)
    agenda.change_entry(entry, hidden, by=deal.owner)
    mate = make_user("manager", team=deal.owner.team)

    (told,) = suggested_for(mate, deal)

    assert (told.state, told.entry) == ("planned", None)
    assert suggested_for(deal.owner, deal)[0].entry == entry


def test_who_sees_no_tasks_is_told_the_states_alone(client, stages, deal):
    entry = actions.plan_act(deal, make_act(stages[0], title="Ring them up"), by=deal.owner)
    Role.objects.filter(pk="analyst").update(rights={"tasks": {"view": "none"}, "deals": {
        "view": "all"}})  # fmt: skip
    looks = make_user("analyst", language="en")
    client.force_login(looks)

    page = client.get(deal.get_absolute_url()).text

    assert "Ring them up" in page and "Planned" in page and entry.public_id not in page
    assert suggested_for(looks, deal)[0].entry is None


def test_the_history_of_a_deal_tells_once_what_was_planned(client, stages, deal):
    act = make_act(stages[0], title="Ring them up")
    with acting(deal.owner_id, "screen"):
        actions.plan_act(deal, act, by=deal.owner)
    client.force_login(deal.owner)
    page = client.get(f"{deal.get_absolute_url()}/changes").text
    assert page.count("Next step") == 1 and page.count("Ring them up") == 1


def test_an_act_that_is_suggested_no_more_leaves_its_step_and_comes_back_with_it(stages, deal):
    admin, act = make_user("admin"), make_act(stages[0])
    entry = actions.plan_act(deal, act, by=deal.owner)
    with acting(admin.pk, "screen") as doing:
        actions.remove_act(act, by=admin)
    assert states(deal) == [] and DealStep.objects.get().entry == entry

    undo_changes(ChangeSet.objects.get(pk=doing.change_set or 0), by=admin)

    assert states(deal) == ["planned"] and not verify()


def test_a_stage_that_is_taken_out_takes_its_acts_along_and_brings_them_back(stages, deal):
    admin, act = make_user("admin"), make_act(stages[0], title="Call")
    actions.plan_act(deal, act, by=deal.owner)
    key = stages[0].pk
    with acting(admin.pk, "screen") as doing:
        actions.remove_stage(stages[0], to=stages[1], by=admin)
    assert not StageAct.objects.filter(title="Call").exists() and deal.steps.count() == 1

    undo_changes(ChangeSet.objects.get(pk=doing.change_set or 0), by=admin)

    deal.refresh_from_db()
    assert deal.stage_id == key and states(deal) == ["planned"] and not verify()


def test_a_deal_that_moves_on_is_suggested_what_its_new_stage_suggests(stages, deal):
    actions.plan_act(deal, make_act(stages[0]), by=deal.owner)
    make_act(stages[1])
    moved = actions.move_deal(deal, to=stages[1], by=deal.owner)
    assert states(moved) == ["suggested"]
    assert states(actions.move_deal(moved, to=stages[0], by=deal.owner)) == ["planned"]


def test_acts_stay_with_a_deal_whose_party_is_merged(stages, deal):
    actions.plan_act(deal, make_act(stages[0]), by=deal.owner)
    kept = make_company(owner=deal.owner)
    parties.merge_parties(kept, [deal.party], by=deal.owner)
    deal.refresh_from_db()
    assert deal.party == kept and states(deal) == ["planned"]
    assert Entry.objects.get().party == kept


def test_the_acts_of_a_stage_are_put_whole_and_only_so_many(stages):
    first, second = make_act(stages[0], title="A"), make_act(stages[0], title="B")

    said = [{"id": second.public_id, "title": "C"}, {"title": "New", "kind": "todo"}]
    actions.put_acts(stages[0], said, by=None)

    assert [one.title for one in stages[0].acts.in_order()] == ["C", "New"]
    assert not StageAct.objects.filter(pk=first.pk).exists()
    with pytest.raises(Invalid):
        actions.put_acts(stages[0], [{"id": first.public_id, "title": "A"}], by=None)
    for _n in range(actions.MOST_ACTS - 2):
        make_act(stages[0])
    with pytest.raises(RuleBroken):
        make_act(stages[0])


@pytest.mark.parametrize(
    "values", [{"title": ""}, {"kind": "meeting"}, {"after_days": -1}, {"after_days": 366}]
)
def test_an_act_that_cannot_be_planned_is_refused(stages, values):
    with pytest.raises(Invalid):
        make_act(stages[0], **values)


def test_the_page_of_a_deal_costs_the_same_whatever_its_stage_suggests(client, stages, deal):
    client.force_login(deal.owner)
    actions.plan_act(deal, make_act(stages[0]), by=deal.owner)
    client.get(deal.get_absolute_url())
    cost_of_one = query_cost(client.get, deal.get_absolute_url())
    for number in range(6):
        act = make_act(stages[0])
        if number % 2:
            actions.plan_act(deal, act, by=deal.owner)
    assert query_cost(client.get, deal.get_absolute_url()) == cost_of_one


def test_today_costs_the_same_whatever_is_suggested(client, stages, deal):
    client.force_login(deal.owner)
    make_act(stages[0])
    client.get("/")
    one = query_cost(client.get, "/")
    for _n in range(3):
        make_act(stages[0])
        make_deal(stage=stages[0], owner=deal.owner, party=deal.party)
    assert query_cost(client.get, "/") == one


def test_today_offers_the_next_act_of_a_deal_for_which_nothing_is_planned(client, stages, deal):
    client.force_login(deal.owner)
    done, act = make_act(stages[0]), make_act(stages[0], title="Ring them up")
    entry = actions.plan_act(deal, done, by=deal.owner)
    assert "Ring them up" not in client.get("/").text
    agenda.complete_entries([entry.pk], by=deal.owner)
    page = client.get("/").text
    path = f"{deal.get_absolute_url()}/acts/{act.public_id}/plan"
    assert "Ring them up" in page and f'hx-post="{path}"' in page and 'data-keys="s"' in page

    answer = client.post(path, {"today": "1"}, headers={"HX-Request": "true"})

    assert answer.status_code == 200 and "Ring them up" not in answer.text
    assert "Planned: Ring them up." in answer.headers["HX-Trigger"]
    assert states(deal) == ["done", "planned"]


def test_a_deal_too_long_in_its_stage_is_offered_the_next_act_while_nothing_is_planned(
    client, stages, deal
):
    client.force_login(deal.owner)
    actions.change_stage(stages[0], {"stale_after": 1}, by=None)
    first, second = (make_act(stages[0], title=title) for title in ("Ring them up", "Write"))
    Deal.objects.filter(pk=deal.pk).update(stage_since="2026-01-01T00:00Z")
    path = f"{deal.get_absolute_url()}/acts/{first.public_id}/plan"
    assert path in client.get("/").text

    answer = client.post(path, {"today": "1"}, headers={"HX-Request": "true"})

    assert deal.title in answer.text and second.title not in answer.text
    assert f"{deal.get_absolute_url()}#steps-title" in answer.text


def test_who_may_not_plan_is_offered_nothing_to_plan(client, stages, deal):
    act = make_act(stages[0], title="Ring them up")
    looks = make_user("auditor", language="en")
    client.force_login(looks)
    page = client.get(deal.get_absolute_url()).text
    path = f"{deal.get_absolute_url()}/acts/{act.public_id}/plan"
    assert "Ring them up" in page and "Not planned yet" in page and path not in page
    assert client.post(path).status_code == 403
    client.force_login(make_user("seller", team=make_team()))
    assert client.post(path).status_code == 404
    assert not Entry.objects.exists()


def test_a_step_by_hand_is_none_of_the_acts(stages, deal):
    make_act(stages[0])
    actions.put_steps([(make_task(owner=deal.owner), deal.pk)], by=deal.owner)
    assert states(deal) == ["suggested"]
