"""How a view answers: a whole page, or the one partial that changed."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django_htmx.http import trigger_client_event
from django_htmx.middleware import HtmxDetails

from circulo.lib.errors import Text

Answer = HttpResponse
WAITING = "circulo.toasts"


class Request(HttpRequest):
    """A request of somebody who is logged in.

    `user` is the User of accounts, which stands above this app and cannot be named here.
    """

    user: Any
    htmx: HtmxDetails


def is_read(request: HttpRequest) -> bool:
    """Whether somebody reads the page: who asks for its head, or fetches it ahead, may never."""
    is_ahead = request.headers.get("Sec-Purpose", "").startswith("prefetch")
    return not is_ahead and request.META["REQUEST_METHOD"] != "HEAD"


def page(request: HttpRequest, template: str, *, status: int = 200, **context: Any) -> Answer:
    """A whole page."""
    return render(request, template, context, status=status)


def swap(
    request: HttpRequest, partial: str, *, otherwise: str, status: int | None = None, **context: Any
) -> Answer:
    """The partial for htmx; otherwise a redirect, or a page where there is something to mend."""
    status = status or _status_of(context)
    if getattr(request, "htmx", False):
        return _with_toasts(request, render(request, partial, context, status=status))
    if otherwise.endswith(".html"):
        return render(request, otherwise, context, status=status)
    if status < 400:
        keep_toasts(request)
        return HttpResponseRedirect(resolve_url(otherwise))
    return render(request, "web/alone.html", {**context, "partial": partial}, status=status)


def toast(request: HttpRequest, text: Text, *, undo: str = "", tone: str = "") -> None:
    """Say what happened once the answer arrives; `undo` is a URL that takes it back by POST."""
    said = request.__dict__.setdefault("toasts", [])
    said.append({"text": str(text), "undo": undo, "tone": tone})


def waiting_toasts(request: HttpRequest) -> list[dict[str, str]]:
    """The toasts that this page shows: kept from the answer before it, and said by this one.

    A part of a page that is asked for meanwhile leaves them to the page they are kept for.
    """
    session: Any = None if getattr(request, "htmx", False) else getattr(request, "session", None)
    kept = session.pop(WAITING, []) if session and WAITING in session else []
    return [*kept, *request.__dict__.get("toasts", [])]


def mark_as_unique(request: HttpRequest) -> None:
    """The answer holds what is meant for this one time, such as the key of a form."""
    request.__dict__["is_unique"] = True


def is_unique(request: HttpRequest) -> bool:
    """Whether the answer is for this one time: by its mark, or since it says what happened."""
    return bool(request.__dict__.get("is_unique") or request.__dict__.get("toasts"))


def _status_of(context: dict[str, Any]) -> int:
    form = context.get("form")
    if context.get("refusal"):
        return 409
    return 422 if form is not None and getattr(form, "errors", None) else 200


def _with_toasts(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    said = request.__dict__.get("toasts", [])
    return trigger_client_event(response, "toast", {"toasts": said}) if said else response


def keep_toasts(request: HttpRequest) -> None:
    """Keep what this answer says for the page that it leads to."""
    said = request.__dict__.get("toasts")
    session: Any = getattr(request, "session", None)
    if said and session is not None:
        session[WAITING] = said
