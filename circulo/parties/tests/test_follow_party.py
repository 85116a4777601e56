"""Whoever follows a contact or a company is told what colleagues do with it."""

import pytest
from django.core import mail
from django.utils import timezone, translation

from circulo.accounts import actions as accounts
from circulo.accounts.actions import Channels
from circulo.accounts.digests import mail_digest
from circulo.accounts.models import Notification
from circulo.agenda import actions as agenda
from circulo.parties import actions
from circulo.parties.drafts import Draft
from circulo.parties.models import Follow, PartyKind
from circulo.testing.cost import query_cost
from circulo.testing.make import (
    make_company,
    make_contact,
    make_interaction,
    make_task,
    make_team,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def eva():
    return make_user(name="Eva Ríos", language="en", team=make_team("Norte"))


@pytest.fixture
def nerea(eva):
    return make_user(name="Nerea Gil", language="en", team=eva.team)


@pytest.fixture
def company(eva):
    return make_company(owner=eva, name="Bar Manolo")


def told(user):
    with translation.override(user.language):
        return [one.text for one in Notification.objects.filter(to=user).order_by("pk")]


def change(party, by, **columns):
    return actions.change_party(party, Draft(party.kind, columns=columns), by=by)


def test_one_button_follows_and_another_press_ends_it(client, nerea, company):
    client.force_login(nerea)
    page = client.get(company.get_absolute_url()).content.decode()
    assert f'action="/parties/{company.public_id}/follow"' in page and 'data-keys="f"' in page

    client.post(f"/parties/{company.public_id}/follow")
    client.post(f"/parties/{company.public_id}/follow")
    page = client.get(company.get_absolute_url()).content.decode()
    assert "Followed by Nerea Gil" in " ".join(page.split())
    assert 'aria-pressed="true"' in page and Follow.objects.count() == 1

    client.post(f"/parties/{company.public_id}/unfollow")
    assert not Follow.objects.exists()


def test_without_leaving_the_page_the_button_and_the_names_change(client, nerea, company):
    client.force_login(nerea)
    where = f"/parties/{company.public_id}/follow"

    part = client.post(where, headers={"HX-Request": "true"}).content.decode()

    assert "unfollow" in part and 'hx-swap-oob="true"' in part and "Nerea Gil" in part


def test_a_record_out_of_reach_cannot_be_followed(client, company):
    client.force_login(make_user(team=make_team("Sur")))
    assert client.post(f"/parties/{company.public_id}/follow").status_code == 404
    assert not Follow.objects.exists()


def test_a_follower_hears_what_a_colleague_notes_changes_and_finishes(eva, nerea, company):
    actions.follow_party(company, by=nerea)

    make_interaction(party=company, by=eva)
    change(company, eva, lifecycle="customer")
    change(company, eva, lifecycle="customer", notes="nothing to tell")
    actions.edit_parties([company.pk], {"owner_id": nerea.pk}, by=eva)
    agenda.complete_entries([make_task(owner=eva, party=company).pk], by=eva)

    assert told(nerea) == [
        "Eva Ríos, with Bar Manolo: Note",
        "Eva Ríos changed Bar Manolo: now: Customer",
        "Eva Ríos changed Bar Manolo: looked after by Nerea Gil",
        "Eva Ríos, with Bar Manolo: Task done",
    ]


def test_nobody_hears_of_their_own_acts_nor_of_private_notes(eva, nerea, company):
    for user in (eva, nerea):
        actions.follow_party(company, by=user)

    make_interaction(party=company, by=nerea)
    make_interaction(party=company, by=eva, is_private=True)

    assert (len(told(eva)), told(nerea)) == (1, [])


def test_one_act_with_many_things_tells_once_and_a_mention_takes_its_place(eva, nerea, company):
    actions.follow_party(company, by=nerea)

    make_interaction(party=company, by=eva, body="@Nerea Gil")
    keys = [make_task(owner=eva, party=company).pk for _ in range(3)]
    agenda.complete_entries(keys, by=eva)

    assert told(nerea) == [
        "Eva Ríos mentioned you: Bar Manolo", "Eva Ríos, with Bar Manolo: Task done"
    ]  # fmt: skip


def test_who_lost_the_right_hears_nothing_more_and_reads_nothing_of_it(client, eva, nerea, company):
    actions.follow_party(company, by=nerea)
    everywhere = Channels(True, True, True)
    accounts.choose_notices(
        nerea, dict.fromkeys(("timeline.happened", "parties.changed"), everywhere)
    )
    make_interaction(party=company, by=eva)

    change(company, eva, owner_id=make_user(team=make_team("Sur")).pk)
    make_interaction(party=company, by=eva)

    assert len(told(nerea)) == 1
    client.force_login(nerea)
    assert "Bar Manolo" not in client.get("/notifications").content.decode()
    assert "Bar Manolo" not in client.get("/following").content.decode()
    assert mail_digest(nerea, now=timezone.now()) == 0 and mail.outbox == []
    assert Follow.objects.count() == 1


def test_what_one_follows_is_listed_and_the_list_costs_the_same(client, eva, nerea):
    client.force_login(nerea)
    assert "You follow nobody yet" in client.get("/following").content.decode()

    def follow():
        actions.follow_party(make_contact(owner=eva), by=nerea)

    follow()
    client.get("/following")
    cost = query_cost(client.get, "/following")
    for _ in range(5):
        follow()
    assert query_cost(client.get, "/following") == cost
    listed = Follow.objects.order_by("-pk")[0].party
    client.post(f"/parties/{listed.public_id}/unfollow", {"listed": "1"})
    assert Follow.objects.count() == 5


def test_the_page_and_what_is_noted_cost_the_same_for_one_follower_as_for_many_of_the_house(
    client, eva, company
):
    client.force_login(eva)
    actions.follow_party(company, by=make_user("agent"))
    client.get(company.get_absolute_url())
    cost = query_cost(client.get, company.get_absolute_url())
    for _ in range(4):
        actions.follow_party(company, by=make_user("agent"))
    assert query_cost(client.get, company.get_absolute_url()) == cost


def test_a_follow_goes_with_a_merge_and_stands_once(eva, nerea, company):
    other = make_company(owner=eva, name="Bar Manolo, S. L.")
    for party in (company, other):
        actions.follow_party(party, by=nerea)

    actions.merge_parties(company, [other], by=eva)

    assert [one.party_id for one in Follow.objects.all()] == [company.pk]
    assert company.kind == PartyKind.ORGANISATION
