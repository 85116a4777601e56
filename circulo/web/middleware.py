"""What wraps every request: headers that keep the browser safe, an answer in a database outage."""

import select
import sys
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.middleware.gzip import GZipMiddleware
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from circulo.lib.headers import HEADERS
from circulo.web import errors
from circulo.web.answers import keep_toasts

Handler = Callable[[HttpRequest], HttpResponse]

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
RETRY_AFTER = 5
MOST_OF_A_STRANGER = 1 << 20
LOST = "_database_lost"


def safety_headers(get_response: Handler) -> Handler:
    """Every answer carries the headers; a view that needs another policy has set its own."""
    secure = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}
    headers = {**HEADERS, **(secure if settings.SECURE else {})}

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", "no-store")
        if not response.streaming:
            response.headers.setdefault("Content-Length", str(len(response.content)))
        return response

    return answer


def heads_of_pages(get_response: Handler) -> Handler:
    """A page is asked for its head alone wherever it may be read, and told as it would be then."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.method != "HEAD":
            return get_response(request)
        request.method = "GET"
        try:
            response = get_response(request)
        finally:
            request.method = "HEAD"
        if isinstance(response, StreamingHttpResponse):
            response.streaming_content = ()
        else:
            response.headers["Content-Length"] = str(len(response.content))
            response.content = b""
        return response

    return answer


def modest_strangers(get_response: Handler) -> Handler:
    """Who is not logged in sends forms and no files: what is larger is refused before it is read.

    It stands innermost, where the person is known and their language spoken.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        user = getattr(request, "user", None)
        if request.method in SAFE_METHODS or (user is not None and user.is_authenticated):
            return get_response(request)
        length = request.META.get("CONTENT_LENGTH") or "0"
        is_in_pieces = "HTTP_TRANSFER_ENCODING" in request.META
        if is_in_pieces or not length.isdecimal() or int(length[:18]) > MOST_OF_A_STRANGER:
            return errors.too_large(request)
        return get_response(request)

    return answer


def toasts_over_redirects(get_response: Handler) -> Handler:
    """What was said before a redirect, in whatever way a view made it, is shown by the page that it
    leads to.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if 300 <= response.status_code < 400:
            keep_toasts(request)
        return response

    return answer


def only_for_forms(get_response: Handler) -> Handler:
    """Whoever opens the address of an act, left behind by a form that was drawn anew, gets a page.

    It stands innermost, where the person is known and their language spoken.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED or request.method != "GET":
            return response
        told = errors.only_for_forms(request)
        told.headers["Allow"] = response.headers["Allow"]
        return told

    return answer


class CompressedPages(GZipMiddleware):
    """Pages go out compressed where the browser takes that: a tenth of the bytes for a millisecond.

    Files and streams are left as they are, as are the answers to programs, whose ETags count.
    """

    def process_response(self, request: HttpRequest, response: Any) -> Any:
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        if response.streaming or not is_page:
            return response
        return super().process_response(request, response)


def database_outage(get_response: Handler) -> Handler:
    """While the database is away: once more for a reading, then a page that tries again itself.

    Django turns the failure into an answer before it comes this far; `broken_or_away` marks the
    request on the way.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        _drop_dead_connection()
        response = _attempt(get_response, request)
        if response is None and request.method in SAFE_METHODS:
            response = _attempt(get_response, request)
        return response or _come_back_later(request)

    return answer


def broken_or_away(request: HttpRequest) -> HttpResponse:
    """Django's handler of uncaught exceptions: an outage is no fault of ours."""
    return _away(request, sys.exc_info()[1]) or errors.broken(request)


def bad_or_away(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django takes every failure to keep a session for one that was deleted: a bad request."""
    return _away(request, exception) or errors.bad_request(request, exception)


def _away(request: HttpRequest, exception: BaseException | None) -> HttpResponse | None:
    """The answer where the database is at the bottom of a failure."""
    while exception is not None:
        if isinstance(exception, OperationalError | InterfaceError):
            setattr(request, LOST, True)
            return _come_back_later(request)
        exception = exception.__cause__ or exception.__context__
    return None


def _attempt(get_response: Handler, request: HttpRequest) -> HttpResponse | None:
    setattr(request, LOST, False)
    response = get_response(request)
    if getattr(request, LOST):
        connection.close()
        return None
    return response


def _drop_dead_connection() -> None:
    """A server that went away since the last request has left an end of file in the socket."""
    kept = connection.connection
    if kept is None or connection.in_atomic_block:
        return
    if kept.closed or select.select([kept.fileno()], [], [], 0)[0]:
        connection.close()


def _come_back_later(request: HttpRequest) -> HttpResponse:
    words = _("The database does not answer. Nothing is lost: try again in a moment.")
    if request.path.startswith("/api/"):
        body = {"error": {"code": "unavailable", "message": words}}
        return JsonResponse(body, status=503, headers={"Retry-After": RETRY_AFTER})
    again = RETRY_AFTER if request.method in SAFE_METHODS else None
    page = render_to_string("web/away.html", {"again": again})
    return HttpResponse(page, status=503, headers={"Retry-After": RETRY_AFTER})
