"""Every call goes this way: who calls, how often, for what; then the act, once; then the answer."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import DataError, IntegrityError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from psycopg import errors as postgres

from circulo.accounts.actions import audit
from circulo.accounts.answer_cache import cached
from circulo.accounts.middleware import speak_as
from circulo.accounts.models import ApiToken, Audit
from circulo.api import calls, idempotency, preconditions, routes
from circulo.lib import format as fmt
from circulo.lib.acting import acting
from circulo.lib.errors import Invalid, RuleBroken
from circulo.records.rest import limits, tokens
from circulo.records.rest.answers import answer
from circulo.records.rest.operations import Operation
from circulo.records.rest.refusals import Refused

log = logging.getLogger("circulo.api")
READS = ("GET", "HEAD")


def respond(request: HttpRequest, path: str) -> HttpResponse:
    """The answer to a call of the API, whatever it is."""
    try:
        response = _refusing(lambda: _answer(request, path))
    finally:
        translation.deactivate()
        timezone.deactivate()
        fmt.activate(None)
    if request.method == "HEAD" and not response.streaming:
        length = str(len(response.content))
        response.content = b""
        response.headers["Content-Length"] = length
    return response


def _answer(request: HttpRequest, path: str) -> HttpResponse:
    translation.activate(translation.get_language_from_request(request))
    token = tokens.bearer(request)
    speak_as(token.user)
    limits.count(token.pk)
    operation, ids = routes.find(str(request.method), path)
    _refuse_beyond_scope(token, operation)

    def act() -> HttpResponse:
        call = calls.read(request, operation, ids, token.user)
        preconditions.hold(call, operation, path)
        return operation.handler(call)

    if operation.is_reading:
        return cached(request, token.user, act)
    try:
        with acting(token.user_id, "api"):
            return idempotency.once(request, token.user_id, act)
    except Refused as refused:
        _note_denial(token, operation, path, refused)
        raise


def _note_denial(token: ApiToken, operation: Operation, path: str, refused: Refused) -> None:
    """An attempt to change what one may not see or touch is kept in the audit log."""
    if refused.status in (403, 404):
        audit(Audit.What.DENIED, by=token.user, about=f"{operation.method} {path}")


def _refuse_beyond_scope(token: ApiToken, operation: Operation) -> None:
    if not operation.is_reading and not token.may_write:
        raise Refused(403, "scope", _("This token may only read."))


def _refusing(act: Callable[[], HttpResponse]) -> HttpResponse:
    """Act; what the house refuses becomes an answer. An outage of the database goes on upwards."""
    try:
        return act()
    except Refused as refused:
        return _refusal(refused)
    except Invalid as invalid:
        return _refusal(
            Refused(422, "invalid", _("Some values cannot be accepted."), fields=invalid.fields)
        )
    except RuleBroken as broken:
        return _refusal(Refused(409, broken.code, broken.message))
    except (DataError, IntegrityError) as error:
        return _refusal(_refused_by_the_database(error))
    except (OperationalError, InterfaceError) as error:
        if passing := _passing(error):
            return _refusal(passing)
        raise
    except Exception:
        log.exception("An operation of the API failed")
        return _refusal(Refused(500, "internal", _("This is our fault, and it has been noted.")))


def _refusal(refused: Refused) -> HttpResponse:
    fields = {name: str(why) for name, why in refused.fields.items()}
    error = {"code": refused.code, "message": str(refused.message), "fields": fields}
    response = answer({"error": error | refused.more}, status=refused.status)
    for name, value in refused.headers.items():
        response.headers[name] = value
    return response


def _refused_by_the_database(error: Exception) -> Refused:
    """The last word is the constraint: what a reader let pass is refused all the same."""
    log.warning("The database refused a call of the API: %s", error)
    if isinstance(error, DataError):
        return Refused(422, "invalid", _("Some values cannot be accepted."))
    return Refused(409, "conflict", _("This contradicts what is already there."))


def _passing(error: Exception) -> Refused | None:
    """What is not an outage: an answer that took too long, two calls in each other's way."""
    cause = error.__cause__
    if isinstance(cause, postgres.QueryCanceled):
        return Refused(400, "too_slow", _("This takes too long: ask for less at once."))
    if isinstance(cause, postgres.DeadlockDetected | postgres.SerializationFailure):
        return Refused(
            409, "conflict", _("Another call was in the way: try again."),
            headers={"Retry-After": "1"},
        )  # fmt: skip
    return None
