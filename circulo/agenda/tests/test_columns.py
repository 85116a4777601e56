"""What a task waits for and who made it: in the list, asked for by a criterion, and exported."""

import json
import re

import pytest

from circulo.agenda.dumps import dump_tasks
from circulo.testing.cost import query_cost
from circulo.testing.make import make_appointment, make_task, make_team, make_user

pytestmark = pytest.mark.django_db
ALL = {"columns": ["title", "waits_for", "created_by"]}


@pytest.fixture
def seller(client):
    seller = make_user(team=make_team(), language="en")
    client.force_login(seller)
    return seller


def listed(client, criterion):
    page = client.get("/tasks", {"show": "team", "filter": json.dumps(criterion), **ALL})
    assert page.status_code == 200
    return page.content.decode()


def test_the_list_says_what_a_task_waits_for_and_who_made_it(client, seller):
    boss = make_user("manager", name="Jefa Gil", team=seller.team)
    first = make_task(owner=seller, title="Pedir muestras", by=boss)
    second = make_task(owner=seller, title="Catar", waits_for=[first.public_id])

    page = listed(client, {"field": "waits_for", "op": "is", "value": first.public_id})

    assert "Catar" in page and "Jefa Gil" not in page
    assert f'href="{first.get_absolute_url()}"' in page
    waiting = listed(client, {"not": {"field": "waits_for", "op": "empty"}})
    assert f'value="{second.public_id}"' in waiting
    assert f'value="{first.public_id}"' not in waiting
    made = listed(client, {"field": "created_by", "op": "is", "value": boss.opaque})
    assert f'value="{first.public_id}"' in made and f'value="{second.public_id}"' not in made
    assert "Jefa Gil" in made


def test_a_task_out_of_sight_is_not_named(client, seller):
    hidden = make_task(owner=make_user(team=make_team()), title="Secreta", is_private=True)
    task = make_task(owner=seller, title="Catar")
    task.waits_for.add(hidden)

    page = listed(client, {"field": "title", "op": "is", "value": "Catar"})

    assert "Catar" in page and "Secreta" not in page


def test_an_export_tells_both(seller):
    first = make_task(owner=seller, title="Pedir muestras")
    make_task(owner=seller, title="Catar", waits_for=[first.public_id], by=seller)

    names, rows = dump_tasks(seller, {"field": "title", "op": "is", "value": "Catar"})

    [row] = (dict(zip(names, cells, strict=True)) for cells in rows)
    assert (row["waits_for"], row["created_by"]) == (first.public_id, seller.email)


def test_the_list_costs_the_same_whatever_waits(client, seller):
    first = make_task(owner=seller)
    client.get("/tasks")
    cost = query_cost(client.get, "/tasks", ALL)
    for _n in range(3):
        make_task(owner=seller, waits_for=[first.public_id], by=make_user())
    assert query_cost(client.get, "/tasks", ALL) == cost


def test_what_narrows_the_list_is_said_and_taken_away(client, seller):
    first = make_task(owner=seller, title="Pedir muestras")
    make_task(owner=seller, title="Catar", waits_for=[first.public_id])
    both = {"all": [{"field": "waits_for", "op": "is", "value": first.public_id},
                    {"field": "title", "op": "contains", "value": "cat"}]}  # fmt: skip

    page = listed(client, both)
    chips = re.findall(r'<li class="chip accent">(.*?)<a class="off" href="([^"]+)"', page)
    said = ["State is Open", "Waits for is Pedir muestras", "What contains cat"]
    assert [text for text, _off in chips] == said
    without = client.get("/tasks" + chips[1][1].replace("&amp;", "&")).content.decode()
    assert "What contains cat" in without and "Waits for is" not in without

    assert 'href="/imports?as=tasks"' in page and "/tasks/export?" not in page
    manager = make_user("manager")
    client.force_login(manager)
    make_appointment(owner=manager)
    assert 'href="/appointments/export?' in client.get("/appointments").content.decode()
