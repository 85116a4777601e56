import pytest

from circulo.accounts import actions
from circulo.accounts.models import Audit, Role
from circulo.accounts.rights import Reach
from circulo.lib.errors import RuleBroken
from circulo.testing.make import make_user

pytestmark = pytest.mark.django_db
URL = "/settings/roles/seller"
MATRIX = {
    "contacts.view": "all",
    "contacts.edit": "own",
    "contacts.delete": "none",
    "contacts.create": "on",
    "contacts.hidden": ["tax_id", "birthday"],
}


@pytest.fixture
def admin(client):
    admin = make_user("admin")
    client.force_login(admin)
    return admin


def test_an_administrator_changes_what_a_role_may_do(client, admin):
    assert client.post(URL, MATRIX).status_code == 302

    seller = make_user("seller")
    assert seller.reach("contacts", "view") == Reach.ALL
    assert seller.reach("contacts", "delete") == Reach.NONE
    assert seller.may("contacts", "create") and not seller.may("contacts", "export")
    assert seller.hidden_fields("contacts") == {"tax_id", "birthday"}
    line = Audit.objects.get(what="rights_changed")
    assert (line.by, line.about) == (admin, "seller")


def test_only_what_differs_from_the_house_is_kept(client, admin):
    client.post(URL, MATRIX)
    assert Role.objects.get(pk="seller").rights["contacts"] == {"view": "all", "delete": "none"}


@pytest.mark.parametrize(
    "bad", [{"contacts.view": "everything"}, {"contacts.hidden": ["name; DROP"]}]
)
def test_what_is_no_right_is_refused(client, admin, bad):
    assert client.post(URL, MATRIX | bad).status_code == 409
    assert Role.objects.get(pk="seller").rights == {}


def test_the_page_shows_what_is_in_force(client, admin):
    client.post(URL, MATRIX)
    page = client.get(URL).content.decode()
    assert '<option value="all" selected>' in page
    assert client.get("/settings/roles").status_code == 200
    assert client.get("/settings/roles/boss").status_code == 404


def test_nobody_takes_rights_from_the_administrators(client, admin):
    with pytest.raises(RuleBroken):
        actions.change_role("admin", rights={}, hidden={}, by=admin)
    assert client.post("/settings/roles/admin", MATRIX).status_code == 409
    assert client.get("/settings/roles/admin").status_code == 200
