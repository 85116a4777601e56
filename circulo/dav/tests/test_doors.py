"""Who comes in to calendars and address books, and what is refused at the door."""

import base64
import time

import pytest
from django.test import Client

from circulo.accounts.actions import revoke_token
from circulo.accounts.models import ApiToken, Attempt, Audit
from circulo.dav.auth import FREE_PER_ACCOUNT
from circulo.dav.tests.programs import SPACES, Program, c, card, d, event
from circulo.lib import ids
from circulo.records.rest import limits
from circulo.testing.make import make_appointment, make_user

pytestmark = pytest.mark.django_db
BOMB = (
    '<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "&a;" * 10}">' for n in range(12))
    + ']><D:propfind xmlns:D="DAV:">&a11;</D:propfind>'
)
OUTSIDE = (
    '<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    '<D:propfind xmlns:D="DAV:"><D:prop><D:displayname>&x;</D:displayname></D:prop></D:propfind>'
)
DEEP = "<a>" * 50_000 + "</a>" * 50_000
WIDE = f"<D:propfind xmlns:D='DAV:'><D:prop>{'<D:x/>' * 30_000}</D:prop></D:propfind>"


@pytest.fixture
def program():
    return Program(make_user(language="en", password="Correcta-batería-9"))


def with_words(email, password):
    said = base64.b64encode(f"{email}:{password}".encode()).decode()
    return Client(headers={"Authorization": f"Basic {said}"})


def test_who_says_nothing_is_asked_and_may_learn_what_is_spoken_here(client):
    asked = client.generic("PROPFIND", "/dav/")
    assert asked.status_code == 401
    assert asked.headers["WWW-Authenticate"].startswith("Basic ")
    assert not Attempt.objects.exists()

    spoken = client.options("/dav/")
    assert spoken.status_code == 200
    assert {"1", "calendar-access", "addressbook"} <= set(spoken.headers["DAV"].split(", "))
    assert "REPORT" in spoken.headers["Allow"]


def test_the_password_of_the_house_lets_nobody_in_and_no_cookie_is_looked_at(program, client):
    client.force_login(program.user)
    assert client.generic("PROPFIND", "/dav/", headers={"Depth": "0"}).status_code == 401

    stranger = with_words(program.user.email, "Correcta-batería-9")
    refused = stranger.get("/dav/", headers={"Accept-Language": "en"})

    assert refused.status_code == 401 and "API token" in refused.content.decode()
    assert not refused.cookies
    assert Audit.objects.filter(what=Audit.What.LOGIN_FAILED).count() == 1
    mine = program.ask("GET", program.home)
    assert mine.status_code == 200 and not mine.cookies


def test_a_token_of_somebody_else_or_one_that_ended_opens_nothing(program):
    other = Program(make_user())
    said = other.client.defaults["HTTP_AUTHORIZATION"].split()[1]
    secret = base64.b64decode(said).decode().partition(":")[2]

    assert with_words(program.user.email, secret).get("/dav/").status_code == 401
    revoke_token(ApiToken.objects.get(user=other.user))
    assert other.ask("GET", "/dav/").status_code == 401
    program.user.is_active = False
    program.user.save()
    assert program.ask("GET", "/dav/").status_code == 401


def test_guessing_is_slowed_down_and_whoever_has_the_token_is_not(program):
    stranger = with_words(program.user.email, "guess")

    answers = [stranger.get("/dav/").status_code for _ in range(FREE_PER_ACCOUNT + 7)]

    assert answers[0] == 401 and 429 in answers[FREE_PER_ACCOUNT:]
    assert program.ask("GET", "/dav/").status_code == 200


def test_a_program_calls_only_so_often(program, settings):
    settings.API_CALLS_PER_MINUTE = 2
    limits.forget()

    answers = [program.ask("GET", "/dav/").status_code for _ in range(3)]

    limits.forget()
    assert answers == [200, 200, 429]


def test_a_token_that_may_only_read_only_reads(program):
    reader = Program(program.user, may_write=False)
    entry = make_appointment(owner=program.user)
    path = f"appointments/{entry.public_id}.ics"

    assert reader.ask("GET", path).status_code == 200
    assert reader.ask("PUT", path, event(entry.uid)).status_code == 403
    assert reader.ask("DELETE", path).status_code == 403
    entry.refresh_from_db()
    assert (entry.state, entry.version) == ("open", 1)


@pytest.mark.parametrize("body", [BOMB, OUTSIDE, DEEP, WIDE, "<a", "\x00", "<?xml version='1.0' "
                                  "encoding='nothing'?><a/>"])  # fmt: skip
@pytest.mark.parametrize(("method", "path"), [("PROPFIND", ""), ("REPORT", "tasks/")])
def test_xml_that_is_meant_to_hurt_is_refused_at_once(program, method, path, body):
    begun = time.process_time()
    answer = program.ask(method, path, body, Depth="0")
    assert answer.status_code == 400 and "root:" not in answer.content.decode()
    assert time.process_time() - begun < 1


def test_what_is_too_large_is_refused_unread(program):
    large = card("x", f"NOTE:{'x' * 1_100_000}")
    assert program.ask("PUT", "contacts/x.vcf", large).status_code == 413
    assert program.ask("PROPFIND", "", "x" * 1_100_000, Depth="0").status_code == 413


@pytest.mark.parametrize(
    ("method", "status"),
    [("MKCALENDAR", 403), ("MKCOL", 403), ("MOVE", 403), ("COPY", 403), ("LOCK", 405),
     ("POST", 405), ("PATCH", 405), ("NONSENSE", 405)],
)  # fmt: skip
def test_what_is_not_done_here_is_refused_clearly(program, method, status):
    answer = program.ask(method, "tasks/", Destination="/dav/x/")
    assert answer.status_code == status and "error" in answer.content.decode()


def test_whole_trees_are_not_told_at_once(program):
    for depth in ("infinity", ""):
        answer = program.ask("PROPFIND", "/dav/", Depth=depth)
        assert answer.status_code == 403 and "propfind-finite-depth" in answer.content.decode()


def test_no_property_is_changed_from_outside(program):
    named = "<D:displayname>x</D:displayname><D:y/>"
    body = f"<D:propertyupdate {SPACES}><D:set><D:prop>{named}</D:prop></D:set></D:propertyupdate>"
    answer = program.ask("PROPPATCH", "tasks/", body)
    assert answer.status_code == 207 and b"403 Forbidden" in answer.content_whole
    assert program.props("tasks/", "D:displayname")[f"{program.home}tasks/"].there


def test_all_properties_their_names_and_the_least_that_can_be_said(program):
    entry = make_appointment(owner=program.user)
    path = f"{program.home}appointments/{entry.public_id}.ics"
    everything = program.told("PROPFIND", path, Depth="0")[path]
    assert {d("getetag"), d("getlastmodified"), d("getcontentlength")} <= set(everything.there)
    names = f"<D:propfind {SPACES}><D:propname/></D:propfind>"
    named = program.told("PROPFIND", "appointments/", names, Depth="0")
    assert c("supported-calendar-component-set") in named[f"{program.home}appointments/"].there
    least = program.props(path, "D:getetag", "D:nothing", Prefer="return=minimal")[path]
    assert list(least.there) == [d("getetag")] and least.missing == []


NOT_YET = f"{ids.encode('entry', 999_999)}.ics"


@pytest.mark.parametrize("name", ["a%2Fb.ics", NOT_YET, "x" * 256, "a%0Ab.ics"])
def test_some_names_are_not_given(program, name):
    assert program.ask("PUT", f"appointments/{name}", event()).status_code in (403, 404)
