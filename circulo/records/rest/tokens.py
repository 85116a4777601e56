"""Who calls: the bearer token, looked up in one prepared statement."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from circulo.accounts.actions import hash_of
from circulo.accounts.models import ApiToken, Role, Team, User
from circulo.records import prepared
from circulo.records.rest.refusals import Refused

M = TypeVar("M", bound=models.Model)
LONGEST = 200
_HASH = "stand-in-for-the-hash"
_MODELS: tuple[tuple[type[models.Model], str], ...] = (
    (ApiToken, ""), (User, "user__"), (Role, "user__role__"), (Team, "user__team__"),
)  # fmt: skip
_NAMES = {model: [f.attname for f in model._meta.concrete_fields] for model, _path in _MODELS}


def bearer(request: HttpRequest) -> ApiToken:
    """The token of a call, with its user, role and team; Refused where there is none that holds."""
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    secret = secret.strip()
    if scheme.lower() != "bearer" or not secret or len(secret) > LONGEST:
        raise _unknown("")
    token = _found(hash_of(secret))
    if token is None:
        raise _unknown(', error="invalid_token"')
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
    rows = prepared.once("token", _query).run({_HASH: digest})
    if not rows:
        return None
    values = iter(rows[0])
    token, user, role, team = (_made(model, values) for model, _path in _MODELS)
    assert isinstance(token, ApiToken)
    assert isinstance(user, User)
    user.role, user.team = role, team if team.pk else None  # type: ignore[assignment]  # by _MODELS
    token.user = user
    return token


def _query() -> models.QuerySet[Any, Any]:
    tokens = ApiToken.objects.filter(hash=_HASH, revoked_at=None, user__is_active=True)
    return tokens.values_list(
        *(f"{path}{name}" for model, path in _MODELS for name in _NAMES[model])
    )


def _made(model: type[models.Model], values: Any) -> models.Model:
    names = _NAMES[model]
    read = [prepared.plain(model, name, next(values)) for name in names]
    return model.from_db(None, names, read)


def _note_use(token: ApiToken) -> None:
    """Keep the day a token was last used, with one writing a day."""
    today = timezone.localdate()
    if token.last_used_on != today:
        ApiToken.objects.filter(pk=token.pk).exclude(last_used_on=today).update(last_used_on=today)
