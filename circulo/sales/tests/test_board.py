"""The board of deals: what stands in its columns, for whom, at what cost."""

import html
import json
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from circulo.accounts.models import Role, User
from circulo.sales import actions
from circulo.sales.models import Deal, Pipeline
from circulo.sales.selectors.board import CARDS, columns_of
from circulo.testing.cost import query_cost
from circulo.testing.make import (
    make_company,
    make_contact,
    make_deal,
    make_pipeline,
    make_reason,
    make_task,
    make_team,
    make_user,
)

pytestmark = pytest.mark.django_db
DRAGGED = 'draggable="true"'


def logged_in(user):
    client = Client()
    client.force_login(user)
    return client


def board(client, pipeline, **asked):
    asked = {"shape": "board", "pipeline": pipeline.public_id, **asked}
    return client.get("/deals", asked).content.decode()


def titles(page):
    return re.findall(r'<strong><a href="/deals/\w+">([^<]*)</a>', page)


def test_deals_open_as_a_board_with_their_sums():
    admin, pipeline = make_user("admin", language="es"), make_pipeline(is_default=True)
    first, second, _third = pipeline.stages.in_order()
    party = make_company(name="Bodegas Río")
    make_deal(pipeline=pipeline, party=party, title="Tienda", amount="1200.50", owner=admin)
    make_deal(pipeline=pipeline, title="Hotel", amount="800", owner=admin)
    make_deal(pipeline=pipeline, stage=second, title="Bar", amount="1000", owner=admin)

    page = logged_in(admin).get("/deals").content.decode()

    assert titles(page) == ["Tienda", "Hotel", "Bar"]
    assert "Bodegas Río" in page and "1.200,50" in page
    columns = {one.name: one for one in columns_of(admin, pipeline.pk)}
    assert [(one.count, one.sums.get("EUR", 0)) for one in columns.values()] == [
        (2, 2000.5), (1, 1000), (0, 0),
    ]  # fmt: skip
    assert columns[second.name].weighted["EUR"] == 500
    assert first.name in page


def test_a_sum_never_loses_a_cent():
    admin, pipeline = make_user("admin"), make_pipeline()
    for amount in ("9999999999999.99", "0.01", "0.02"):
        make_deal(pipeline=pipeline, amount=amount, owner=admin)

    (column, *_rest) = columns_of(admin, pipeline.pk)

    assert str(column.sums["EUR"].normalize()) == "10000000000000.02"


def test_a_card_tells_what_is_next_or_that_nothing_is():
    seller, pipeline = make_user(language="en"), make_pipeline()
    planned = make_deal(pipeline=pipeline, owner=seller, title="Planned")
    make_deal(pipeline=pipeline, owner=seller, title="Forgotten")
    actions.put_steps([(make_task(owner=seller, title="Send the prices"), planned.pk)], by=seller)

    page = board(logged_in(seller), pipeline)

    assert "Send the prices" in page
    assert page.count("No next step") == 1


def test_a_card_that_was_drawn_before_is_drawn_anew_for_whom_it_looks_otherwise():
    seller, pipeline = make_user(language="en", region="en-GB"), make_pipeline()
    deal = make_deal(pipeline=pipeline, owner=seller, title="Barrels", amount="1234.5")
    before = board(logged_in(seller), pipeline)
    assert "1,234.50" in before

    User.objects.filter(pk=seller.pk).update(language="es", region="es-ES")
    assert "1.234,50" in board(logged_in(seller), pipeline)
    Deal.objects.filter(pk=deal.pk).update(title="Bottles")
    assert titles(board(logged_in(seller), pipeline)) == ["Bottles"]
    Role.objects.filter(pk="seller").update(hidden={"deals": ["amount"]})
    assert "1.234,50" not in board(logged_in(seller), pipeline)
    Role.objects.filter(pk="seller").update(hidden={}, rights={"deals": {"edit": "none"}})
    assert DRAGGED in before and DRAGGED not in board(logged_in(seller), pipeline)


def test_what_is_planned_is_told_to_those_alone_who_see_tasks():
    admin, agent, pipeline = make_user("admin"), make_user("agent"), make_pipeline()
    deal = make_deal(pipeline=pipeline, owner=agent)
    actions.put_steps([(make_task(owner=agent, title="Send the prices"), deal.pk)], by=agent)
    assert "Send the prices" in board(logged_in(agent), pipeline)

    Role.objects.filter(pk="agent").update(rights={"tasks": {"view": "none"}})

    assert "Send the prices" not in board(logged_in(agent), pipeline)
    assert "Send the prices" in board(logged_in(admin), pipeline)


def test_nobody_sees_deals_or_parties_out_of_reach_on_a_board():
    team, pipeline = make_team(), make_pipeline()
    seller = make_user("seller", team=team)
    secret = make_contact(given_name="Secreta", owner=make_user("seller", team=make_team()))
    make_deal(pipeline=pipeline, title="Own", party=secret, owner=seller)
    make_deal(pipeline=pipeline, title="Foreign", owner=make_user("seller", team=make_team()))
    gone = make_deal(pipeline=pipeline, title="Gone", owner=seller)
    actions.bin_deals([gone.pk], by=seller)

    page = board(logged_in(seller), pipeline)

    assert titles(page) == ["Own"]
    assert "Secreta" not in page


def test_a_column_goes_on_where_it_stopped():
    admin, pipeline = make_user("admin"), make_pipeline()
    stage = pipeline.stages.in_order()[0]
    for number in range(CARDS + 3):
        make_deal(pipeline=pipeline, title=f"N{number:02}", owner=admin)
    client = logged_in(admin)
    first = titles(board(client, pipeline))
    last = Deal.objects.get(title=first[-1])

    asked = {"column": stage.public_id, "after": last.public_id}
    rest = client.get(
        "/deals", {"shape": "board", **asked}, headers={"HX-Request": "true"}
    ).content.decode()
    table = client.get("/deals", {"shape": "board", **asked})

    assert (len(first), titles(rest)) == (CARDS, ["N25", "N26", "N27"])
    assert table.status_code == 302 and stage.public_id in table.url


def test_a_card_is_put_before_another_and_a_refusal_is_told():
    seller, pipeline = make_user(), make_pipeline()
    first, second, _third = pipeline.stages.in_order()
    there, moved = (make_deal(pipeline=pipeline, stage=s, owner=seller) for s in (second, first))
    client = logged_in(seller)
    said = {"by": "stage", "value": second.public_id, "before": there.public_id}

    answer = client.post(f"/deals/{moved.public_id}/card", said, headers={"HX-Request": "true"})
    assert list(Deal.objects.filter(stage=second).by_rank()) == [moved, there]
    (told,) = json.loads(answer.headers["HX-Trigger"])["toast"]["toasts"]
    assert second.name in told["text"]
    client.post(told["undo"])
    moved.refresh_from_db()
    assert moved.stage == first
    actions.move_deal(moved, to=second, before=there.pk, by=seller)

    actions.win_deal(there, by=seller)
    answer = client.post(f"/deals/{there.public_id}/card", said, headers={"HX-Request": "true"})
    assert "toast" in answer.headers["HX-Trigger"]
    other = make_deal(pipeline=pipeline, owner=make_user("seller", team=make_team()))
    assert client.post(f"/deals/{other.public_id}/card", said).status_code == 404


def test_a_board_narrowed_by_words_and_a_criterion():
    admin, pipeline = make_user("admin"), make_pipeline()
    soon, later = timezone.localdate(), timezone.localdate() + timedelta(days=60)
    make_deal(pipeline=pipeline, title="Feria A", owner=admin, expected_on=str(soon))
    make_deal(pipeline=pipeline, title="Feria B", owner=admin, expected_on=str(later))
    make_deal(pipeline=pipeline, title="Otra", owner=admin, expected_on=str(soon))
    criterion = {"field": "expected_on", "op": "lte", "value": str(soon)}

    page = board(logged_in(admin), pipeline, q="feria", filter=json.dumps(criterion))

    assert titles(page) == ["Feria A"]


def test_the_board_costs_the_same_for_one_deal_as_for_many():
    admin, pipeline = make_user("admin"), make_pipeline(is_default=True)
    client = logged_in(admin)
    make_deal(pipeline=pipeline, owner=admin)
    client.get("/deals")
    cost = query_cost(client.get, "/deals")
    for _n in range(5):
        make_deal(pipeline=pipeline, owner=admin)

    assert query_cost(client.get, "/deals") == cost <= 8


def test_the_table_costs_the_same_for_one_deal_as_for_many():
    admin = make_user("admin")
    client = logged_in(admin)
    make_deal(owner=admin)
    address = "/deals?shape=table&columns=title,party,stage,weighted,is_stale,has_next_step"
    client.get(address)
    cost = query_cost(client.get, address)
    for _n in range(5):
        make_deal(owner=admin)

    assert query_cost(client.get, address) == cost


def test_the_search_over_everything_finds_deals_within_reach():
    seller = make_user("seller", team=make_team())
    make_deal(owner=seller, title="Suministro de otoño")
    make_deal(owner=make_user("seller", team=make_team()), title="Suministro ajeno")
    client = logged_in(seller)

    for asked in ({"q": "sumin oton"}, {"q": "sumin oton", "palette": "1"}):
        page = client.get("/search", asked).content.decode()
        assert "Suministro de otoño" in page and "ajeno" not in page
    assert "Suministro" not in client.get("/search", {"q": "ajeno"}).content.decode()


def test_a_group_of_deals_leads_to_its_deals_as_a_table():
    admin, pipeline = make_user("admin"), make_pipeline()
    deal = make_deal(pipeline=pipeline, owner=admin, source="Feria")
    make_deal(pipeline=pipeline, owner=admin, source="Web")
    client = logged_in(admin)
    groups = client.get("/deals", {"shape": "groups", "by": "source"}).content.decode()
    address = next(a for a in re.findall(r'class="link" href="([^"]+)"', groups) if "Feria" in a)

    page = client.get("/deals" + html.unescape(address)).content.decode()

    assert deal.title in page and "<table" in page and 'id="board"' not in page


def test_the_list_is_narrowed_by_its_panel_and_handed_out():
    manager = make_user("manager", language="es")
    deal = make_deal(owner=manager, title="Feria")
    make_deal(owner=manager, title="Otra")
    client = logged_in(manager)
    said = {"field": "stage", "op": "in", "values": deal.stage.public_id}

    assert deal.stage.name in client.get("/deals/condition", {"field": "stage"}).content.decode()
    narrowed = client.get("/deals/filter", {"shape": "table", **said})
    assert narrowed.status_code == 302
    assert deal.stage.name in client.get(narrowed.url).content.decode()
    table = b"".join(client.get("/deals/export", {"as": "csv", "q": "feria"}).streaming_content)
    assert b"Feria" in table and b"Otra" not in table
    assert client.get(f"/deals/{deal.public_id}/cell/stage").status_code == 200


def many(client, act, *deals, **said):
    asked = {"ids": [deal.public_id for deal in deals], "sure": "1", **said}
    return client.post(f"/deals/bulk/{act}", asked)


def test_of_many_those_that_are_ready_move_and_the_others_are_told():
    manager, pipeline = make_user("manager", language="en"), make_pipeline()
    first, second, _third = pipeline.stages.in_order()
    actions.change_stage(second, {"required": ["source"]}, by=None)
    ready, lacking, over = (
        make_deal(pipeline=pipeline, owner=manager, source=source) for source in ("Web", "", "Web")
    )
    actions.win_deal(over, by=manager)
    client = logged_in(manager)

    moved = many(client, "stage", ready, lacking, over, value=second.public_id)
    page = client.get(moved.url).content.decode()
    refused = many(client, "stage", lacking, value=second.public_id)

    assert set(Deal.objects.filter(stage=second)) == {ready}
    assert "Not ready for it, and left as before: 2 deals." in page
    assert refused.status_code == 422 and "is not ready for" in refused.content.decode()
    assert many(client, "stage", ready, value="nonsense").status_code == 422


def test_many_are_closed_at_once_as_far_as_they_are_open():
    manager = make_user("manager", language="en")
    won, lost, other = (make_deal(owner=manager) for _n in range(3))
    reason = make_reason("lost", "Price")
    client = logged_in(manager)

    many(client, "win", won)
    many(client, "lose", won, lost, value=reason.public_id)

    outcomes = dict(Deal.objects.values_list("pk", "outcome"))
    assert outcomes == {won.pk: "won", lost.pk: "lost", other.pk: "open"}
    assert many(client, "lose", other, value="").status_code == 422
    assert many(client, "win", won, lost).status_code == 422


def test_many_are_lost_each_to_its_only_competitor_where_the_reason_asks_for_it():
    manager = make_user("manager", language="en")
    one, two, unsure, without = (
        make_deal(owner=manager, rivals=[{"name": name} for name in names])
        for names in (["Altamira"], ["Ebro"], ["Altamira", "Ebro"], [])
    )
    reason = make_reason("lost", "Another one")
    actions.change_reason(reason, {"asks_rival": True}, by=None)
    client = logged_in(manager)

    many(client, "lose", one, two, unsure, without, value=reason.public_id)

    lost = dict(Deal.objects.filter(outcome="lost").values_list("pk", "lost_to"))
    assert lost == {one.pk: "Altamira", two.pk: "Ebro", unsure.pk: "", without.pk: ""}


def test_without_a_pipeline_in_use_the_board_says_so():
    admin = make_user("admin", language="en")
    Pipeline.objects.update(is_default=False, is_active=False)

    answer = logged_in(admin).get("/deals")

    assert answer.status_code == 200
    assert "No pipeline is in use" in answer.content.decode()
