"""What a stage suggests, as administrators set it, and what it suggests at the start."""

import pytest
from django.urls import reverse

from circulo.records.actions.undoing import undo_changes
from circulo.records.models import ChangeSet
from circulo.sales import actions
from circulo.sales.models import Pipeline, StageAct
from circulo.testing.make import make_act, make_pipeline, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def stage():
    return make_pipeline().stages.in_order()[0]


@pytest.fixture
def admin(client):
    admin = make_user("admin", language="en")
    client.force_login(admin)
    return admin


def titles(stage):
    return [one.title for one in stage.acts.in_order()]


def undo_last(by):
    undo_changes(ChangeSet.objects.exclude(kind="undo").latest("pk"), by=by)


def test_an_administrator_adds_changes_orders_and_takes_away_acts_each_with_a_way_back(
    client, admin, stage
):
    add = reverse("sales:new_act", args=[stage.public_id])
    for title in ("First", "Second", "Third"):
        said = {"title": title, "kind": "call", "after_days": "2"}
        assert client.post(add, said).status_code == 302
    page = client.get(reverse("sales:stage", args=[stage.public_id])).text
    assert "Third" in page and "due 2 days after it is planned" in page and "Undo" in page
    undo_last(admin)
    assert titles(stage) == ["First", "Second"]
    first, second = stage.acts.in_order()

    assert client.post(reverse("sales:order_act", args=[second.public_id]), {"way": "up"})
    assert titles(stage) == ["Second", "First"]
    undo_last(admin)
    assert titles(stage) == ["First", "Second"]
    path = reverse("sales:act", args=[first.public_id])
    assert "First" in client.get(path).text
    client.post(path, {"title": "Begin", "kind": "email", "after_days": "0"})
    first.refresh_from_db()
    assert (first.title, first.kind, first.after_days) == ("Begin", "email", 0)
    undo_last(admin)
    client.post(reverse("sales:remove_act", args=[first.public_id]))
    assert titles(stage) == ["Second"]
    undo_last(admin)
    assert titles(stage) == ["First", "Second"]


def test_what_is_refused_is_said_beside_what_was_typed(client, admin, stage):
    add = reverse("sales:new_act", args=[stage.public_id])
    answer = client.post(add, {"title": "Too late", "kind": "call", "after_days": "900"})
    assert answer.status_code == 422 and "Too late" in answer.text
    answer = client.post(add, {"title": " ", "kind": "call", "after_days": "1"})
    assert answer.status_code == 422
    act = make_act(stage)
    answer = client.post(reverse("sales:act", args=[act.public_id]), {"title": "", "kind": "call"})
    assert answer.status_code == 422
    for _n in range(actions.MOST_ACTS - 1):
        make_act(stage)
    page = client.get(reverse("sales:stage", args=[stage.public_id])).text
    assert add not in page
    answer = client.post(add, {"title": "One more", "kind": "call", "after_days": "1"})
    assert "A stage suggests at most 12 acts." in answer.text and stage.acts.count() == 12


def test_acts_are_set_by_administrators_alone(client, stage):
    act = make_act(stage)
    client.force_login(make_user("manager"))
    for name, key in (("new_act", stage), ("act", act), ("order_act", act), ("remove_act", act)):
        assert client.post(reverse(f"sales:{name}", args=[key.public_id])).status_code == 403
    assert StageAct.objects.filter(stage=stage).count() == 1


def test_the_first_pipeline_suggests_something_in_every_stage():
    stages = Pipeline.objects.get(is_default=True).stages.in_order()
    suggested = [titles(stage) for stage in stages]
    assert all(len(each) >= 2 for each in suggested)
    assert suggested[0][0] == "Llamar y presentarse"
