"""Refusals a browser or a program can read: calm, with what happened, why, and how to mend it."""

import logging
import secrets
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from circulo.lib.errors import Text

log = logging.getLogger("circulo.errors")


def refuse(
    request: HttpRequest, status: int, code: str, *words: Text, id: str = "", up: str = ""
) -> HttpResponse:
    """A page, or JSON for programs: `words` are the title and what can be done, `up` is where."""
    title, *mend = words
    if request.path.startswith("/api/"):
        error = {"code": code, "message": str(title)} | ({"id": id} if id else {})
        return JsonResponse({"error": error}, status=status)
    template = "web/_refusal.html" if getattr(request, "htmx", False) else "web/refusal.html"
    inside = getattr(getattr(request, "user", None), "is_authenticated", False)
    frame = "web/base.html" if inside else "web/plain.html"
    context = {"status": status, "title": title, "mend": mend, "id": id, "frame": frame,
               "up": up}  # fmt: skip
    return HttpResponse(render_to_string(template, context, request=request), status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What could not be read: with the reason where it is one of ours, and the page without it."""
    why = [str(exception)] if isinstance(exception, BadRequest) and str(exception) else []
    is_asked = request.method == "GET" and bool(request.GET)
    return refuse(
        request,
        400,
        "bad_request",
        _("This address or form could not be read."),
        *why,
        _("Go back and try again. If you followed a link, it may have been cut short."),
        up=request.path if why and is_asked else "",
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return refuse(
        request,
        403,
        "forbidden",
        _("Your role does not allow this."),
        _("Nothing was changed. An administrator can widen what your role may do."),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return refuse(
        request,
        404,
        "not_found",
        _("There is nothing here that you can see."),
        _("It may have been deleted, or belong to somebody else. Search for it by name."),
    )


def only_for_forms(request: HttpRequest) -> HttpResponse:
    return refuse(
        request,
        405,
        "method_not_allowed",
        _("This address only takes what a form sends."),
        _("Nothing was changed. The page that the form stands on is one level up."),
        up=_level_up(request.path),
    )


def too_large(request: HttpRequest) -> HttpResponse:
    return refuse(
        request,
        413,
        "too_large",
        _("This is more than a form can hold."),
        _("Nothing was kept. Go back, shorten what you wrote, and send no files with it."),
    )


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    return refuse(
        request,
        403,
        "csrf",
        _("This form had grown too old to be sent."),
        _("Nothing was changed. Go back, reload the page and send it again: your text is kept."),
    )


def broken(request: HttpRequest) -> HttpResponse:
    """A fault of ours: an id that stands in the log too, and nothing that could fail again."""
    id = secrets.token_hex(4)
    log.error("A page broke", extra={"error_id": id, "path": request.path}, exc_info=True)
    if request.path.startswith("/api/"):
        error = {"code": "broken", "message": _("Something broke on our side."), "id": id}
        return JsonResponse({"error": error}, status=500)
    context: dict[str, Any] = {"id": id}
    return HttpResponse(render_to_string("web/broken.html", context), status=500)


def _level_up(path: str) -> str:
    """The nearest address above that one of our pages has."""
    while path := path.rstrip("/").rpartition("/")[0]:
        try:
            resolve(path)
        except Resolver404:
            continue
        return path
    return ""
