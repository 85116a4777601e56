"""What is still to happen is found by the words of its title, within what a person may see."""

import pytest

from circulo.agenda.selectors.entries import found_entries
from circulo.testing.cost import query_cost
from circulo.testing.make import make_task, make_team, make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", ["admin", "manager", "seller", "agent"])
def test_every_word_must_be_there_and_everybody_finds_what_they_see(role):
    user = make_user(role, team=make_team("Norte"))
    mine = make_task(owner=user, title="Preparar la cata de vinos")
    make_task(owner=user, title="Preparar la oferta")
    others = make_task(owner=make_user(team=make_team("Sur")), title="Cata de vinos")

    found = found_entries(user, "cata vinos", limit=5)

    assert found[0] == mine
    assert (others in found) is (role == "admin")


def test_signs_mean_themselves():
    user = make_user("admin")
    half = make_task(owner=user, title="Pagar el 50% ya")
    make_task(owner=user, title="Pagar el 500 ya")

    assert found_entries(user, "50% pagar", limit=5) == [half]
    assert found_entries(user, "50_ pagar", limit=5) == []


def test_nothing_found_costs_one_statement():
    user = make_user("admin")
    found_entries(user, "nadie sabe", limit=5)

    assert query_cost(found_entries, user, "nadie nunca", limit=5) == 1
