import pytest
from django.urls import reverse

from circulo.accounts import actions
from circulo.testing.make import make_user

pytestmark = pytest.mark.django_db


def path_of(user):
    return actions.demo_link(user).removeprefix("http://127.0.0.1:8000")


def test_a_visitor_chooses_whom_to_be(client):
    boss, seller = make_user("manager", is_demo=True), make_user("seller", is_demo=True)
    page = client.get(path_of(boss))
    assert boss.name in page.content.decode() and seller.name in page.content.decode()
    assert client.get(reverse("accounts:profile")).status_code == 302
    assert client.post(path_of(seller)).status_code == 302
    assert client.get(reverse("accounts:profile")).wsgi_request.user == seller


def test_the_link_opens_nothing_for_a_real_person_or_after_the_demo(client):
    assert client.get(path_of(make_user())).status_code == 404
    left = make_user(is_demo=True)
    path = path_of(left)
    left.delete()
    assert client.post(path).status_code == 404
    assert client.get("/demo/1:forged").status_code == 404
