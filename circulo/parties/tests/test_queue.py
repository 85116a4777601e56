import pytest
from django.urls import reverse

from circulo.accounts.models import Role
from circulo.parties import actions
from circulo.parties.models import Duplicate, Party
from circulo.testing.cost import query_cost
from circulo.testing.make import make_company, make_contact, make_team, make_user

pytestmark = pytest.mark.django_db
QUEUE = reverse("parties:queue")


def make_pair(owner=None, probability=0.9, make=make_contact, **said):
    first, second = make(owner=owner, **said), make(owner=owner)
    return Duplicate.objects.create(
        first=first, second=second, probability=probability,
        reasons={"given_name": "called", "surnames": "same", "tax_id": "same"},
    )  # fmt: skip


def act(client, pair, name, **said):
    return client.post(reverse(f"parties:{name}", args=[pair.public_id]), said)


def test_the_queue_shows_the_likeliest_pair_side_by_side(client):
    seller = make_user()
    client.force_login(seller)
    make_pair(seller, 0.7)
    likely = make_pair(seller, 0.99, job_title="Jefa de compras")

    text = client.get(QUEUE).content.decode()

    assert text.index(likely.first.name) < text.index("Jefa de compras")
    assert "99" in text and "take_job_title" in text


def test_languages_are_called_by_their_names_side_by_side(client):
    seller = make_user(language="en")
    client.force_login(seller)
    make_pair(seller, 0.9, language="ca")

    assert "Catalan" in client.get(QUEUE).content.decode()


def test_a_pair_is_merged_into_the_one_that_was_chosen_with_the_chosen_values(client):
    seller = make_user()
    client.force_login(seller)
    pair, following = make_pair(seller, 0.99, job_title="Jefa"), make_pair(seller, 0.8)

    answer = act(
        client, pair, "merge_pair", survivor=pair.second.public_id, next=following.public_id,
        take_job_title=pair.second.public_id, take_given_name=pair.first.public_id,
    )  # fmt: skip

    assert (answer.status_code, answer.url) == (302, f"{QUEUE}?pair={following.public_id}")
    survivor = Party.objects.get(pk=pair.second_id)
    assert (survivor.job_title, survivor.given_name) == ("", pair.first.given_name)
    old = client.get(pair.first.get_absolute_url())
    assert (old.status_code, old.url) == (302, survivor.get_absolute_url())


def test_what_is_not_the_same_leaves_the_queue_and_comes_back_by_undo(client):
    seller = make_user()
    client.force_login(seller)
    pair = make_pair(seller)

    act(client, pair, "keep_apart")
    assert pair.first.name not in client.get(QUEUE).content.decode()
    undo = reverse("parties:doubt_again", args=[pair.public_id])
    client.post(undo)

    assert pair.first.name in client.get(QUEUE).content.decode()


def test_a_pair_of_which_one_is_a_colleagues_is_not_there(client):
    team = make_team()
    seller, mate = make_user(team=team), make_user(team=team)
    pair = make_pair(seller)
    Party.objects.filter(pk=pair.second_id).update(owner=mate)
    client.force_login(seller)

    assert pair.second.name not in client.get(QUEUE).content.decode()
    for name in ("merge_pair", "keep_apart", "doubt_again"):
        assert act(client, pair, name).status_code == 404


def test_who_only_looks_cannot_search(client):
    client.force_login(make_user("auditor"))
    assert client.post(reverse("parties:search_duplicates")).status_code == 403


def test_what_a_role_hides_is_neither_shown_nor_chosen(client):
    seller = make_user()
    Role.objects.filter(name="seller").update(hidden={"contacts": ["tax_id"]})
    make_pair(seller, tax_id="12345678Z", tax_country="ES")
    client.force_login(type(seller).objects.get(pk=seller.pk))

    text = client.get(QUEUE).content.decode()

    assert "12345678Z" not in text and "take_tax_id" not in text


def test_the_party_page_says_whom_it_may_be(client):
    seller = make_user()
    client.force_login(seller)
    pair = make_pair(seller)

    assert pair.second.name in client.get(pair.first.get_absolute_url()).content.decode()
    assert pair.first.name in client.get(pair.second.get_absolute_url()).content.decode()


def test_merging_what_was_merged_meanwhile_is_refused_with_the_reason(client):
    seller = make_user()
    client.force_login(seller)
    pair, third = make_pair(seller), make_contact(owner=seller)
    actions.bin_parties([third.pk], by=seller)
    Duplicate.objects.filter(pk=pair.pk).update(second=third)

    assert act(client, pair, "merge_pair").status_code == 404


def test_companies_have_a_queue_of_their_own(client):
    seller = make_user()
    client.force_login(seller)
    pair = make_pair(seller, make=make_company)

    assert pair.first.name not in client.get(QUEUE).content.decode()
    assert pair.first.name in client.get(f"{QUEUE}?type=companies").content.decode()


def test_the_queue_costs_the_same_for_one_pair_as_for_many(client):
    seller = make_user()
    client.force_login(seller)
    make_pair(seller)
    client.get(QUEUE)
    cost = query_cost(client.get, QUEUE)
    for _ in range(5):
        make_pair(seller)
    assert query_cost(client.get, QUEUE) == cost
