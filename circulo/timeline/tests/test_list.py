"""The list of what happened: seen as far as its parties are, filtered, and never changed."""

import json

import pytest

from circulo.testing.cost import query_cost
from circulo.testing.make import make_contact, make_interaction, make_user
from circulo.timeline.kinds import Kind
from circulo.timeline.models import Interaction

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
CALLS = json.dumps({"field": "kind", "op": "is", "value": "call"})


@pytest.fixture
def ana(client):
    user = make_user("admin", name="Ana Ruiz", language="en")
    client.force_login(user)
    return user


def test_the_list_says_what_happened_with_whom_and_by_whom(client, ana):
    party = make_contact(owner=ana, given_name="Leocadia")
    told = make_interaction(party=party, by=ana, kind=Kind.CALL, subject="Prices of autumn")
    make_interaction(party=party, by=ana, kind=Kind.VISIT, subject="")

    page = client.get("/interactions").content.decode()

    for said in ("Prices of autumn", "Leocadia", "Ana Ruiz", told.get_absolute_url(), "Visit"):
        assert said in page, said
    assert 'role="search"' not in page.split("<main", 1)[1]
    calls = client.get("/interactions", {"filter": CALLS})
    assert calls.context["list"].count == 1
    peek = client.get(f"/interactions/{told.public_id}/peek").content.decode()
    assert "Prices of autumn" in peek and party.get_absolute_url() in peek
    groups = client.get("/interactions", {"shape": "groups", "by": "by"}).content.decode()
    assert "Ana Ruiz" in groups
    taken = client.get("/interactions/export", {"as": "csv", "filter": CALLS})
    assert b"Prices of autumn" in b"".join(taken.streaming_content)


def test_what_happened_with_somebody_out_of_sight_is_not_in_the_list(client):
    seller = make_user()
    client.force_login(seller)
    from_afar = make_interaction(subject="Out of sight")
    mine = make_interaction(party=make_contact(owner=seller), subject="In sight")
    page = client.get("/interactions").content.decode()
    assert "In sight" in page and "Out of sight" not in page
    assert client.get(f"/interactions/{from_afar.public_id}/peek").status_code == 404
    assert client.get(f"/interactions/{mine.public_id}/peek").status_code == 200


def test_nothing_is_changed_in_the_list(client, ana):
    told = make_interaction(by=ana, subject="As it was")
    for path in ("cell/subject", "card"):
        said = {"value": "Otherwise", "by": "kind"}
        assert client.post(f"/interactions/{told.public_id}/{path}", said).status_code == 404
    assert Interaction.objects.get(pk=told.pk).subject == "As it was"


def test_the_list_costs_the_same_for_one_interaction_as_for_many(client, ana):
    make_interaction(by=ana)
    client.get("/interactions")
    one = query_cost(client.get, "/interactions")
    for _n in range(4):
        make_interaction(by=make_user())
    assert query_cost(client.get, "/interactions") == one
