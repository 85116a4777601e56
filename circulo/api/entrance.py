"""Calls of the API leave the way of the pages early: no session, no cookie, no form protection."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from circulo.api.dispatch import respond
from circulo.records.rest.answers import PREFIX

Handler = Callable[[HttpRequest], HttpResponse]
PAGES = ("docs", "openapi.json")


def straight_to_the_api(get_response: Handler) -> Handler:
    """Answer calls of the API here; its documentation is a page like others, for who is logged in.

    A token is all that counts: a cookie is never looked at.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(PREFIX):
            return get_response(request)
        path = request.path_info.removeprefix(PREFIX)
        if path in PAGES and "Authorization" not in request.headers:
            return get_response(request)
        return respond(request, path)

    return answer
