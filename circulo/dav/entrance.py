"""Calendar programs leave the way of the pages early: no session, no cookie, no form protection."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import DataError, IntegrityError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from circulo.accounts.actions import audit
from circulo.accounts.middleware import speak_as
from circulo.accounts.models import ApiToken, Audit
from circulo.dav import auth, views
from circulo.dav.collections.base import PREFIX
from circulo.dav.refusals import Refused
from circulo.dav.xml import d, document, tag, text
from circulo.lib import format as fmt
from circulo.lib.acting import acting
from circulo.lib.errors import Invalid, RuleBroken, Stale
from circulo.records.rest.refusals import Refused as RefusedCall

log = logging.getLogger("circulo.dav")
WELL_KNOWN = ("/.well-known/caldav", "/.well-known/carddav")
READS = ("GET", "HEAD", "PROPFIND", "REPORT")
XML = "application/xml; charset=utf-8"
Handler = Callable[[HttpRequest], HttpResponseBase]


def straight_to_the_collections(get_response: Handler) -> Handler:
    """Answer calendar and address-book programs here; everything else goes its way."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        path = request.path_info
        if path.rstrip("/") in WELL_KNOWN:
            return HttpResponse(status=301, headers={"Location": PREFIX})
        if not f"{path}/".startswith(PREFIX):
            return get_response(request)
        return respond(request, path.removeprefix(PREFIX.rstrip("/")))

    return answer


def respond(request: HttpRequest, path: str) -> HttpResponseBase:
    """The answer to a request under `/dav/`, whatever it is."""
    try:
        response = _refusing(lambda: _answer(request, path))
    finally:
        translation.deactivate()
        timezone.deactivate()
        fmt.activate(None)
    response.headers["DAV"] = views.CLASSES
    return response


def _answer(request: HttpRequest, path: str) -> HttpResponseBase:
    translation.activate(translation.get_language_from_request(request))
    if request.method == "OPTIONS":
        return views.options()
    token = auth.token_of(request)
    speak_as(token.user)
    if request.method not in READS and not token.may_write:
        raise Refused(403, _("This token may only read."), d("need-privileges"))
    try:
        with acting(token.user_id, "api"):
            return views.answer(request, token.user, path)
    except Refused as refused:
        _note_denial(token, request, refused)
        raise


def _note_denial(token: ApiToken, request: HttpRequest, refused: Refused) -> None:
    """An attempt to change what one may not see or touch is kept in the audit log."""
    if refused.status in (403, 404) and request.method not in READS:
        audit(Audit.What.DENIED, by=token.user, about=f"{request.method} {request.path_info}")


def _refusing(act: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """Act; what the house refuses becomes an answer. An outage of the database goes on upwards."""
    try:
        return act()
    except (Refused, RefusedCall) as refused:
        return _refusal(refused)
    except Invalid as invalid:
        return _refusal(Refused(403, invalid.in_words()))
    except RuleBroken as broken:
        return _refusal(Refused(412 if isinstance(broken, Stale) else 403, broken.message))
    except (DataError, IntegrityError) as error:
        log.warning("The database refused what a calendar program sent: %s", error)
        return _refusal(Refused(409, _("This contradicts what is already there.")))
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("A request of a calendar program failed")
        return _refusal(Refused(500, _("This is our fault, and it has been noted.")))


def _refusal(refused: Refused | RefusedCall) -> HttpResponse:
    if isinstance(refused, RefusedCall):
        refused = Refused(refused.status, refused.message, headers=refused.headers)
    condition = tag(refused.condition, refused.inside) if refused.condition else ""
    said = tag(d("responsedescription"), text(refused.message))
    body = "".join(document(d("error"), [condition, said]))
    return HttpResponse(body, XML, refused.status, headers=refused.headers)
