import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from circulo.accounts.models import Attempt, Audit, Session
from circulo.testing.make import make_user

pytestmark = pytest.mark.django_db
PASSWORD = "caballo grapa ñandú"
WRONG = {"password": "not this one at all"}


def enter(client, user, password=PASSWORD, **more):
    said = {"email": getattr(user, "email", user), "password": password}
    return client.post(reverse("accounts:login"), said | more)


def exhaust(kind):
    """Have so many tries on the counters of a kind that the next one must wait for a minute."""
    Attempt.objects.filter(key__startswith=f"{kind}:").update(count=50, last_at=timezone.now())


def test_a_person_logs_in_and_the_session_gets_a_new_key(client):
    user = make_user(password=PASSWORD)
    client.get("/login")
    before = client.session.session_key

    answer = enter(client, user.email.upper())

    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.session.session_key not in {None, before}
    assert Audit.objects.filter(what="logged_in", by=user).count() == 1
    kept = Session.objects.get(user=user)
    assert kept.address == "127.0.0.1"
    assert kept.session_key != client.session.session_key


def test_an_unknown_person_and_a_wrong_password_get_the_same_answer(client):
    user = make_user(password=PASSWORD)
    pages = [
        enter(Client(), user, **WRONG),
        enter(Client(), "nobody@example.com", **WRONG),
        enter(Client(), make_user(password=PASSWORD, is_active=False)),
        enter(Client(), make_user(), **WRONG),
    ]
    assert {page.status_code for page in pages} == {401}
    bodies = {
        page.content.decode().partition("</h1>")[2].partition('name="email"')[0] for page in pages
    }
    tokens = {page.context["csrf_token"]: "" for page in pages}
    assert len({_without(body, tokens) for body in bodies}) == 1


def _without(body, tokens):
    for token in tokens:
        body = body.replace(str(token), "")
    return body


def test_twenty_failures_from_twenty_addresses_are_slowed_and_all_on_record():
    user = make_user(password=PASSWORD)
    for number in range(20):
        answer = enter(Client(REMOTE_ADDR=f"192.0.2.{number}"), user, **WRONG)
        assert answer.status_code == 401
    exhaust("account")

    assert enter(Client(REMOTE_ADDR="192.0.2.99"), user).status_code == 401
    assert Audit.objects.filter(what="login_failed", who=user.email).count() == 21


def test_a_browser_that_was_here_before_still_gets_in():
    user = make_user(password=PASSWORD)
    known = Client()
    assert enter(known, user).status_code == 302
    known.post(reverse("accounts:logout"))
    enter(Client(), user, **WRONG)
    exhaust("account")

    assert enter(Client(), user).status_code == 401
    assert enter(known, user).status_code == 302


def test_a_known_browser_cannot_guess_for_ever():
    user = make_user(password=PASSWORD)
    known = Client()
    enter(known, user)
    known.post(reverse("accounts:logout"))
    enter(known, user, **WRONG)
    exhaust("device")
    assert enter(known, user).status_code == 401


def test_the_device_of_one_account_means_nothing_for_another():
    user, other = make_user(password=PASSWORD), make_user(password=PASSWORD)
    known = Client()
    enter(known, user)
    known.post(reverse("accounts:logout"))
    enter(Client(), other, **WRONG)
    exhaust("account")
    assert enter(known, other).status_code == 401


def test_one_network_cannot_try_many_accounts_without_end():
    user = make_user(password=PASSWORD)
    enter(Client(REMOTE_ADDR="2001:db8::1"), "nobody@example.com", **WRONG)
    exhaust("network")
    assert enter(Client(REMOTE_ADDR="2001:db8::2"), user).status_code == 401
    assert Audit.objects.latest("pk").details == {"why": "too many attempts"}
    assert enter(Client(REMOTE_ADDR="192.0.2.1"), user).status_code == 302


def test_a_right_password_forgives_the_wrong_ones(client):
    user = make_user(password=PASSWORD)
    for _number in range(4):
        enter(client, user, **WRONG)
    enter(client, user)
    assert not Attempt.objects.filter(key__startswith="account:").exists()


@pytest.mark.parametrize(
    "target",
    [
        "//evil.test",
        "/\\evil.test",
        "https:evil.test",
        "https://evil.test",
        "javascript:alert(1)",
        "\t//evil.test",
        "///evil.test",
        "evil.test",
        "",
    ],
)
def test_the_way_back_is_always_a_page_of_ours(client, target):
    user = make_user(password=PASSWORD)
    assert enter(client, user, next=target)["Location"] == "/"
    assert client.get(reverse("accounts:login"), {"next": target})["Location"] == "/"


@pytest.mark.parametrize("target", ["/a\r\nSet-Cookie: x=y", "/a\0b", "/" + "x" * 9000, "/\ud800"])
def test_a_strange_way_back_stays_one_line(client, target):
    user = make_user(password=PASSWORD)
    answer = enter(client, user, next=target.encode("utf-8", "replace").decode())
    assert answer.status_code == 302
    assert not set(answer["Location"]) & set("\r\n\0")


def test_one_goes_back_to_where_one_was_going(client):
    user = make_user(password=PASSWORD)
    assert enter(client, user, next="/contacts?q=a")["Location"] == "/contacts?q=a"


def test_the_form_asks_for_its_token():
    user = make_user(password=PASSWORD)
    strict = Client(enforce_csrf_checks=True)
    assert enter(strict, user).status_code == 403


def test_a_forwarded_address_is_not_believed(client):
    client.post(
        reverse("accounts:login"),
        {"email": "x@example.com", **WRONG},
        headers={"X-Forwarded-For": "1.2.3.4"},
    )
    assert Audit.objects.get(what="login_failed").address == "127.0.0.1"


@pytest.mark.parametrize("bad", ["a%00b", "%ED%A0%80", "x" * 5000, "' or 1=1--", "*)(uid=*"])
def test_nothing_that_is_typed_breaks_the_door(client, bad):
    body, form = f"email={bad}&password={bad}", "application/x-www-form-urlencoded"
    assert client.post(reverse("accounts:login"), body, form).status_code == 401


def test_what_a_browser_calls_itself_cannot_break_the_log(client):
    user = make_user(password=PASSWORD)
    said = {"email": user.email, "password": PASSWORD}
    agent = "Bad\x1b[31m\nname " + "x" * 500
    assert client.post("/login", said, headers={"User-Agent": agent}).status_code == 302
    kept = Session.objects.get(user=user).agent
    assert len(kept) == 200 and kept.isprintable()


def test_a_disabled_person_is_out_at_once(client):
    user = make_user()
    client.force_login(user)
    assert client.get(reverse("accounts:profile")).status_code == 200
    user.is_active = False
    user.save()

    answer = client.get(
        reverse("accounts:profile"),
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/contacts?q=1"},
    )

    assert answer.status_code == 401
    assert answer["HX-Redirect"] == "/login?next=%2Fcontacts%3Fq%3D1"
    assert client.get(reverse("accounts:profile")).status_code == 302


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("http://testserver/contacts?q=1", "%2Fcontacts%3Fq%3D1"),
        ("https://elsewhere.example/contacts", "%2F"),
        ("", "%2F"),
    ],
)
def test_what_was_sent_after_the_session_leads_back_to_the_page_it_was_sent_from(
    client, referer, back
):
    answer = client.post(reverse("accounts:notices"), headers={"Referer": referer})

    assert answer["Location"] == f"/login?next={back}"
