"""Who asks: an e-mail address and, in place of the password, an API token of that person."""

from __future__ import annotations

import base64
import binascii

from django.http import HttpRequest
from django.utils.translation import gettext as _

from circulo.accounts.actions import attempts, audit
from circulo.accounts.models import ApiToken, Audit
from circulo.dav.refusals import Refused
from circulo.lib import origin
from circulo.records.rest import limits, tokens

FREE_PER_ACCOUNT, FREE_PER_NETWORK = 10, 60
LONGEST = 1_000


def token_of(request: HttpRequest) -> ApiToken:
    """The token of a request, with its person; Refused where there is none that holds.

    A right token costs one statement; wrong ones are counted, and refused unseen when they come
    too fast. The password of the house is never looked at: whoever guesses here learns nothing.
    """
    email, secret = _said(request)
    token = tokens.holder_of(secret)
    if token is None or token.user.email != email:
        _note_failure(email)
        raise _unknown()
    limits.count(token.pk)
    return token


def _said(request: HttpRequest) -> tuple[str, str]:
    scheme, _space, said = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic" or len(said) > LONGEST:
        raise _unknown()
    try:
        text = base64.b64decode(said.strip(), validate=True).decode()
    except (binascii.Error, ValueError) as error:
        raise _unknown() from error
    email, _colon, secret = text.partition(":")
    return email.strip().lower(), secret.strip()


def _note_failure(email: str) -> None:
    network = origin.network_of(origin.address())
    counters = [(attempts.key("dav", email), FREE_PER_ACCOUNT)]
    if network:
        counters.append((attempts.key("dav-network", network), FREE_PER_NETWORK))
    if not all(attempts.may_try(name, free=free) for name, free in counters):
        raise Refused(429, _("Too many attempts: wait a minute."), headers={"Retry-After": "60"})
    audit(Audit.What.LOGIN_FAILED, who=email, why="dav")


def _unknown() -> Refused:
    text = _(
        "Log in with your e-mail address and, as the password, an API token (Settings, API "
        "tokens). The password of Círculo itself is not accepted here."
    )
    headers = {"WWW-Authenticate": 'Basic realm="Circulo", charset="UTF-8"'}
    return Refused(401, text, headers=headers)
