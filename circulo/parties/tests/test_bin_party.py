import pytest

from circulo.testing.make import make_contact, make_team, make_user

pytestmark = pytest.mark.django_db


def test_what_goes_to_the_bin_comes_back_by_the_undo_of_its_toast(client):
    seller = make_user()
    client.force_login(seller)
    party = make_contact(owner=seller)

    gone = client.post(f"/parties/{party.public_id}/bin")
    undo = client.session["circulo.toasts"][0]["undo"]
    assert (gone.status_code, gone.url) == (302, "/contacts")
    assert client.get(party.get_absolute_url()).status_code == 404
    back = client.post(undo)

    assert (back.status_code, back.url) == (302, party.get_absolute_url())
    assert client.get(party.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("role", ["seller", "agent", "auditor"])
def test_only_who_may_delete_bins_and_restores(client, role):
    team = make_team()
    owner = make_user(team=team)
    party = make_contact(owner=owner)
    client.force_login(make_user(role, team=team))

    assert client.post(f"/parties/{party.public_id}/bin").status_code == 404
    client.force_login(owner)
    client.post(f"/parties/{party.public_id}/bin")
    client.force_login(make_user(role, team=team))
    assert client.post(f"/parties/{party.public_id}/restore").status_code == 404


def test_a_look_changes_nothing(client):
    seller = make_user()
    client.force_login(seller)
    party = make_contact(owner=seller)

    assert client.get(f"/parties/{party.public_id}/bin").status_code == 405
    assert client.get(f"/parties/{party.public_id}/restore").status_code == 405
    assert client.post(f"/parties/{party.public_id}/restore").status_code == 404


def test_the_page_says_who_can_see_it(client):
    norte, sur = make_team("Norte"), make_team("Sur")
    seller, mate, other = make_user(team=norte), make_user(team=norte), make_user(team=sur)
    auditor = make_user("auditor")
    party = make_contact(owner=seller)
    client.force_login(seller)

    page = client.get(f"/parties/{party.public_id}/readers").content.decode().split("</main>")[0]
    notice = page.split('role="status"')[1]

    assert all(user.name in notice for user in (seller, mate, auditor)) and other.name not in notice
