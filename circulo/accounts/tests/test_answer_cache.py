"""Answers are given again while nothing was written, and never after something was."""

import random
import time
from unittest import mock

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from circulo.accounts import actions, answer_cache
from circulo.accounts.models import Role, User
from circulo.accounts.rights import RoleName
from circulo.conftest import PUT_BACK
from circulo.parties.models import Party
from circulo.records.tests.test_own_fields import field
from circulo.sales.models import Deal
from circulo.testing.make import make_contact, make_deal, make_user

pytestmark = PUT_BACK


@pytest.fixture(autouse=True)
def _empty():
    answer_cache.shelf.clear()
    yield
    answer_cache.shelf.clear()


@pytest.fixture
def admin():
    return make_user(RoleName.ADMIN, name="Ana", language="en", region="en-GB")


def program(user):
    """A client that calls the API with a token of somebody."""
    return Client(headers={"Authorization": f"Bearer {actions.add_token(user, name='x')}"})


def browser(user):
    client = Client()
    client.force_login(user)
    return client


def statements(act):
    """How many statements something takes, and what it gives."""
    with CaptureQueriesContext(connection) as asked:
        given = act()
    return len(asked), given


def given_again(client, path):
    """An answer, and the same one given again: other tests write in the same server meanwhile, so
    one asks until nobody did.
    """
    first = client.get(path)
    for _time in range(200):
        few, again = statements(lambda: client.get(path))
        if few == 1:
            return first, again
        first = again
    pytest.fail("It was never given again.")


@pytest.mark.parametrize("path", ["/api/v1/deals?sort=-amount", "/deals", "/contacts", "/calendar"])
def test_the_second_time_only_who_asks_is_read(admin, path):
    make_deal(owner=admin, title="Roof")
    client = program(admin) if path.startswith("/api/") else browser(admin)
    many, _made = statements(lambda: client.get(path))
    first, again = given_again(client, path)
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.content == first.content
    assert again.headers.items() >= {"Content-Type": first.headers["Content-Type"]}.items()
    assert many > 1


def test_what_anybody_writes_is_there_at_once(admin):
    deal = make_deal(owner=admin, title="Roof")
    api, screen = program(admin), browser(admin)
    for _time in range(3):
        assert b"Roof" in api.get("/api/v1/deals").content
        assert b"Roof" in screen.get("/deals?shape=table").content
    Deal.objects.filter(pk=deal.pk).update(title="Stairs", search="stairs")
    assert b"Stairs" in api.get("/api/v1/deals").content
    assert b"Stairs" in screen.get("/deals?shape=table").content


def test_a_right_that_is_taken_away_is_gone_at_once(admin):
    seller = make_user(RoleName.SELLER)
    make_deal(owner=seller, title="Roof")
    client = program(seller)
    for _time in range(3):
        assert b"Roof" in client.get("/api/v1/deals").content
    Role.objects.filter(pk=RoleName.SELLER).update(rights={"deals": {"view": "none"}})
    assert b"Roof" not in client.get("/api/v1/deals").content
    User.objects.filter(pk=seller.pk).update(is_active=False)
    assert client.get("/api/v1/deals").status_code == 401


def test_everybody_has_answers_of_their_own(admin):
    seller = make_user(RoleName.SELLER)
    make_deal(owner=admin, title="Roof")
    boss, other = program(admin), program(seller)
    for _time in range(3):
        assert b"Roof" in boss.get("/api/v1/deals").content
        assert b"Roof" not in other.get("/api/v1/deals").content


def test_an_answer_may_depend_on_any_header(admin):
    make_contact(owner=admin)
    client = browser(admin)
    whole = [client.get("/contacts").content for _time in range(3)][-1]
    packed = [client.get("/contacts", headers={"Accept-Encoding": "gzip"}) for _time in range(3)]
    assert {each.headers.get("Content-Encoding") for each in packed} == {"gzip"}
    assert len(packed[-1].content) < len(whole) / 2
    assert client.get("/contacts").content[:15] == whole[:15] == b"<!doctype html>"


def test_who_has_no_cookie_for_forms_is_given_one_that_goes_with_them(admin):
    make_contact(owner=admin)
    session = browser(admin).cookies["circulo"].value
    for _time in range(3):
        client = Client(enforce_csrf_checks=True)
        client.cookies["circulo"] = session
        shown = client.get("/contacts").content.decode()
        token = shown.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
        assert token
        sent = client.post("/contacts/widths", {"csrfmiddlewaretoken": token})
        assert sent.status_code == 204


def test_what_was_said_once_is_not_said_again(admin):
    make_contact(owner=admin)
    client = browser(admin)
    session = client.session
    session["circulo.toasts"] = [{"text": "Kept for you", "undo": "", "tone": ""}]
    session.save()
    said = [b"Kept for you" in client.get("/contacts").content for _time in range(3)]
    assert said == [True, False, False]


def test_a_form_that_counts_once_has_a_key_of_its_own_each_time(admin, rf):
    request = rf.get("/")
    request.user = admin
    admin.read_in_state = "1:1:"

    def form(_request):
        from django.http import HttpResponse
        from django.template import RequestContext, Template

        return HttpResponse(Template("{% once %}").render(RequestContext(request)))

    with mock.patch.object(connection, "in_atomic_block", False):
        shown = {answer_cache.cached_page(form)(request).content for _time in range(3)}
    assert len(shown) == 3


def test_in_a_transaction_of_its_own_nothing_is_kept(admin):
    from django.db import transaction

    deal = make_deal(owner=admin, title="Roof")
    client = program(admin)
    with transaction.atomic():
        assert b"Roof" in client.get("/api/v1/deals").content
        Deal.objects.filter(pk=deal.pk).update(title="Stairs")
        assert b"Stairs" in client.get("/api/v1/deals").content


def test_what_the_clock_says_is_some_seconds_old_at_most(admin):
    client = program(admin)
    client.get("/api/v1/deals")
    client.get("/api/v1/deals")
    now = time.time()
    for moved in (answer_cache.KEPT_FOR + 1, -3600):
        with mock.patch("circulo.accounts.answer_cache.time", return_value=now + moved):
            many, _given = statements(lambda: client.get("/api/v1/deals"))
            assert many > 1


def test_the_shelf_holds_so_much_and_what_was_used_last(admin, monkeypatch):
    make_contact(owner=admin)
    client = program(admin)
    client.get("/api/v1/contacts")
    size = len(client.get("/api/v1/contacts").content)
    monkeypatch.setattr(answer_cache, "ROOM", 3 * size)
    for number in range(10):
        client.get(f"/api/v1/contacts?limit={number + 1}")
    given_again(client, "/api/v1/contacts?limit=10")
    assert statements(lambda: client.get("/api/v1/contacts?limit=1"))[0] > 1


def test_a_field_of_the_house_is_there_at_once(admin):
    client = program(admin)
    asked = "/api/v1/fields"
    for _time in range(3):
        assert b"Shoe size" not in client.get(asked).content
    field("number", label="Shoe size")
    assert b"Shoe size" in client.get(asked).content


def test_no_order_of_reading_and_writing_shows_what_is_no_more(admin):
    """What is answered is always what would be answered if nothing were kept."""
    chance = random.Random(20261128)
    seller = make_user(RoleName.SELLER)
    clients = [program(admin), program(seller)]
    deals = [make_deal(owner=chance.choice([admin, seller]), title=f"Deal {n}") for n in range(4)]
    paths = ["/api/v1/deals?sort=-amount", "/api/v1/deals?limit=2", "/api/v1/contacts"]
    kept = 0
    for _step in range(150):
        if chance.random() < 0.25:
            deal = chance.choice(deals)
            owner = chance.choice([admin, seller])
            Deal.objects.filter(pk=deal.pk).update(amount=chance.randrange(99), owner=owner)
        elif chance.random() < 0.1:
            make_contact(owner=chance.choice([admin, seller]))
        client, path = chance.choice(clients), chance.choice(paths)
        number, given = statements(lambda c=client, p=path: c.get(p))
        kept += number == 1
        answer_cache.shelf.clear() if chance.random() < 0.05 else None
        with mock.patch.object(answer_cache.shelf, "get", return_value=None):
            assert given.content == client.get(path).content
    assert kept
    assert Party.objects.exists()
