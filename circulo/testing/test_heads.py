"""Whatever may be read may be asked for its head alone: every address of the product."""

from http import HTTPStatus

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory

from circulo.testing.make import make_user
from circulo.testing.test_rights_matrix import pages
from circulo.web.middleware import heads_of_pages

pytestmark = pytest.mark.django_db
REFUSED = HTTPStatus.METHOD_NOT_ALLOWED


def test_every_address_that_may_be_read_tells_its_head(client: Client) -> None:
    client.force_login(make_user("admin"))
    refused = []
    for place in pages():
        for path in place.paths("x"):
            if client.head(path).status_code != REFUSED:
                continue
            if client.get(path).status_code != REFUSED:
                refused.append(path)

    assert not refused


@pytest.mark.parametrize("path", ["/login", "/contacts", "/"])
def test_a_head_is_that_of_the_page(client: Client, path: str) -> None:
    if path != "/login":
        client.force_login(make_user())

    head, page = client.head(path), client.get(path)

    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["Content-Type"] == page.headers["Content-Type"]
    assert int(head.headers["Content-Length"]) > 1000


def test_a_head_goes_without_what_the_page_says() -> None:
    asked = RequestFactory().head("/")

    page = heads_of_pages(lambda request: HttpResponse(f"{request.method} ñ"))(asked)
    file = heads_of_pages(lambda _request: StreamingHttpResponse(iter([b"x"])))(asked)  # type: ignore[arg-type,return-value]  # a stream is an answer too

    assert (page.content, page.headers["Content-Length"]) == (b"", "6")
    assert b"".join(file) == b"" and asked.method == "HEAD"
