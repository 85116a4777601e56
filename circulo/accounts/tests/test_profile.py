import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import get_language

from circulo.lib import format as fmt
from circulo.testing.make import make_user

pytestmark = pytest.mark.django_db

PROFILE = {
    "name": "Ana Gil",
    "language": "en",
    "region": "es-CL",
    "time_zone": "America/Santiago",
    "theme": "dark",
    "density": "dense",
}


def test_a_person_says_how_the_house_speaks_to_them(client):
    user = make_user()
    client.force_login(user)

    answer = client.post(reverse("accounts:profile"), PROFILE, follow=True)

    assert "Se ha guardado su perfil." in answer.content.decode()
    user.refresh_from_db()
    assert (user.name, user.language, user.region, user.theme) == ("Ana Gil", "en", "es-CL", "dark")
    assert not user.has_shortcuts
    page = client.get(reverse("accounts:profile")).content.decode()
    assert '<html lang="en"' in page
    assert 'data-theme="dark"' in page


def test_nobody_inherits_the_language_of_the_one_before(client):
    client.force_login(make_user(language="en", region="en-US", time_zone="America/New_York"))
    client.get(reverse("accounts:profile"))
    assert get_language() == "es"
    assert fmt.current().tag == "es-ES"
    stranger = Client().get("/login", headers={"Accept-Language": "en-GB,en;q=0.9"})
    assert '<html lang="en"' in stranger.content.decode()
    assert '<html lang="es"' in Client().get("/login").content.decode()


def test_what_a_person_may_not_decide_about_themselves_is_not_taken(client):
    user = make_user("seller")
    client.force_login(user)
    more = {"role": "admin", "email": "x@example.com", "is_active": "", "team": "1", "id": "1"}
    client.post(reverse("accounts:profile"), PROFILE | more)
    user.refresh_from_db()
    assert (user.role_id, user.team, user.is_active) == ("seller", None, True)
    assert user.email != "x@example.com"


@pytest.mark.parametrize(
    "bad",
    [
        {"time_zone": "Europe/Madrid'--"},
        {"region": "xx"},
        {"language": "de"},
        {"theme": "x"},
        {"name": ""},
        {"name": "a\0b"},
        {"name": "x" * 151},
    ],
)
def test_bad_values_come_back_with_the_form(client, bad):
    user = make_user()
    client.force_login(user)
    answer = client.post(reverse("accounts:profile"), PROFILE | bad)
    assert answer.status_code == 422
    user.refresh_from_db()
    assert user.theme == "system"


def test_the_menu_changes_one_preference_and_stays_where_it_was(client):
    user = make_user()
    client.force_login(user)
    url = reverse("accounts:preferences")

    answer = client.post(
        url, {"theme": "dark"}, headers={"Referer": "http://testserver/contacts?q=a"}
    )
    assert answer["Location"] == "/contacts?q=a"
    assert client.post(url, {"density": "dense"}, headers={"HX-Request": "true"}).status_code == 204
    client.post(url, {"has_shortcuts": "0"})
    client.post(url, {"theme": "evil", "role": "admin", "language": "xx"})

    user.refresh_from_db()
    assert (user.theme, user.density, user.has_shortcuts) == ("dark", "dense", False)
    assert (user.role_id, user.language) == ("seller", "es")


def test_the_way_back_is_a_page_of_ours(client):
    client.force_login(make_user())
    for before in ("https://evil.test/", "http://testserver.evil.test/x", ""):
        answer = client.post(reverse("accounts:preferences"), headers={"Referer": before})
        assert answer["Location"] == "/"
    answer = client.post(
        reverse("accounts:preferences"), headers={"Referer": "http://testserver//evil.test"}
    )
    assert answer["Location"] == "/"
