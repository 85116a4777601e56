"""Whoever works in a territory sees its parties, with those of the territories within it."""

import pytest

from circulo.accounts.models import Role, Territory, User
from circulo.parties.models import Party
from circulo.parties.selectors import may_do
from circulo.sales.models import Deal
from circulo.sales.selectors.deals import may_do as may_do_with_deal
from circulo.testing.cost import query_cost
from circulo.testing.make import make_company, make_contact, make_deal, make_team, make_user

pytestmark = pytest.mark.django_db

KINDS = ("contacts", "companies", "deals")


def a_territory(name: str, parent: Territory | None = None, **values) -> Territory:
    one = Territory.objects.create(name=name, parent=parent, **values)
    one.path = f"{parent.path if parent else ''}{one.pk}/"
    one.save(update_fields=["path"])
    return one


def somebody_of(territory: Territory, **reaches: str) -> User:
    reaches = reaches or {"view": "territory", "edit": "territory"}
    Role.objects.filter(pk="seller").update(rights=dict.fromkeys(KINDS, reaches))
    user = make_user("seller", team=make_team())
    territory.members.add(user)
    return User.objects.select_related("role", "team").get(pk=user.pk)


def lying_in(territory: Territory | None, party: Party) -> Party:
    Party.objects.filter(pk=party.pk).update(territory=territory)
    party.refresh_from_db()
    return party


def test_a_territory_is_seen_with_what_lies_within_it_and_nothing_beside_it():
    north = a_territory("Norte")
    coast, south = a_territory("Costa", north), a_territory("Sur")
    user = somebody_of(north)
    mine = make_contact(owner=user)
    here = lying_in(north, make_company(owner=make_user()))
    within = lying_in(coast, make_contact(owner=None))
    beside = lying_in(south, make_contact(owner=make_user()))
    nowhere = make_contact(owner=make_user())

    assert set(Party.objects.visible_to(user)) == {mine, here, within}
    assert set(Party.objects.visible_to(user, "edit")) == {mine, here, within}
    assert [may_do(user, one, "edit") for one in (mine, here, within, beside, nowhere)] == [
        True, True, True, False, False,
    ]  # fmt: skip


def test_who_works_below_does_not_see_what_lies_above():
    north = a_territory("Norte")
    user = somebody_of(a_territory("Costa", north))
    lying_in(north, make_contact(owner=make_user()))
    assert not Party.objects.visible_to(user).exists()


def test_the_manager_of_a_territory_works_in_it():
    user = somebody_of(a_territory("Otra"))
    north = a_territory("Norte", manager=user)
    here = lying_in(north, make_contact(owner=make_user()))
    assert list(Party.objects.visible_to(user)) == [here]


def test_the_reach_of_a_territory_holds_that_of_the_team():
    user = somebody_of(a_territory("Norte"))
    party = make_contact(owner=make_user(team=user.team))
    assert list(Party.objects.visible_to(user)) == [party]


def test_deals_follow_the_territory_of_their_party():
    north = a_territory("Norte")
    user = somebody_of(north)
    seen = make_deal(owner=make_user(), party=lying_in(north, make_company()))
    unseen = make_deal(owner=make_user(), party=make_company())

    assert list(Deal.objects.visible_to(user)) == [seen]
    assert may_do_with_deal(user, seen, "edit")
    assert not may_do_with_deal(user, unseen, "edit")


def test_where_one_may_only_see_the_territory_one_changes_what_is_ones_own():
    north = a_territory("Norte")
    user = somebody_of(north, view="territory", edit="own")
    lying_in(north, make_contact(owner=make_user()))
    mine = make_contact(owner=user)
    assert Party.objects.visible_to(user).count() == 2
    assert list(Party.objects.visible_to(user, "edit")) == [mine]


def test_the_overview_of_a_party_in_the_territory_is_there_and_another_is_not(client):
    north = a_territory("Norte")
    user = somebody_of(north)
    here = lying_in(north, make_company(owner=make_user()))
    beside = make_company(owner=make_user())
    client.force_login(user)
    assert client.get(here.get_absolute_url()).status_code == 200
    assert client.get(beside.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("place", ["/contacts", "/companies", "/deals", "/deals?shape=board"])
def test_a_list_costs_the_same_for_one_record_of_the_territory_as_for_many(client, place):
    north = a_territory("Norte")
    user = somebody_of(north)
    client.force_login(user)

    def add():
        owner = make_user()
        company = lying_in(north, make_company(owner=owner))
        lying_in(north, make_contact(owner=owner))
        make_deal(owner=owner, party=company)

    add()
    client.get(place)
    cost = query_cost(client.get, place)
    for _ in range(4):
        add()
    assert query_cost(client.get, place) == cost
