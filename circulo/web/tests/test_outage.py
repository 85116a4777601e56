"""While the database is away, and the headers of every answer."""

from collections.abc import Callable

import pytest
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from circulo.accounts.models import Session
from circulo.testing.make import make_user
from circulo.web import middleware

requests = RequestFactory()


def away(times: int) -> Callable[[HttpRequest], HttpResponse]:
    """What Django makes of a view whose database is away so many times, and then there."""
    left = [times]

    def answer(request: HttpRequest) -> HttpResponse:
        if not left[0]:
            return HttpResponse("there")
        left[0] -= 1
        try:
            raise OperationalError("the connection is lost")
        except OperationalError:
            return middleware.broken_or_away(request)

    return answer


@pytest.mark.django_db
def test_a_reading_is_tried_once_more() -> None:
    answer = middleware.database_outage(away(1))(requests.get("/contacts"))
    assert (answer.status_code, answer.content) == (200, b"there")


@pytest.mark.django_db(transaction=True)
def test_a_session_that_could_not_be_kept_was_not_deleted(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(make_user())
    kept = client.session
    kept["circulo.toasts"] = [{"text": "Saved."}]
    kept.save()

    def lost(*_arguments: object, **_named: object) -> None:
        raise OperationalError("the connection is lost")

    monkeypatch.setattr(Session, "save", lost)
    assert client.get("/").status_code == 503


@pytest.mark.django_db
def test_a_writing_is_not_repeated() -> None:
    answer = middleware.database_outage(away(1))(requests.post("/contacts"))
    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
    assert b"refresh" not in answer.content


@pytest.mark.django_db
def test_a_page_tries_again_by_itself_and_a_program_is_told_when() -> None:
    page = middleware.database_outage(away(2))(requests.get("/contacts"))
    assert page.status_code == 503
    assert b'http-equiv="refresh"' in page.content

    told = middleware.database_outage(away(2))(requests.get("/api/v1/contacts"))
    assert told.status_code == 503
    assert told["Content-Type"] == "application/json"


@pytest.mark.django_db
def test_health_says_that_web_and_database_work(client: Client) -> None:
    assert client.get("/healthz").json() == {"web": "ok", "database": "ok"}


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/not-there", "/live", "/static/not-there.css"])
def test_every_answer_carries_the_headers(client: Client, path: str) -> None:
    answer = client.get(path)
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "no-store"
    assert int(answer["Content-Length"]) == len(answer.content)


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_died_between_requests_is_not_used() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    with connection.copy().cursor() as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [backend])
        other.db.close()

    def reads(request: HttpRequest) -> HttpResponse:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return HttpResponse("there")

    assert middleware.database_outage(reads)(requests.post("/contacts")).status_code == 200
