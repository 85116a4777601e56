import pytest

from circulo.parties import actions
from circulo.parties.models import Party
from circulo.parties.overview import overview
from circulo.testing.cost import query_cost
from circulo.testing.make import make_company, make_contact, make_interaction, make_team, make_user

pytestmark = pytest.mark.django_db


def test_the_overview_gathers_everything_in_one_statement():
    seller = make_user()
    company = make_company(owner=seller, name="Alimentos Duero")
    person = make_contact(owner=seller, company=company, emails=["b@duero.example"])
    friend = make_contact(owner=seller)
    actions.relate(person, "referred_by", friend, by=seller)
    for _ in range(3):
        make_interaction(party=person, by=seller)

    seen = overview(seller, person.public_id)

    assert seen.panels["emails"] == [{"value": "b@duero.example", "label": "", "primary": True}]
    assert seen.panels["company"]["name"] == "Alimentos Duero"
    assert len(seen.panels["interactions"]) == 3
    assert {r["kind"] for r in seen.panels["relationships"]} == {"works_at", "referred_by"}
    assert query_cost(overview, seller, person.public_id) == 1


def test_relations_to_what_one_may_not_see_are_not_told():
    norte, sur = make_team(), make_team()
    seller, stranger = make_user(team=norte), make_user(team=sur)
    hidden = make_company(owner=stranger)
    person = make_contact(owner=seller, company=hidden)

    seen = overview(seller, person.public_id)

    assert (seen.panels["company"], seen.panels["relationships"]) == (None, [])
    with pytest.raises(Party.DoesNotExist):
        overview(stranger, person.public_id)
