"""Acts that stages suggest over the API: read and set with pipelines, planned for a deal."""

import pytest

from circulo.agenda.models import Entry
from circulo.api.tests.calls import Program
from circulo.sales import actions
from circulo.testing.cost import query_cost
from circulo.testing.make import make_act, make_deal, make_pipeline, make_team, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def stage():
    return make_pipeline().stages.in_order()[0]


def test_pipelines_tell_and_take_what_their_stages_suggest(stage):
    program = Program(make_user("admin"))
    acts = [{"kind": "call", "title": "Ring", "after_days": 1}, {"title": "Write"}]
    made = program.post("pipelines", {"name": "New", "stages": [{"name": "One", "acts": acts}]})
    assert made.status_code == 201, made.json()
    (one,) = made.json()["stages"]
    told = [{name: act[name] for name in ("kind", "title", "after_days")} for act in one["acts"]]
    assert told == [acts[0], {"kind": "todo", "title": "Write", "after_days": 0}]

    path = f"pipelines/{made.json()['id']}"
    ring, write = one["acts"]
    said = {"id": one["id"], "name": "One", "acts": [write, {**ring, "title": "Ring twice"}]}
    kept = program.patch(path, {"stages": [said]}).json()["stages"][0]["acts"]
    assert [act["title"] for act in kept] == ["Write", "Ring twice"]
    assert [act["id"] for act in kept] == [write["id"], ring["id"]]
    assert program.patch(path, {"stages": [{"id": one["id"], "name": "Uno"}]}).json() == (
        program.get(path).json())  # fmt: skip
    assert len(program.get(path).json()["stages"][0]["acts"]) == 2
    none = program.patch(path, {"stages": [{"id": one["id"], "name": "Uno", "acts": []}]})
    assert none.json()["stages"][0]["acts"] == []


@pytest.mark.parametrize(
    "acts",
    [
        "x", [1], [{}], [{"title": ""}], [{"title": "A", "kind": "meeting"}],
        [{"title": "A", "after_days": 1000}], [{"title": "A", "after_days": True}],
        [{"title": "A", "more": 1}], [{"title": "A", "id": "nothing"}], [{"title": "A"}] * 13,
    ],
)  # fmt: skip
def test_acts_that_cannot_be_are_refused(stage, acts):
    act = make_act(stage)
    program = Program(make_user("admin"))
    said = {"stages": [{"id": stage.public_id, "name": stage.name, "acts": acts}]}
    answer = program.patch(f"pipelines/{stage.pipeline.public_id}", said)
    assert answer.status_code == 422, answer.json()
    assert [one.title for one in stage.acts.all()] == [act.title]


def test_the_acts_of_a_deal_are_read_and_planned_once(stage):
    seller = make_user(team=make_team())
    program, deal = Program(seller), make_deal(stage=stage, owner=seller)
    first, second = make_act(stage, title="Ring", after_days=1), make_act(stage, title="Write")
    path = f"deals/{deal.public_id}/acts"
    told = program.get(path).json()["items"]
    assert [(one["id"], one["title"], one["state"], one["entry"]) for one in told] == [
        (first.public_id, "Ring", "suggested", None),
        (second.public_id, "Write", "suggested", None),
    ]

    planned = program.post(f"{path}/{first.public_id}")
    again = program.post(f"{path}/{first.public_id}")

    entry = Entry.objects.get()
    assert planned.status_code == again.status_code == 200
    assert planned.json() == again.json() == told[0] | {
        "state": "planned", "entry": entry.public_id}  # fmt: skip
    assert program.get(f"tasks/{entry.public_id}").json()["deal"] == deal.public_id
    stale = program.post(f"{path}/{second.public_id}", If_Match='"1"')
    assert (stale.status_code, stale.json()["error"]["code"]) == (409, "stale")


def test_who_may_not_change_a_deal_plans_nothing_for_it_over_the_api(stage):
    deal, act = make_deal(stage=stage, owner=make_user(team=make_team())), make_act(stage)
    path = f"deals/{deal.public_id}/acts"
    looks, other = Program(make_user("auditor")), Program(make_user(team=make_team()))
    assert looks.get(path).json()["items"][0]["state"] == "suggested"
    assert looks.post(f"{path}/{act.public_id}").status_code == 403
    assert other.get(path).status_code == other.post(f"{path}/{act.public_id}").status_code == 404
    owner = Program(deal.owner)
    assert owner.post(f"{path}/nothing").status_code == 404
    elsewhere = make_act(stage.pipeline.stages.in_order()[1])
    assert owner.post(f"{path}/{elsewhere.public_id}").status_code == 404
    actions.win_deal(deal, by=deal.owner)
    assert owner.post(f"{path}/{act.public_id}").status_code == 409
    assert owner.get(path).json()["items"] == [] and not Entry.objects.exists()


def test_pipelines_cost_the_same_whatever_their_stages_suggest(stage):
    program = Program(make_user("admin"))
    make_act(stage)
    program.get("pipelines")
    one = query_cost(program.get, "pipelines")
    for other in stage.pipeline.stages.all():
        make_act(other)
    assert query_cost(program.get, "pipelines") == one
