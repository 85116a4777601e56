import pytest

from circulo.accounts import selectors
from circulo.accounts.models import Team
from circulo.lib import ids
from circulo.testing.cost import query_cost
from circulo.testing.make import make_team, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    admin = make_user("admin")
    client.force_login(admin)
    return admin


def url(team):
    return f"/settings/teams/{ids.encode('team', team.pk)}"


def test_a_team_is_added_below_another(client, admin):
    parent = make_team("Ventas")
    assert client.post("/settings/teams", {"name": "Norte", "parent": parent.pk}).status_code == 302
    team = Team.objects.get(name="Norte")
    assert team.path.startswith(parent.path)
    assert [(one.team.name, one.depth) for one in selectors.team_tree()] == [
        ("Ventas", 0),
        ("Norte", 1),
    ]


def test_a_team_moves_with_all_below_it(client, admin):
    a, c = make_team("A"), make_team("C")
    b = make_team("B", parent=a)
    d = make_team("D", parent=b)
    assert client.post(url(b), {"name": "B2", "parent": c.pk}).status_code == 302
    d.refresh_from_db()
    assert d.path == f"{c.pk}/{b.pk}/{d.pk}/"
    assert Team.objects.filter(name="B2").exists()


def test_a_team_cannot_stand_below_itself(client, admin):
    a = make_team("A")
    b = make_team("B", parent=a)
    assert client.post(url(a), {"name": "Renamed", "parent": b.pk}).status_code == 422
    a.refresh_from_db()
    assert (a.name, a.parent) == ("A", None)


def test_two_teams_do_not_share_a_name(client, admin):
    make_team("A")
    b = make_team("B")
    assert client.post("/settings/teams", {"name": "A", "parent": ""}).status_code == 422
    assert client.post(url(b), {"name": "A", "parent": ""}).status_code == 422


def test_the_tree_costs_the_same_for_one_team_as_for_many(client, admin):
    make_user(team=make_team())
    cost_of_one = query_cost(client.get, "/settings/teams")
    for _number in range(4):
        make_user(team=make_team())
    assert query_cost(client.get, "/settings/teams") == cost_of_one
