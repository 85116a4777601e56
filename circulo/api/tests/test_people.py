import pytest

from circulo.accounts.models import Team, User
from circulo.api.tests.calls import Program
from circulo.testing.cost import query_cost
from circulo.testing.make import make_team, make_user

pytestmark = pytest.mark.django_db


def test_everyone_reads_who_works_here():
    team = make_team("Norte")
    seller = Program(make_user(team=team))

    me = seller.get("users/me").json()

    assert (me["email"], me["team_name"]) == (seller.user.email, "Norte")
    assert seller.get("users", q=seller.user.name).json()["items"] == [me]
    assert seller.get(f"teams/{me['team']}").json()["name"] == "Norte"
    assert seller.get("teams").json()["count"] == 1
    assert seller.get("users/none").status_code == 404


def test_administrators_alone_change_it():
    admin, seller = Program(make_user("admin")), Program(make_user())
    ana = {"email": "Ana@x.example", "name": "Ana", "role": "agent"}

    assert seller.post("users", ana).status_code == 403
    assert seller.post("teams", {"name": "Sur"}).status_code == 403
    team = admin.post("teams", {"name": "Sur"})
    added = admin.post("users", ana | {"team": team.json()["id"]})

    assert (team.status_code, added.status_code) == (201, 201)
    where = f"users/{added.json()['id']}"
    assert admin.get(where).json() == added.json() | {"email": "ana@x.example"}
    changed = admin.patch(where, {"role": "seller"}, If_Match=added.headers["ETag"])
    assert changed.json()["role"] == "seller"
    stale = admin.patch(where, {"role": "agent"}, If_Match=added.headers["ETag"])
    assert (stale.status_code, stale.json()["error"]["current"]) == (409, {"role": "seller"})
    assert admin.patch(where, {"is_active": False}).json()["is_active"] is False
    assert seller.patch(where, {"name": "x"}).status_code == 403
    below = admin.post("teams", {"name": "Sureste", "parent": team.json()["id"]})
    loop = admin.patch(f"teams/{team.json()['id']}", {"parent": below.json()["id"]})
    assert loop.status_code == 409
    assert Team.objects.get(name="Sureste").parent == Team.objects.get(name="Sur")


def test_there_is_always_an_administrator():
    admin = Program(make_user("admin"))

    refused = admin.patch("users/me", {"role": "seller"})
    assert refused.status_code in (404, 409)
    assert User.objects.get().role_id == "admin"


WRONG = [{"email": "x"}, {"role": "king"}, {"team": "x"}, {"name": 1}, {"is_active": 1},
         {"password": "x"}, {"email": "a\0@x.example"}]  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_what_cannot_be_is_refused_by_field(wrong):
    admin = Program(make_user("admin"))

    refused = admin.post("users", {"email": "a@x.example", "role": "agent"} | wrong)

    assert refused.status_code == 422, refused.content
    assert set(refused.json()["error"]["fields"]) == set(wrong)


def test_the_list_costs_the_same_for_one_as_for_many():
    seller = Program(make_user(team=make_team()))
    seller.get("users")
    cost_of_one = query_cost(seller.get, "users")
    for _ in range(5):
        make_user(team=make_team())

    assert query_cost(seller.get, "users") == cost_of_one
