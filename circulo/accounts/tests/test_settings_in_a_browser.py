import pytest

from circulo.testing.make import make_user

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
PASSWORD = "caballo grapa ñandú"


@pytest.fixture
def admin():
    return make_user("admin", password=PASSWORD, last_login="2026-01-01T00:00Z")


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
    assert page.get_by_role("link", name="Ventas", exact=True).is_visible()
