"""What was done: each figure opens the interactions that it counts, by the rights of its reader."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from circulo.accounts.models import Role
from circulo.testing.make import make_contact, make_interaction, make_team, make_user
from circulo.timeline.kinds import Kind

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def boss(client):
    user = make_user("manager", team=make_team("Norte"), language="en", region="es-ES")
    client.force_login(user)
    return user


@pytest.fixture
def ana(boss):
    """Somebody of the team, who did more than a colleague, a part of it in private or long ago."""
    ana, carla = (make_user(team=boss.team, name=name) for name in ("Ana Ruiz", "Carla Sanz"))
    party = make_contact(owner=ana)
    for kind in (Kind.CALL, Kind.CALL, Kind.VISIT, Kind.NOTE):
        make_interaction(party=party, by=ana, kind=kind)
    make_interaction(party=party, by=ana, kind=Kind.CALL, is_private=True)
    long_ago = timezone.now() - timedelta(days=800)
    make_interaction(party=party, by=ana, kind=Kind.CALL, occurred_at=long_ago)
    make_interaction(party=party, by=carla, kind=Kind.CALL)
    stranger = make_contact(owner=make_user(team=make_team("Sur")))
    make_interaction(party=stranger, by=ana, kind=Kind.CALL)
    return ana


def figures(client):
    """What each person did, by name: the counts of the page beside those of the lists they open."""
    found = {}
    for one in client.get(reverse("forecasts:activity")).context["doings"]:
        every = [*one.figures, one.total]
        opened = [client.get(f.url).context["list"].count if f.url else 0 for f in every]
        found[one.person.name] = ([figure.count for figure in every], opened)
    return found


def test_every_figure_opens_as_many_interactions_as_it_counts(client, boss, ana):
    every = {"contacts": {"view": "all"}, "companies": {"view": "all"}}
    Role.objects.filter(pk="manager").update(rights=every)
    told = figures(client)
    assert told["Ana Ruiz"][0][-1] == 4
    assert told["Carla Sanz"][0][-1] == 1
    assert all(counted == opened for counted, opened in told.values())


def test_whoever_sees_less_counts_less_and_opens_as_much(client, boss, ana):
    contacts = {"contacts": {"view": "team"}, "companies": {"view": "team"}}
    Role.objects.filter(pk="manager").update(rights=contacts)
    told = figures(client)
    assert told["Ana Ruiz"] == ([2, 1, 3], [2, 1, 3])
    client.force_login(ana)
    mine = figures(client)
    assert mine["Ana Ruiz"] == ([3, 1, 4], [3, 1, 4])  # what was only for herself too
    assert all(counted == opened for counted, opened in mine.values())


def test_a_figure_of_nothing_opens_nothing_and_who_may_not_see_interactions_gets_none(
    client, boss, ana
):
    page = client.get(reverse("forecasts:activity"))
    carla = next(one for one in page.context["doings"] if one.person.name == "Carla Sanz")
    assert [bool(figure.url) for figure in carla.figures] == [True, False]
    Role.objects.filter(pk="manager").update(rights={"interactions": {"view": "none"}})
    assert client.get(reverse("forecasts:activity")).status_code == 403
    assert "/sales/activity" not in client.get(reverse("forecasts:sales")).content.decode()
    assert client.get("/interactions").status_code == 403
