import pytest

from circulo.lib.errors import Invalid
from circulo.parties import actions
from circulo.parties.drafts import read
from circulo.parties.models import Relationship
from circulo.testing.make import make_company, make_contact, make_user

pytestmark = pytest.mark.django_db


def test_a_person_is_kept_with_every_way_to_be_reached():
    seller = make_user()
    company = make_company(owner=seller)

    person = make_contact(
        owner=seller,
        given_name="Begoña",
        first_surname="Núñez",
        second_surname="Peña",
        emails=["Begona@Duero.example", {"value": "b@casa.example", "primary": True}],
        phones=["612 345 678"],
        company=company,
    )

    assert (person.name, person.owner, person.company) == ("Begoña Núñez Peña", seller, company)
    assert person.sort_key == "nun~ez\tpen~a\tbegon~a"
    points = person.points.values_list("kind", "value", "is_primary")
    assert sorted(points) == [
        ("email", "b@casa.example", True),
        ("email", "begona@duero.example", False),
        ("phone", "+34612345678", True),
    ]
    assert "begona nunez pena" in person.search
    assert "34612345678" in person.search
    tie = Relationship.objects.get(party=person)
    assert (tie.kind, tie.other) == ("works_at", company)


def test_what_cannot_be_a_party_is_refused_by_field():
    with pytest.raises(Invalid) as refused:
        read({"given_name": "", "emails": ["not an address"], "size": "many", "x": 1}, "person")

    assert set(refused.value.fields) == {"emails", "size", "x"}


def test_a_change_names_only_what_it_changes_and_counts_a_version():
    person = make_contact(owner=make_user(), phones=["612345678"], job_title="Jefa")

    draft = read({"job_title": "Directora"}, "person", partial=True)
    changed = actions.change_party(person, draft, by=person.owner, version=person.version)

    assert (changed.job_title, changed.version) == ("Directora", 2)
    assert changed.points.get().value == "+34612345678"


def test_the_same_values_again_are_no_change():
    person = make_contact(owner=make_user(), emails=["ana@example.com"])

    draft = read({"given_name": person.given_name, "emails": ["ana@example.com"]}, "person")
    assert actions.change_party(person, draft, by=person.owner).version == 1


def test_search_follows_a_change_of_address():
    person = make_contact(owner=make_user(), emails=["old@example.com"])

    actions.change_party(
        person, read({"emails": ["new@example.com"]}, "person", partial=True), by=None
    )

    person.refresh_from_db()
    assert "new@example.com" in person.search
    assert "old@example.com" not in person.search
