"""Who calls: the bearer token, looked up in one prepared statement."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from circulo.accounts import joined
from circulo.accounts.actions import hash_of
from circulo.accounts.models import ApiToken
from circulo.records.rest.refusals import Refused

LONGEST = 200
_HASH = "stand-in-for-the-hash"


def bearer(request: HttpRequest) -> ApiToken:
    """The token of a call, with its user, role and team; Refused where there is none that holds."""
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    secret = secret.strip()
    if scheme.lower() != "bearer" or not 0 < len(secret) <= LONGEST:
        raise _unknown("")
    token = holder_of(secret)
    if token is None:
        raise _unknown(', error="invalid_token"')
    return token


def holder_of(secret: str) -> ApiToken | None:
    """The token that this secret is, with its user, role and team; its use is noted."""
    token = _found(hash_of(secret)) if 0 < len(secret) <= LONGEST else None
    if token is not None:
        _note_use(token)
    return token


def _unknown(why: str) -> Refused:
    return Refused(
        401,
        "unauthorised",
        _("Send a valid token: Authorization: Bearer …"),
        headers={"WWW-Authenticate": f'Bearer realm="circulo"{why}'},
    )


def _found(digest: str) -> ApiToken | None:
    return joined.read(ApiToken, _query, {_HASH: digest})


def _query() -> QuerySet[ApiToken]:
    return ApiToken.objects.filter(hash=_HASH, revoked_at=None, user__is_active=True)


def _note_use(token: ApiToken) -> None:
    """Keep the day a token was last used, with one writing a day."""
    today = timezone.localdate()
    if token.last_used_on != today:
        ApiToken.objects.filter(pk=token.pk).exclude(last_used_on=today).update(last_used_on=today)
