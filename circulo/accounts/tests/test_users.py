import re

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from circulo.accounts import actions
from circulo.accounts.models import ApiToken, Audit, User
from circulo.testing.cost import query_cost
from circulo.testing.make import make_team, make_user

pytestmark = pytest.mark.django_db
NEW = {"email": "Nueva@Example.com", "name": "Nueva Gil", "role": "agent", "team": ""}


@pytest.fixture
def admin(client):
    admin = make_user("admin")
    client.force_login(admin)
    return admin


def url(user, act=""):
    return f"/settings/users/{user.opaque}{act}"


def said(user, **changes):
    values = {"email": user.email, "name": user.name, "role": user.role_id, "is_active": "on"}
    return values | {"team": user.team_id or ""} | changes


def test_somebody_is_invited_with_a_link_to_hand_over(client, admin):
    page = client.post("/settings/users/invite", NEW)
    assert page.status_code == 200
    user = User.objects.get(email="nueva@example.com")
    assert (user.name, user.role_id) == ("Nueva Gil", "agent")
    link = re.search(r"http://127.0.0.1:8000(/password/[\w-]+)", page.content.decode())
    assert link is not None
    assert Client().get(link[1]).status_code == 302
    assert Audit.objects.filter(what="user_added", by=admin).exists()


def test_or_the_link_goes_by_mail_and_the_queue_holds_no_link(client, admin):
    assert client.post("/settings/users/invite", NEW | {"send": "on"}).status_code == 302
    job = ProcrastinateJob.objects.get()
    assert job.args == {
        "user_id": User.objects.get(email="nueva@example.com").pk,
        "purpose": "invitation",
    }


@pytest.mark.parametrize(
    "bad", [{"email": "no"}, {"role": "boss"}, {"team": "999"}, {"email": "x" * 300 + "@b.es"}]
)
def test_nobody_is_added_with_bad_values(client, admin, bad):
    assert client.post("/settings/users/invite", NEW | bad).status_code == 422
    assert User.objects.count() == 1


def test_an_address_belongs_to_one_person(client, admin):
    assert client.post("/settings/users/invite", NEW | {"email": admin.email}).status_code == 422
    other = make_user()
    assert client.post(url(other), said(other, email=admin.email.upper())).status_code == 422


def test_an_address_is_changed_by_who_knows_their_own_password(client, admin):
    admin.set_password("caballo grapa ñandú")
    admin.save()
    client.force_login(admin)
    user = make_user()
    new = said(user, email="other@example.com")
    assert client.post(url(user), new).status_code == 422
    assert client.post(url(user), new | {"password": "wrong"}).status_code == 422
    assert client.post(url(user), new | {"password": "caballo grapa ñandú"}).status_code == 302
    user.refresh_from_db()
    assert user.email == "other@example.com"


def test_no_page_shows_what_is_kept_of_a_password(client, admin):
    user = make_user(password="caballo grapa ñandú")
    page = client.get(url(user)).content.decode()
    assert "argon2" not in page


def test_the_form_shows_what_is_so_and_saving_it_unread_changes_nothing(client, admin):
    user = make_user("treasurer", team=make_team())
    form = client.get(url(user)).context["form"]
    shown = {name: form[name].value() for name in ("email", "name", "role", "is_active")}
    assert shown["role"] == "treasurer"
    assert '<option value="treasurer" selected>' in client.get(url(user)).content.decode()
    client.post(url(user), shown | {"team": user.team_id})
    user.refresh_from_db()
    assert user.role_id == "treasurer"


def test_role_and_team_are_changed(client, admin):
    user, team = make_user("seller"), make_team()
    assert client.post(url(user), said(user, role="manager", team=team.pk)).status_code == 302
    user.refresh_from_db()
    assert (user.role_id, user.team) == ("manager", team)
    line = Audit.objects.get(what="user_changed")
    assert (line.by, line.about) == (admin, user.email)


def test_who_is_kept_out_is_out_at_once_with_every_token(client, admin):
    user = make_user()
    actions.add_token(user)
    there = Client()
    there.force_login(user)
    values = said(user)
    del values["is_active"]

    assert client.post(url(user), values).status_code == 302

    assert there.get("/settings/profile").status_code == 302
    assert ApiToken.objects.get().revoked_at is not None


def test_somebody_stays_administrator(client, admin):
    assert client.post(url(admin), said(admin, role="seller")).status_code == 422
    admin.refresh_from_db()
    assert admin.role_id == "admin"
    make_user("admin")
    assert client.post(url(admin), said(admin, role="seller")).status_code == 302


def test_a_new_link_is_shown_to_the_administrator(client, admin):
    page = client.post(url(make_user(), "/link")).content.decode()
    assert re.search(r"http://127.0.0.1:8000/password/[\w-]+", page)


def test_the_list_costs_the_same_for_one_person_as_for_many(client, admin):
    make_user(team=make_team())
    cost_of_few = query_cost(client.get, "/settings/users")
    for _number in range(5):
        make_user(team=make_team())
    assert query_cost(client.get, "/settings/users") == cost_of_few
