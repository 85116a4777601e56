import pytest

from circulo.accounts import actions
from circulo.lib import ids
from circulo.testing.make import make_team, make_user

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
PASSWORD = "caballo grapa ñandú"


@pytest.fixture
def admin():
    return make_user("admin", password=PASSWORD, last_login="2026-01-01T00:00Z")


def every_page(admin):
    team = make_team("Ventas")
    seller = make_user(team=make_team("Norte", parent=team), is_demo=True)
    actions.add_token(admin, name="Tienda")
    own = ["", "/profile", "/security", "/tokens"]
    house = ["/firm", "/users", "/teams", "/roles", "/roles/seller", "/roles/admin", "/log"]
    keyed = [f"/users/{seller.opaque}", f"/teams/{ids.encode('team', team.pk)}"]
    return [f"/settings{path}" for path in own + house + keyed]


@pytest.mark.parametrize(("scheme", "width"), [("light", 1366), ("dark", 320)])
def test_every_page_of_the_settings_is_whole(visit, admin, scheme, width):
    visitor = visit(admin, width=width, scheme=scheme)
    for path in every_page(admin):
        visitor.open(path)
        assert visitor.axe() == [], path
        assert visitor.overflow() == 0, path
    assert visitor.complaints == []


@pytest.mark.parametrize(("scheme", "width"), [("light", 1366), ("dark", 320)])
def test_every_page_of_the_way_in_is_whole(visit, admin, scheme, width):
    guest = make_user("seller", is_demo=True)
    paths = ["/login", "/password", actions.demo_path(guest)]
    link = actions.make_link(admin, "invitation").removeprefix("http://127.0.0.1:8000")
    visitor = visit(width=width, scheme=scheme)
    for path in [*paths, link]:
        visitor.open(path)
        assert visitor.axe() == [], path
        assert visitor.overflow() == 0, path
    assert visitor.complaints == []


def test_one_gets_in_and_out_with_the_keyboard_alone(visit, admin):
    visitor = visit()
    page = visitor.open("/settings/profile")
    page.wait_for_function("document.activeElement.name === 'email'")
    page.keyboard.type(admin.email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("[name=time_zone]")
    assert page.input_value("[name=name]") == admin.name


def test_without_script_everything_works_too(visit, admin):
    visitor = visit(java_script_enabled=False)
    page = visitor.open("/login?next=/settings/teams")
    page.fill("[name=email]", admin.email)
    page.fill("[name=password]", PASSWORD)
    page.click("form button")
    page.wait_for_selector("[name=parent]")
    page.fill("[name=name]", "Ventas")
    page.click("form.body button")
    page.wait_for_load_state()
    assert page.get_by_role("link", name="Ventas").is_visible()
