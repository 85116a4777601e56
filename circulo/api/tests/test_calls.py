import pytest
from django.test import Client

from circulo.accounts import actions as accounts
from circulo.accounts.models import ApiToken
from circulo.api.tests.calls import Program
from circulo.parties.models import Party
from circulo.records.rest import limits
from circulo.records.rest.operations import JSON, operations
from circulo.records.rest.schemas import shape_of
from circulo.testing.make import make_contact, make_deal, make_task, make_user

pytestmark = pytest.mark.django_db


def test_only_a_token_that_holds_lets_a_program_in():
    seller = Program(make_user())
    stranger = Client()
    stranger.force_login(seller.user)

    for client in (stranger, Client(headers={"Authorization": "Bearer x"}),
                   Client(headers={"Authorization": "Basic x"})):  # fmt: skip
        refused = client.get("/api/v1/contacts")
        assert refused.status_code == 401
        assert refused.headers["WWW-Authenticate"].startswith("Bearer")
        assert set(refused.json()["error"]) == {"code", "message", "fields"}

    assert seller.get("contacts").status_code == 200
    seller.user.is_active = False
    seller.user.save()
    assert seller.get("contacts").status_code == 401
    seller.user.is_active = True
    seller.user.save()
    accounts.revoke_token(ApiToken.objects.get())
    assert seller.get("contacts").status_code == 401


def test_a_token_for_reading_writes_nothing():
    reader = Program(make_user(), may_write=False)

    assert reader.get("contacts").status_code == 200
    refused = reader.post("contacts", {"given_name": "Ana"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "scope")
    assert not Party.objects.exists()


def test_a_role_without_the_right_adds_nothing():
    auditor = Program(make_user("auditor"))

    assert auditor.post("contacts", {"given_name": "Ana"}).status_code == 403
    assert auditor.post("interactions", {"kind": "note", "party": "x"}).status_code == 403


def test_what_is_not_an_operation_is_said_so():
    seller = Program(make_user())

    assert seller.get("nothing").status_code == 404
    assert seller.get("contacts/").status_code == 404
    assert seller.get("contacts/x/overview/more").status_code == 404
    wrong = seller.delete("contacts")
    assert (wrong.status_code, wrong.headers["Allow"]) == (405, "GET, POST")
    assert seller.client.head("/api/v1/contacts").content == b""


BROKEN = [
    (b"", 422), (b"{", 400), (b"\xff\xfe", 400), (b'{"given_name": "\\ud800"}', 400),
    (b"[" * 5000, 400), (b'{"given_name": NaN}', 400), (b'{"given_name": 1e999}', 400),
    (b"[]", 422), (b"null", 422), (b'"text"', 422), (b'{"given_name": "\\u0000"}', 422),
    (b'{"given_name": 7}', 422), (b'{"\\u0000": 7}', 422), (b'{"emails": "a@b.example"}', 422),
    (b'{"size": 1e30, "given_name": "Ana"}', 422), (b'{"birthday": "0000-00-00"}', 422),
    (b'{"custom": {"a": {"b": 1}}}', 422), (b'{"owner": 1}', 422), (b'{"company": []}', 422),
    (b'{"custom": {"a": 123456789012345678901234567890}, "given_name": "A"}', 201),
    (b'{"given_name": "A", "given_name": "B"}', 201),
    (b'{"phones": [' + b"9" * 5000 + b"]}", 400),
]  # fmt: skip


@pytest.mark.parametrize(("body", "status"), BROKEN, ids=lambda value: str(value)[:40])
def test_whatever_is_sent_is_answered_and_never_with_500(body, status):
    seller = Program(make_user())

    response = seller.client.post("/api/v1/contacts", body, content_type="application/json")

    assert response.status_code == status, response.content
    assert response.headers["Content-Type"] == "application/json"


def test_other_content_and_too_much_of_it_are_refused(settings):
    seller = Program(make_user())
    send = seller.client.post

    assert send("/api/v1/contacts", b"{}", content_type="text/plain").status_code == 415
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    large = send("/api/v1/contacts", b'{"given_name": "Ana"}', content_type="application/json")
    assert large.status_code == 413


EVIL = ["id;select pg_sleep(3)", "1) or 1=1--", "'", '"', "x" * 10_000, "\0", "-1", "1e3", "²"]


@pytest.mark.parametrize("name", ["sort", "order", "dir", "group", "field", "tz", "lang", "limit",
                                  "offset", "filter", "cursor", "count"])  # fmt: skip
@pytest.mark.parametrize("value", EVIL, ids=lambda value: repr(value)[:12])
def test_no_parameter_is_a_way_in(name, value):
    seller = Program(make_user())

    for path in ("contacts", "interactions", "users"):
        refused = seller.get(path, **{name: value})
        assert refused.status_code == 400, (path, name, value, refused.content)


def test_a_page_holds_200_records_at_most():
    seller = Program(make_user())

    assert seller.get("contacts", limit=1000000).status_code == 200
    assert seller.get("contacts", limit="0").status_code == 400


def test_too_many_calls_of_a_token_are_refused_for_the_rest_of_the_minute(settings):
    settings.API_CALLS_PER_MINUTE = 3
    limits.forget()
    seller, other = Program(make_user()), Program(make_user())

    answers = [seller.get("contacts") for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
    assert other.get("contacts").status_code == 200


def test_the_day_of_the_last_use_is_kept():
    seller = Program(make_user())

    seller.get("contacts")

    assert ApiToken.objects.get().last_used_on is not None


def test_answers_speak_the_language_of_the_user():
    spanish, english = Program(make_user()), Program(make_user(language="en"))
    make_contact(owner=english.user)

    said = english.get("contacts", limit="0").json()["error"]["message"]
    assert said == "This must be a whole number of at least 1."
    assert spanish.get("contacts", limit="0").json()["error"]["fields"].keys() == {"limit"}


def test_an_act_that_needs_nothing_said_takes_no_body_at_all():
    admin = Program(make_user("admin"))
    deal, task = make_deal(owner=admin.user), make_task(owner=admin.user)

    for path in (f"deals/{deal.public_id}/win", f"tasks/{task.public_id}/complete"):
        answer = admin.client.generic("POST", f"/api/v1/{path}")
        assert answer.status_code == 200, answer.content

    nothing_needed = [
        one
        for one in operations()
        if one.method == "POST"
        and one.takes
        and one.takes_type == JSON
        and "required" not in shape_of(one.takes)
    ]
    assert len(nothing_needed) > 10
    for one in nothing_needed:
        answer = admin.client.generic("POST", f"/api/v1/{one.path.replace('{id}', 'x')}")
        assert answer.status_code != 415, one.path
    assert admin.client.generic("POST", "/api/v1/interactions").status_code == 415


def test_the_document_asks_for_a_body_only_where_an_act_needs_one():
    paths = Program(make_user()).get("openapi.json").json()["paths"]

    acts = ("/deals/{id}/win", "/tasks/{id}/complete", "/quotes/{id}/approve")
    bodies = {path: paths[path]["post"]["requestBody"]["required"] for path in acts}
    assert set(bodies.values()) == {False}
    assert paths["/interactions"]["post"]["requestBody"]["required"] is True
    assert "requestBody" not in paths["/topics/{id}/retire"]["post"]
    assert paths["/attachments/{id}/versions"]["post"]["requestBody"]["required"] is True
    named = {one["name"] for one in paths["/topics/{id}/retire"]["post"]["parameters"]}
    assert "If-Match" in named
